"""Parameters are read quickly, and the same as by the strict parser of the standard library."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.web.http.bodies import BadRequestError
from defgraph.web.http.parameters import Parameters

PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["%", "%4", "%41", "%c3%a9", "%C3", "%ED%A0%80", "%EF%BF%BD", "+", "&", "="]),
    st.sampled_from(["#", ";", "\t", "\n", "\x00", "\x7f", " ", "\\", "'", "query=", "é", "%00"]),
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_form_is_read_as_the_strict_parser_reads_it(text):
    try:
        expected = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(BadRequestError, match="UTF-8"):
            Parameters.of_query_string(b"", form=text)
        return

    read = Parameters.of_query_string(b"", form=text)

    assert read.names == {name for name, _ in expected}
    for name, value in dict(expected).items():
        if [each for each, _ in expected].count(name) == 1:
            assert read.single(name) == value


@given(st.text(), st.text())
def test_what_a_client_encodes_comes_out(name, value):
    encoded = urlencode({name: value}, errors="ignore").encode()
    expected = value.encode(errors="ignore").decode()

    assert (
        Parameters.of_query_string(encoded).single(name.encode(errors="ignore").decode())
        == expected
    )


def test_bytes_that_are_not_encoded_are_utf_8_or_nothing():
    assert Parameters.of_query_string("query=é".encode()).single("query") == "é"
    with pytest.raises(BadRequestError):
        Parameters.of_query_string(b"query=\xff")
