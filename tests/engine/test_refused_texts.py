"""Texts that are not SPARQL: the place of the fault is marked by ▸, and words that are told."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from defgraph.engine.evaluation import evaluate
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile
from defgraph.engine.tasks import Task
from defgraph.engine.writes import changes_of
from defgraph.errors import QuerySyntaxError

QUERIES = [
    # what begins a query
    ("▸SELEKT * { ?s ?p ?o }", "expected SELECT", "did you mean SELECT?"),
    ("▸?s ?p ?o", "expected SELECT, CONSTRUCT, DESCRIBE, ASK"),
    ("▸{ ?s ?p ?o }", "found '{'"),
    ("▸INSERT DATA { def:a def:b def:c }", "INSERT is an update", "/update"),
    ("PREFIX def: <http://x/> ▸DELETE WHERE { ?s ?p ?o }", "DELETE is an update"),
    ("PREFIX ▸foo <http://x/> ASK {}", "expected a prefix with its colon"),
    ("PREFIX foo: ▸http://x/ ASK {}", "expected an IRI in angle brackets"),
    ("PREFIX ▸a:b <http://x/> ASK {}", "expected a prefix with its colon"),
    ("ASK {} ▸ASK {}", "found 'ASK'", "the end"),
    ("ASK {} ▸; ASK {}", "found ';'"),
    # what is asked for
    ("SELECT ▸WHERE", "expected DISTINCT, '*', a variable, '(' or REDUCED"),
    (
        "SELECT * ▸WHRE { ?s ?p ?o }",
        "found 'WHRE', expected FROM, WHERE or '{'; did you mean WHERE?",
    ),
    ("SELECT ▸s WHERE { ?s ?p ?o }", "a variable begins with a question mark: ?s"),
    ("SELECT ?s▸, ?p { ?s ?p ?o }", "found ','"),
    ("SELECT ▸COUNT(*) { ?s ?p ?o }", "stands in brackets: (... AS ?name)"),
    ("SELECT (COUNT(*) ▸?n) { ?s ?p ?o }", "expected AS or an operator"),
    ("SELECT (COUNT(*) AS ▸n) { ?s ?p ?o }", "a variable begins with a question mark: ?n"),
    ("SELECT (COUNT(▸) AS ?n) { ?s ?p ?o }", "found ')', expected DISTINCT, '*' or an expression"),
    ("SELECT (SUM(▸*) AS ?n) { ?s ?p ?o }", "found '*', expected DISTINCT or an expression"),
    ("SELECT ?s ?p FROM▸", "the query ends too early, expected NAMED or an IRI"),
    ("DESCRIBE▸", "the query ends too early, expected '*', a variable or an IRI"),
    ("CONSTRUCT WHERE { ?s ?p ?o ▸FILTER(?o) }", "found 'FILTER'"),
    ("CONSTRUCT { ?s ?p ?o } ▸{ ?s ?p ?o", "'{' is never closed"),
    # triples
    ("SELECT * { ?s ▸}", "found '}', expected a predicate"),
    ("SELECT * { ?s def:hasParty ▸}", "found '}', expected a path operator or a term"),
    ("SELECT * { ?s ?p ▸. }", "found '.', expected a term"),
    (
        "SELECT ?a\n{\n  ?a a def:X ;\n    def:y ?z\n  ▸?b a def:X .\n}",
        "expected ',', ';', '.', '}'",
    ),
    ("SELECT * { ?s ▸'a' ?o }", "expected a predicate"),
    ("SELECT * { ?s ▸_:b ?o }", "expected a predicate"),
    ("SELECT * { ?s ?p ?o . ▸. }", "found '.'"),
    ("SELECT * { ▸. }", "found '.'"),
    ("SELECT * { ?s ?p ?o , ▸}", "found '}', expected a term"),
    ("SELECT * { [] ▸}", "expected a predicate"),
    ("SELECT * { () ▸}", "expected a predicate"),
    ("SELECT * { ?s def:a/▸?b ?o }", "found '?b'"),
    ("SELECT * { ?s def:a▸{1,2} ?o }", "found '{'"),
    (
        "SELECT * { ?s ▸partyOf ?o }",
        "a variable begins with a question mark: ?partyOf, a name with a prefix: def:partyOf",
    ),
    ("SELECT * { '日本😀' ▸£ }", "found '£'"),
    ("SELECT * { ?s▸\u00a0?p ?o }", "found U+00A0 (no-break space)"),
    ("SELECT * { ?s ?p ▸‘a’ }", "found '‘'"),
    ("SELECT * { << ?s ?p ▸>> ?q ?r }", "found '>>', expected a term"),
    # patterns
    ("SELECT * { ?s ?p ?o ▸FILTR(?o) }", "did you mean FILTER?"),
    ("SELECT *\r\n{ ?s ?p ?o ▸FILTR(?o) }", "found 'FILTR'"),
    ("SELECT *\r{ ?s\t?p\t▸}", "expected a term"),
    (
        "SELECT * { ?s ?p ?o FILTER ▸?o > 3 }",
        "expected a condition in brackets or a call of a function",
    ),
    ("SELECT * { GRAPH ▸{ ?s ?p ?o } }", "expected a variable or an IRI"),
    ("SELECT * { ?s ?p ?o OPTIONAL ▸?s ?q ?r }", "found '?s', expected '{'"),
    ("SELECT * { { ?s ?p ?o } UNION ▸?s ?q ?r }", "found '?s', expected '{'"),
    ("SELECT * { ?s ?p ?o ▸UNION { } }", "found 'UNION'"),
    ("SELECT * { BIND(1 ▸?x) }", "expected AS or an operator"),
    ("SELECT * { BIND(1 AS ▸x) }", "?x"),
    ("SELECT * { VALUES ?x { ▸?y } }", "expected '}' or a value"),
    ("SELECT * { VALUES ▸{ 1 } }", "expected a variable or '('"),
    # expressions
    ("SELECT * { ?s ?p ?o FILTER(▸NOTHING(?o)) }", "there is no function NOTHING"),
    ("SELECT * { ?s ?p ?o FILTER(▸CONCATT(?o)) }", "did you mean CONCAT?"),
    ("SELECT * { FILTER(STRLEN(?o▸, 1)) }", "found ',', expected ')' or an operator"),
    ("SELECT * { FILTER(STRLEN(▸)) }", "found ')', expected an expression"),
    ("SELECT * { FILTER(CONTAINS(?o▸)) }", "expected ',' or an operator"),
    ("SELECT * { FILTER(?a =▸= 1) }", "equality is one '='"),
    ("SELECT * { FILTER(?a ▸AND ?b) }", "did you mean '&&'?"),
    ("SELECT * { FILTER(?a ▸LIKE 'x') }", "REGEX or CONTAINS"),
    ("SELECT * { FILTER(?a = ▸) }", "found ')', expected an expression"),
    ("SELECT * { FILTER(?a ▸3) }", "expected ')' or an operator"),
    ("SELECT * { FILTER(?a NOT ▸(1)) }", "found '(', expected IN"),
    ("SELECT * {} ORDER ▸?x", "found '?x', expected BY"),
    ("SELECT * {} ORDER BY ?x ▸+ 1", "found '+'"),
    ("SELECT * {} LIMIT ▸-1", "found '-1', expected a whole number"),
    ("SELECT * {} LIMIT ▸?n", "expected a whole number"),
    ("SELECT * {} LIMIT ▸99999999999999999999999", "too large"),
    ("SELECT ?s {} LIMIT 1 ▸ORDER BY ?s", "expected OFFSET"),
    # what is never closed
    ("SELECT * ▸{\n  ?s ?p ?o", "'{' is never closed"),
    ("SELECT * { { ?s ?p ?o } ▸{ ?a ?b ?c ", "'{' is never closed"),
    ("SELECT * { ?s ?p▸", "the query ends too early, expected a term"),
    (
        "SELECT * { ?s ?p ?o FILTER(?o ▸}",
        "expected ')' to close the '(' of line 1, column 27, found '}'",
    ),
    ("SELECT * { ?s ?p [ def:a 1 ▸}", "expected ']' to close the '[' of line 1, column 18"),
    ("SELECT * { ?s ?p ?o } ▸}", "'}' closes nothing"),
    ("SELECT * { ?s ?p ▸'open }", "the string that begins with this ' is never closed"),
    ('SELECT * { ?s ?p ▸"""open " }', 'the string that begins with this " is never closed'),
    ("SELECT * { ?s ?p ▸'two\nlines' }", "the string that begins with this ' is never closed"),
    ("SELECT * { ?s a ▸<http://x y> }", "this IRI holds a space"),
    ("SELECT * { ?s a ▸<http://x ; def:y 1 }", "this IRI is never closed"),
    ("SELECT * { ?s a ▸<http://x/{id}> }", "this IRI holds the mark '{'"),
    # names, IRIs, strings
    (
        "SELECT * {\n  ?s ▸foo:x ?o }",
        "the prefix 'foo:' is not declared; expected 'PREFIX foo: <https://...>' above",
    ),
    ("PREFIX peo: <http://x/> SELECT * { ?s ▸poe:x ?o }", "did you mean 'peo:'?"),
    ("SELECT * { ?s ▸agrement:x ?o }", "did you mean 'agreement:' or"),
    ("SELECT * { ?s ▸<relative> ?o }", "<relative> is no absolute IRI"),
    ("SELECT * { ?s ▸<http://[a> ?o }", "is no valid IRI"),
    ("SELECT * { ?s ▸<http://x/\\u0020y> ?o }", "is no valid IRI"),
    ("SELECT * { ?s ?p 'a▸\\q' }", "'\\q' is no escape"),
    ("SELECT * { ?s ?p 'a▸\\u12' }", "4 hexadecimal digits"),
    ("SELECT * { ?s ?p '▸\\uD800' }", "is no character"),
    ("SELECT * { ?s ?p 'a'▸@ }", "expected a language tag"),
    ("SELECT * { ?s ?p 'a'@en▸--up }", "'--up' is no base direction"),
    ("SELECT * { ?s def:a/def:b ?o ▸~ ?r }", "takes no '~'"),
    # scope
    ("SELECT (COUNT(*) AS ?n) ▸?s { ?s ?p ?o }", "?s is neither grouped nor aggregated"),
    ("SELECT ▸?s { ?s ?p ?o } GROUP BY ?p", "name it in GROUP BY"),
    ("SELECT ?s (COUNT(?o) + ▸?p AS ?n) { ?s ?p ?o } GROUP BY ?s", "?p is neither grouped"),
    ("SELECT ▸* { ?s ?p ?o } GROUP BY ?s", "does not go with GROUP BY"),
    ("SELECT ▸?a { ?a ?b ?c } GROUP BY (?b + 1)", "?a is neither grouped nor aggregated"),
    ("SELECT (?x + ?y AS ?b) (▸?z AS ?c) { ?x ?y ?z } GROUP BY ?x (?y) (?z + 1)", "?z is neither"),
    ("SELECT ▸* { ?a ?b ?c } GROUP BY (?b + 1)", "does not go with GROUP BY"),
    ("SELECT (1 AS ?x) (2 AS ▸?x) {}", "two things after SELECT are called ?x"),
    ("SELECT (1 AS ▸?s) { ?s ?p ?o }", "?s is a variable of the WHERE already"),
    ("SELECT * { ?s ?p ?o BIND(1 AS ▸?s) }", "?s has a value already"),
    ("SELECT * { OPTIONAL { ?s ?p ?o } BIND(?o AS ▸?s) }", "take another name after AS"),
    ("SELECT * { { SELECT ?x { } } BIND(1 AS ▸?x) }", "?x has a value already"),
    ("SELECT * { ?s ?p ?o FILTER(▸COUNT(?s) > 1) }", "COUNT is of a whole group", "not in FILTER"),
    ("SELECT * { _:a ?p ?o OPTIONAL { ▸_:a ?q ?r } }", "the label _:a stands in another group"),
    ("SELECT * { _:a ?p ?o . { } ▸_:a ?q ?r }", "use a variable"),
    (
        "SELECT * { VALUES (?a ?b) { (1 2) ▸(1) } }",
        "this row of VALUES has 1 value for 2 variables",
    ),
    ("SELECT * { VALUES (?a ?b) { ▸(1 2 3) } }", "3 values for 2 variables"),
    ("SELECT * { VALUES (?a ▸?a) { (1 2) } }", "VALUES names ?a twice"),
]

HABITS = [
    # from a word processor, or another keyboard
    ("SELECT * { ?s rdfs:label ▸“Japan”@en }", "straight quotation marks"),
    ("SELECT * { ?s rdfs:label ▸‘Japan’ }", "straight quotation marks"),
    ("SELECT * { ?s rdfs:label ▸「日本」 }", "straight quotation marks"),
    ("SELECT ▸？x { ?x ?p ?o }", "write the ASCII mark ?"),
    ("SELECT *▸\u3000{ ?x ?p ?o }", "write an ordinary space"),
    ("▸\ufeffASK {}", "it cannot be seen; delete it"),
    ("SELECT (1 ▸– 2 AS ?x) {}", "a minus sign is the mark -"),
    # from a listing, a page or a URL
    ("▸1 SELECT *\n2 { ?s ?p ?o }", "line numbers were copied with the text"),
    ("▸1. SELECT *\n2. { ?s ?p ?o }", "line numbers were copied with the text"),
    ("SELECT *\r\n▸2: { ?s ?p ?o\r\n3: }", "line numbers were copied with the text"),
    ("▸```sparql\nASK {}\n```", "take out the lines with ```"),
    ("SELECT * { ?s a ▸&lt;http://a/b&gt; }", "write < for &lt;"),
    ("SELECT▸%20*%20%7B%7D", "the text is percent-encoded"),
    ('▸"ASK {}"', "take out the quotation marks around the query"),
    ("▸// all\nASK {}", "a comment begins with #"),
    # from SQL, Turtle and other languages
    ("SELECT * FROM ▸agreements WHERE a = 1", "this looks like SQL"),
    ("SELECT ▸name FROM agreements", "this looks like SQL"),
    ("▸INSERT INTO agreements VALUES (1)", "this looks like SQL"),
    ("▸WITH <urn:g> DELETE WHERE { ?s ?p ?o }", "WITH is an update"),
    ("SELECT ▸TOP 5 ?x { ?x ?p ?o }", "LIMIT 10"),
    ("SELECT ?s▸, ?p { ?s ?p ?o }", "there are no commas between variables"),
    ("PREFIX e: <urn:e> ▸. ASK {}", "no dot ends a PREFIX"),
    ("▸@prefix e: <urn:e> . ASK {}", "it is PREFIX, without the @"),
    ("SELECT * { ?s a ▸http://example.com/a }", "an IRI stands in angle brackets"),
    ("SELECT * { ?s ?p ?o FILTER(?o <▸> 1) }", "did you mean '!='?"),
    ("SELECT * { ?s ?p 2020▸-01-02 }", '"2020-01-02"^^xsd:date'),
    ("SELECT * { ?s ?p '2020'▸^xsd:gYear }", "a datatype stands after '^^'"),
    ("SELECT * { ?s ?p ?o } ORDER BY ?s DESC▸", "DESC(?x)"),
    ("SELECT * { ?s ?p ?o } LIMIT 5 ▸ORDER BY ?s", "their order is GROUP BY"),
    ("ASK {} ▸ASK {}", "one query at a time"),
    ("ASK {}▸;", "no mark ends a query"),
    # aggregates, which the engine takes anywhere
    ("SELECT ?s { ?s ?p ?o FILTER(▸COUNT(?o) > 1) } GROUP BY ?s", "stands after SELECT, HAVING"),
    ("SELECT (MAX(▸COUNT(?o)) AS ?n) { ?s ?p ?o }", "no aggregate may stand in another"),
    ("SELECT (AVG((1 + ▸sum(?o))) AS ?n) { ?s ?p ?o }", "no aggregate may stand in another"),
]

UPDATES = [
    ("▸SELECT * {}", "SELECT is a query", "/sparql"),
    # aggregates, which the engine takes anywhere in a query within
    (
        (
            "INSERT { ?s def:b 1 } WHERE "
            "{ { SELECT ?s { ?s def:b ?o FILTER(▸COUNT(?o) > 1) } GROUP BY ?s } }"
        ),
        "stands after SELECT, HAVING",
    ),
    (
        (
            "DELETE { ?s def:b ?n } WHERE "
            "{ { SELECT ?s (MAX(▸COUNT(?o)) AS ?n) { ?s def:b ?o } GROUP BY ?s } }"
        ),
        "no aggregate may stand in another",
    ),
    ("▸UPDATE x", "found 'UPDATE'", "INSERT"),
    ("INSERT ▸INTO def:g { def:a def:b 1 }", "expected DATA or '{'"),
    ("INSERT DATA { def:a def:b ▸}", "expected a term"),
    ("INSERT DATA ▸{ def:a def:b 1", "'{' is never closed"),
    ("INSERT DATA { def:a def:b 1 } ▸DELETE DATA { }", "expected ';'"),
    ("INSERT DATA { def:a def:b▸/def:c 1 }", "found '/'"),
    ("INSERT DATA { def:a def:b ▸?x }", "data holds no variables"),
    ("INSERT DATA { GRAPH ▸?g { def:a def:b 1 } }", "data holds no variables"),
    ("INSERT DATA { GRAPH def:g { ▸GRAPH def:h {} } }", "found 'GRAPH'"),
    ("INSERT DATA { ▸dfe:a def:b 1 }", "did you mean", "'def:'"),
    ("INSERT DATA { ▸<a> def:b 1 }", "<a> is no absolute IRI"),
    ("INSERT { ?s def:b 1 }▸", "the update ends too early, expected USING or WHERE"),
    (
        "INSERT DATA { _:a def:b 1 };\nINSERT DATA { ▸_:a def:b 1 }",
        "stands in another operation, too",
    ),
    ("DELETE DATA { ▸_:a def:b 1 }", "DELETE takes none"),
    ("DELETE WHERE { ▸[] def:b 1 }", "look for it by a variable"),
    ("DELETE { ?a def:b ▸[] } WHERE { ?a def:b ?c }", "DELETE takes none"),
    ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ▸LIMIT 1", "found 'LIMIT', expected ';' or the end"),
    ("LOAD ▸x", "expected SILENT or an IRI"),
    ("CLEAR ▸def:g", "expected SILENT, GRAPH, DEFAULT, NAMED or ALL"),
    ("DROP GRAPH ▸?g", "expected an IRI"),
    ("WITH def:g INSERT ▸DATA { }", "expected '{'"),
    ("COPY DEFAULT ▸def:g", "expected TO"),
    (
        "DELETE DATA { def:a def:b '日本' } ;\r\n\tINSERT DATA { def:a def:b '▸\\q' }",
        "'\\q' is no escape",
    ),
]


def query(text):
    evaluate(ox.Store(), text)


def update(text):
    changes_of(Task("update", text.encode()), ox.Store(), Profile(), Limits())


@pytest.mark.parametrize(
    ("ask", "marked", "told"),
    [
        *((query, marked, told) for marked, *told in [*QUERIES, *HABITS]),
        *((update, marked, told) for marked, *told in UPDATES),
    ],
)
def test_the_place_and_the_reason_are_told(ask, marked, told):
    before, _, after = marked.partition("▸")
    lines = re.split(r"\r\n|\r|\n", before)

    with pytest.raises(QuerySyntaxError) as caught:
        ask(before + after)

    assert (caught.value.line, caught.value.column) == (len(lines), len(lines[-1]) + 1)
    assert str(caught.value).endswith(f"(line {len(lines)}, column {len(lines[-1]) + 1})")
    for words in told:
        assert words in str(caught.value)
