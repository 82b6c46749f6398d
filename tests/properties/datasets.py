"""Strategies for datasets: names, literals, blank nodes and graphs of all kinds."""

import pyoxigraph as ox
from hypothesis import strategies as st

from defgraph.namespaces import PREFIXES, XSD

NAMES = st.sampled_from(["a", "b", "nz", "x-1", "A.b", "日本", "a%20b", "1a", "p_q", "é"])
PROPERTY_NAMES = st.sampled_from(["a", "b", "hasParty", "earliest", "x-1", "日本", "p_q", "é"])
SPACES = st.sampled_from([PREFIXES["def"], PREFIXES["state"], "http://e.test/x#", "urn:e:"])
NAMED_NODES = st.builds(lambda space, name: ox.NamedNode(space + name), SPACES, NAMES)
KNOWN = st.sampled_from(
    [PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel", PREFIXES["def"] + "aboutProperty"]
)
PREDICATES = st.one_of(
    st.builds(lambda space, name: ox.NamedNode(space + name), SPACES, PROPERTY_NAMES),
    KNOWN.map(ox.NamedNode),
    st.sampled_from([ox.NamedNode(PREFIXES["rdf"] + name) for name in ("type", "first", "rest")]),
)
BLANK_NODES = st.sampled_from([ox.BlankNode(name) for name in ("x", "y", "z")])
# XML 1.0 has no way to write most control characters; a test of its own says what happens then.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"], min_codepoint=32)
    | st.sampled_from("\t\n\r"),
    max_size=12,
)
TYPED = st.sampled_from(
    [
        ("2025-12", "gYearMonth"),
        ("2025", "gYear"),
        ("2025-12-19", "date"),
        ("2025-12-19T02:40:00Z", "dateTime"),
        ("2025-12-19T11:40:00.50+09:00", "dateTime"),
        ("7", "integer"),
        ("007", "integer"),
        ("+7", "integer"),
        ("9007199254740993", "integer"),
        ("many", "integer"),
        ("2.20", "decimal"),
        ("2.", "decimal"),
        ("1e6", "double"),
        ("INF", "double"),
        ("true", "boolean"),
        ("1", "boolean"),
        ("yes", "boolean"),
        ("P1Y", "duration"),
        ("http://e.test/", "anyURI"),
    ]
).map(lambda pair: ox.Literal(pair[0], datatype=ox.NamedNode(XSD + pair[1])))
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        TEXT,
        st.sampled_from(["en", "ja", "zh-hant-tw"]),
    ),
    TYPED,
)
OBJECTS = st.one_of(NAMED_NODES, BLANK_NODES, LITERALS)
GRAPH_NAMES = st.sampled_from(
    [ox.DefaultGraph(), ox.NamedNode(PREFIXES["graph"] + "a"), ox.NamedNode("urn:e:g")]
)
QUADS = st.builds(ox.Quad, st.one_of(NAMED_NODES, BLANK_NODES), PREDICATES, OBJECTS, GRAPH_NAMES)
