"""Which part of a file a request gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.web.http.ranges import Part, RangeNotSatisfiableError, part_of

TAG = '"abc"'


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=2-4", Part(2, 5)),
        ("bytes=2-", Part(2, 10)),
        ("bytes=2-99", Part(2, 10)),
        ("bytes=-3", Part(7, 10)),
        ("bytes=-99", Part(0, 10)),
        ("Bytes = 1 - 2", Part(1, 3)),
        ("bytes=0-" + "9" * 5000, Part(0, 10)),
        ("bytes=-" + "9" * 5000, Part(0, 10)),
        # As a whole: none, several, another unit, and what is not well formed.
        (None, None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("", None),
    ],
)
def test_a_header_names_a_part_or_the_whole(wanted, part):
    assert part_of(10, TAG, wanted, None) == part


@pytest.mark.parametrize(
    "wanted", ["bytes=10-", "bytes=-0", "bytes=10-11", "bytes=" + "9" * 5000 + "-"]
)
def test_a_part_that_begins_behind_the_end_is_refused(wanted):
    with pytest.raises(RangeNotSatisfiableError, match="10 bytes"):
        part_of(10, TAG, wanted, None)


def test_of_an_empty_file_there_is_no_part():
    with pytest.raises(RangeNotSatisfiableError):
        part_of(0, TAG, "bytes=0-", None)


@pytest.mark.parametrize(
    ("only_if", "part"),
    [
        (TAG, Part(2, 10)),
        ('"other"', None),
        ("W/" + TAG, None),  # a weak tag says nothing about bytes
        ("Thu, 01 Jan 2026 00:00:00 GMT", None),
    ],
)
def test_a_part_of_another_version_is_not_given(only_if, part):
    assert part_of(10, TAG, "bytes=2-", only_if) == part


@given(st.integers(1, 10**12), st.text(max_size=30))
def test_whatever_is_asked_for_lies_within_the_file(size, text):
    for wanted in (text, f"bytes={text}"):
        try:
            part = part_of(size, TAG, wanted, None)
        except RangeNotSatisfiableError:
            continue
        assert part is None or 0 <= part.start < part.end <= size
