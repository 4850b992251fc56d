"""The numbers of a community: the bold ones of the rules, each within what the rules can bear."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.policy import GeneratedTravels, Measure, OutOfRange, Policy, out_of_range, within_range
from tests.rules.build import a_policy

NUMBERS = [one.name for one in fields(Policy) if one.type == "int" or one.type is int]


def test_the_defaults_are_the_numbers_of_the_rules() -> None:
    """Each with its rule."""
    policy = a_policy()
    assert policy.series_days == 14, "C1"
    assert policy.chapter_days == 3, "C2"
    assert (policy.zone, policy.measure) == ("UTC", Measure.CIVIL), "C4"
    assert policy.waiting_limit == 60, "C7"
    assert policy.challenge_days == 7, "H1"
    assert not policy.challenge_lifts_start, "H5"
    assert policy.disclosure_paragraphs == 2, "L3"
    assert policy.generated_travels is GeneratedTravels.NEVER, "L4"
    assert policy.repair_days == 14, "L10"
    assert policy.question_hours == 72, "L11"
    assert policy.appeal_days == 7, "L12"
    assert policy.repair_days == 14, "L10"


@pytest.mark.parametrize("name", [name for name in NUMBERS if name != "version"])
def test_every_number_has_a_range_that_its_default_is_in_and_0_is_not(name: str) -> None:
    """C1, C2, C7: no lane without a limit, no queue without room; a new number is declared with `_number`."""
    assert out_of_range(Policy()) == ()
    (found,) = out_of_range(replace(Policy(), **{name: 0}))  # type: ignore[arg-type]
    assert (found.name, found.value, found.least) == (name, 0, 1)
    assert out_of_range(replace(Policy(), **{name: found.most})) == ()  # type: ignore[arg-type]
    assert out_of_range(replace(Policy(), **{name: found.most + 1})) != ()  # type: ignore[arg-type]


def test_no_number_is_greater_than_a_person_can_have_meant() -> None:
    """A year for a lane, two months for a challenge's window, a month for an answer, a page of paragraphs."""
    beyond = Policy(**dict.fromkeys((name for name in NUMBERS if name != "version"), 10_000))  # type: ignore[arg-type]
    assert {one.name: one.most for one in out_of_range(beyond)} == {
        "series_days": 365,
        "chapter_days": 365,
        "waiting_limit": 500,
        "disclosure_paragraphs": 20,
        "repair_days": 365,
        "challenge_days": 60,
        "question_hours": 720,
        "appeal_days": 60,
    }


def test_what_is_no_whole_number_is_out_of_range() -> None:
    """A hand-edited document can hold anything."""
    for value in ("3", 3.0, True, None):
        policy = Policy(chapter_days=value)  # type: ignore[arg-type]
        assert out_of_range(policy) == (OutOfRange("chapter_days", value, 1, 365),)
        assert within_range(policy) == Policy()


@given(chapter=st.integers(-9, 999), series=st.integers(-9, 999), waiting=st.integers(-9, 999))
def test_the_nearest_policy_that_holds_is_the_same_wherever_it_can_be(chapter: int, series: int, waiting: int) -> None:
    """Each number by itself."""
    policy = Policy(chapter_days=chapter, series_days=series, waiting_limit=waiting)
    near = within_range(policy)
    assert out_of_range(near) == ()
    assert near.chapter_days == sorted((1, chapter, 365))[1]
    assert near.series_days == sorted((1, series, 365))[1]
    assert near.waiting_limit == sorted((1, waiting, 500))[1]
    assert (near == policy) is (out_of_range(policy) == ())
