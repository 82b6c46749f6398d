"""What a query begins with: its declarations and its form, read without parsing the rest.

For text that another engine is to answer. Some engines take an update where a query is expected,
or pragmas that make them fetch from the network, and not all agree on where a comment ends or when
an escape is resolved. So nothing of a query's beginning is handed on as it was written: it is
written anew from what was understood, and the first word after that is the query's form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from defgraph.errors import QuerySyntaxError
from defgraph.tokens import Kind, Token, position, tokens

RESULT_FORMS: Final = ("SELECT", "ASK")
GRAPH_FORMS: Final = ("CONSTRUCT", "DESCRIBE")

_FORMS: Final = (*RESULT_FORMS, *GRAPH_FORMS)
_PREFIX = re.compile(r"[^\\:]*:")
_EXPECTED: Final = "expected SELECT, ASK, CONSTRUCT or DESCRIBE"


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query of which the beginning is understood."""

    form: str  # in upper case
    text: str  # to be sent

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph, and no solutions or truth value."""
        return self.form in GRAPH_FORMS


def read(text: str, prefixes: Mapping[str, str]) -> ReadQuery:
    """Read the beginning of a query; takes time in proportion to its length.

    The text to send declares those of *prefixes* too that may be used and are not declared in it.
    Its lines end with line feeds, and every line keeps its number. Raises QuerySyntaxError for
    everything that does not begin as a query of SPARQL 1.1 does.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stream = tokens(text)
    declarations: list[str] = []
    declared: set[str] = set()
    for token in stream:
        if token.is_word(*_FORMS):
            added = {
                name: iri
                for name, iri in prefixes.items()
                if f"{name}:" in text and name not in declared
            }
            begun = [*(f"PREFIX {name}: <{iri}>" for name, iri in added.items()), *declarations]
            line, _ = position(text, token.start)
            written = " ".join([*begun, "\n" * (line - 1) + text[token.start :]])
            return ReadQuery(token.text.upper(), written)
        if token.is_word("PREFIX"):
            name = _expected(next(stream, None), _is_prefix, "a prefix and a colon", text)
            declared.add(name.removesuffix(":"))
            iri = _expected(next(stream, None), _is_iri, "an IRI in angle brackets", text)
            declarations.append(f"PREFIX {name} {iri}")
        elif token.is_word("BASE"):
            iri = _expected(next(stream, None), _is_iri, "an IRI in angle brackets", text)
            declarations.append(f"BASE {iri}")
        else:
            raise _error(f"{_EXPECTED}, found '{token.text[:40]}'", text, token.start)
    fault = "the query ends too early" if declarations else "the query is empty"
    raise _error(f"{fault}; {_EXPECTED}", text, len(text.rstrip()))


def _is_prefix(token: Token) -> bool:
    return token.kind is Kind.NAME and _PREFIX.fullmatch(token.text) is not None


def _is_iri(token: Token) -> bool:
    # An engine that resolves escapes before anything else might see the end of an IRI in one.
    return token.kind is Kind.IRI and "\\" not in token.text


def _expected(token: Token | None, fits: Callable[[Token], bool], what: str, text: str) -> str:
    if token is None:
        raise _error(f"the query ends too early; expected {what}", text, len(text.rstrip()))
    if not fits(token):
        raise _error(f"expected {what}, found '{token.text[:40]}'", text, token.start)
    return token.text


def _error(reason: str, text: str, offset: int) -> QuerySyntaxError:
    line, column = position(text, offset)
    return QuerySyntaxError(f"This is not SPARQL: {reason}", line=line, column=column)
