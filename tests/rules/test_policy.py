"""The numbers that hold where a community has chosen nothing: the bold ones of the rules."""

from rules.policy import GeneratedTravels, Measure
from tests.rules.build import a_policy


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
