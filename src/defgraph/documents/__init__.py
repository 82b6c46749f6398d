"""Documents about things: what a reader who follows an IRI of the dataset is given.

A document of a thing is read from a store by SPARQL alone, so it is the same over every store::

    own statements ──┐
    what points here ├─▶ reading ─▶ Document ─▶ writing      Turtle, JSON-LD, RDF/XML ...
    claims about it ─┤                 └──────▶ description  facts and their evidence, for a page
    labels of all ───┘

All formats say the same triples. Long documents come in pages; the text of a source is in none.
"""

from defgraph.documents.reading import Document, check_known, read
from defgraph.documents.writing import write

__all__ = ["Document", "check_known", "read", "write"]
