"""A proxy may leave the root path in what it passes on, or there is none, and clients send it.

Then it stands twice in the path as ASGI has it: once as sent, and once before that.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send


class KeptPath:
    """Takes the *root* path out of a request that was sent with it."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app, self._root = app, root
        self._twice = f"{root}{root}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as if a proxy had taken the root path away."""
        if scope["type"] == "http" and scope["path"].startswith(self._twice):
            scope["path"] = scope["path"].removeprefix(self._root)
            raw = scope.get("raw_path")
            if raw is not None:
                scope["raw_path"] = raw.removeprefix(self._root.encode())
        await self._app(scope, receive, send)


def is_distinct(root: str, paths: Iterable[str]) -> bool:
    """Tell whether nothing at *paths* can be meant by a request that begins with *root*."""
    first = root.split("/")[1:2]
    return bool(root) and all(each.split("/")[1:2] != first for each in paths)
