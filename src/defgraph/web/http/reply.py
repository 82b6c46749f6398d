"""An answer over HTTP that is ready to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.responses import Response
from starlette.types import Send

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Headers as ASGI wants them: names in lower case, values in Latin-1."""


@dataclass(slots=True)
class Reply:
    """A status, headers and the bytes of a body."""

    status: int
    headers: Headers
    body: bytes
    _head: bytes | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def head(self) -> bytes:
        """Its headers as lines; made once for all the times that it is sent."""
        if self._head is None:
            self._head = b"".join([b"%b: %b\r\n" % each for each in self.headers])
        return self._head

    def response(self) -> Response:
        """Return it as a response of the application."""
        made = Response(self.body, self.status)
        made.raw_headers = list(self.headers)
        return made

    async def send(self, send: Send) -> None:
        """Send it to the client."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})
