"""What a function returned is remembered, but not for arguments that are long."""

from __future__ import annotations

import pytest

from defgraph.remembering import LONGEST, remembered


@pytest.fixture
def called():
    return []


@pytest.fixture
def length(called):
    @remembered(2)
    def length(text, other=None):
        called.append(text)
        return len(text or "")

    return length


def test_the_function_is_called_once_for_the_same(length, called):
    assert [length("a"), length("a"), length(None), length(None)] == [1, 1, 0, 0]
    assert called == ["a", None]


def test_what_a_long_argument_leads_to_is_not_kept(length, called):
    text = "a" * (LONGEST + 1)

    assert length(text) == length(text) == LONGEST + 1
    assert called == [text, text]


def test_one_long_argument_of_several_is_enough(length, called):
    for _ in range(2):
        length("a", "b" * (LONGEST + 1))
        length("a", other="b" * (LONGEST + 1))

    assert len(called) == 4


def test_an_error_is_not_kept():
    calls = []

    @remembered(2)
    def fail(text):
        calls.append(text)
        raise ValueError(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            fail("a")
    assert calls == ["a", "a"]
