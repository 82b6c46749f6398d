"""Families of hostile updates: queries as the WHERE of an update, and what only an update can do."""

from __future__ import annotations

from families.queries import ALL, EXPENSIVE, NESTED


def as_update(query: str) -> str:
    """Return an update that looks for what *query* does."""
    if query.startswith("ASK"):
        return f"INSERT {{ <a:a> <a:b> 1 }} WHERE {query.removeprefix('ASK')}"
    if query.startswith("CONSTRUCT"):
        template, _, pattern = query.removeprefix("CONSTRUCT").rpartition("} {")
        return f"INSERT {template} }} WHERE {{ {pattern}"
    return f"INSERT {{ <a:a> <a:b> 1 }} WHERE {{ {{ {query} }} }}"


NESTED_WHERE = {name: lambda n, make=make: as_update(make(n)) for name, make in NESTED.items()}
EXPENSIVE_WHERE = {name: as_update(query) for name, query in EXPENSIVE.items()}

DATA = "".join(f"<a:{n}> <a:p> {n} , 'word {n}' . " for n in range(300))
BEGIN = f"INSERT DATA {{ {DATA} }}"
"""What is there for others to multiply; each of these begins with it, in one write."""

MULTIPLIED = {
    "everything with everything": f"{BEGIN}; INSERT {{ ?a ?b ?l }} WHERE {{ {ALL} }}",
    "blank nodes": f"{BEGIN}; INSERT {{ [] ?b ?l }} WHERE {{ {ALL} }}",
    "graphs": f"{BEGIN}; INSERT {{ GRAPH ?a {{ ?d ?e ?l }} }} WHERE {{ {ALL} }}",
    "made graphs": f"{BEGIN}; INSERT {{ GRAPH ?g {{ ?a ?b ?c }} }} WHERE {{ ?a ?b ?c . ?d ?e ?f "
    "BIND(IRI(CONCAT('a:', SHA1(CONCAT(STR(?c), STR(?f))))) AS ?g) }",
    "squares": f"{BEGIN}; " + "INSERT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f } ; " * 5,
    "growing strings": f"{BEGIN}; "
    + "DELETE { ?a ?b ?c } INSERT { ?a ?b ?d } WHERE { ?a ?b ?c BIND(CONCAT(STR(?c), STR(?c)) AS ?d) } ; "
    * 40,
    "growing terms": f"{BEGIN}; "
    + "INSERT { ?a ?b ?d } WHERE { ?a ?b ?c BIND(TRIPLE(?a, ?b, ?c) AS ?d) } ; " * 200,
    "copies": f"{BEGIN}; " + "; ".join(f"COPY DEFAULT TO <g:{n}>" for n in range(2_000)),
    "deleted by everything": f"{BEGIN}; DELETE {{ ?a ?b ?c }} WHERE {{ {ALL} }}",
    "deleted where": f"{BEGIN}; DELETE WHERE {{ {ALL} }}",
    "long literals": "INSERT { ?a <a:p> ?x } WHERE { VALUES ?a { <a:1> <a:2> <a:3> } "
    "BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(21))
    + " BIND(CONCAT(?x21, STR(?a)) AS ?x) }",
}
LONG = {
    "data": lambda n: (
        f"INSERT DATA {{ {' '.join(f'<a:{i}> <a:p> {i} .' for i in range(n // 20))} }}"
    ),
    "data to delete": lambda n: (
        f"DELETE DATA {{ {' '.join(f'<a:{i}> <a:p> {i} .' for i in range(n // 20))} }}"
    ),
    "graphs": lambda n: (
        f"INSERT DATA {{ {' '.join(f'GRAPH <g:{i}> {{ <a:a> <a:p> {i} }}' for i in range(n // 35))} }}"
    ),
    "nested triple terms": lambda n: (
        "INSERT DATA { <a:a> <a:b> "
        + "<<( <a:a> <a:b> " * (n // 20)
        + "1"
        + " )>>" * (n // 20)
        + " }"
    ),
    "nested collections": lambda n: (
        f"INSERT DATA {{ <a:a> <a:b> {'(' * (n // 2)}{')' * (n // 2)} }}"
    ),
    "nested blank nodes": lambda n: (
        f"INSERT DATA {{ <a:a> <a:b> {'[ <a:b> ' * (n // 10)}1{' ]' * (n // 10)} }}"
    ),
    "operations": lambda n: "INSERT DATA {} ; " * (n // 17),
    "clears": lambda n: "CLEAR ALL ; " * (n // 12),
    "creations": lambda n: " ; ".join(f"CREATE SILENT GRAPH <g:{i}>" for i in range(n // 30)),
    "loads": lambda n: "LOAD SILENT <http://127.0.0.1:9/> ; " * (n // 38),
    "usings": lambda n: (
        "INSERT { <a:a> <a:b> 1 } "
        + " ".join(f"USING <g:{i}>" for i in range(n // 14))
        + " WHERE { ?s ?p ?o }"
    ),
    "literal": lambda n: f"INSERT DATA {{ <a:a> <a:b> '{'a' * n}' }}",
    "quotes": lambda n: f"INSERT DATA {{ <a:a> <a:b> '''{'{}' + chr(34)}{chr(34) * n}''' }}",
    "iri": lambda n: f"INSERT DATA {{ <a:{'a' * n}> <a:b> 1 }}",
    "comment": lambda n: f"INSERT DATA {{}} # {'a' * n}",
}
BROKEN = {
    "nul": b"INSERT DATA { <a:a> <a:b> '\0' }",
    "half a character": b"INSERT DATA { <a:a> <a:b> '\xe3\x81' }",
    "surrogate": b"INSERT DATA { <a:a> <a:b> '\xed\xa0\x80' }",
    "noise": bytes(range(256)) * 64,
    "nothing": b"",
    "half": b"INSERT DATA { <a:a> <a:b> 1 } ; INSERT DATA { <a:a>",
    "fails at its end": b"INSERT DATA { <a:a> <a:b> 1 } ; CREATE GRAPH <g:g> ; CREATE GRAPH <g:g>",
}
