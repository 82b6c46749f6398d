"""Connections and what they may cost, before a request is a request and after its answer."""
