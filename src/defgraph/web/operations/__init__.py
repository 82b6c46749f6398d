"""What the server can be asked over HTTP: one table, from which ``/openapi.json`` is written.

A test compares it with the routes, so that nothing is taken that is not described, and the real
server is asked all of it at random. Whoever adds a route adds a row.
"""

from __future__ import annotations

from typing import Final

from defgraph.web.operations import (
    analysis,
    contexts,
    documents,
    dumps,
    graphs,
    health,
    pages,
    reconciliation,
    sameas,
    self_description,
    sparql,
)

OPERATIONS: Final = (
    *sparql.OPERATIONS,
    *graphs.OPERATIONS,
    *documents.OPERATIONS,
    *sameas.OPERATIONS,
    *contexts.OPERATIONS,
    *reconciliation.OPERATIONS,
    *health.OPERATIONS,
    *self_description.OPERATIONS,
    *dumps.OPERATIONS,
    *analysis.OPERATIONS,
    *pages.OPERATIONS,
)
