"""The states of the world as reference data, made from published tables.

Which states there are, what they are called and which codes they have is not typed in but computed,
so that it can be checked and made anew. What the tables have wrong or cannot say stands in
``mends.toml``, with the reason; names that no table has are written by hand, in
``data/reference/state-names.ttl``. ``docs/decisions/0018-states-of-the-world.md`` says why.
"""
