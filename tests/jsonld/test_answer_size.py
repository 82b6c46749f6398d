"""JSON-LD is made in the web process, so there is a limit to what it is made of."""

from __future__ import annotations

import pytest

from defgraph.errors import InexpressibleError
from defgraph.jsonld.answers import MAX_BYTES, answer_document


def test_a_graph_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(InexpressibleError, match="N-Triples"):
        answer_document(b"x" * (MAX_BYTES + 1))
