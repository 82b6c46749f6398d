"""Names that stand for nothing here, each with those that come close."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from defgraph.errors.base import DefgraphError, did_you_mean, either


class UnknownNameError(DefgraphError):
    """A name that stands for nothing here; *known* are the names that would have done."""

    def __init__(self, name: str, message: str, known: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name, self.known = name, tuple(known)


class UnknownFormatError(UnknownNameError):
    """No format has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known, shown = tuple(known), name if len(name) <= 80 else name[:80] + "…"
        super().__init__(name, f"There is no format '{shown}'; use {either(known)}", known)


class UnknownGraphError(UnknownNameError):
    """The dataset has no graph of this name."""

    def __init__(self, iri: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            iri, f"The dataset has no graph <{iri}>.{did_you_mean(iri, known, '<{}>')}", known
        )
        self.iri = iri


class UnknownThingError(UnknownNameError):
    """The dataset says nothing about this IRI; *known* are those that may be meant.

    With *endings*, what was asked for ended in something else that looks like a format's.
    """

    def __init__(self, iri: str, known: Iterable[str] = (), endings: Iterable[str] = ()) -> None:
        known, endings = tuple(known), tuple(endings)
        meant = f". Did you mean {either([f'<{each}>' for each in known])}?" if known else ""
        ends = f" Its document may end in {either(endings)}" if endings else ""
        super().__init__(iri, f"The dataset says nothing about <{iri}>{meant}{ends}", known)
        self.iri = iri


class RemovedThingError(UnknownNameError):
    """The thing or term was removed; *replaced_by* names what takes its place, if anything does."""

    def __init__(self, iri: str, replaced_by: Iterable[str] = ()) -> None:
        self.replaced_by = tuple(replaced_by)
        instead = f"; use <{'>, <'.join(self.replaced_by)}> instead" if self.replaced_by else ""
        super().__init__(iri, f"<{iri}> was removed from the dataset{instead}")
        self.iri = iri


class UnknownSourceError(UnknownNameError):
    """The dataset has no source of this name, or it has several and none was named."""

    def __init__(self, iri: str | None, known: Iterable[str]) -> None:
        known = tuple(known)
        if not known:
            message = "The dataset has no source, so there is nothing to check a text against"
        else:
            fault = f"<{iri}> is no source" if iri else "The text may belong to several sources"
            message = f"{fault}; name {either([f'<{each}>' for each in sorted(known)])}"
        super().__init__(iri or "", message, known)


class UnknownQuestionError(UnknownNameError):
    """No question has this identifier."""

    def __init__(self, identifier: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            identifier,
            f"There is no question '{identifier}'.{did_you_mean(identifier, known, '{}')}",
            known,
        )


class UnknownHolderError(UnknownNameError):
    """Nobody of this name holds a token."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            name, f"Nobody named '{name}' holds a token.{did_you_mean(name, known, '{}')}", known
        )


class UnknownColumnError(UnknownNameError):
    """The table has no column of this name."""

    def __init__(self, path: Path | str, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        columns = ", ".join(repr(each[:60]) for each in known[:30]) or "none"
        near = did_you_mean(name, known, "'{}'") if len(known) > 5 else ""
        super().__init__(
            name, f"{path}: there is no column '{name}'; its columns are {columns}.{near}", known
        )


class UnknownTableError(UnknownNameError):
    """There is no table of this name: nothing is of such a class."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known, shown = tuple(known), name[:80]
        super().__init__(
            name,
            f"There is no table '{shown}'; /tables/ lists them.{did_you_mean(shown, known, '{}')}",
            known,
        )


class UnknownClassError(UnknownNameError):
    """No thing of the dataset that has a name is of this class."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = tuple(known)
        super().__init__(
            name, f"Nothing here is of the class '{name}'.{did_you_mean(name, known, '{}')}", known
        )


class UnknownGenerationError(UnknownNameError):
    """The store's log has no generation of this number."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(
            str(number), f"The store has no generation {number}; its newest is {newest}"
        )


class IllFormedIriError(DefgraphError):
    """What is asked for is no IRI, or none that anything of ours could have."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(f"{given!r} is not the address of anything here: {reason}")
        self.given = given
