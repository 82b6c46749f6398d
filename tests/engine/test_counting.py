"""The number of solutions and triples is that of a reader of the answer, whatever stands in it."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.engine.counting import rows_of

AWKWARD = ['},{"', '"},{"', '}},{"', "{}", "[]", '":{', "\\", '\\"', "\n", "\r\n", '"', '""', ",", "<result>", "\t", '"bindings":[', "},{", '},{",', '},{"}', "a"]  # fmt: skip
texts = st.lists(st.sampled_from(AWKWARD), max_size=4).map("".join)
terms = st.one_of(
    texts.map(ox.Literal),
    texts.map(lambda text: ox.Literal(text, language="en")),
    st.just(ox.NamedNode("urn:x")),
)
FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


@pytest.mark.parametrize("media_type", FORMATS)
@given(rows=st.lists(st.tuples(terms, terms | st.none()), max_size=5))
def test_solutions_are_counted(media_type, rows):
    values = " ".join(f"({a} {b if b is not None else 'UNDEF'})" for a, b in rows)
    found = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")

    body = found.serialize(format=FORMATS[media_type])

    assert rows_of(media_type, body) == len(rows)


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("query", ["SELECT * {}", "SELECT ?x { VALUES ?x { UNDEF UNDEF 1 } }"])
def test_solutions_that_bind_nothing_are_counted(media_type, query):
    body = ox.Store().query(query).serialize(format=FORMATS[media_type])

    assert rows_of(media_type, body) == len(list(ox.Store().query(query)))


def test_long_values_in_quotation_marks_are_counted():
    value = ('"\n' * 70_000).replace('"', '\\"').replace("\n", "\\n")
    found = ox.Store().query(f'SELECT ?x {{ VALUES ?x {{ "{value}" "{value}x" 3 }} }}')

    assert rows_of("text/csv", found.serialize(format=ox.QueryResultsFormat.CSV)) == 3


@pytest.mark.parametrize("media_type", list(FORMATS)[:2])
def test_a_boolean_has_no_solutions(media_type):
    body = ox.Store().query("ASK {}").serialize(format=FORMATS[media_type])

    assert rows_of(media_type, body) is None


def test_triples_are_counted():
    quads = [ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(n)) for n in "a\nb"]

    assert rows_of("application/n-triples", ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES)) == 3
