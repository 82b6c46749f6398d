"""The dataset in the forms that analysts' tools read: networks, maps, tables and data frames.

=====================  ===========================================================================
``network``            who has agreements with whom, as GraphML: networkx, Gephi, igraph, Cytoscape
``geography``          states where their capitals are, as GeoJSON (RFC 7946): QGIS, Leaflet
``tables``             a CSV table for each class (RFC 4180): spreadsheets, R, SQL
``frames``             the solutions of a query with real types: polars, pandas, Parquet
=====================  ===========================================================================

What a form holds is asked by the SPARQL queries beside this module, so that the same bytes come of
a dataset in memory and of a store.
"""

from typing import Final

from defgraph.query_files import QueryFiles

QUERIES: Final = QueryFiles(__package__)
