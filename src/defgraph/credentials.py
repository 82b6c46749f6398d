"""Who may write: tokens in a file, each by the name of who holds it, and of each only its hash.

A token is 256 bits of chance: nobody finds it by trying, however fast the hash. So a plain SHA-256
will do, and a check costs a microsecond; salt and slow functions protect what people choose.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from defgraph.errors import HolderNameError, TokenFileError, UnknownHolderError
from defgraph.log.files import UNFINISHED, sync, writing

ENVIRONMENT_HOLDER: Final = "token"
"""The author of what is written with the one token of the environment, which has no name."""

_PREFIX: Final = "defgraph_"  # by which people and scanners know a token that got out
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class Holder(BaseModel):
    """Who holds a token, the hash of the token, and since when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=f"^{_NAME}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    created: AwareDatetime


class _File(BaseModel):
    """The file as a whole: what is cut off, or changed beyond this form, is damaged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    tokens: tuple[Holder, ...] = ()

    @model_validator(mode="after")
    def _one_token_a_name(self) -> Self:
        if len({each.name for each in self.tokens}) < len(self.tokens):
            raise ValueError("a name stands twice")
        return self


class TokenFile:
    """The file as a server sees it: read again when it has changed, and refused when damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] | None = None
        self._tokens: tuple[Holder, ...] = ()

    def holder_of(self, token: str) -> str | None:
        """Return the name of who holds *token*, None if nobody does; raises TokenFileError.

        Takes as long whoever it is, if anybody.
        """
        given = hash_of(token)
        found = None
        for each in self._current():
            if compare_digest(each.sha256, given):
                found = each.name
        return found

    def check(self) -> None:
        """Raise TokenFileError where the file cannot be used."""
        self._current()

    def _current(self) -> tuple[Holder, ...]:
        with _reading(self.path):
            if _state(self.path.stat()) != self._seen:
                self._seen = None  # until it has been read without an error
                with self.path.open("rb") as file:
                    seen = os.fstat(file.fileno())
                    self._tokens = _parsed(self.path, file.read(), seen)
                self._seen = _state(seen)
        return self._tokens


def holders(path: Path) -> tuple[Holder, ...]:
    """Return those who hold a token, as the file has them; raises TokenFileError."""
    with _reading(path), path.open("rb") as file:
        return _parsed(path, file.read(), os.fstat(file.fileno()))


def add(path: Path, name: str) -> str:
    """Make a token for *name* and return it: only its hash is kept. The file is made if need be.

    Raises HolderNameError, TokenFileError for a damaged file, and UnwritableFileError.
    """
    if not re.fullmatch(_NAME, name):
        raise HolderNameError(
            name, "has letters, digits and ._@+- only, at most 64, and a letter or digit first"
        )
    if name == ENVIRONMENT_HOLDER:
        raise HolderNameError(name, "is taken: it stands for DEFGRAPH_TOKEN in the log")
    token = _PREFIX + secrets.token_urlsafe(32)
    with _locked(path):
        there = holders(path) if path.exists() else ()
        if any(each.name == name for each in there):
            raise HolderNameError(name, "has a token already; revoke that first")
        made = Holder(
            name=name, sha256=hash_of(token), created=datetime.now(UTC).replace(microsecond=0)
        )
        _write(path, _File(tokens=(*there, made)))
    return token


def revoke(path: Path, name: str) -> None:
    """Take the token of *name* away; raises UnknownHolderError, and what `add` raises."""
    with _locked(path):
        there = holders(path)
        rest = tuple(each for each in there if each.name != name)
        if len(rest) == len(there):
            raise UnknownHolderError(name, (each.name for each in there))
        _write(path, _File(tokens=rest))


def hash_of(token: str) -> str:
    """Return what is kept of *token*."""
    return sha256(token.encode()).hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise TokenFileError(path, "there is no such file") from error
    except OSError as error:
        raise TokenFileError(path, error.strerror or str(error)) from error


def _parsed(path: Path, content: bytes, seen: os.stat_result) -> tuple[Holder, ...]:
    if seen.st_mode & _OTHERS_MAY_WRITE:
        raise TokenFileError(path, "others may write to it; mend that with chmod 600")
    try:
        return _File.model_validate_json(content).tokens
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise TokenFileError(path, f"{where}: {first['msg']}" if where else first["msg"]) from None


def _state(found: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is replaced, written to, or its rights are."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other commands from changing the file meanwhile, so that neither's change is lost."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(path: Path, content: _File) -> None:
    """Replace the file as a whole; who owned it owns it still, where root changes it."""
    unfinished = path.with_name(path.name + UNFINISHED)
    with writing(path):
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content.model_dump_json(indent=2).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileNotFoundError, PermissionError):
                    before = path.stat()
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            unfinished.rename(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        sync(path.parent)
