"""Evidence: the words of a source beside the facts that they carry.

The text of a source is not part of the dataset. Whoever holds it can check every span against it
and see which words a claim rests on.
"""

from defgraph.evidence.check import Claim, Evidence, Row, check, read_text
from defgraph.evidence.spans import Found, Span, Status, find

__all__ = ["Claim", "Evidence", "Found", "Row", "Span", "Status", "check", "find", "read_text"]
