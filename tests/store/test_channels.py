"""The web process's end of a worker's socket, when the worker is dead before it has begun."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
from types import SimpleNamespace

import pytest

from defgraph.engine.limits import Limits
from defgraph.store.channels import Ask, Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")
uvloop = pytest.importorskip("uvloop", reason="uvloop is not released for this platform")


def keep_it(worker):
    pass


def send_it_something(worker):
    asked = asyncio.get_running_loop().create_future()
    worker.send(Ask(b"?" * 1000, asked, 0.0, "query", Limits()))


def end_it_with_its_zygote(worker):
    worker.has_ended(None)


@pytest.mark.parametrize("loop_factory", [uvloop.new_event_loop, asyncio.new_event_loop])
@pytest.mark.parametrize("before", ["nothing", "its end", "its zygote's end", "a dismissal"])
@pytest.mark.parametrize("on_ready", [keep_it, send_it_something, end_it_with_its_zygote])
def test_what_it_had_open_is_closed_once(loop_factory, before, on_ready):
    heard = []

    async def test():
        owner = SimpleNamespace(on_ready=on_ready, on_end=heard.append)
        worker = Worker(None, owner, 1000)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        number = ours.fileno()
        theirs.close()  # as the kernel does when its process is dead
        connecting = asyncio.ensure_future(worker.connect(ours))
        del ours
        if before == "its end":
            worker.has_ended(-9)
        elif before == "its zygote's end":
            worker.has_ended(None)
        elif before == "a dismissal":
            worker.dismiss()
        opened = []
        for _ in range(20):
            await asyncio.sleep(0.001)
            if number not in opened:
                opened.append(os.open(os.devnull, os.O_RDONLY))
        await connecting
        del connecting
        if not worker._has_ended:
            worker.has_ended(-9)
        gc.collect()
        await asyncio.sleep(0.01)
        assert number in opened
        for each in opened:
            os.close(each)  # raises OSError if somebody else has closed it
        assert heard == ([] if before == "a dismissal" else [worker])

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(test())
