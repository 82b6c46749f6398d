"""The file of a generation: an RDF Patch that vouches for itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defgraph.log.changes import Changes, Fingerprint
from defgraph.log.files import BrokenFileError
from defgraph.log.generations import EMPTY, changes_in, decode, encode

ONE = b'<http://e/s> <http://e/p> "1" <http://e/g> .'
TWO = b"<http://e/s> <http://e/p> _:b ."
texts = st.text(st.characters(exclude_categories=["Cs"]))


def second(author="kim", message="Sign the treaty"):
    first, _ = encode(EMPTY, 1, Changes(added=frozenset([ONE])), author="lee", message="begin")
    changes = Changes(added=frozenset([TWO]), deleted=frozenset([ONE]))
    return first, changes, *encode(first, 2, changes, author=author, message=message)


def test_the_file_is_an_rdf_patch():
    first, _, made, file = second()

    assert file.decode().splitlines() == [
        f"H id <{made.id}> .",
        f"H prev <{first.id}> .",
        'H generation "2" .',
        f'H time "{made.time.isoformat()}" .',
        'H author "kim" .',
        'H message "Sign the treaty" .',
        'H added "1" .',
        'H deleted "1" .',
        'H quads "1" .',
        f'H dataset "{made.fingerprint.hash:064x}" .',
        "TX .",
        "D " + ONE.decode(),
        "A " + TWO.decode(),
        "TC .",
    ]


@given(author=texts, message=texts)
def test_what_was_written_is_read_again(author, message):
    _, changes, made, file = second(author, message)

    generation, lines = decode(file)

    assert generation == made
    assert (generation.author, generation.message) == (author, message)
    assert changes_in(lines) == changes


@pytest.mark.parametrize("damage", ["flip", "cut", "append"])
def test_no_byte_of_a_file_may_be_another(damage):
    *_, file = second()
    for at in range(len(file)):
        damaged = {
            "flip": file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :],
            "cut": file[:at],
            "append": file + file[: at + 1],
        }[damage]

        with pytest.raises(BrokenFileError):
            decode(damaged)


def test_the_empty_generation_has_the_fingerprint_of_nothing():
    assert EMPTY.fingerprint == Fingerprint(0, 0)
