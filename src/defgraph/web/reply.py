"""An answer over HTTP that is ready to send."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from starlette.responses import Response
from starlette.types import Send

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Headers as ASGI wants them: names in lower case, values in Latin-1."""


class Reply(NamedTuple):
    """A status, headers and the bytes of a body."""

    status: int
    headers: Headers
    body: bytes

    def response(self) -> Response:
        """Return it as a response of the application."""
        made = Response(self.body, self.status)
        made.raw_headers = list(self.headers)
        return made

    async def send(self, send: Send) -> None:
        """Send it to the client."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})
