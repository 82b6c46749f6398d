"""The page on other engines names settings, options and numbers as they are."""

import re
from pathlib import Path

from defgraph.remote.store import CONNECTIONS
from defgraph.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scale-out.md").read_text(encoding="utf-8")


def test_every_setting_that_it_names_exists():
    named = {name.lower() for name in re.findall(r"DEFGRAPH_([A-Z_]+)", PAGE)}

    assert named
    assert named <= set(Settings.model_fields)


def test_its_numbers_are_the_defaults():
    assert f"connections (by default {CONNECTIONS})" in PAGE
    assert f"{Settings.model_fields['max_waiting_queries'].default} queries wait" in PAGE


def test_the_score_is_that_of_the_table():
    outcomes = re.findall(r"V\d\d (same|DIFFERS)", PAGE)

    assert f"{outcomes.count('same')} of {len(outcomes)}\n" in PAGE
