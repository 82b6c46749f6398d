"""What a page calls a licence: a short name where it is one of those that data often have."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "creativecommons.org/licenses/by/4.0": "CC BY 4.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
    "opendatacommons.org/licenses/pddl/1-0": "PDDL 1.0",
}


def licence_name(iri: str) -> str:
    """Return what the licence is called for short, or the IRI where that is not known."""
    return _NAMES.get(iri.partition("://")[2].rstrip("/"), iri)
