"""RDF as JSON that people read: compacted with the published context, framed around one thing.

Nothing is fetched: the context comes from the package and is embedded in every document, so that
whoever reads the document back needs no network either.
"""

from defgraph.jsonld.compaction import compacted, context, framed
from defgraph.jsonld.document import document

__all__ = ["compacted", "context", "document", "framed"]
