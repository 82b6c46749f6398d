"""The web process's ends: of the socket to a zygote, and of the socket to each worker."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pyoxigraph as ox

from defgraph.errors import StoreError
from defgraph.store import wire
from defgraph.store.protocol import Answer

_BOOT: Final = (
    "import sys; sys.path[:0] = sys.argv[1:-1]; from defgraph.store.zygote import main; main()"
)
_FOLDERS: Final = (str(Path(__file__).parents[2]), str(Path(ox.__file__).parents[1]))
"""Where an isolated interpreter finds what the zygote imports."""

_INHERITED: Final = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH")
"""Of the environment; no secret of the web process's is to be found in a worker's memory."""


_GRACE_S: Final = 5.0
_MAX_MESSAGE: Final = 64 * 1024


@dataclass(eq=False, slots=True)
class Ask:
    """A query on its way: what to send to a worker, and who waits for the answer."""

    question: bytes
    answered: asyncio.Future[Answer]
    deaths: int = 0  # of workers that had it at their head, and died of something else

    @property
    def is_awaited(self) -> bool:
        """False once it is answered, or the client has gone away."""
        return not self.answered.done()


class Owner(Protocol):
    """Whoever has zygotes and workers, and hears what happens to them."""

    def on_ready(self, worker: Worker) -> None:
        """A worker can be sent queries."""

    def on_reply(self, worker: Worker, ask: Ask | None, reply: wire.Reply) -> None:
        """A worker answered what was at its head; None if nobody waits for that any longer."""

    def on_end(self, worker: Worker) -> None:
        """A worker is dead, and all that it said has been heard."""

    def on_zygote_end(self, zygote: Zygote) -> None:
        """A zygote is dead, and its workers with it."""


class Zygote:
    """A zygote process, as the web process sees it: started by `execute`, or by `succeed`."""

    def __init__(self, owner: Owner, *, max_reply_bytes: int) -> None:
        self.means = ""
        self.generation = 0
        self.made = (0, 0)  # so many quads were added and deleted in the newest generation
        self.damages: tuple[str, ...] = ()  # of the store on disk
        self.has_refused = False  # it was to succeed, and has written why not to the file
        self.may_have_written = False  # it was to succeed, and has come as far as the log
        self.pid: int | None = None
        self.workers: dict[int, Worker] = {}  # those that are alive, or not yet known to be dead
        self._owner = owner
        self._max_reply_bytes = max_reply_bytes
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._silent = asyncio.Event()  # all that it said has been heard
        self._successors: dict[int, Zygote] = {}
        self._forked = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._pidfd: int | None = None
        self._ending: asyncio.Future[None] | None = None
        self._control, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._loop.add_reader(self._control, self._hear)

    def execute(self) -> None:
        """Start the process."""
        with self._theirs as theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our module
                [sys.executable, "-I", "-c", _BOOT, *_FOLDERS, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in _INHERITED if name in os.environ},
                start_new_session=True,  # Ctrl+C is for the web process
            )
        self.is_process(self._process.pid, os.pidfd_open(self._process.pid))

    async def prepare(self, setup: Mapping[str, Any], nquads: Sequence[int]) -> None:
        """Send the dataset, if there is a file of it, and wait until it is loaded.

        Raises StoreError and UnwritableFileError.
        """
        socket.send_fds(self._control, [json.dumps(setup).encode()], nquads)
        await self._ready

    def hire(self) -> None:
        """Have a worker forked; its owner hears of it when it can be used."""
        self._forked += 1
        worker = self.workers[self._forked] = Worker(self, self._owner, self._max_reply_bytes)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            self._send({"fork": self._forked}, [theirs.fileno()])
        connecting = self._loop.create_task(
            self._loop.create_unix_connection(lambda: worker, sock=ours)
        )
        self._tasks.add(connecting)
        connecting.add_done_callback(self._tasks.discard)

    def succeed(self, write: Mapping[str, str], file: int) -> Zygote:
        """Have a fork of it make a write, whose patch is in *file*, and become the next zygote."""
        successor = Zygote(self._owner, max_reply_bytes=self._max_reply_bytes)
        self._forked += 1
        self._successors[self._forked] = successor
        with successor._theirs as theirs:
            self._send({"succeed": self._forked, **write}, [theirs.fileno(), file])
        return successor

    async def has_become(self) -> None:
        """Wait until it has succeeded, or has refused; raises what it reports."""
        await self._ready

    def give_way(self) -> None:
        """Tell it that another one succeeded it, and may write from now on."""
        self._send({"succeeded": True}, [])

    async def kill(self) -> None:
        """End the process at once; return when all that it said has been heard."""
        if self._pidfd is None:  # its parent ended before it could say which it is
            self.may_have_written = True
            self._forget()
            return
        _kill(self._pidfd)
        await self._silent.wait()

    async def end(self) -> None:
        """Have the process end, and its workers with it; return when it is gone."""
        if self._ending is None:
            self._forget()
            self._ending = self._loop.run_in_executor(None, self._wait)
        await self._ending
        await asyncio.gather(*self._tasks)

    def is_process(self, pid: int, pidfd: int) -> None:
        """Learn which process it is."""
        if self._pidfd is None and self._ending is None:
            self.pid, self._pidfd = pid, pidfd
        else:  # it has said so itself
            os.close(pidfd)

    def _wait(self) -> None:
        pidfd, self._pidfd = self._pidfd, None
        if pidfd is None:
            return
        ended = select.poll()
        ended.register(pidfd, select.POLLIN)
        if not ended.poll(_GRACE_S * 1000):
            _kill(pidfd)
            ended.poll()
        if self._process is not None:
            self._process.wait()
        else:  # it is the child of a former one, or ours where there is none and we are process 1
            with suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        os.close(pidfd)

    def _send(self, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        if self._control.fileno() >= 0:
            with suppress(BrokenPipeError, ConnectionResetError):  # its end is heard at once
                socket.send_fds(self._control, [json.dumps(message).encode()], descriptors)

    def _hear(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(
                self._control, _MAX_MESSAGE, 1, socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC
            )
        except BlockingIOError:
            return
        except ConnectionResetError:
            data, descriptors = b"", []
        if not data:
            self._forget()
            if self._ready.done():
                self._owner.on_zygote_end(self)
            else:
                self._ready.set_exception(StoreError("its process ended while it was starting"))
            return
        self._heard(json.loads(data), descriptors)

    def _heard(self, message: dict[str, Any], descriptors: Sequence[int]) -> None:
        match message:
            case {"ready": generation, **more}:
                self.generation, self.means = generation, more["means"]
                self.damages, self.made = tuple(more["damages"]), tuple(more["made"])
                with suppress(ProcessLookupError):
                    self.is_process(more["pid"], os.pidfd_open(more["pid"]))
                self._ready.set_result(None)
            case {"error": error}:
                self._ready.set_exception(wire.error_from_json(error))
            case {"refused": _}:
                self.has_refused = True
                self._ready.set_result(None)
            case {"publishing": _}:
                self.may_have_written = True
            case {"forked": number, "pid": pid}:
                child = self.workers.get(number) or self._successors[number]
                child.is_process(pid, descriptors[0])
            case {"ended": number, "status": status}:
                if number in self.workers:
                    self.workers.pop(number).has_ended(status)
                else:
                    self._successors.pop(number)

    def _forget(self) -> None:
        """Close the control socket, whereupon the zygote ends, if it has not yet."""
        self._silent.set()
        self._theirs.close()
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            self._control.close()
        for worker in self.workers.values():
            worker.has_ended(None)
        self.workers.clear()


class Worker(asyncio.Protocol):
    """A worker process, and the queries that were sent to it; it evaluates the first of them."""

    def __init__(self, zygote: Zygote, owner: Owner, max_reply_bytes: int) -> None:
        self.zygote = zygote
        self.pid: int | None = None
        self.status: int | None = None  # how it ended, if that is known
        self.in_flight: deque[Ask | None] = deque()  # None: asked of another one meanwhile
        self.head_since = 0.0  # when it began with the first of them
        self.dismissed = False
        self._owner = owner
        self._max_reply_bytes = max_reply_bytes
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._pidfd: int | None = None
        self._has_ended = self._is_cut_off = False

    def send(self, ask: Ask) -> None:
        """Send a query, to be answered after those that were sent before."""
        assert self._transport is not None  # noqa: S101 - it was ready
        if not self.in_flight:
            self.head_since = self._loop.time()
        self.in_flight.append(ask)
        self._transport.write(ask.question)

    def dismiss(self) -> None:
        """End the process at once, whatever it does; its owner will hear no more of it."""
        self.dismissed = True
        self._kill()

    def is_process(self, pid: int, pidfd: int) -> None:
        """Learn which process it is."""
        self.pid, self._pidfd = pid, pidfd
        if self.dismissed:
            self._kill()

    def has_ended(self, status: int | None) -> None:
        """Learn that the process has ended; None: it will at once, since its zygote has."""
        self.status = status
        if status is None:
            self._kill()
            if self._transport is not None:
                self._transport.abort()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._has_ended = True
        self._finish()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to take queries."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101
        self._transport = transport
        if self.dismissed or self._has_ended:
            transport.abort()
        else:
            self._owner.on_ready(self)

    def data_received(self, data: bytes) -> None:
        """Hand on each reply that is complete."""
        self._received += data
        while True:
            try:
                reply = wire.take_reply(self._received, max_bytes=self._max_reply_bytes)
            except ValueError:  # it is no longer what it was
                self._kill()
                return
            if reply is None:
                return
            ask = self.in_flight.popleft() if self.in_flight else None
            self.head_since = self._loop.time()
            self._owner.on_reply(self, ask, reply)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Learn that there will be no further reply."""
        self._is_cut_off = True
        self._finish()

    def _finish(self) -> None:
        if self._has_ended and self._is_cut_off and not self.dismissed:
            self._owner.on_end(self)

    def _kill(self) -> None:
        if self._pidfd is not None:
            _kill(self._pidfd)


def _kill(pidfd: int) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself, and its parent knows
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
