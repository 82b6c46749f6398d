"""Reconciliation Service API 0.2: names in a table, and the things that they mean."""
