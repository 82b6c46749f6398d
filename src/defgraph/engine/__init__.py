"""What is done with a dataset in one process: queries evaluated, updates found out.

Nothing here limits time or memory, or survives text that crashes the engine: ``defgraph.store``
runs it where it can do no harm. Imports pyoxigraph and the standard library alone.
"""
