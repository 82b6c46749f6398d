"""A dataset that somebody else's engine holds, asked over HTTP by the SPARQL 1.1 Protocol."""
