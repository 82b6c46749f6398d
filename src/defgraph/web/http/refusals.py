"""What is refused before anybody looks at what a request asks: how it is sent, and how often."""

from __future__ import annotations

from defgraph.errors import DefgraphError, LimitError


class BrokenRequestError(DefgraphError):
    """The bytes that came are no HTTP/1.1 request (RFC 9112)."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This is no HTTP request as RFC 9112 has it: {reason}")


class UnknownMethodError(DefgraphError):
    """The method of the request is none that this server knows (RFC 9110, section 15.6.2)."""

    def __init__(self) -> None:
        super().__init__(
            "This server knows no such method; OPTIONS tells which a path takes, in capital letters"
        )


class UrlTooLongError(LimitError):
    """The target of the request is longer than the server takes."""

    limit = "DEFGRAPH_MAX_URL_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(
            value, f"The URL may have {value:,} bytes at most; send a long query by POST"
        )


class HeaderTooLargeError(LimitError):
    """The header fields of the request are longer together than the server takes."""

    limit = "DEFGRAPH_MAX_HEADER_BYTES"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"The header of a request may have {value:,} bytes at most")


class TooManyHeaderFieldsError(LimitError):
    """The request has more header fields than the server takes."""

    limit = "DEFGRAPH_MAX_HEADER_FIELDS"

    def __init__(self, value: int) -> None:
        super().__init__(value, f"A request may have {value:,} header fields at most")


class SlowHeaderError(LimitError):
    """The header of the request did not arrive in time."""

    limit = "DEFGRAPH_HEADER_TIMEOUT_S"

    def __init__(self, value: float) -> None:
        super().__init__(value, f"The header of the request did not arrive within {value:g} s")


class SlowBodyError(LimitError):
    """The body of the request does not arrive, or arrives too slowly."""

    limit = "DEFGRAPH_BODY_TIMEOUT_S"

    def __init__(self, value: float, bytes_a_second: int) -> None:
        super().__init__(
            value,
            f"The body of the request arrives too slowly: it has {value:g} s, and a second more "
            f"for every {bytes_a_second:,} bytes of it",
        )


class TooManyConnectionsError(LimitError):
    """The server has as many connections as it takes, and all are busy."""

    limit = "DEFGRAPH_MAX_CONNECTIONS"
    retry_after_s = 1

    def __init__(self, value: int) -> None:
        super().__init__(
            value, f"The server has {value:,} connections, all of them busy; try again shortly"
        )


class TooMuchInFlightError(LimitError):
    """The bodies and answers that the server holds at once for all clients are too many bytes."""

    limit = "DEFGRAPH_MAX_IN_FLIGHT_BYTES"
    retry_after_s = 1

    def __init__(self, value: int) -> None:
        super().__init__(
            value,
            f"The server holds {value:,} bytes of what clients send it and have not read yet, and "
            "takes no more; try again shortly, and ask for less at once",
        )


class TooMuchProcessingError(LimitError):
    """The client has had its seconds of processing; *retry_after_s* until it has more."""

    limit = "DEFGRAPH_CLIENT_SECONDS_PER_MINUTE"

    def __init__(self, value: float, retry_after_s: int) -> None:
        super().__init__(
            value,
            f"You have used the {value:g} s of processing a minute that a client has; "
            f"wait {retry_after_s} s, and ask one thing at a time",
        )
        self.retry_after_s = retry_after_s


class TooManyErrorsError(LimitError):
    """The client has had its errors; *retry_after_s* until it may make another."""

    limit = "DEFGRAPH_CLIENT_ERRORS_PER_MINUTE"

    def __init__(self, value: float, retry_after_s: int) -> None:
        super().__init__(
            value,
            f"You have had the {value:g} errors a minute that a client may have; "
            f"wait {retry_after_s} s, and look at what they said",
        )
        self.retry_after_s = retry_after_s


class NotTheOperatorError(DefgraphError):
    """The metrics are asked for from an address that may not see them."""

    def __init__(self) -> None:
        super().__init__(
            "The metrics are for those who look after this server: ask from an address that "
            "DEFGRAPH_METRICS_ALLOW_IPS names, and not through a proxy that is not believed"
        )


class CrossOriginWriteError(DefgraphError):
    """A page of another origin would write, which none may."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"No page of another origin may send {method} to {path}: pages only read here. "
            "A program that is no page may write, with a token"
        )
