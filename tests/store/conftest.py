"""Stores are tested on the event loop that they are served on: uvloop's, where there is one."""

from __future__ import annotations

import asyncio

import pytest

try:
    from uvloop import new_event_loop
except ImportError:  # on Windows
    from asyncio import new_event_loop


@pytest.fixture(autouse=True)
def _runs_on_the_loop_that_serves(monkeypatch):
    monkeypatch.setattr(asyncio.events, "new_event_loop", new_event_loop)
