"""The rules page: what it says is what the policy is."""

from dataclasses import fields, replace
from typing import Any

import pytest

from cogs.replies.cards import every
from cogs.replies.rulebook import page
from rules.policy import GeneratedTravels, Measure, Policy
from tests.faces.stage import text_of_view

OTHERS: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "measure": Measure.ELAPSED,
    "generated_travels": GeneratedTravels.IF_DISCLOSED,
    "standard_disclosure": "An AI helped me.",
    "challenge_lifts_start": True,
    "ai_words": ("AI", "KI"),
}
"""Another value for what is no number."""


@pytest.mark.parametrize("name", [one.name for one in fields(Policy)])
def test_whatever_a_community_changes_changes_the_page(name: str) -> None:
    """A new number or switch needs its sentence here."""
    policy = Policy()
    other = OTHERS.get(name, getattr(policy, name) + 4 if name not in OTHERS else None)
    changes: dict[str, Any] = {name: other}
    changed = text_of_view(page(replace(policy, **changes)))
    assert changed != text_of_view(page(policy))
    if name not in OTHERS:
        assert str(other) in changed


def test_it_is_read_in_a_minute_and_says_what_is_never_done() -> None:
    """At most 300 words on one card."""
    text = text_of_view(page(Policy()))
    assert len(text.split()) <= 300
    for promise in ("no detector", "no score", "Nothing is ranked", "never sums up", "appealed once"):
        assert promise in text


def test_a_pace_is_spoken_as_people_speak() -> None:
    """The 1st day is every day."""
    assert [every(days) for days in (1, 2, 3, 4, 11, 12, 21, 22, 113)] == [
        "every day",
        *(f"every {day} day" for day in ("2nd", "3rd", "4th", "11th", "12th", "21st", "22nd", "113th")),
    ]
