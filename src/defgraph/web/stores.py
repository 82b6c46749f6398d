"""The store that a deployment's settings ask for."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from defgraph import loading, sources
from defgraph.directory import OURS
from defgraph.dumps.archive import DUMPER
from defgraph.engine.limits import Limits
from defgraph.engine.profile import PLAIN, Profile
from defgraph.errors import SettingsError
from defgraph.jsonld.answers import WRITERS
from defgraph.log import patches
from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.store.in_process import InProcessStore
from defgraph.store.protocol import Store
from defgraph.void import DESCRIBER


def store_for(settings: Settings) -> Store:
    """Return the store that *settings* describe; it is started by whoever serves it.

    Raises SettingsError for settings that exclude each other, and whatever loading raises.
    """
    limits = Limits(
        timeout_s=settings.query_timeout_s,
        memory_mb=settings.query_memory_mb,
        max_query_bytes=settings.max_query_bytes,
        max_result_bytes=settings.max_result_bytes,
        max_upload_bytes=settings.max_upload_bytes,
        dump_timeout_s=settings.dump_timeout_s,
        dump_memory_mb=settings.dump_memory_mb,
        max_dump_bytes=settings.max_dump_bytes,
    )
    is_remote = settings.store is not None and "://" in settings.store
    if settings.allow_service and (is_remote or sys.platform != "linux"):
        reason = "only a dataset that is served here, on Linux, can be asked with another endpoint"
        raise SettingsError([("allow_service", reason)])
    if settings.follow and (settings.store is None or is_remote or settings.data_paths):
        reason = "only a store in a folder is followed, as in --store DIR --follow, without --data"
        raise SettingsError([("follow", reason)])
    if settings.plain and settings.data_paths:
        reason = (
            "a plain dataset begins with nothing, so there can be no --data; load it afterwards"
        )
        raise SettingsError([("plain", reason)])
    if settings.store is not None and is_remote:
        return _remote_store(settings, settings.store, limits)
    folder = Path(settings.store) if settings.store is not None else None
    dataset = _beginning(settings, folder)
    if sys.platform != "linux":
        return _in_process_store(settings, dataset, limits)
    may_be_written = (settings.plain or folder is not None) and not settings.follow
    is_writable = settings.has_tokens and may_be_written
    if is_writable and folder is None:
        _check_temporary_folder()
    ours = OURS if is_writable else Profile(describer=DESCRIBER)
    services = tuple(settings.allow_service)
    return ForkedStore(
        dataset,
        folder=folder,
        is_writable=is_writable,
        follows=settings.follow,
        profile=replace(
            PLAIN if settings.plain else ours, services=services, writers=WRITERS, dumper=DUMPER
        ),
        limits=limits,
        workers=settings.workers,
        max_waiting=settings.max_waiting_queries,
        allow_unconfined=settings.allow_unconfined_workers,
    )


def _check_temporary_folder() -> None:
    """Raise SettingsError if there is none to keep what is written until the server ends."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        reason = (
            "what is written is kept in a temporary folder while the server runs, and there is "
            "none that can be written to; name one in TMPDIR, or give a store with --store DIR"
        )
        raise SettingsError([("plain", reason)]) from None


def _beginning(settings: Settings, folder: Path | None) -> ox.Store:
    """Return what the dataset is, or what the store in *folder* begins with if it is new."""
    if folder is not None and patches.last_number(folder) > 0:
        if settings.data_paths:
            reason = f"{folder} has its data already; use 'defgraph load' to add to it"
            raise SettingsError([("data_paths", reason)])
        return ox.Store()
    if settings.plain or settings.follow:
        return ox.Store()
    return loading.load(sources.data_at(settings.data_paths) if settings.data_paths else None)


def _in_process_store(settings: Settings, dataset: ox.Store, limits: Limits) -> Store:
    if settings.store is not None:
        raise SettingsError([("store", "a store in a folder needs Linux")])
    print(  # noqa: T201
        "defgraph: this system has no worker processes as Linux has; queries have neither a "
        "deadline nor a limit of memory, so serve nobody but yourself",
        file=sys.stderr,
    )
    return InProcessStore(dataset, profile=Profile(writers=WRITERS, dumper=DUMPER), limits=limits)


def _remote_store(settings: Settings, address: str, limits: Limits) -> Store:
    from defgraph.remote.store import CONNECTIONS, RemoteStore

    if settings.data_paths or settings.plain:
        option = "--plain" if settings.plain else "--data"
        reason = f"an endpoint has its own data, so it cannot be given together with {option}"
        raise SettingsError([("store", reason)])
    secret = settings.store_authorization
    return RemoteStore(
        address,
        authorization=secret.get_secret_value() if secret is not None else None,
        limits=limits,
        connections=settings.workers or CONNECTIONS,
        max_waiting=settings.max_waiting_queries,
    )
