"""``python -m defgraph.jsonld`` writes ``ontology/context.jsonld`` anew from the ontology."""

from defgraph.jsonld.context import rewrite

rewrite()
