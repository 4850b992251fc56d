"""What a community changes about its policy, and what the rules can bear."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.amendments import (
    BadWords,
    Change,
    Fault,
    changes,
    faults,
    moves_reach,
    moves_slots,
)
from rules.labels import own_words, with_own_words
from rules.policy import AI_WORDS, OutOfRange, Policy
from tests.rules.build import a_policy


def test_what_differs_is_told_field_by_field_and_the_number_of_the_version_is_no_difference() -> None:
    """In the order of the fields."""
    after = a_policy(version=2, chapter_days=2, zone="Europe/Berlin")
    assert changes(a_policy(), after) == (
        Change("zone", "UTC", "Europe/Berlin"),
        Change("chapter_days", 3, 2),
    )
    assert changes(after, replace(after, version=9)) == ()
    assert changes(a_policy(chapter_days=2), a_policy(chapter_days=5)) == (Change("chapter_days", 2, 5),)


def test_the_default_policy_can_be_borne() -> None:
    """Its sentence names AI in one of its words."""
    assert faults(a_policy()) == ()


def test_numbers_are_borne_within_their_range() -> None:
    """As `rules/policy.py` has it."""
    assert faults(a_policy(chapter_days=0)) == (OutOfRange("chapter_days", 0, 1, 365),)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Written by hand.", Fault.NOT_NAMING_AI),
        ("", Fault.NO_SENTENCE),
        ("…", Fault.NO_SENTENCE),
        ("AI. " * 200, Fault.TOO_LONG),
    ],
)
def test_l7_a_standard_disclosure_with_which_no_chapter_could_travel_is_not_borne(sentence: str, fault: Fault) -> None:
    """Each chapter that uses it would stay home, and nobody would know why."""
    (found,) = faults(a_policy(standard_disclosure=sentence))
    assert (found.name, isinstance(found, BadWords) and found.fault) == ("standard_disclosure", fault)


@pytest.mark.parametrize("sentence", ["# I used AI", "* I used AI *", "I used AI\\", "`AI` <b>helped</b>", "1. AI"])
def test_l7_a_sentence_is_literal_whatever_its_signs(sentence: str) -> None:
    """*Add the label for me* puts it in as it is."""
    assert faults(a_policy(standard_disclosure=sentence)) == ()


def test_l7_a_sentence_has_as_much_room_as_an_authors_own() -> None:
    """500 characters."""
    longest = "AI " * 166 + "AI"
    assert faults(a_policy(standard_disclosure=longest)) == ()
    (found,) = faults(a_policy(standard_disclosure=f"{longest}.")) or (None,)
    assert found == BadWords("standard_disclosure", Fault.TOO_LONG, f"{longest}.", 500)


def test_l7_words_of_ones_own_are_few_and_say_something() -> None:
    """At most 60, of 60 characters, beside those that are built in, however many those are."""
    assert faults(a_policy(ai_words=(*AI_WORDS, "Quillbot", "quill-machine", "x" * 60))) == ()
    assert faults(a_policy(ai_words=(*AI_WORDS, "--"))) == (BadWords("ai_words", Fault.SAYS_NOTHING, "--", 0),)
    long = "x" * 61
    assert faults(a_policy(ai_words=(*AI_WORDS, long))) == (BadWords("ai_words", Fault.TOO_LONG, long, 60),)
    many = tuple(f"word{number}" for number in range(61))
    assert faults(a_policy(ai_words=(*AI_WORDS, *many))) == (BadWords("ai_words", Fault.TOO_MANY, "word60", 60),)
    assert faults(a_policy(ai_words=(*AI_WORDS, *many[1:]))) == ()


@given(words=st.lists(st.sampled_from(["Quillbot", "AI", "GPT", "Feder", "Feder"]), max_size=6))
def test_l7_what_is_built_in_stays_whatever_words_are_added(words: list[str]) -> None:
    """In their order, each once."""
    policy = a_policy(ai_words=(*AI_WORDS[:3], "Old"))
    after = replace(policy, ai_words=with_own_words(policy, tuple(words)))
    assert after.ai_words[:3] == AI_WORDS[:3]
    assert own_words(after) == tuple(dict.fromkeys(word for word in words if word not in AI_WORDS))


def test_what_a_change_can_move_is_known_for_every_field() -> None:
    """C12, L13: nothing moves both."""
    names = {one.name for one in fields(Policy)} - {"version"}
    slots = {name for name in names if moves_slots(Change(name, 1, 2))}
    reach = {name for name in names if moves_reach(Change(name, 1, 2))}
    assert slots == {"zone", "measure", "series_days", "chapter_days", "challenge_lifts_start"}
    assert reach == {"generated_travels", "disclosure_paragraphs", "repair_days", "ai_words"}
