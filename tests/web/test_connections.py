"""What one client may take of the server before, while and after it asks: over bare sockets."""

import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from defgraph.settings import Settings
from defgraph.web.connections.connection import MAX_SURPLUS, connection_class
from defgraph.web.connections.http11 import MAX_AHEAD
from defgraph.web.connections.limits import ConnectionLimits
from defgraph.web.http.in_flight import InFlight
from defgraph.web.server import listening_socket

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n"
BIG = 64 * 2**20
PART = 2**18
LEFT = threading.Event()


async def application(scope, receive, send):
    """Answers with the length of the body, a big answer at /big, and an early one at /early.

    At /parts a big one is sent as it is read. At /wait it waits for the client to leave. Asked
    ?seen, it answers with what it has of the request.
    """
    if b"seen" in scope["query_string"]:
        seen = [scope["path"], scope["query_string"], dict(scope["headers"])[b"host"]]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": repr(seen).encode()})
        return
    length = 0
    more = scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/wait" and (await receive())["type"] == "http.disconnect":
        LEFT.set()
        return
    if scope["path"] == "/parts":
        headers = [(b"content-length", b"%d" % BIG)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for left in range(BIG - PART, -1, -PART):
            await send({"type": "http.response.body", "body": b"x" * PART, "more_body": left > 0})
        return
    body = b"x" * BIG if scope["path"] == "/big" else b"%d" % length
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(in_flight=None, **limits):
    """Serve `application` with these limits; gives the server and the address."""
    protocol = connection_class(ConnectionLimits.of(Settings(**limits)), in_flight)
    config = uvicorn.Config(
        application, http=protocol, ws="none", log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    with listening_socket("127.0.0.1", 0) as listening:
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield server, listening.getsockname()
        finally:
            server.should_exit = True
            thread.join(timeout=30)


@pytest.fixture(scope="module")
def address():
    with serving(max_url_bytes=1000, max_header_bytes=2000, max_header_fields=10) as (_, address):
        yield address


@pytest.fixture(scope="module")
def hasty():
    """A server with no patience at all."""
    impatient = dict.fromkeys(
        ("header_timeout_s", "body_timeout_s", "send_timeout_s", "idle_timeout_s"), 0.05
    )
    with serving(**impatient) as running:
        yield running


def connect(address, **options):
    return socket.create_connection(address, timeout=30, **options)


def rest_of(connection):
    """What comes until the server closes the connection."""
    received = bytearray()
    while more := connection.recv(2**16):
        received += more
    return bytes(received)


def ask(address, *sent):
    """Send this, and return the status and the body of the last answer before the server closes."""
    with connect(address) as connection:
        for part in sent:
            connection.sendall(part)
        return read(rest_of(connection))


def read(received):
    header, _, body = received.rpartition(b"\r\n\r\n")
    fields = header[header.rindex(b"HTTP/1.1 ") :].split(b"\r\n")
    status = int(fields[0].split()[1])
    return status, body, dict(each.lower().split(b": ", 1) for each in fields[1:])


def test_a_whole_request_is_answered(address):
    assert ask(address, ASK + b"Connection: close\r\n\r\n")[:2] == (200, b"0")


def field(name, length):
    return name + b": " + b"x" * length + b"\r\n"


@pytest.mark.parametrize(
    ("request_", "status", "title"),
    [
        (b"GET /" + b"x" * 1000 + b" HTTP/1.1\r\n", 414, "UrlTooLongError"),
        (ASK + field(b"a", 2000) + b"\r\n", 431, "HeaderTooLargeError"),
        (ASK + field(b"a", 900) + field(b"b", 900) + field(b"c", 900) + b"\r\n", 431, "HeaderTooLargeError"),
        (ASK + field(b"a", 1) * 10 + b"\r\n", 431, "TooManyHeaderFieldsError"),
        (ASK + b"a: " + b"x" * 400_000, 431, "HeaderTooLargeError"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "BrokenRequestError"),
        (ASK + b"Host: y\r\n\r\n", 400, "BrokenRequestError"),
        (ASK + b"no colon\r\n\r\n", 400, "BrokenRequestError"),
        (b"GET\r\n\r\n", 400, "BrokenRequestError"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "UnknownMethodError"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "UnknownMethodError"),
        (b"BREW\r\n\r\n", 400, "BrokenRequestError"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "BrokenRequestError"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "BrokenRequestError"),
        (ASK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "BrokenRequestError"),
        (ASK + b"Content-Length: -1\r\n\r\n", 400, "BrokenRequestError"),
        (ASK + b"Transfer-Encoding: chunked\r\n\r\nno number", 400, "BrokenRequestError"),
        (b"GET /\xff\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "BrokenRequestError"),
        (b"CONNECT other:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "BrokenRequestError"),
        (b"GET / HTTP/1.1\r\nHost: a b/<>\r\n\r\n", 400, "BrokenRequestError"),
        (b"GET / HTTP/1.1\r\nHost: x:y\r\n\r\n", 400, "BrokenRequestError"),
        (b"GET http://me@x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "BrokenRequestError"),
        (ASK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "BrokenRequestError"),
    ],
)  # fmt: skip
def test_what_is_refused_is_a_problem_with_the_headers_of_every_answer(
    address, request_, status, title
):
    found, body, headers = ask(address, request_)

    assert (found, json.loads(body)["title"]) == (status, title)
    assert headers[b"content-type"] == b"application/problem+json"
    assert int(headers[b"content-length"]) == len(body)
    assert headers[b"connection"] == b"close"
    assert b"date" in headers
    assert b"default-src" in headers[b"content-security-policy"]


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        (b"/a?seen", ["/a", b"seen", b"x"]),
        (b"http://other.example:81/a?seen", ["/a", b"seen", b"other.example:81"]),
        (b"HTTPS://[::1]/a?seen", ["/a", b"seen", b"[::1]"]),
        (b"http://other.example?seen", ["/", b"seen", b"other.example"]),
    ],
)
def test_a_target_that_is_a_whole_url_says_the_host_too(address, target, seen):
    request = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    with connect(address) as connection:
        connection.sendall(request)
        received = rest_of(connection)

    assert repr(seen).encode() in received


def test_a_limit_is_told_with_its_name_and_value(address):
    problem = json.loads(ask(address, b"GET /" + b"x" * 1000 + b" HTTP/1.1\r\n")[1])

    assert (problem["limit"], problem["value"]) == ("DEFGRAPH_MAX_URL_BYTES", 1000)


def test_limits_are_each_requests_own(address):
    request = ASK + field(b"a", 1500) + b"\r\n"

    with connect(address) as connection:
        for _ in range(5):
            connection.sendall(request)
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_request_in_single_bytes_is_answered(address):
    request = ASK + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc"

    assert ask(address, *(bytes([each]) for each in request))[:2] == (200, b"3")


@pytest.mark.parametrize("broken", [b"GET\r\n\r\n", b"\0", b"GET /" + b"x" * 1000, ASK + b"a\r\n"])
def test_what_is_broken_after_others_is_not_answered_but_they_are(address, broken):
    with connect(address) as connection:
        connection.sendall((ASK + b"\r\n") * 20 + broken)
        received = rest_of(connection)

    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 200") == 20
    assert received.endswith(b"\r\n\r\n0")


PIECES = st.sampled_from(
    [
        ASK + b"\r\n", b"GET ", b"POST ", b"/", b"/early", b"%", b"?q=", b" HTTP/1.1", b" HTTP/1.0", b"\r\n",
        b"\r\n\r\n", b"\n", b":", b" ", b"Host: x\r\n", b"Content-Length: 3\r\n", b"Content-Length: x\r\n",
        b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n", b"Connection: close\r\n",
        b"Connection: Upgrade\r\nUpgrade: h2c\r\n", b"Expect: 100-continue\r\n", b"CONNECT x HTTP/1.1\r\n",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=20), max_size=12))
def test_whatever_comes_is_answered_in_http_or_not_at_all(address, pieces):
    with connect(address) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(b"".join(pieces))
        connection.shutdown(socket.SHUT_WR)
        received = rest_of(connection)
        assert received == b"" or received.startswith(b"HTTP/1.1 ")

    assert ask(address, ASK + b"Connection: close\r\n\r\n")[:2] == (200, b"0")


def test_who_sends_far_ahead_is_answered_so_many_and_no_more(address):
    with connect(address) as connection:
        connection.sendall((ASK + b"\r\n") * 1000)
        answers = rest_of(connection)

    assert 1 < answers.count(b"HTTP/1.1 200") <= 1 + MAX_AHEAD


def test_a_client_that_sent_ahead_and_left_is_noticed(address):
    with connect(address) as connection:
        connection.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + ASK + b"\r\n")
        connection.sendall(ASK)

    assert LEFT.wait(timeout=30)


def test_one_who_is_refused_can_read_why_though_he_goes_on_sending(address):
    with connect(address) as connection:
        connection.sendall(b"GET /" + b"x" * 1000)
        for _ in range(50):
            connection.sendall(b"y" * 10_000)
        connection.shutdown(socket.SHUT_WR)

        assert read(rest_of(connection))[0] == 414


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
@pytest.mark.parametrize(
    ("body", "length"),
    [
        (b"Content-Length: 5\r\n\r\nabcde", b"5"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", b"5"),
        (b"\r\n", b"0"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_who_offers_another_protocol_is_answered_in_this_one(address, protocol, body, length, step):
    """Java's HttpClient, and with it Jena, offers HTTP/2 in the first request, whatever it is."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\n"
    request = ASK.replace(b"GET", b"POST") + offer + body
    sent = request + ASK + b"Connection: close\r\n\r\n"

    with connect(address) as connection:
        for start in range(0, len(sent), step):
            connection.sendall(sent[start : start + step])
        received = rest_of(connection)

    first, second = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert first.endswith(b"\r\n\r\n" + length)
    assert second.endswith(b"\r\n\r\n0")


def test_this_server_is_no_proxy(address):
    status, body, _ = ask(address, b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\nUpgrade: a\r\n\r\n")

    assert (status, json.loads(body)["title"]) == (400, "BrokenRequestError")


class TestTime:
    def test_a_connection_on_which_nothing_comes_is_closed(self, hasty):
        with connect(hasty[1]) as connection:
            assert rest_of(connection) == b""

    @pytest.mark.parametrize("sent", [b"G", ASK, ASK + b"a: b\r\n", b"GET / HTTP/1.1"])
    def test_a_header_that_does_not_end_is_a_408(self, hasty, sent):
        status, body, _ = ask(hasty[1], sent)

        assert status == 408
        assert json.loads(body)["limit"] == "DEFGRAPH_HEADER_TIMEOUT_S"

    @pytest.mark.parametrize(
        "sent", [b"Content-Length: 9\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]
    )
    def test_a_body_that_does_not_end_is_a_408(self, hasty, sent):
        status, body, _ = ask(hasty[1], b"POST / HTTP/1.1\r\nHost: x\r\n" + sent)

        assert status == 408
        assert json.loads(body)["limit"] == "DEFGRAPH_BODY_TIMEOUT_S"

    def test_a_body_may_take_as_long_as_it_is_large(self, hasty):
        """It has 0.05 s, and then a second for each 1,000 bytes that came."""
        with connect(hasty[1]) as connection:
            connection.sendall(
                ASK + b"Content-Length: 60001\r\nConnection: close\r\n\r\n" + b"x" * 60_000
            )
            connection.settimeout(0.3)
            with pytest.raises(TimeoutError):
                connection.recv(1)
            connection.settimeout(30)
            connection.sendall(b"x")

            assert read(rest_of(connection))[:2] == (200, b"60001")

    def test_a_connection_that_is_kept_is_closed_when_nothing_comes(self, hasty):
        with connect(hasty[1]) as connection:
            connection.sendall(ASK + b"\r\n")

            assert read(rest_of(connection))[:2] == (200, b"0")

    def test_a_body_that_nobody_reads_holds_no_connection_for_ever(self, hasty):
        with connect(hasty[1]) as connection:
            connection.sendall(
                b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc"
            )

            assert read(rest_of(connection))[0] == 200

    def test_one_who_does_not_read_the_answer_is_left(self, hasty):
        server, address = hasty
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(30)
            connection.connect(address)
            connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            own = connection.getsockname()
            answered = server.server_state.total_requests

            def is_served():
                connections = list(server.server_state.connections)
                return any(each.client == own for each in connections)

            while server.server_state.total_requests == answered or is_served():
                pass  # it writes its answer, and then gives up

            received = 0
            with suppress(ConnectionResetError):
                while more := connection.recv(2**16):
                    received += len(more)
            assert received < BIG

    def test_an_answer_in_parts_is_read_to_its_end_by_one_who_goes_on_reading(self):
        with serving(send_timeout_s=0.3) as (_, address), connect(address) as connection:
            connection.sendall(b"GET /parts HTTP/1.1\r\nHost: x\r\n\r\n")
            received = 0

            while received < BIG and (more := connection.recv(2**14)):
                received += len(more)
                time.sleep(0.0005)

            assert received >= BIG

    def test_an_answer_that_is_read_slowly_is_read_to_its_end(self):
        with serving(idle_timeout_s=0.01) as (_, address), connect(address) as connection:
            connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")

            assert len(rest_of(connection)) > BIG

    def test_one_who_reads_slowly_makes_room(self):
        in_flight = InFlight(2 * BIG)
        with serving(in_flight, send_timeout_s=100) as (_, address), connect(address) as slow:
            slow.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            slow.recv(1000)
            while in_flight.has_room(3 * BIG // 2):
                pass  # until it counts as one who does not read

            while not in_flight.make_room(3 * BIG // 2):
                pass  # until it counts as slow

            assert not in_flight.readers
            with suppress(ConnectionResetError):
                assert len(rest_of(slow)) < BIG


class TestNumber:
    def test_an_idle_connection_makes_room_for_a_new_one(self):
        with serving(max_connections=2) as (_, address), connect(address) as first:
            first.sendall(ASK + b"\r\n")
            assert first.recv(1000).startswith(b"HTTP/1.1 200")
            with connect(address) as second:
                second.sendall(ASK)  # is at it
                for _ in range(3):
                    assert ask(address, ASK + b"Connection: close\r\n\r\n")[0] == 200
                assert rest_of(first) == b""
                second.sendall(b"Connection: close\r\n\r\n")
                assert read(rest_of(second))[0] == 200

    @pytest.mark.parametrize("sent", [ASK, ASK + b"Content-Length: 9\r\n\r\nabc"])
    def test_those_who_take_their_time_make_room(self, sent):
        patience = {"header_timeout_s": 2, "body_timeout_s": 2}
        with serving(max_connections=3, **patience) as (_, address), ExitStack() as stalled:
            slow = [stalled.enter_context(connect(address)) for _ in range(3)]
            for each in slow:
                each.sendall(sent)

            while ask(address, ASK + b"Connection: close\r\n\r\n")[0] != 200:
                pass  # until they count as slow

            assert 503 in {read(rest_of(each))[0] for each in slow}

    def test_far_too_many_are_closed_without_a_word(self):
        with serving(max_connections=1) as (_, address), ExitStack() as stalled:
            for _ in range(MAX_SURPLUS + 1):
                stalled.enter_context(connect(address)).sendall(ASK)
            one_more = stalled.enter_context(connect(address))

            with suppress(ConnectionResetError):
                assert one_more.recv(100) == b""

    def test_one_too_many_is_a_503_that_says_when_to_try_again(self):
        with serving(max_connections=1) as (_, address), connect(address) as busy:
            busy.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
            while True:
                status, body, headers = ask(address, ASK + b"Connection: close\r\n\r\n")
                if status == 503:
                    break  # else the first had not been looked at yet
            busy.sendall(b"abc")

            assert busy.recv(1000).startswith(b"HTTP/1.1 200")
        assert json.loads(body)["title"] == "TooManyConnectionsError"
        assert headers[b"retry-after"] == b"1"
