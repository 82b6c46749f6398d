"""Hostile queries, each family in many sizes: an answer or an error, and service for the rest."""

from __future__ import annotations

import pytest

ENDS_WELL = {200, 400, 403, 413, 500, 504, 507}
SIZES = (100, 3_000, 30_000, 100_000)
ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


def nested(before, middle, after):
    return lambda n: before * n + middle + after * n


def where(make):
    return lambda n: f"SELECT * {{ {make(n)} }}"


def value(make):
    return lambda n: f"SELECT ({make(n)} AS ?x) {{}}"


def path(make):
    return lambda n: f"ASK {{ ?s {make(n)} ?o }}"


NESTED = {
    "groups": where(nested("{ ", "?s ?p ?o", " }")),
    "optionals": where(nested("OPTIONAL { ?s ?p ?o ", "", " }")),
    "minus": where(nested("?s ?p ?o MINUS { ", "?s ?p ?o", " }")),
    "unions": where(nested("{ { ", "?s ?p ?o", " } UNION { } }")),
    "graphs": where(nested("GRAPH ?g { ", "?s ?p ?o", " }")),
    "selects": where(nested("{ SELECT * { ", "?s ?p ?o", " } }")),
    "aggregates": where(nested("{ SELECT (COUNT(*) AS ?n) { ", "?s ?p ?o", " } GROUP BY ?s }")),
    "exists": where(nested("?s ?p ?o FILTER EXISTS { ", "?s ?p ?o", " }")),
    "not exists": where(nested("FILTER NOT EXISTS { ", "?s ?p ?o", " }")),
    "exists in expressions": where(nested("FILTER(1 = 1 && EXISTS { ", "?s ?p ?o", " })")),
    "parentheses": value(nested("(", "1", ")")),
    "calls": value(nested("STR(", "1", ")")),
    "ifs": value(nested("IF(true, ", "1", ", 2)")),
    "coalesce": value(nested("COALESCE(", "1", ")")),
    "replaces": value(nested("REPLACE(", "'a'", ", 'a', 'aa')")),
    "nots": value(nested("!", "true", "")),
    "minuses": value(nested("- ", "1", "")),
    "ins": value(nested("1 IN (", "1", ")")),
    "sums": value(lambda n: "1" + " + 1" * n),
    "products": value(lambda n: "1" + " * 1" * n),
    "ors": where(lambda n: "?s ?p ?o FILTER(" + " || ".join(["?o = 1"] * n) + ")"),
    "ands": where(lambda n: "?s ?p ?o FILTER(" + " && ".join(["?o = 1"] * n) + ")"),
    "triple terms": where(nested("?s ?p <<( ?s ?p ", "?o", " )>>")),
    "reified triples": where(nested("<< ?s ?p ", "?o", " >> ?p ?o")),
    "triple functions": value(nested("TRIPLE(<s:s>, <p:p>, ", "1", ")")),
    "collections": where(nested("?s ?p (", "1", ")")),
    "blank nodes": where(nested("?s ?p [ ?p ", "?o", " ]")),
    "predicate lists": where(lambda n: "?s ?p ?o" + " ; ?p ?o" * n),
    "path groups": path(nested("(", "<p:p>", ")")),
    "path stars": path(nested("(", "<p:p>", ")*")),
    "path inverses": path(nested("^", "<p:p>", "")),
    "path sequences": path(lambda n: "/".join(["<p:p>"] * n)),
    "path alternatives": path(lambda n: "|".join(["<p:p>"] * n)),
    "path negations": path(lambda n: "!(" + "|".join(["<p:p>"] * n) + ")"),
    "havings": lambda n: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING " + "(" * n + "1" + ")" * n,
    "orders": lambda n: "SELECT * { ?s ?p ?o } ORDER BY " + "(" * n + "1" + ")" * n,
    "constructs": lambda n: "CONSTRUCT { ?s ?p " + "( " * n + "1" + " )" * n + " } { ?s ?p ?o }",
    "open brackets": lambda n: "SELECT * " + "{" * n,
    "prefixes": lambda n: "PREFIX a: <http://a/> " * n + "ASK {}",
    "filters": where(lambda n: "?s ?p ?o " + "FILTER(?o = 1) " * n),
    "binds": where(lambda n: " ".join(f"BIND({i} AS ?x{i})" for i in range(n))),
}

EXPENSIVE = {
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "cross product, ordered": f"SELECT * {{ {ALL} }} ORDER BY ?c LIMIT 1",
    "cross product, distinct": f"SELECT DISTINCT * {{ {ALL} }}",
    "cross product, whole": f"SELECT * {{ {ALL} }}",
    "cross product, asked": f"ASK {{ {ALL} FILTER(?c = ?l + 1000000) }}",
    "cross product, never true": f"SELECT * {{ {ALL} FILTER(false = (?c = ?c)) }}",
    "cross product, grouped": f"SELECT ?a ?d ?g (SUM(?c) AS ?n) {{ {ALL} }} GROUP BY ?a ?d ?g",
    "cross product, constructed": f"CONSTRUCT {{ ?a ?e ?i . ?d ?h ?l }} {{ {ALL} }}",
    "cross product, offset": f"SELECT * {{ {ALL} }} OFFSET 1000000000",
    "strings, concatenated": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) {{ {ALL} }}",
    "string, doubled": "SELECT ?x60 { BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(60))
    + " }",
    "string, replaced": "SELECT ?x12 { BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaa') AS ?x{i + 1})" for i in range(12))
    + " }",
    "string, of nothing": "SELECT ?x { ?s ?p ?o BIND(REPLACE(STR(?s), '', ?big) AS ?x) "
    f"VALUES ?big {{ '{'b' * 1_000_000}' }} }}",
    "regex, backtracking": f"ASK {{ FILTER REGEX('{'a' * 5_000}', '^(a+)+$b') }}",
    "regex, repeated": "ASK { FILTER REGEX('aaaa', '((((a{1,100}){1,100}){1,100}){1,100})') }",
    "regex, long": f"ASK {{ FILTER REGEX('a', '{'(a|b)*' * 50_000}') }}",
    "regex, each": f"SELECT * {{ {ALL} FILTER REGEX(CONCAT(STR(?a), STR(?d)), '(.*)(.*)(.*)9$') }}",
    "paths, exploding": "SELECT * { ?a (!<x:x>)* ?b . ?b (!<x:x>|^!<x:x>)* ?c . "
    "?c (!<x:x>|^!<x:x>)* ?d . ?d (!<x:x>|^!<x:x>)* ?e }",
    "paths, of everything": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . "
    "?c (!<x:x>|^!<x:x>)+ ?d . ?e (!<x:x>|^!<x:x>)+ ?f }",
    "nested exists": "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f FILTER NOT EXISTS { "
    "?g ?h ?i FILTER(?a != ?d && ?d != ?g && ?i = -1) } } }",
    "digits": f"SELECT (({'9' * 100_000} * {'9' * 100_000}) AS ?x) {{}}",
    "decimals": f"SELECT (1.{'9' * 100_000} AS ?x) {{}}",
    "dates": "SELECT ('99999999999999999999-01-01T00:00:00Z'^^<http://www.w3.org/2001/"
    "XMLSchema#dateTime> - NOW() AS ?x) {}",
    "limit": "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999",
    "substring": "SELECT (SUBSTR('a', -9e300, 9e300) AS ?x) {}",
    "random": f"SELECT * {{ {ALL} }} ORDER BY RAND()",
}

SIZED = {
    "triple patterns": where(lambda n: " . ".join(f"?s{i} ?p{i} ?s{i + 1}" for i in range(n))),
    "triple patterns, a star": where(lambda n: " . ".join(f"?s ?p{i} ?o{i}" for i in range(n))),
    "triple patterns, a cross": where(
        lambda n: " . ".join(f"?s{i} ?p{i} ?o{i}" for i in range(n)) + " FILTER(?s0 = 1)"
    ),
    "optionals in a row": where(
        lambda n: " ".join(f"OPTIONAL {{ ?s{i} ?p ?s{i + 1} }}" for i in range(n))
    ),
    "unions in a row": where(lambda n: " UNION ".join(f"{{ ?s ?p ?o{i} }}" for i in range(n))),
    "minus in a row": where(lambda n: "?s ?p ?o " + "MINUS { ?s ?p 5 } " * n),
    "selects in a row": where(lambda n: "{ SELECT ?s { ?s ?p ?o } } " * n),
    "paths in a row": where(
        lambda n: " . ".join(f"?s{i} (!<x:x>)* ?s{i + 1}" for i in range(n)),
    ),
    "values by values": where(
        lambda n: " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(n)))} }}" for i in range(4))
    ),
    "a wide table": where(
        lambda n: f"VALUES ({' '.join(f'?v{i}' for i in range(n))}) {{ ({'1 ' * n}) }}"
    ),
    "aggregates": lambda n: (
        "SELECT "
        + " ".join(f"(COUNT(DISTINCT ?o) AS ?n{i})" for i in range(n))
        + " { ?s ?p ?o . ?a ?b ?c }"
    ),
    "order keys": lambda n: "SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY " + "STR(?o) " * n,
    "graphs": lambda n: "SELECT * " + " ".join(f"FROM <g:{i}>" for i in range(n)) + " { ?s ?p ?o }",
}

LONG = {
    "in": lambda n: f"ASK {{ ?s ?p ?o FILTER(?o IN ({', '.join(map(str, range(n)))})) }}",
    "values": lambda n: f"ASK {{ VALUES ?x {{ {' '.join(map(str, range(n)))} }} ?s ?p ?x }}",
    "literal": lambda n: f"SELECT ('{'a' * n}' AS ?x) {{}}",
    "literals": lambda n: "ASK { VALUES ?x {" + " 'a'" * n + " } }",
    "iri": lambda n: f"ASK {{ <http://{'a' * n}> ?p ?o }}",
    "variable": lambda n: f"ASK {{ ?{'a' * n} ?p ?o }}",
    "comment": lambda n: f"ASK {{ # {'a' * n}\n }}",
    "spaces": lambda n: f"ASK {{ {' ' * n} }}",
    "brackets": lambda n: "ASK { " + "[] ?p [] . " * (n // 10) + " }",
    "dots": lambda n: "." * n,
    "quotes": lambda n: "ASK { FILTER(" + "'" * n + ") }",
    "services": lambda n: "ASK { " + "SERVICE" * (n // 7) + " }",
    "escapes": lambda n: "ASK { FILTER('" + "\\u0041" * (n // 6) + "' = '') }",
}

BROKEN = {
    "nul": b"ASK { ?s ?p '\0' }",
    "nul between": b"ASK \0 { }",
    "half a character": b"ASK { ?s ?p '\xe3\x81' }",
    "overlong": b"ASK { ?s ?p '\xc0\xaf' }",
    "surrogate": b"ASK { ?s ?p '\xed\xa0\x80' }",
    "utf-16": "ASK {}".encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbfASK {}",
    "noise": bytes(range(256)) * 64,
    "nothing": b"",
    "escape of nothing": b"ASK { ?s ?p '\\uD800' }",
    "bidirectional": "ASK { ?s ?p '\u202e' }".encode(),
}


def check(server, text):
    answer = server.ask(text)

    assert answer.status_code in ENDS_WELL
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    assert server.is_well()
    return answer


@pytest.mark.parametrize("family", NESTED)
def test_nesting(server, family):
    for size in SIZES:
        check(server, NESTED[family](size))


@pytest.mark.parametrize("family", EXPENSIVE)
def test_expense(server, family):
    check(server, EXPENSIVE[family])


@pytest.mark.parametrize("size", [10, 100, 1_000])
@pytest.mark.parametrize("family", SIZED)
def test_sizes(server, family, size):
    check(server, SIZED[family](size))


@pytest.mark.parametrize("size", [10_000, 1_000_000, 10_000_000])
@pytest.mark.parametrize("family", LONG)
def test_length(server, family, size):
    check(server, LONG[family](size))


@pytest.mark.parametrize("family", BROKEN)
def test_bytes_that_are_no_query(server, family):
    check(server, BROKEN[family])


def test_a_hundred_megabytes_are_turned_away(server):
    answer = check(server, f"SELECT ('{'a' * 100_000_000}' AS ?x) {{}}")

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("text", "status", "limit"),
    [
        (EXPENSIVE["string, doubled"], 507, "DEFGRAPH_QUERY_MEMORY_MB"),
        (f"SELECT (CONCAT('{'a' * 600_000}', '{'b' * 600_000}') AS ?x) {{}}", 413, "DEFGRAPH_MAX_RESULT_BYTES"),
        ("ASK {} #" + " " * 12_000_000, 413, "DEFGRAPH_MAX_QUERY_BYTES"),
    ],
)  # fmt: skip
def test_the_problem_names_the_limit(patient_server, text, status, limit):
    problem = check(patient_server, text).json()

    assert (problem["status"], problem["limit"]) == (status, limit)
    assert problem["value"] > 0


def test_the_problem_names_the_deadline(server):
    problem = check(server, EXPENSIVE["cross product, counted"]).json()

    assert (problem["status"], problem["limit"]) == (504, "DEFGRAPH_QUERY_TIMEOUT_S")
    assert problem["value"] == 0.3


def test_a_crash_has_an_identifier_to_ask_for(patient_server):
    problem = check(patient_server, NESTED["calls"](100_000)).json()

    assert problem["status"] == 500
    assert problem["query_id"] in problem["detail"]
