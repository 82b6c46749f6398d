"""Who may write: whoever sends the token of this deployment, and nobody else.

Only the header ``Authorization: Bearer`` authorises: no cookie, which browsers send by themselves,
and no parameter, which ends up in logs.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated, ClassVar, Final

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from defgraph.errors import DefgraphError, ReadOnlyError
from defgraph.web.dependencies import CurrentSettings

TOKEN_HOLDER: Final = "token"  # noqa: S105 - a name: the author of what the token's holder writes


class UnauthorisedError(DefgraphError):
    """The request does not say the token, or a wrong one; *challenge* asks for the right one."""

    challenge: ClassVar[str] = 'Bearer realm="defgraph"'


class TokenMissingError(UnauthorisedError):
    """The request comes without a token."""

    def __init__(self) -> None:
        super().__init__("A write needs the header 'Authorization: Bearer ...' with the token")


class TokenWrongError(UnauthorisedError):
    """The request comes with a token that is not ours."""

    challenge = 'Bearer realm="defgraph", error="invalid_token"'

    def __init__(self) -> None:
        super().__init__("This is not the token that this server was started with")


_IN_OPENAPI: Final = HTTPBearer(
    scheme_name="bearer", description="The value of DEFGRAPH_TOKEN", auto_error=False
)


async def author(
    request: Request, settings: CurrentSettings, _described: Annotated[object, Depends(_IN_OPENAPI)]
) -> str:
    """Return the author of a write; raises ReadOnlyError and UnauthorisedError.

    It depends on headers alone: nothing of the body is read for somebody who may not write.
    """
    if settings.token is None:
        raise ReadOnlyError
    given = _bearer_token(request)
    expected = settings.token.get_secret_value()
    if not compare_digest(given.encode(), expected.encode()):
        raise TokenWrongError
    return TOKEN_HOLDER


Author = Annotated[str, Depends(author)]


def _bearer_token(request: Request) -> str:
    headers = request.headers.getlist("authorization")
    if not headers:
        raise TokenMissingError
    if len(headers) > 1:
        raise TokenWrongError
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer":
        raise TokenMissingError
    return token.strip(" ")
