"""Who may write: whoever sends a token of this deployment, and nobody else.

Only the header ``Authorization: Bearer`` authorises (RFC 6750, section 2.1): no cookie, which
browsers send by themselves, no form, and no parameter, which ends up in logs.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hmac import compare_digest
from typing import Annotated, ClassVar, Final, cast

from fastapi import Depends, Request

from defgraph.credentials import ENVIRONMENT_HOLDER, TokenFile, hash_of
from defgraph.errors import DefgraphError, ReadOnlyError, TokenFileError
from defgraph.settings import Settings

_log = logging.getLogger(__name__)

_REALM: Final = 'Bearer realm="defgraph"'


class AuthorisationError(DefgraphError):
    """The request does not say who may write; *challenge* asks for it (RFC 6750, section 3)."""

    challenge: ClassVar[str] = _REALM


class TokenMissingError(AuthorisationError):
    """The request comes without a token."""

    def __init__(self) -> None:
        super().__init__("A write needs the header 'Authorization: Bearer ...' with a token")


class TokenWrongError(AuthorisationError):
    """The request comes with a token that is not ours, or not any more."""

    challenge = f'{_REALM}, error="invalid_token", error_description="nobody here holds this token"'

    def __init__(self) -> None:
        super().__init__("This is not a token that this server takes, or it was revoked")


class TwoTokensError(AuthorisationError):
    """The request comes with several headers ``Authorization``."""

    challenge = (
        f'{_REALM}, error="invalid_request", error_description="send one header Authorization"'
    )

    def __init__(self) -> None:
        super().__init__("The header Authorization is sent more than once; send one")


class TokensUnreadableError(DefgraphError):
    """It cannot be known who may write. Where the file stands is the operator's affair."""

    def __init__(self) -> None:
        super().__init__(
            "The file of tokens cannot be used, so nobody may write until it is mended; "
            "the server's log says what is wrong with it"
        )


class Authority:
    """Knows who holds a token: the one of the environment, or one of those in a file."""

    def __init__(self, settings: Settings) -> None:
        token = settings.token
        self._hash = hash_of(token.get_secret_value()) if token is not None else None
        self._file = TokenFile(settings.tokens) if settings.tokens is not None else None
        self._logged = ""

    def check(self) -> None:
        """Raise TokenFileError where the file of tokens cannot be used."""
        if self._file is not None:
            self._file.check()

    def author(self, headers: Sequence[str]) -> str:
        """Return the author of a write, by the values of the request's headers Authorization.

        Raises ReadOnlyError where nobody may write, AuthorisationError where this one may not,
        and TokensUnreadableError while it cannot be known who may.
        """
        if self._hash is None and self._file is None:
            raise ReadOnlyError
        token = _bearer_token(headers)
        holder = self._holder_in_file(token)
        if self._hash is not None and compare_digest(hash_of(token), self._hash):
            holder = ENVIRONMENT_HOLDER
        if holder is None:
            raise TokenWrongError
        return holder

    def _holder_in_file(self, token: str) -> str | None:
        if self._file is None:
            return None
        try:
            holder = self._file.holder_of(token)
        except TokenFileError as error:
            if str(error) != self._logged:  # once: anybody can try to write, and often
                _log.error("%s", error)
                self._logged = str(error)
            raise TokensUnreadableError from error
        self._logged = ""
        return holder


async def author(request: Request) -> str:
    """Return the author of a write; raises what `Authority.author` raises.

    It depends on headers alone: nothing of the body is read for somebody who may not write.
    """
    authority = cast(Authority, request.app.state.authority)
    return authority.author(request.headers.getlist("authorization"))


Author = Annotated[str, Depends(author)]


def _bearer_token(headers: Sequence[str]) -> str:
    if not headers:
        raise TokenMissingError
    if len(headers) > 1:
        raise TwoTokensError
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer":
        raise TokenMissingError
    return token.strip(" ")
