"""What is known of a zygote whose parent has not said yet which process it is."""

from __future__ import annotations

import asyncio
import sys

import pytest

from defgraph.errors import StoreDamagedError, StoreError
from defgraph.store.lineage import Zygote

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="zygotes need Linux")


def killed(before):
    """A zygote that is killed after *before* was done with it."""

    async def run():
        zygote = Zygote(lambda _: None, lambda *_: None)
        before(zygote)
        await zygote.kill()
        return zygote

    return asyncio.run(run())


@pytest.mark.parametrize("error", [StoreDamagedError("store", []), StoreError("its process ended")])
def test_one_that_said_what_prevents_it_has_written_nothing(error):
    def say(zygote):
        zygote._ready.set_exception(error)
        zygote._ready.exception()

    assert not killed(say).may_have_written


def test_one_that_said_nothing_may_have_written():
    assert killed(lambda zygote: None).may_have_written
    assert killed(lambda zygote: zygote._ready.cancel()).may_have_written


def test_one_that_said_that_it_writes_may_have_written_whatever_it_said_then():
    def say(zygote):
        zygote.may_have_written = True
        zygote._ready.set_exception(StoreError("its process ended"))
        zygote._ready.exception()

    assert killed(say).may_have_written
