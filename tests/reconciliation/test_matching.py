"""How often the first candidate is right, and that no sure one is wrong."""

import asyncio
import importlib.util
import random
from pathlib import Path

import pytest

from defgraph import loading
from defgraph.engine.profile import Profile
from defgraph.namespaces import DEF, ID
from defgraph.reconciliation import Matcher, read_index
from defgraph.reconciliation.index import LABELS
from defgraph.store.in_process import InProcessStore

_spec = importlib.util.spec_from_file_location(
    "spellings", Path(__file__).with_name("spellings.py")
)
spellings = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(spellings)

RIGHT = 0.95


@pytest.fixture(scope="module")
def index():
    store = InProcessStore(loading.load(), profile=Profile())
    return asyncio.run(read_index(store))


@pytest.fixture(scope="module")
def matcher(index):
    return Matcher(index)


def judged(matcher, cases):
    """The share of first candidates that are right, which are not, and which sure ones are wrong."""
    first = {name: next(iter(matcher.match(name)), None) for name, _ in cases}
    wrong = [
        (name, found and found.thing.iri)
        for name, meant in cases
        if (found := first[name]) is None or found.thing.iri != ID + meant
    ]
    wrong_and_sure = [name for name, _ in wrong if first[name] and first[name].is_sure]
    return 1 - len(wrong) / len(cases), wrong, wrong_and_sure


def with_an_error(name, chance):
    """Swap, drop, double or replace one letter that is not the first."""
    at = chance.randrange(1, len(name) - 1)
    kind = chance.randrange(4)
    if kind == 0 and name[at] != name[at + 1]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[: at + 1] + name[at:]
    return name[:at] + chance.choice("aeioulnrst") + name[at + 1 :]


def errors_in(index, seed):
    chance = random.Random(seed)
    cases = []
    for kind in ("State", "Person"):
        for thing in index.by_type[DEF + kind]:
            for label in thing.values[LABELS[1]]:
                if label.language == "en" and len(label.value) > 5:
                    meant = thing.iri.removeprefix(ID)
                    cases.append((with_an_error(label.value, chance), meant))
    return cases


BY_HAND = {"tuning": spellings.TUNING, "held out": spellings.HELD_OUT, **spellings.LATER}


@pytest.mark.parametrize("table", BY_HAND)
@pytest.mark.parametrize("kinds", [(), ("State",), ("Person",), ("Agent",)])
def test_spellings_written_by_hand_are_understood(index, table, kinds):
    cases = [
        each
        for each in BY_HAND[table]
        if kinds in {(), ("Agent",)} or each[1].startswith(f"{kinds[0].lower()}/")
    ]
    share, wrong, wrong_and_sure = judged(Matcher(index, [DEF + each for each in kinds]), cases)

    assert share >= RIGHT, wrong
    assert wrong_and_sure == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [None, "State"])
def test_errors_of_typing_are_understood(index, seed, kind):
    cases = [
        each for each in errors_in(index, seed) if kind is None or each[1].startswith("state/")
    ]
    share, wrong, wrong_and_sure = judged(Matcher(index, [DEF + kind] if kind else ()), cases)

    assert len(cases) > 150
    assert share >= RIGHT, wrong
    assert wrong_and_sure == []


@pytest.mark.parametrize("kind", [(), (DEF + "State",), (DEF + "Person",)])
def test_what_may_be_another_is_not_sure(index, kind):
    matcher = Matcher(index, kind)

    sure = [
        (name, each.thing.iri)
        for name in spellings.NOT_SURE
        for each in matcher.match(name)
        if each.is_sure
    ]

    assert sure == []


def test_there_are_enough_of_them():
    assert sum(map(len, BY_HAND.values())) >= 4_000
    assert len(spellings.NOT_SURE) >= 800


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Burma (Myanmar)", "state/mm"),
        ("Aotearoa/New Zealand", "state/nz"),
        ("Österreich", "state/at"),
        ("S.Sudan", None),
        ("Georgia (US state)", None),
        ("Islands", None),
    ],
)
def test_two_names_together_are_sure_where_both_are_names_of_it(matcher, name, meant):
    sure = [each.thing.iri for each in matcher.match(name) if each.is_sure]

    assert sure == ([ID + meant] if meant else [])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Eq. Guinea", "state/gq"),
        ("Dem. Rep. Congo", "state/cd"),
        ("S. Koizumi", "person/shinjiro-koizumi"),
        ("R.S.A.", "state/za"),
        ("Sinzirou Koizumi", "person/shinjiro-koizumi"),
        ("もてぎ としみつ", "person/toshimitsu-motegi"),
    ],
)
def test_a_name_cut_short_or_romanised_otherwise_is_likely_and_not_sure(matcher, name, meant):
    best = matcher.match(name)[0]

    assert (best.thing.iri, best.is_sure) == (ID + meant, False)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Rhodesia", "state/zw"),
        ("GER", "state/de"),
        ("独", "state/de"),
        ("Korea Rep.", "state/kr"),
        ("NZ Foreign Minister Peters", "person/winston-peters"),
        ("ニュージーランドのコリンズ国防相", "person/judith-collins"),
        ("Shinjiro Koizumi, Minister of Defense of Japan", "person/shinjiro-koizumi"),
    ],
)
def test_what_stands_for_a_thing_without_being_its_name_is_likely(matcher, name, meant):
    best = matcher.match(name)[0]

    assert (best.thing.iri, best.is_sure) == (ID + meant, False)


def test_who_holds_an_office_is_found_by_its_name_and_is_not_sure(index):
    post, holder = Matcher(index).match("Defence Minister of NZ", limit=2)
    person = Matcher(index, [DEF + "Person"]).match("日本の防衛大臣")[0]

    assert post.thing.iri == f"{ID}post/nz-defence-minister"
    assert (holder.thing.iri, holder.is_sure) == (f"{ID}person/judith-collins", False)
    assert (person.thing.iri, person.is_sure) == (f"{ID}person/shinjiro-koizumi", False)


def test_every_english_and_japanese_name_is_its_own(index):
    matcher = Matcher(index, [DEF + "State"])
    for thing in index.by_type[DEF + "State"]:
        for label in thing.values[LABELS[1]]:
            best = matcher.match(label.value)[0]
            assert (best.thing.iri, best.is_sure) == (thing.iri, True), label


def test_scores_are_between_0_and_100_and_fall(matcher):
    for name, _ in spellings.TUNING:
        scores = [each.score for each in matcher.match(name, limit=20)]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < each <= 100 for each in scores)
