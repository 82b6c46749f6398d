"""Serving: load the dataset, take the port, run until told to stop."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import uvicorn

from defgraph.errors import DefgraphError
from defgraph.settings import Settings
from defgraph.store.forked import ForkedStore
from defgraph.store.protocol import Store
from defgraph.web.app import create_app
from defgraph.web.authorisation import Authority
from defgraph.web.connections.connection import connection_class
from defgraph.web.connections.ending import GRACE_S, EndingServer
from defgraph.web.connections.limits import ConnectionLimits, with_files_for
from defgraph.web.direct.connection import direct
from defgraph.web.stores import store_for
from defgraph.web.telemetry import logs


class AddressError(DefgraphError):
    """The host and port to serve on cannot be had."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Cannot serve on {host}, port {port}: {reason}. "
            "Choose another with --port (0 takes any free one), or stop what uses it"
        )
        self.host, self.port = host, port


def serve(settings: Settings) -> None:
    """Serve the dataset that *settings* name until interrupted.

    The port is taken before anything is loaded, so that a port in use is known at once. Raises
    AddressError for it, TokenFileError, SettingsError, and whatever loading raises.
    """
    with listening_socket(settings.host, settings.port) as listening:
        log = logs.configure(settings)
        Authority(settings).check()
        store = store_for(settings)
        app = create_app(settings, store=store, log=log)
        limits = with_files_for(ConnectionLimits.of(settings))
        config = uvicorn.Config(
            app,
            http=direct(
                connection_class(
                    limits, app.state.in_flight, app.state.journal, app.state.readiness
                ),
                app.state.desk,
            ),
            ws="none",
            root_path=settings.root_path,
            proxy_headers=False,  # the application has its own, which is off unless it is asked for
            log_config=None,
            access_log=False,
            server_header=False,
        )
        server = EndingServer(
            config,
            app.state.readiness,
            longest_s=settings.query_timeout_s + GRACE_S,
            notice_s=settings.shutdown_notice_s,
            at_once=store.discard if isinstance(store, ForkedStore) else None,
        )
        event_loop = config.get_loop_factory()  # uvloop's, where there is one
        with (
            suppress(KeyboardInterrupt),  # the way to stop it
            asyncio.Runner(loop_factory=event_loop) as runner,
        ):
            runner.run(_run(store, server, listening))
        log.stream.close()


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind a socket to *host* and *port*; raises AddressError where that cannot be done."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as exc:
        raise AddressError(host, port, _reason(exc)) from exc
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as exc:
        bound.close()
        raise AddressError(host, port, _reason(exc)) from exc
    return bound


async def _run(store: Store, server: uvicorn.Server, listening: socket.socket) -> None:
    await store.start()  # here already: what it raises is for the one who started the server
    listening.listen()  # who comes from now on waits until the server is up
    print(f"defgraph: serving on {_address(listening)} (Ctrl+C stops it)", flush=True)  # noqa: T201
    await server.serve(sockets=[listening])


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
