"""Turtle files: read with errors that a person can act on, and put into canonical form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

import pyoxigraph as ox

from defgraph import files_of_others
from defgraph.errors import EncodingError, TurtleSyntaxError, UnreadableFileError
from defgraph.namespaces import PREFIXES
from defgraph.tokens import position, tokens
from defgraph.turtle_writer import write

_Term = TypeVar("_Term")
_TEXT: Final = Path("<text>")
_GZIP: Final = b"\x1f\x8b"
_MAX_BYTES: Final = 2**30
_UTF8: Final = "save the file as UTF-8"

# What the parser says, and what that means for the person who wrote the line.
_EXPLANATIONS: Final = (
    (r"The prefix (?P<name>\S*): has not been declared", None),  # see _undeclared
    (
        r"No scheme found in an absolute IRI",
        "this IRI is relative; write it in full (<https://...>) or as a prefixed name",
    ),
    (
        r"(?P<found>.+) is not a valid subject or graph name",
        "expected a subject (an IRI, a prefixed name, [ or a blank node), found '{found}'",
    ),
    (
        r"(?P<found>.+) is not a valid predicate",
        "expected a property (an IRI, a prefixed name or 'a'), found '{found}'",
    ),
    (
        r"(?P<found>.+) is not a valid RDF object",
        "expected a value (an IRI, a prefixed name, a literal, [ or a list), found '{found}'",
    ),
    (
        r"A dot is expected at the end of statements",
        "expected '.' at the end of the statement before, or ';' or ',' to go on with it",
    ),
    (
        r"Unexpected end$",
        "the file ends in the middle of a statement; expected what it still needs, and a '.'",
    ),
    (
        r"Unexpected end of file",
        "the file ends inside what begins here; expected its closing quotation mark or '>'",
    ),
    (
        r"Line jumps are not allowed in string literals",
        'expected the closing quotation mark on this line; several lines stand in """..."""',
    ),
    (
        r"blank node property lists should end with a '\]'",
        "expected ']' to close the blank node, or ';' to go on with it",
    ),
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a text of Turtle says, and the prefixes that it declares."""

    triples: tuple[ox.Triple, ...]
    prefixes: Mapping[str, str]


def parse(path: Path, *, graph_name: str | None = None) -> list[ox.Quad]:
    """Return the statements of a Turtle file as quads of the graph *graph_name*.

    A blank node gets a label that no other file's has, and the same one each time the same text is
    read: what was inferred about it earlier still holds. RDF 1.1: triple terms are refused, since
    the libraries that the graph is handed to do not know them.

    Raises UnreadableFileError, EncodingError, TurtleSyntaxError.
    """
    text = text_of(path)
    graph = ox.NamedNode(graph_name) if graph_name is not None else ox.DefaultGraph()
    mark = hashlib.sha256(f"{graph_name}\n{text}".encode()).hexdigest()[:16]
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def relabelled(term: _Term) -> _Term | ox.BlankNode:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term, ox.BlankNode(f"b{mark}n{len(labels)}"))
        return term

    return [ox.Quad(relabelled(s), p, relabelled(o), graph) for s, p, o in read(text, path).triples]


def read(text: str, path: Path = _TEXT) -> Document:
    """Parse *text*; *path* is where errors say that it stands. Raises TurtleSyntaxError."""
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    try:
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        raise _explained(error, path) from error
    if any(map(_is_beyond_rdf_1_1, triples)):
        raise _beyond_rdf_1_1(text, path)
    return Document(triples, dict(parser.prefixes))


def text_of(path: Path, max_bytes: int = _MAX_BYTES) -> str:
    """Return the text of a file in UTF-8, without a byte order mark.

    Raises UnreadableFileError, or EncodingError with the place of the first byte that is wrong.
    """
    data = files_of_others.read(path, max_bytes)
    if data.startswith(_GZIP):
        reason = "it is compressed with gzip; unpack it, or put it into a store: defgraph load"
        raise UnreadableFileError(path, reason)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        raise EncodingError(path, f"the file looks like UTF-16; {_UTF8}", line=1, column=1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        data = data.removeprefix(b"\xef\xbb\xbf")
        line, column = position(data[: error.start].decode("utf-8"), error.start)
        byte = data[error.start]
        raise EncodingError(
            path,
            f"the byte 0x{byte:02X} is not UTF-8 (in Latin-1 it would be '{chr(byte)}'); {_UTF8}",
            line=line,
            column=column,
        ) from error


def canonical(text: str, path: Path = _TEXT) -> str:
    """Return *text* as every Turtle file of this repository is written.

    The same graph gives the same text, whatever the order of its triples and the labels of its
    blank nodes, and every literal keeps its lexical form. The prefixes are those that are used:
    the text's own, and ours for what it writes in full. Only the comment block at the top survives;
    elsewhere say it in RDF, with ``rdfs:comment`` or ``skos:editorialNote``.

    Raises TurtleSyntaxError.
    """
    document = read(text, path)
    return _written(text, document.triples, document.prefixes)


def rewritten(text: str, triples: Iterable[ox.Triple]) -> str:
    """Return *triples* in canonical form, to take the place of *text*, whose top comment is kept.

    So are its prefixes where they are used, if it is Turtle.
    """
    try:
        prefixes = read(text).prefixes
    except TurtleSyntaxError:
        prefixes = {}
    return _written(text, triples, prefixes)


def is_canonical(text: str, path: Path = _TEXT) -> bool:
    """Tell whether *text* is in canonical form. Raises TurtleSyntaxError."""
    return canonical(text, path) == text


def _written(text: str, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    taken = set(prefixes.values())
    ours = {name: iri for name, iri in PREFIXES.items() if iri not in taken}
    return _top_comment(text) + write(triples, {**ours, **prefixes})


def _top_comment(text: str) -> str:
    block = re.match(r"\s*((?:[ \t]*#[^\r\n]*(?:\r\n|\r|\n|\Z))+)", text)
    lines = re.split(r"\r\n|\r|\n", block[1]) if block else []
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())


def _explained(error: SyntaxError, path: Path) -> TurtleSyntaxError:
    line, column = error.lineno or 1, error.offset or 1
    said = re.sub(r"^Parser error .*?: ", "", str(error.args[0]))
    reason = said
    for pattern, explanation in _EXPLANATIONS:
        match = re.match(pattern, said, re.DOTALL)
        if match:
            found = match.groupdict()
            reason = explanation.format(**found) if explanation else _undeclared(found["name"])
            break
    return TurtleSyntaxError(path, reason, line=line, column=column)


def _undeclared(prefix: str) -> str:
    iri = PREFIXES.get(prefix, "https://...")
    return f"the prefix '{prefix}:' is not declared; expected 'PREFIX {prefix}: <{iri}>' above"


def _is_beyond_rdf_1_1(triple: ox.Triple) -> bool:
    term = triple.object
    return isinstance(term, ox.Triple) or (
        isinstance(term, ox.Literal) and term.direction is not None
    )


def _beyond_rdf_1_1(text: str, path: Path) -> TurtleSyntaxError:
    """Point at the first thing that only RDF 1.2 has; a tokenizer sees it as two marks."""
    marks = ["<<", "{|", "--"]
    found = list(tokens(text))
    pairs = pairwise(found)
    starts = (a.start for a, b in pairs if a.text + b.text in marks and a.end == b.start)
    line, column = position(text, next(starts, 0))
    return TurtleSyntaxError(
        path,
        "triple terms, annotations and base directions of RDF 1.2 are not taken; expected RDF 1.1",
        line=line,
        column=column,
    )
