"""A generation: one state of the dataset, and the file that makes it from the one before.

The file is an RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html). Its id is the SHA-256 of
all bytes after its first line, and it names the generation before by that one's id: so each file
vouches for itself and for the whole past. The header says what the changes come to, too::

    H id <urn:sha256:5a0c...> .
    H prev <urn:sha256:91f4...> .
    H generation "17" .
    H time "2026-01-31T09:30:00+00:00" .
    H author "kim" .
    H message "Sign the treaty" .
    H added "1" .
    H deleted "1" .
    H quads "1501" .
    H dataset "the multiset hash of all its quads" .
    TX .
    D <...> <...> <...> <...> .
    A <...> <...> <...> <...> .
    TC .
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import pyoxigraph as ox

from defgraph.log.changes import Changes, Fingerprint
from defgraph.log.files import BrokenFileError


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the dataset, as its file describes it."""

    number: int
    id: str
    previous: str  # the id of the generation that it was made from
    time: datetime
    author: str
    message: str
    added: int
    deleted: int
    fingerprint: Fingerprint


EMPTY: Final = Generation(
    0,
    f"urn:sha256:{0:064x}",
    "urn:none",
    datetime.min.replace(tzinfo=UTC),
    "",
    "",
    0,
    0,
    Fingerprint(),
)
"""What every store begins with: no quad, and no file."""


def encode(
    before: Generation, number: int, changes: Changes, *, author: str, message: str
) -> tuple[Generation, bytes]:
    """Return the generation that *changes* make of the one *before*, and its file."""
    made = Generation(
        number=number,
        id="",
        previous=before.id,
        time=datetime.now(UTC).replace(microsecond=0),
        author=author,
        message=message,
        added=len(changes.added),
        deleted=len(changes.deleted),
        fingerprint=before.fingerprint.after(changes),
    )
    _, _, header = header_of(made).partition(b"\n")
    rest = header + patch(changes)
    made = replace(made, id=_id(rest))
    return made, _first_line(made.id) + rest


def patch(changes: Changes) -> bytes:
    """Return *changes* as an RDF Patch without a header."""
    deleted = [b"D " + line for line in sorted(changes.deleted)]
    added = [b"A " + line for line in sorted(changes.added)]
    return b"\n".join([b"TX .", *deleted, *added, b"TC .\n"])


def decode(file: bytes) -> tuple[Generation, bytes]:
    """Return the generation that *file* makes, and the lines of its changes, not yet taken apart.

    Raises BrokenFileError unless every byte is as it was written.
    """
    first, _, rest = file.partition(b"\n")
    if first + b"\n" != _first_line(_id(rest)):
        raise BrokenFileError("its bytes do not have the hash that was written with them")
    header, _, lines = rest.partition(b"TX .\n")
    return from_header(first + b"\n" + header), lines


def changes_in(lines: bytes) -> Changes:
    """Take the lines of a patch apart."""
    each = lines.split(b"\n")
    return Changes(
        added=frozenset(line[2:] for line in each if line.startswith(b"A ")),
        deleted=frozenset(line[2:] for line in each if line.startswith(b"D ")),
    )


def header_of(generation: Generation) -> bytes:
    """Return all that is known of *generation* as the header of a patch."""
    facts = {
        "generation": generation.number,
        "time": generation.time.isoformat(),
        "author": generation.author,
        "message": generation.message,
        "added": generation.added,
        "deleted": generation.deleted,
        "quads": generation.fingerprint.quads,
        "dataset": f"{generation.fingerprint.hash:064x}",
    }
    lines = [f"H {name} {ox.Literal(str(value))} .\n" for name, value in facts.items()]
    return (
        _first_line(generation.id)
        + "".join([f"H prev <{generation.previous}> .\n", *lines]).encode()
    )


def from_header(header: bytes) -> Generation:
    """Return the generation that such a header is about; raises BrokenFileError."""
    statements = re.sub(rb"(?m)^H (\w+)", rb"<urn:H> <urn:\1>", header)
    try:
        parsed = ox.parse(statements, ox.RdfFormat.N_TRIPLES)
        facts = {each.predicate.value[4:]: getattr(each.object, "value", "") for each in parsed}
        return Generation(
            number=int(facts["generation"]),
            id=facts["id"],
            previous=facts["prev"],
            time=datetime.fromisoformat(facts["time"]),
            author=facts["author"],
            message=facts["message"],
            added=int(facts["added"]),
            deleted=int(facts["deleted"]),
            fingerprint=Fingerprint(int(facts["quads"]), int(facts["dataset"], 16)),
        )
    except (SyntaxError, KeyError, ValueError) as error:
        raise BrokenFileError(f"its header is none of ours ({error})") from error


def _id(rest: bytes) -> str:
    return f"urn:sha256:{sha256(rest).hexdigest()}"


def _first_line(id_: str) -> bytes:
    return f"H id <{id_}> .\n".encode()
