"""Compression: the encoding that a client takes, and the body in it."""

from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.web.http.encodings import choose_encoding, encode


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("GZIP;Q=1.0", "gzip"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("br;q=0, gzip;q=0, *;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("deflate", None),
        ("gzip;q=2", None),
        ("gzip;q=x, br", "br"),
        (";;;,,,=", None),
    ],
)
def test_the_encoding_that_is_liked_best_is_chosen(header, chosen):
    assert choose_encoding(header) == chosen


@given(st.text())
def test_no_header_is_an_error(header):
    assert choose_encoding(header) in (None, "br", "gzip")


@given(st.binary(max_size=5000))
def test_an_encoded_body_is_the_same_again(body):
    assert gzip.decompress(encode(body, "gzip")) == body
    assert brotli.decompress(encode(body, "br")) == body


def test_a_body_is_encoded_to_the_same_bytes_each_time(monkeypatch):
    first = encode(b"a" * 5000, "gzip")
    monkeypatch.setattr("time.time", lambda: 2**31)

    assert encode(b"a" * 5000, "gzip") == first
