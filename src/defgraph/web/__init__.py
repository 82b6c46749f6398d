"""The graph over HTTP: one application around one store.

=================  ================================================================================
``connections``    what a client may take before its request is a request; HTTP/1.1 as it comes
``direct``         queries by GET, answered in front of the application
``app``            the application: what follows, put together around one store
``sparql``         the SPARQL protocols: query, update, graph store, service description
``dereferencing``  every IRI answers, in every format; links to other datasets
``reconciliation`` names in a table, and the things they mean
``dumps``          everything to take away
``pages``          pages for people
``analysis``       forms for analysts' tools
``operating``      health and numbers, for those who look after a server
``operations``     each operation as a row: what the OpenAPI description is made of
``telemetry``      what is written down of each request
``http``           requests and answers in the words of HTTP, whatever they are about
=================  ================================================================================

A query by GET goes through ``connections`` and ``direct`` to ``replies``, which looks in the
``cache`` or asks the store; any other request goes to the ``app``. What fails anywhere becomes an
answer in ``failures``, by the table in ``problems``.
"""

from defgraph.web.app import create_app
from defgraph.web.server import serve

__all__ = ["create_app", "serve"]
