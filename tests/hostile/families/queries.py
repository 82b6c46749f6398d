"""Families of hostile queries: each a text, or what makes one of a size."""

from __future__ import annotations

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
    "quoted triples": where(lambda n: f"BIND({'<<( <s:s> <p:p> ' * n}1{' )>>' * n} AS ?x)"),
    "annotations": where(lambda n: "?s ?p ?o " + "{| ?p ?o " * n + "|}" * n),
    "path groups": path(nested("(", "<p:p>", ")")),
    "path stars": path(nested("(", "<p:p>", ")*")),
    "path pluses": path(nested("(", "<p:p>", ")+")),
    "path options": path(nested("(", "<p:p>", ")?")),
    "path negated inverses": path(lambda n: "!(" + "|".join(["^<p:p>"] * n) + ")"),
    "path stars, of everything": path(nested("(", "!<x:x>", "*)*")),
    "path inverses": path(nested("^", "<p:p>", "")),
    "path sequences": path(lambda n: "/".join(["<p:p>"] * n)),
    "path alternatives": path(lambda n: "|".join(["<p:p>"] * n)),
    "path negations": path(lambda n: "!(" + "|".join(["<p:p>"] * n) + ")"),
    "havings": lambda n: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING " + "(" * n + "1" + ")" * n,
    "orders": lambda n: "SELECT * { ?s ?p ?o } ORDER BY " + "(" * n + "1" + ")" * n,
    "constructs": lambda n: "CONSTRUCT { ?s ?p " + "( " * n + "1" + " )" * n + " } { ?s ?p ?o }",
    "construct blank nodes": lambda n: (
        "CONSTRUCT { ?s ?p " + "[ ?p " * n + "1" + " ]" * n + " } { ?s ?p ?o }"
    ),
    "construct triple terms": lambda n: (
        "CONSTRUCT { ?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + " } { ?s ?p ?o }"
    ),
    "describes": lambda n: "DESCRIBE " + "?s " * n + "{ ?s ?p ?o }",
    "binds, nested": where(nested("{ BIND(1 AS ?x) ", "", " }")),
    "values, nested": where(nested("{ VALUES ?x { 1 } ", "", " }")),
    "services": where(nested("SERVICE <http://127.0.0.1:9/> { ", "?s ?p ?o", " }")),
    "lateral": where(nested("LATERAL { ", "?s ?p ?o", " }")),
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
    "dates, of long ago": "SELECT ((NOW() + '-P999999999999999999Y'^^<http://www.w3.org/2001/"
    "XMLSchema#yearMonthDuration>) AS ?x) {}",
    "exponents": "SELECT (1e308 * 1e308 AS ?x) (-1e-400 AS ?y) (0e0 / 0e0 AS ?z) {}",
    "integers, multiplied": "SELECT ?x63 { BIND(3 AS ?x0) "
    + " ".join(f"BIND(?x{i} * ?x{i} AS ?x{i + 1})" for i in range(63))
    + " }",
    "decimals, divided": "SELECT (1.0 / 3.0 / 7.0 / 0.0000000000000000001 AS ?x) {}",
    "blank nodes": f"SELECT (BNODE() AS ?x) {{ {ALL} }}",
    "blank nodes, named": f"SELECT (BNODE(STR(?c)) AS ?x) {{ {ALL} }}",
    "identifiers": f"SELECT (UUID() AS ?x) (STRUUID() AS ?y) {{ {ALL} }}",
    "hashes": f"SELECT (SHA512(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) {{ {ALL} }}",
    "aggregate of aggregates": "SELECT (MAX(?m) AS ?x) { { SELECT (COUNT(*) AS ?m) ?a "
    f"{{ {ALL} }} GROUP BY ?a ?d ?g }} }} GROUP BY ?m",
    "groups, distinct": f"SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) {{ {ALL} }}",
    "samples": f"SELECT (GROUP_CONCAT(DISTINCT ?c; SEPARATOR='{'-' * 10_000}') AS ?x) {{ {ALL} }}",
    "replaced by itself": "SELECT ?x9 { BIND('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(REPLACE(?x{i}, '(.)', '$1$1$1$1$1$1$1$1') AS ?x{i + 1})" for i in range(9))
    + " }",
    "regex, in classes": f"ASK {{ FILTER REGEX('a', '[{'a-z&&[^b' * 20_000}') }}",
    "regex, unicode": f"ASK {{ FILTER REGEX('a', '{chr(92) * 2}p{{L}}{{1,1000}}{chr(92) * 2}p{{L}}{{1,1000}}') }}",
    "encoded": "SELECT ?x20 { BIND('%%%%%%%%' AS ?x0) "
    + " ".join(f"BIND(ENCODE_FOR_URI(?x{i}) AS ?x{i + 1})" for i in range(20))
    + " }",
    "offset beyond": "SELECT * { ?s ?p ?o } OFFSET 18446744073709551615",
    "limit of everything": f"SELECT * {{ {ALL} }} LIMIT 9223372036854775807",
    "describe everything": f"DESCRIBE * {{ {ALL} }}",
    "unknown functions": "SELECT "
    + " ".join(f"(<f:{i}>(?s) AS ?x{i})" for i in range(500))
    + " { ?s ?p ?o }",
    "paths, of stars": "SELECT * { ?a ((((!<x:x>)*)*)*)* ?b . ?b (((!<x:x>)+)+)+ ?c }",
    "paths, zero": "SELECT (COUNT(*) AS ?n) { ?a <x:x>* ?b . ?c <x:x>* ?d . ?e <x:x>* ?f }",
    "paths, alternatives": "ASK { ?a (!<x:x>|^!<x:x>)/(!<x:x>|^!<x:x>)/(!<x:x>|^!<x:x>)/"
    "(!<x:x>|^!<x:x>)/(!<x:x>|^!<x:x>)/(!<x:x>|^!<x:x>)/<x:x> ?b }",
    "minus everything": f"SELECT * {{ {ALL} MINUS {{ {ALL} }} }}",
    "optional everything": f"SELECT * {{ ?x ?y ?z OPTIONAL {{ {ALL} FILTER(?c > ?z) }} }}",
    "union of everything": f"SELECT * {{ {{ {ALL} }} UNION {{ {ALL} }} }} ORDER BY ?a",
    "exists everything": f"SELECT * {{ ?x ?y ?z FILTER(!EXISTS {{ {ALL} FILTER(?c = -1) }}) }}",
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
    "filters of everything": where(
        lambda n: f"{ALL} " + " ".join(f"FILTER(?c != {i})" for i in range(n))
    ),
    "binds in a chain": where(
        lambda n: (
            "BIND('a' AS ?x0) "
            + " ".join(f"BIND(CONCAT(?x{i}, 'a') AS ?x{i + 1})" for i in range(n))
        )
    ),
    "unions of optionals": where(
        lambda n: " ".join("{ ?s ?p ?o } UNION { OPTIONAL { ?s ?p ?o } }" for i in range(n))
    ),
    "exists in a row": where(lambda n: "?s ?p ?o " + "FILTER EXISTS { ?s ?p ?x } " * n),
    "graphs in a row": where(lambda n: " ".join(f"GRAPH ?g{i} {{ ?s ?p ?o }}" for i in range(n))),
    "construct templates": lambda n: (
        f"CONSTRUCT {{ {'_:b ?p ?o . ' * n} }} {{ ?s ?p ?o . ?a ?b ?c }}"
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
