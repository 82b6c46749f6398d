"""The SPARQL protocols: query, update, graph store and service description."""
