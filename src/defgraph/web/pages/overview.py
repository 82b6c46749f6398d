"""What the first page says of the dataset, read from the dataset itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from defgraph.documents.names import Name
from defgraph.store.protocol import Store
from defgraph.web.names import Names, names_of
from defgraph.web.queries import QUERIES, ask


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a kind there are; *word* is singular or plural as the number is."""

    word: str
    japanese: str
    number: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text that the dataset records: its own page is somewhere else."""

    name: Name
    publisher: Name | None
    page: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with everybody on whose word it stands."""

    statement: Name
    modality: Name
    speakers: tuple[Name, ...]
    segments: tuple[str, ...]
    source: Name


@dataclass(frozen=True, slots=True)
class Question:
    """A shipped question; *query* can be copied and sent to any endpoint that holds the data."""

    identifier: str
    title: str
    text: str
    japanese: str
    query: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the first page shows before anything is asked."""

    counts: tuple[Count, ...]
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    questions: tuple[Question, ...]

    @property
    def is_foreign(self) -> bool:
        """Whether there is nothing of the kinds that our ontology is about."""
        return not any(each.number for each in self.counts)

    @property
    def example(self) -> Claim | None:
        """A claim to show first: on the word of many, and of others than a publisher."""
        publishers = {each.publisher for each in self.sources}
        return max(
            self.claims,
            key=lambda each: (not publishers.intersection(each.speakers), len(each.speakers)),
            default=None,
        )


async def overview(store: Store) -> Overview:
    """Read from *store* what the first page shows; raises StoreError."""
    counts, sources, claims = await asyncio.gather(
        *(ask(store, QUERIES.text(name)) for name in ("counts", "sources", "claims"))
    )
    rows = [*sources, *claims]
    names = await names_of(store, (row[key] for row in rows for key in _THINGS if key in row))
    return Overview(
        counts=tuple(_count(row) for row in counts),
        sources=tuple(_source(row, names) for row in sources),
        claims=tuple(_claims(claims, names)),
        questions=await questions(store),
    )


_THINGS = ("source", "publisher", "claim", "modality", "speaker")


async def questions(store: Store) -> tuple[Question, ...]:
    """Return the questions that *store* ships, in the order of their identifiers."""
    rows = await ask(store, QUERIES.text("questions"))
    each = groupby(rows, key=itemgetter("identifier"))
    return tuple(_question(list(group)) for _, group in each)


def _question(rows: Sequence[Mapping[str, str]]) -> Question:
    first = rows[0]
    title = first.get("title", "")
    prologue = dict.fromkeys(_declarations(rows, first["query"]))
    return Question(
        identifier=first["identifier"],
        title=title,
        text=first.get("question", title),
        japanese=first.get("question_ja", ""),
        query="\n".join([*prologue, first["query"]]),
    )


def _declarations(rows: Iterable[Mapping[str, str]], query: str) -> Iterator[str]:
    for row in rows:
        if "prefix" in row and f"{row['prefix']}:" in query:
            yield f"PREFIX {row['prefix']}: <{row['namespace']}>"


def _count(row: Mapping[str, str]) -> Count:
    number = int(row["count"])
    return Count(row["one"] if number == 1 else row["plural"], row["japanese"], number)


def _source(row: Mapping[str, str], names: Names) -> Source:
    publisher = names[row["publisher"]] if "publisher" in row else None
    return Source(names[row["source"]], publisher, row.get("page", ""))


def _claims(rows: Iterable[Mapping[str, str]], names: Names) -> Iterator[Claim]:
    for claim, group in groupby(rows, key=itemgetter("claim")):
        members = list(group)
        yield Claim(
            statement=names[claim],
            modality=names[members[0]["modality"]],
            speakers=tuple(names[iri] for iri in dict.fromkeys(row["speaker"] for row in members)),
            segments=tuple(dict.fromkeys(row["segment"] for row in members)),
            source=names[members[0]["source"]],
        )
