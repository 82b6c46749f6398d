"""What people call the things that a page shows: labels from the data, in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from defgraph.namespaces import shorten
from defgraph.store.protocol import Store
from defgraph.web import queries


@dataclass(frozen=True, slots=True)
class Name:
    """One thing as a page names it; *label* and *japanese* are empty where the data has none."""

    iri: str
    short: str
    label: str = ""
    language: str = ""
    japanese: str = ""

    @property
    def best(self) -> str:
        """The label, or the short form of the IRI where there is none."""
        return self.label or self.short


Names: TypeAlias = Mapping[str, Name]


async def names_of(store: Store, iris: Iterable[str]) -> dict[str, Name]:
    """Look up what *iris* are called: English goes first, then text without a language."""
    wanted = dict.fromkeys(iris)
    found: dict[str, dict[str, str]] = {iri: {} for iri in wanted}
    if wanted:
        for each in await queries.ask(store, queries.text_about("names", wanted)):
            found[each["thing"]].setdefault(each["language"], each["name"])
    return {iri: _name(iri, labels) for iri, labels in found.items()}


def _name(iri: str, labels: Mapping[str, str]) -> Name:
    preferred = ("en", "en-GB", "en-US", "", *sorted(labels))
    language = next((each for each in preferred if each in labels), "")
    japanese = "" if language == "ja" else labels.get("ja", "")
    return Name(iri, shorten(iri), labels.get(language, ""), language, japanese)
