"""The command line: ``defgraph``.

Commands are thin: they read what was asked, call one function and print. Nothing heavy is imported
before a command needs it. Exit codes: 0 fine, 1 something was found (a violation, a mismatch, a
file to format), 2 it could not run.
"""

from defgraph.cli.main import app, main

__all__ = ["app", "main"]
