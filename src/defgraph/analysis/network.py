"""The network of agreements as GraphML: parties are nodes, and an agreement joins each two of them.

Two parties may have several agreements, so edges are many and undirected. A date is text, as
precise as the source has it. http://graphml.graphdrawing.org/primer/graphml-primer.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from defgraph.results import Solution, Solutions

MEDIA_TYPE: Final = "application/graphml+xml"

_OF_NODES: Final = ("label", "label_ja", "alpha2", "alpha3")
_OF_EDGES: Final = ("label", "label_ja", "type", "signed")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 may hold (section 2.2)."""

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def graphml(parties: Solutions, agreements: Solutions) -> bytes:
    """Write what the queries ``parties`` and ``agreements`` found; the same gives the same bytes.

    Nodes are named by their IRIs, edges by that of the agreement and, where it has more than two
    parties, of both ends.
    """
    lines = [_HEAD, *_keys("node", _OF_NODES), *_keys("edge", ("agreement", *_OF_EDGES))]
    lines.append('  <graph id="agreements" edgedefault="undirected">\n')
    for party in parties:
        lines.append(f"    <node id={_attribute(party['party'])}>\n")
        lines += [*_data("node", party, _OF_NODES), "    </node>\n"]
    for each in agreements:
        name = " ".join(str(each[part]) for part in ("agreement", "first", "second"))
        ends = f"source={_attribute(each['first'])} target={_attribute(each['second'])}"
        lines.append(f"    <edge id={_attribute(name)} {ends}>\n")
        lines += [*_data("edge", each, ("agreement", *_OF_EDGES)), "    </edge>\n"]
    lines.append("  </graph>\n</graphml>\n")
    return "".join(lines).encode()


def _keys(of: str, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f'  <key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="string"/>\n'


def _data(of: str, solution: Solution, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if solution[name] is not None:
            yield f'      <data key="{of}_{name}">{escape(_text(solution[name]))}</data>\n'


def _attribute(value: object) -> str:
    return quoteattr(_text(value))


def _text(value: object) -> str:
    return _NOT_XML.sub("\ufffd", str(value))
