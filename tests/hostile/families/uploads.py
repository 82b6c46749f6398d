"""Families of hostile graphs: each a media type, and what makes a body of a size."""

from __future__ import annotations

import gzip
import zlib

TURTLE, NTRIPLES = "text/turtle", "application/n-triples"
JSONLD, RDFXML = "application/ld+json", "application/rdf+xml"
SUBJECT = "<a:s> <a:p> "
ROOT = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'


def xml(content, declared=""):
    return f"{declared}{ROOT}{content}</rdf:RDF>"


def said(value):
    return f"<rdf:Description><a:p>{value}</a:p></rdf:Description>"


def laughs(levels, times=10):
    entities = '<!ENTITY a0 "ha">'
    for level in range(1, levels):
        entities += f'<!ENTITY a{level} "{f"&a{level - 1};" * times}">'
    return f"<!DOCTYPE x [{entities}]>"


NESTED = {
    "triple terms": (
        TURTLE,
        lambda n: SUBJECT + "<<( <a:s> <a:p> " * n + "1" + " )>>" * n + " .",
    ),
    "triple terms, in lines": (
        NTRIPLES,
        lambda n: SUBJECT + "<<( <a:s> <a:p> " * n + '"1"' + " )>>" * n + " .",
    ),
    "reified triples": (TURTLE, lambda n: "<< " * n + "<a:s> <a:p> 1" + " >> <a:p> 1" * n + " ."),
    "annotations": (TURTLE, lambda n: SUBJECT + "1 " + "{| <a:p> 1 " * n + "|}" * n + " ."),
    "collections": (TURTLE, lambda n: SUBJECT + "(" * n + ")" * n + " ."),
    "blank nodes": (TURTLE, lambda n: SUBJECT + "[ <a:p> " * n + "1" + " ]" * n + " ."),
    "JSON-LD levels": (JSONLD, lambda n: '{"a:p": ' * n + "1" + "}" * n),
    "JSON-LD arrays": (JSONLD, lambda n: "[" * n + "]" * n),
    "JSON-LD lists": (JSONLD, lambda n: '{"a:p": ' + '{"@list": [' * n + "]}" * n + "}"),
    "JSON-LD sets": (JSONLD, lambda n: '{"a:p": ' + '{"@set": [' * n + "]}" * n + "}"),
    "JSON-LD graphs": (JSONLD, lambda n: '{"@graph": [' * n + "]}" * n),
    "JSON-LD included": (JSONLD, lambda n: '{"@included": [' * n + '{"a:p": 1}' + "]}" * n),
    "JSON-LD reverse": (
        JSONLD,
        lambda n: '{"@reverse": {"a:p": ' * n + '{"@id": "a:s"}' + "}}" * n,
    ),
    "JSON-LD nest": (
        JSONLD,
        lambda n: '{"@context": {"@version": 1.1}, "a:p": 1' + ', "@nest": {' * n + "}" * n + "}",
    ),
    "JSON-LD contexts": (
        JSONLD,
        lambda n: (
            '{"@context": '
            + '{"t": {"@id": "a:t", "@context": ' * n
            + "{}"
            + "}}" * n
            + ', "t": 1}'
        ),
    ),
    "JSON-LD contexts in a row": (
        JSONLD,
        lambda n: (
            '{"@context": [' + ",".join(f'{{"t{i}": "a:{i}"}}' for i in range(n)) + '], "t1": 1}'
        ),
    ),
    "JSON-LD terms of terms": (
        JSONLD,
        lambda n: (
            '{"@context": {' + ",".join(f'"t{i}": "t{i + 1}:a"' for i in range(n)) + '}, "t0": 1}'
        ),
    ),
    "JSON-LD JSON": (
        JSONLD,
        lambda n: '{"a:p": {"@type": "@json", "@value": ' + "[" * n + "]" * n + "}}",
    ),
    "XML": (
        RDFXML,
        lambda n: xml("<rdf:Description><a:p>" * n + "</a:p></rdf:Description>" * n),
    ),
    "XML literal": (
        RDFXML,
        lambda n: xml(
            '<rdf:Description><a:p rdf:parseType="Literal">'
            + "<b>" * n
            + "</b>" * n
            + "</a:p></rdf:Description>"
        ),
    ),
    "XML attributes": (
        RDFXML,
        lambda n: xml("<rdf:Description " + " ".join(f"a:p{i}='1'" for i in range(n)) + "/>"),
    ),
    "XML namespaces": (
        RDFXML,
        lambda n: xml("<rdf:Description " + " ".join(f"xmlns:n{i}='a:'" for i in range(n)) + "/>"),
    ),
    "XML entities": (
        RDFXML,
        lambda n: xml(
            said("&a1;"), "<!DOCTYPE x [" + "".join(f'<!ENTITY a{i} "a">' for i in range(n)) + "]>"
        ),
    ),
    "XML entities, a chain": (
        RDFXML,
        lambda n: xml(said(f"&a{n};"), laughs(n + 1, times=1)),
    ),
    "prefixes": (TURTLE, lambda n: "".join(f"PREFIX p{i}: <a:>\n" for i in range(n))),
    "objects": (TURTLE, lambda n: SUBJECT + ", ".join(map(str, range(n))) + " ."),
    "predicates": (TURTLE, lambda n: "<a:s> " + " ; ".join(f"<a:{i}> 1" for i in range(n)) + " ."),
    "lines": (NTRIPLES, lambda n: "".join(f'<a:{i}> <a:p> "{i}" .\n' for i in range(n))),
    "broken lines": (NTRIPLES, lambda n: "x\n" * n),
    "iri": (TURTLE, lambda n: f"<a:{'a' * n}> <a:p> 1 ."),
    "relative iri": (TURTLE, lambda n: f"<{'../' * n}> <a:p> 1 ."),
    "digits": (TURTLE, lambda n: f"{SUBJECT}{'9' * n} ."),
    "language": (TURTLE, lambda n: f"{SUBJECT}'a'@{'a' * n} ."),
    "literal": (TURTLE, lambda n: f"{SUBJECT}'{'a' * n}' ."),
    "open quotes": (TURTLE, lambda n: f"{SUBJECT}'''{'a' * n}"),
    "open brackets": (JSONLD, lambda n: "[" * n),
}
SIZES = (100, 3_000, 100_000)

BOMBS = {
    "laughs": (RDFXML, xml(said("&a11;"), laughs(12))),
    "laughs, in an attribute": (RDFXML, xml('<rdf:Description a:p="&a11;"/>', laughs(12))),
    "laughs, in a namespace": (RDFXML, xml('<a:b xmlns:a="&a11;"/>', laughs(12))),
    "quadratic entity": (
        RDFXML,
        xml(said("&a;" * 50_000), f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'),
    ),
    "half of a quadratic entity": (
        RDFXML,
        xml(said("&a;" * 200), f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'),
    ),
    "entity of itself": (
        RDFXML,
        xml(said("&a;"), '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
    ),
    "unknown entity": (RDFXML, xml(said("&nobody;"))),
    "open document type": (RDFXML, "<!DOCTYPE x [" + "<!ENTITY a 'a'>" * 1_000),
    "another encoding": (RDFXML, "<?xml version='1.0' encoding='UTF-7'?>" + xml(said("+AGE-"))),
    "context of itself": (
        JSONLD,
        '{"@context": {"a": {"@id": "a:a", "@context": {"a": {"@id": "b:"}}}}, "a": {"a": {"a": 1}}}',
    ),
    "term of itself": (JSONLD, '{"@context": {"a": "b:x", "b": "a:x"}, "a": 1}'),
    "numbers": (JSONLD, f'{{"a:p": [{"9" * 100_000}, 1e{"9" * 1_000}, -0.0, 1e400]}}'),
    "keys": (JSONLD, "{" + ",".join(f'"a:{n}": 1' for n in range(200_000)) + "}"),
    "the same key": (JSONLD, "{" + ",".join(['"a:p": 1'] * 200_000) + "}"),
    "nul": (NTRIPLES, '<a:s> <a:p> "\0" .'),
    "nul in an iri": (NTRIPLES, '<a:\0> <a:p> "a" .'),
    "bytes that are no characters": (TURTLE, b"<a:s> <a:p> '\xff\xfe' ."),
    "utf-16": (TURTLE, "<a:s> <a:p> 1 .".encode("utf-16")),
    "noise": (TURTLE, bytes(range(256)) * 100),
    "nothing": (TURTLE, b""),
}


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9)


COMPRESSED = {
    "bomb": gzipped(bytes(200_000_000)),
    "bomb of text": gzipped(b"<a:s> <a:p> 1 .\n" * 5_000_000),
    "gzip in gzip": gzipped(gzipped(b"<a:s> <a:p> 1 .")),
    "bomb in a bomb": gzipped(gzipped(bytes(200_000_000))),
    "cut": gzipped(b"<a:s> <a:p> 1 .\n" * 1_000)[:-9],
    "wrong sum": gzipped(b"<a:s> <a:p> 1 .")[:-8] + bytes(8),
    "rest": gzipped(b"<a:s> <a:p> 1 .") + b"rest",
    "none": b"<a:s> <a:p> 1 .",
    "zlib": zlib.compress(b"<a:s> <a:p> 1 ."),
    "members": gzipped(b"") * 200_000,
    "long name": gzipped(b"")[:3] + b"\x08" + gzipped(b"")[4:10] + b"a" * 1_000_000,
}
"""Of Turtle, each said to be gzip."""
