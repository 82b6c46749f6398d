"""Entity tags tell apart what must not be taken for one another."""

from defgraph.store.protocol import State
from defgraph.web.http.validators import etag, is_tag_of, tags_in

JSON = "application/sparql-results+json"


def test_a_tag_is_that_of_one_state_in_one_form():
    one, two = State(3, "a" * 64), State(3, "b" * 64)
    tags = [
        etag(one, JSON),
        etag(two, JSON),
        etag(one._replace(generation=4), JSON),
        etag(one, "text/csv"),
        etag(one, JSON, "br"),
        etag(one, JSON, "gzip"),
    ]

    assert len(set(tags)) == len(tags)
    assert tags_in(", ".join(tags)) == set(tags)


def test_ids_that_begin_alike_have_tags_of_their_own():
    one, two = (State(3, f"urn:sha256:{'a' * 10}{end * 54}") for end in "bc")

    assert etag(one, JSON) != etag(two, JSON)
    assert is_tag_of(etag(one, JSON), one)
    assert not is_tag_of(etag(one, JSON), two)


def test_tags_are_compared_weakly():
    assert tags_in('W/"a", "b,c" ,W/"d"') == {'"a"', '"b,c"', '"d"'}


def test_any_tag_stands_for_itself():
    assert tags_in(" * ") == {"*"}


def test_what_is_no_tag_is_passed_over():
    assert tags_in('a, "b, c') == frozenset()
    assert tags_in("") == frozenset()
