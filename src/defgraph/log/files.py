"""Files that are there whole or not at all, and one writer to a directory at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from gzip import BadGzipFile
from pathlib import Path
from typing import Final, Self

from defgraph.errors import StoreError, StoreLockedError, UnwritableFileError

UNFINISHED: Final = ".unfinished"
ASIDE: Final = ".aside"
_LOCK: Final = "lock"


class BrokenFileError(ValueError):
    """A file of a store is not what was once written; the text says in what way."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say what an error while reading *path* means: damage, or only that we may not read it."""
    try:
        yield
    except (BadGzipFile, EOFError, SyntaxError, zlib.error) as error:
        raise BrokenFileError(f"it is garbled ({error})") from error
    except FileNotFoundError as error:
        raise BrokenFileError("it is missing") from error
    except IsADirectoryError as error:
        raise BrokenFileError("a folder has taken its place") from error
    except OSError as error:
        if error.errno == errno.EIO:
            raise BrokenFileError("the disk fails to give it back") from error
        reason = f"{path} cannot be read ({error.strerror}); let this user read and write it"
        raise StoreError(reason) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of an error while writing *path* that it was not written."""
    try:
        yield
    except OSError as error:
        raise UnwritableFileError(path, error.strerror or str(error)) from error


def publish(path: Path, content: bytes) -> None:
    """Make the file *path*: once this returns, it outlasts a crash and a loss of power.

    Raises UnwritableFileError when the disk is full or fails; then there is no such file.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    if path.exists():
        raise UnwritableFileError(path, "there is such a file already")
    with writing(path):
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            sync(path.parent)
        except OSError:
            for each in (unfinished, path):
                with suppress(OSError):
                    each.unlink()
            raise


def sync(folder: Path) -> None:
    """Make the names in *folder* outlast a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path) -> Path:
    """Give a file a name under which nothing takes it for part of the store; it is not deleted."""
    target, count = path.with_name(path.name + ASIDE), 1
    while target.exists():
        count += 1
        target = path.with_name(f"{path.name}{ASIDE}-{count}")
    path.rename(target)
    sync(path.parent)
    return target


class WriterLock:
    """The right to write to a directory: one process has it, and the children forked from it.

    It is the directory itself that is locked: the file beside it, which says who has the right,
    may be deleted without harm. The kernel ends the lock with the last process that holds it.
    """

    def __init__(self, folder: Path, *, wait_s: float = 0.0) -> None:
        """Take the lock, making the *folder* if need be; raises StoreLockedError."""
        self.folder = folder
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        deadline = time.monotonic() + wait_s
        while not self._taken():
            if time.monotonic() >= deadline:
                os.close(self._descriptor)
                raise StoreLockedError(folder, _holder(folder))
            time.sleep(0.02)
        self.sign()

    def sign(self) -> None:
        """Write down that this process has the lock; to be called after a fork, too."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        note = self.folder / _LOCK
        with suppress(OSError):  # it is only for people to read
            try:
                note.write_text(f"process {os.getpid()}, since {now}\n")
            except OSError:
                note.unlink()

    def release(self) -> None:
        """Give up this process's part in the lock."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _holder(folder: Path) -> str:
    try:
        return (folder / _LOCK).read_text(errors="replace").strip()
    except OSError:
        return "which did not write down its number"
