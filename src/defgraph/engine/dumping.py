"""Dumps of a dataset, in one file that was open before; what writes them, a profile names."""

from __future__ import annotations

import errno
from typing import Final

import pyoxigraph as ox

from defgraph.engine.describing import remove_description
from defgraph.engine.limits import Limits
from defgraph.engine.profile import Profile, dumper_called
from defgraph.errors import DumpError, NoDumpsError, ResultTooLargeError

_TOO_LONG: Final = errno.EFBIG


def write_dumps(
    dataset: ox.Store, media_type: str, file: int, profile: Profile, limits: Limits
) -> None:
    """Write the dumps in a format to *file*, which is empty; its description is no part of them.

    Raises NoDumpsError, DumpError, and ResultTooLargeError where the process may write no file
    as long as that.
    """
    if profile.dumper is None:
        raise NoDumpsError
    remove_description(dataset, profile)
    try:
        dumper_called(profile.dumper).write(dataset, media_type, file)
    except OSError as error:
        if error.errno == _TOO_LONG:
            raise ResultTooLargeError(limits.max_dump_bytes) from error
        raise DumpError((error.strerror or str(error)).lower()) from error
