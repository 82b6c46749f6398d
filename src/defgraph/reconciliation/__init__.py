"""Which thing of the dataset a name in somebody's table means.

``folding`` says which spellings are one name, ``index`` holds the names of a dataset, ``matching``
ranks what a name may mean.
"""

from defgraph.reconciliation.index import NameIndex, Thing, read_index
from defgraph.reconciliation.matching import Candidate, Constraint, Matcher

__all__ = ["Candidate", "Constraint", "Matcher", "NameIndex", "Thing", "read_index"]
