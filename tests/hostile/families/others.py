"""Further families of hostile requests, of other kinds: each a text, or a media type and a body."""

from __future__ import annotations

from families.queries import ALL
from families.uploads import JSONLD, NTRIPLES, RDFXML, TURTLE, gzipped, said, xml

_XSD = "http://www.w3.org/2001/XMLSchema#"
_PATH = "(<x:a>|^<x:b>|!(<x:c>|^<x:d>))"
_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:"'


def row(count, make, separator=" "):
    return separator.join(make(number) for number in range(count))


QUERIES = {
    "template, multiplied": f"CONSTRUCT {{ {'?a ?b [] . ' * 5_000} }} {{ {ALL} }}",
    "template of lists": f"CONSTRUCT {{ ?a ?b ({'?c ' * 5_000}) }} {{ ?a ?b ?c . ?d ?e ?f }}",
    "describe each, many times": "DESCRIBE " + row(5_000, lambda n: f"<http://example.com/{n}>"),
    "having of aggregates": f"SELECT ?a {{ {ALL} }} GROUP BY ?a ?d ?g ?j "
    "HAVING (SUM(?c) + AVG(?f) * MIN(?i) > MAX(?l) && COUNT(DISTINCT ?h) > 3)",
    "group by expressions": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY "
    + row(500, lambda n: f"(CONCAT(STR(?a), STR(?f), '{n}') AS ?k{n})"),
    "count distinct of all": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {ALL} }}",
    "reduced": f"SELECT REDUCED * {{ {ALL} }}",
    "order by long strings": "SELECT * { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?c), ?x, STR(?f)) AS ?k) "
    f"VALUES ?x {{ '{'a' * 100_000}' }} }} ORDER BY ?k",
    "order by mixed types": f"SELECT * {{ {ALL} }} ORDER BY ?c DESC(?f) ?i DESC(STR(?l)) LIMIT 5",
    "distinct of big terms": "SELECT DISTINCT ?k { ?a ?b ?c . ?d ?e ?f "
    "BIND(TRIPLE(?a, ?b, TRIPLE(?d, ?e, CONCAT(STR(?c), ?x))) AS ?k) "
    f"VALUES ?x {{ '{'a' * 50_000}' }} }}",
    "values undefined": "SELECT * { "
    + row(6, lambda n: "VALUES (?x ?y) { " + "(UNDEF UNDEF) " * 300 + "}")
    + " }",
    "exists of another's rows": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER EXISTS { ?g ?h ?i FILTER EXISTS { "
    "?j ?k ?l FILTER(?l + ?c + ?f + ?i = -1) } } }",
    "minus in a chain": "SELECT * { "
    + row(30, lambda n: f"?a ?b ?c{n} MINUS {{ ?a ?x{n} ?y . ?z ?w ?v }}")
    + " }",
    "graph towers": "SELECT * { "
    + row(200, lambda n: f"GRAPH ?g{n} {{ ")
    + "?s ?p ?o"
    + " }" * 200
    + " }",
    "path products": "ASK { ?a " + "/".join([_PATH + "*"] * 40) + " ?b }",
    "path alternatives of sequences": "ASK { ?a ("
    + "|".join([f"({_PATH}/{_PATH})"] * 500)
    + ")+ ?b }",
    "cycle of paths": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?b (!<x:x>|^!<x:x>)* ?c . "
    "?c (!<x:x>|^!<x:x>)* ?a }",
    "regex, counted twice": "ASK { FILTER REGEX('a', '(a{1000}){1000}') }",
    "regex, alternatives": "ASK { FILTER REGEX('a', '"
    + "|".join(f"a{n}.*" for n in range(20_000))
    + "') }",
    "regex of unicode, counted": "ASK { FILTER REGEX('a', '(\\\\w{200}){200}', 'i') }",
    "regex, one for each row": f"SELECT * {{ {ALL} FILTER REGEX(STR(?a), CONCAT(STR(?d), STR(?g), '.*x')) }}",
    "regex, look ahead": "ASK { FILTER REGEX('aaaa', '(?=(a+))a*b\\\\1') }",
    "flags": f"ASK {{ FILTER REGEX('a', 'a', '{'imsx' * 20_000}') }}",
    "substrings": "SELECT (SUM(STRLEN(SUBSTR(?x, ?c, 50000))) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    f"VALUES ?x {{ '{chr(0x1F600) * 50_000}' }} }}",
    "cases": "SELECT (UCASE(LCASE(UCASE(?x))) AS ?y) { ?a ?b ?c . ?d ?e ?f "
    f"VALUES ?x {{ '{chr(0x390) * 50_000}' }} }}",
    "iris of junk": f"SELECT (IRI(CONCAT('{'../' * 20_000}', STR(?c))) AS ?x) {{ {ALL} }}",
    "languages of length": f"SELECT (STRLANG('a', '{'a-' * 20_000}a') AS ?x) {{ {ALL} }}",
    "datatypes of length": f"SELECT (STRDT('a', <x:{'a' * 50_000}>) AS ?x) {{ {ALL} }}",
    "casts of length": row(
        1, lambda n: f"SELECT (<{_XSD}double>('1e{'9' * 50_000}') AS ?x) {{ {ALL} }}"
    ),
    "durations": f"SELECT ('P{'9' * 19}D'^^<{_XSD}dayTimeDuration> + 'P{'9' * 18}D'^^<{_XSD}"
    "dayTimeDuration> AS ?x) {}",
    "smallest integer": "SELECT (ABS(-9223372036854775808) AS ?x) (-9223372036854775808 / -1 AS ?y) "
    "(- (-9223372036854775808) AS ?z) {}",
    "decimals at their edge": "SELECT (170141183460469231731.687303715884105727 * -1.0 - 1.0 AS ?x) "
    "(ROUND(-170141183460469231731.5) AS ?y) (CEIL(170141183460469231731.6) AS ?z) {}",
    "dates at their edge": f"SELECT (YEAR('-9999999999-12-31T24:00:00-14:00'^^<{_XSD}dateTime>) AS ?x) "
    f"(TZ('2026-02-30T00:00:00Z'^^<{_XSD}dateTime>) AS ?y) {{}}",
    "identifiers, digested": f"SELECT (MD5(CONCAT(STRUUID(), STR(?c))) AS ?x) {{ {ALL} }} ORDER BY ?x",
    "prefixes, unlike": row(3_000, lambda n: f"PREFIX p{n}: <http://a/{n}/>")
    + " ASK { p1:a p2:b p3:c }",
    "from many graphs": "SELECT * "
    + row(10_000, lambda n: f"FROM <g:{n}> FROM NAMED <h:{n}>")
    + f" {{ {ALL} }}",
    "lines that return": "ASK {\r" + "#\r" * 100_000 + "}",
    "names of escapes": f"ASK {{ ?{'a' * 9} <x:{chr(92)}u0061{(chr(92) + 'U0001F600') * 5_000}> ?o }}",
    "escapes beyond": "ASK { ?s ?p '" + "\\UFFFFFFFF" * 1_000 + "' }",
    "numbers of variables": "SELECT "
    + row(20_000, lambda n: f"?v{n}")
    + " { ?a ?b ?c . ?d ?e ?f }",
    "aggregates of strings": f"SELECT (MAX(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j))) AS ?x) {{ {ALL} }}",
    "samples of groups": f"SELECT (GROUP_CONCAT(?c) AS ?x) (SAMPLE(?d) AS ?y) {{ {ALL} }} GROUP BY ?a ?d ?g ?j",
    "versions": "VERSION '1.2' " * 5_000 + "ASK {}",
}

UPDATES = {
    "operations": " ; ".join(["INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }"] * 10_000),
    "clears in a loop": " ; ".join(
        ["INSERT DATA { GRAPH <a:g> { <a:a> <a:b> 1 } } ; CLEAR ALL"] * 5_000
    ),
    "moves in a circle": "INSERT DATA { GRAPH <g:0> { <a:a> <a:b> 1 } } ; "
    + row(5_000, lambda n: f"MOVE SILENT <g:{n % 3}> TO <g:{(n + 1) % 3}>", " ; "),
    "creates": row(20_000, lambda n: f"CREATE SILENT GRAPH <g:{n}>", " ; "),
    "data of blank nodes": "INSERT DATA { " + "_:b <a:p> [] . " * 30_000 + "}",
    "deleted and inserted": "INSERT DATA { <a:a> <a:b> 1 } ; DELETE { ?s ?p ?o } INSERT { ?s ?p [] , [] } "
    "WHERE { ?s ?p ?o } ; " * 20,
    "graphs of every row": f"INSERT {{ GRAPH ?u {{ ?u ?u ?u }} }} WHERE {{ {ALL} BIND(UUID() AS ?u) }}",
    "using many": "INSERT { ?s ?p ?o } "
    + row(10_000, lambda n: f"USING <g:{n}>")
    + " WHERE { ?s ?p ?o }",
}

GRAPHS = {
    "a long line": (NTRIPLES, '<a:s> <a:p> "' + "a" * 11_000_000 + '" .'),
    "a long line that is broken": (NTRIPLES, "<a:s> <a:p> " + "a" * 11_000_000),
    "an endless comment": (TURTLE, "#" + "a" * 11_000_000),
    "an endless name": (TURTLE, "<a:s> <a:p> _:" + "a" * 5_000_000 + " ."),
    "prefixes of prefixes": (TURTLE, "@prefix a: <a:> .\n" * 400_000),
    "bases in a row": (TURTLE, "@base <a/> .\n" * 300_000),
    "escapes": (TURTLE, "<a:s> <a:p> '" + "\\u0041" * 1_500_000 + "' ."),
    "surrogates": (TURTLE, "<a:s> <a:p> '\\uD83D\\uDE00' ."),
    "a mark in each line": (TURTLE, "\ufeff<a:s> <a:p> 1 .\n" * 1_000),
    "bases of XML": (RDFXML, xml('<rdf:Description xml:base="../"><a:p>' * 50_000)),
    "the same ID": (RDFXML, xml('<a:t rdf:ID="a"/>' * 300_000, "")),
    "collections of XML": (
        RDFXML,
        xml("<a:t><a:p rdf:parseType='Collection'>" * 100_000 + "</a:p></a:t>" * 100_000),
    ),
    "entities of parameters": (
        RDFXML,
        xml(said("a"), "<!DOCTYPE x [" + "<!ENTITY % a '%a;%a;'>%a;" * 10_000 + "]>"),
    ),
    "comments of XML": (RDFXML, xml("<!--" + "-a" * 4_000_000 + "-->")),
    "instructions": (RDFXML, xml("<?a b?>" * 1_000_000)),
    "included arrays": (
        JSONLD,
        '{"@included": [' + '{"@id": "a:a", "@included": [{}]},' * 100_000 + "{}]}",
    ),
    "lists of lists": (JSONLD, '{"a:p": {"@list": [' + '{"@list": [1]},' * 200_000 + "1]}}"),
    "scoped contexts": (
        JSONLD,
        '{"@context": {"@version": 1.1, "t": {"@id": "a:t", "@context": {'
        + row(3_000, lambda n: f'"x{n}": "a:{n}"', ",")
        + '}}}, "@graph": ['
        + ",".join(['{"t": {"x1": 1}}'] * 3_000)
        + "]}",
    ),
    "sorts of a value": (
        JSONLD,
        '{"@id": "a:a", "@type": [' + ",".join(['"a:t"'] * 500_000) + "]}",
    ),
    "keys of escapes": (JSONLD, '{"a:p": "' + "\\ud83d" * 1_000_000 + '"}'),
    "numbers of length": (JSONLD, '{"a:p": ' + "9" * 5_000_000 + "}"),
}

COMPRESSED = {
    "three layers": gzipped(gzipped(gzipped(bytes(100_000_000)))),
    "of nothing": gzipped(b""),
    "a line of zeros": gzipped(b"<a:s> <a:p> '" + b"0" * 100_000_000),
}
