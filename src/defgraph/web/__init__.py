"""The graph over HTTP: the SPARQL endpoint and the first page."""

from defgraph.web.app import create_app
from defgraph.web.server import serve

__all__ = ["create_app", "serve"]
