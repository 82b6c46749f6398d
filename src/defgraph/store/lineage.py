"""The web process's end of the socket to a zygote, and what becomes of zygote and successor."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from defgraph.children import kill, wait
from defgraph.errors import StoreError
from defgraph.store import wire
from defgraph.store.channels import Ask, Worker
from defgraph.store.protocol import State

_BOOT: Final = (
    "import sys; sys.path[:0] = sys.argv[1:-1]; from defgraph.store.zygote import main; main()"
)
_FOLDERS: Final = (str(Path(__file__).parents[2]), str(Path(ox.__file__).parents[1]))
"""Where an isolated interpreter finds what the zygote imports."""

_INHERITED: Final = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH")
"""Of the environment; no secret of the web process's is to be found in a worker's memory."""

_TUNED: Final = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=127"}
"""For malloc to keep more blocks at hand, of which the engine needs many: it takes 8% less time."""

_GRACE_S: Final = 5.0

STUCK_S: Final = 10.0
"""A zygote that has not forked a worker after so long never will: forking takes milliseconds."""

_log = logging.getLogger(__name__)


class Zygote:
    """A zygote process, as the web process sees it: started by `execute`, or by `succeed`."""

    def __init__(
        self,
        on_end: Callable[[Zygote], None],
        new_worker: Callable[[Zygote, Ask | None], Worker],
    ) -> None:
        self.means = ""
        self.state = State(0, "")  # that it holds
        self.made = (0, 0)  # so many quads were added and deleted in the newest generation
        self.damages: tuple[str, ...] = ()  # of the store on disk
        self.dumps = 0  # so many wait for dumps of its state
        self.has_refused = False  # it was to succeed, and has written why not to the file
        self.may_have_written = False  # it was to succeed, and has come as far as the log
        self.pid: int | None = None
        self.workers: dict[int, Worker] = {}  # those that are alive, or not yet known to be dead
        self._on_end = on_end
        self._new_worker = new_worker
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
                env=_TUNED | {name: os.environ[name] for name in _INHERITED if name in os.environ},
                start_new_session=True,  # Ctrl+C is for the web process
            )
        self.is_process(self._process.pid, os.pidfd_open(self._process.pid))

    async def prepare(self, setup: Mapping[str, Any], nquads: Sequence[int]) -> None:
        """Send the dataset, if there is a file of it, and wait until it is loaded.

        Raises StoreError and UnwritableFileError.
        """
        wire.send_message(self._control, setup, nquads)
        await self._ready

    def hire(self, errand: Ask | None = None) -> None:
        """Have a worker forked; it says itself when it can be used.

        One that is hired for an *errand* has that task alone, and its files, or may ask other
        endpoints. Raises OSError where this process may have no more sockets.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._forked += 1
        worker = self.workers[self._forked] = self._new_worker(self, errand)
        with theirs:
            files = errand.files if errand is not None else ()
            fork = {"fork": self._forked, "may_connect": errand is not None and not files}
            self._send(fork, [theirs.fileno(), *files])
        connecting = self._loop.create_task(worker.connect(ours))
        self._tasks.add(connecting)
        connecting.add_done_callback(self._tasks.discard)
        self._loop.call_later(STUCK_S, self._look_after, self._forked)

    def succeed(self, write: Mapping[str, str], *files: int) -> Zygote:
        """Have a fork of it become the next zygote.

        It makes a write, whose patch is in the one file; or without any it catches up with what
        another process wrote.
        """
        successor = Zygote(self._on_end, self._new_worker)
        self._forked += 1
        self._successors[self._forked] = successor
        with successor._theirs as theirs:
            self._send({"succeed": self._forked, **write}, [theirs.fileno(), *files])
        return successor

    async def has_become(self) -> None:
        """Wait until it has succeeded, or has refused; raises what it reports."""
        await self._ready

    def give_way(self) -> None:
        """Tell it that another one succeeded it, and may write from now on."""
        self._send({"succeeded": True}, [])

    async def kill(self) -> None:
        """End the process at once; return when all that it said has been heard."""
        if self._pidfd is None:  # its parent ended before it could say which it is, or is late
            self.may_have_written |= self._ready.cancelled() or not self._ready.done()
            self._forget()
            return
        kill(self._pidfd)
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
        wait(pidfd, _GRACE_S)
        if self._process is not None:
            self._process.wait()
        else:  # it is the child of a former one, or ours where there is none and we are process 1
            with suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        os.close(pidfd)

    def _look_after(self, number: int) -> None:
        """Kill the zygote if it is stuck; whoever hears of its end starts another."""
        # By its number, for a worker holds what it was sent.
        if number in self.workers and not self.workers[number].pid and self._pidfd is not None:
            _log.error("zygote %s forks no workers; it is killed, and started again", self.pid)
            kill(self._pidfd)

    def _send(self, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        if self._control.fileno() >= 0:
            with suppress(BrokenPipeError, ConnectionResetError):  # its end is heard at once
                wire.send_message(self._control, message, descriptors)

    def _hear(self) -> None:
        try:
            message, descriptors = wire.receive_message(self._control, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except ConnectionResetError:
            message, descriptors = {}, []
        if not message:
            self._forget()
            if self._ready.done():
                self._on_end(self)
            else:
                self._ready.set_exception(
                    StoreError("its process ended before it was ready; nothing has changed")
                )
            return
        self._heard(message, descriptors)

    def _heard(self, message: dict[str, Any], descriptors: Sequence[int]) -> None:
        match message:
            case {"ready": state, **more}:
                self.state, self.means = State(*state), more["means"]
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
