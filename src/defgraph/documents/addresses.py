"""Which IRI a path on a server stands for, and which document tells of an IRI.

The IRIs are those of https://w3id.org/defgraph/ wherever the server runs: the path below its root
is what follows that base.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from defgraph.errors import IllFormedIriError
from defgraph.media_types import RDF_FORMATS
from defgraph.namespaces import BASE, DEF, DOC, ID, ONTOLOGY

MAX_LENGTH: Final = 2048
"""Of an IRI in characters: none of ours comes near it."""

HTML_EXTENSION: Final = ".html"

_EXTENSIONS: Final = (*(each.extension for each in RDF_FORMATS), HTML_EXTENSION)
_NOT_WRITTEN: Final = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/%-]|%(?![0-9A-Fa-f]{2})")
_NOT_ASCII: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_NEVER: Final = frozenset('/\\"<>{}|^`% \x7f') | frozenset(map(chr, range(0x20)))
_DOTS: Final = frozenset({".", ".."})


def iri_of(raw_path: str) -> str:
    """Return the IRI that *raw_path* stands for: a path without its first slash, as it was sent.

    What is escaped without need is as if it were not, so that each thing has one address; letters
    beyond ASCII stand in the IRI as they are (RFC 3987, section 3.2). Raises IllFormedIriError for
    what no IRI of ours holds: a space, a quotation mark, an escaped slash, ``..``, and what is
    longer than MAX_LENGTH.
    """
    if len(raw_path) > MAX_LENGTH:
        raise IllFormedIriError(raw_path[:80] + "…", f"it is longer than {MAX_LENGTH} characters")
    if wrong := _NOT_WRITTEN.search(raw_path):
        raise IllFormedIriError(raw_path, f"it holds {wrong[0]!r}")
    for octet in _ESCAPE.findall(raw_path):
        if (character := chr(int(octet, 16))) in _NEVER:
            raise IllFormedIriError(raw_path, f"it holds {character!r}, escaped as %{octet}")
    try:
        path = _NOT_ASCII.sub(lambda found: unquote(found[0], errors="strict"), raw_path)
    except UnicodeDecodeError as error:
        raise IllFormedIriError(raw_path, "what it escapes is not UTF-8") from error
    path = _ESCAPE.sub(lambda found: unquote(found[0]), path)
    if not path.isprintable():
        raise IllFormedIriError(raw_path, "it holds a character that cannot be seen")
    if _DOTS.intersection(path.split("/")) or "//" in "/" + path:
        raise IllFormedIriError(raw_path, "it has a part that is empty, '.' or '..'")
    return BASE + path


def split_extension(path: str) -> tuple[str, str]:
    """Return *path* without the ending of one of the formats, and that ending, else an empty one.

    ``doc/state/nz.ttl`` is ``doc/state/nz`` and ``.ttl``; ``ontology/1.0.0`` has no such ending.
    """
    for extension in _EXTENSIONS:
        if path.endswith(extension) and not path.endswith("/" + extension):
            return path.removesuffix(extension), extension
    return path, ""


def document_iri(iri: str) -> str:
    """Return the IRI of the document about *iri*, which is a thing's or a term's.

    A graph, a shape and the ontology are documents themselves, and so is what is not ours.
    """
    if iri.startswith(ID):
        return DOC + iri.removeprefix(ID)
    if iri.startswith(DEF):
        return ONTOLOGY
    return iri


def thing_iri(document: str) -> str:
    """Return the IRI of the thing that the document called *document* is about."""
    return ID + document.removeprefix(DOC)


def local_path(iri: str) -> str | None:
    """Return where a server shows what *iri* names, below its root; None for what is not ours."""
    if not iri.startswith(BASE):
        return None
    if iri.startswith(DEF):
        return f"ontology#{iri.removeprefix(DEF)}"
    return document_iri(iri).removeprefix(BASE)
