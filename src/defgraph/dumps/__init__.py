"""Everything to take away: the dataset and each graph, in every format, with sums.

=====================  ==========================================================================
file                   what
=====================  ==========================================================================
``dataset.*``          all graphs, each under its name: N-Quads, TriG, JSON-LD
``union.*``            the triples of all graphs together: Turtle, N-Triples, RDF/XML
``graph.<name>.*``     one named graph in all six; ``/`` in its name is ``.`` here
``*.gz``               each of these files once more, compressed
``SHA256SUMS``         for ``sha256sum --check``
=====================  ==========================================================================

Turtle, N-Triples and RDF/XML have no graphs, so of the dataset they hold the union, which is what a
query sees as the default graph; they are called so, lest somebody takes them for the dataset.

The same dataset gives the same bytes. Those of ``*.gz`` are also the compressing library's.
"""

from defgraph.dumps.folder import Dump, dump
from defgraph.dumps.plan import SUMS, file_stem, sums

__all__ = ["SUMS", "Dump", "dump", "file_stem", "sums"]
