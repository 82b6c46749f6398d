"""Where a text stops being SPARQL, and what could stand there.

The engine's own parser says how far it looked, and that is not where the fault is. What it refuses
is read again here by the grammar of the standard, token by token, so that the first one with which
no valid text goes on is found, and with it everything that might have stood in its place. All this
takes time in proportion to the length of the text, and no stack.
"""
