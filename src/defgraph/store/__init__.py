"""Stores: things that hold an RDF dataset and answer SPARQL queries about it."""
