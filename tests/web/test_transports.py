"""What is written in one step is sent at once, and nothing of it is lost or late."""

import asyncio
import socket

import pytest

from defgraph.web.connections.transports import JoiningTransport


def over_socket(scenario):
    """Run *scenario* with a transport that joins and the other end of its socket."""

    async def run():
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.settimeout(5)
        with theirs:
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            joining = JoiningTransport(transport, loop)
            await scenario(joining, theirs)
            transport.abort()

    asyncio.run(run())


async def received(theirs):
    return await asyncio.to_thread(theirs.recv, 2**20)


def test_head_and_body_come_together():
    async def scenario(transport, theirs):
        transport.write(b"head ")
        assert transport.get_write_buffer_size() == 5
        transport.write(b"body")
        assert await received(theirs) == b"head body"

    over_socket(scenario)


def test_a_head_alone_does_not_wait_for_its_body():
    async def scenario(transport, theirs):
        transport.write(b"head")
        assert await received(theirs) == b"head"
        transport.write(b"body")
        assert await received(theirs) == b"body"

    over_socket(scenario)


@pytest.mark.parametrize("end", ["close", "write_eof"])
def test_what_is_held_is_sent_before_the_end(end):
    async def scenario(transport, theirs):
        for part in (b"1", b"2", b"3"):
            transport.write(part)
        getattr(transport, end)()
        data = b""
        while part := await received(theirs):
            data += part
        assert data == b"123"

    over_socket(scenario)


def test_the_rest_is_the_transports_own():
    async def scenario(transport, _theirs):
        assert not transport.is_closing()
        transport.abort()
        assert transport.is_closing()

    over_socket(scenario)
