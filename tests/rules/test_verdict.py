"""N4, C12, L13: one evaluator; labels change no time, times change no reach."""

from hypothesis import given
from hypothesis import strategies as st

from rules.cadence import Because
from rules.labels import Ai, Labels, Reach
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case, a_lane, a_policy, some_labels

moments = st.integers(-30 * 86_400, 30 * 86_400).map(lambda seconds: NEW_YEAR.add(seconds=seconds))
labels = st.builds(
    Labels,
    st.sampled_from(Ai),
    st.just("I used AI."),
    st.none() | st.integers(1, 9),
    names_ai=st.booleans(),
)
lanes = st.none() | moments


@given(last=lanes, wanted=st.none() | moments, one=labels, other=labels)
def test_c12_the_same_chapter_with_other_labels_gets_the_same_slot(
    last: object, wanted: object, one: Labels, other: Labels
) -> None:
    """Cadence never looks at labels."""
    case = {"lane": a_lane(last), "wanted": wanted}  # type: ignore[arg-type]
    assert evaluate(a_case(labels=one, **case)).slot == evaluate(a_case(labels=other, **case)).slot


@given(one=lanes, other=lanes, wanted=st.none() | moments, label=labels)
def test_l13_the_same_labels_at_another_time_give_the_same_reach(
    one: object, other: object, wanted: object, label: Labels
) -> None:
    """Times never change reach."""
    first = evaluate(a_case(lane=a_lane(one), labels=label))  # type: ignore[arg-type]
    second = evaluate(a_case(lane=a_lane(other), wanted=wanted, labels=label))  # type: ignore[arg-type]
    assert (first.reach, first.label_findings) == (second.reach, second.label_findings)


def test_a_verdict_says_whether_the_rules_delay_or_restrict() -> None:
    """N1, N2: a wish is no delay; a failing label is a restriction."""
    waits = evaluate(a_case(lane=a_lane(NEW_YEAR)))
    wished = evaluate(a_case(wanted=NEW_YEAR.add(hours=1)))
    home = evaluate(a_case(labels=some_labels(Ai.GENERATED)))
    assert (waits.delayed, waits.restricted) == (True, False)
    assert (wished.delayed, wished.restricted) == (False, False)
    assert (home.delayed, home.restricted, home.reach) == (False, True, Reach.PERSONAL)


def test_c9_the_place_an_author_gave_it_stands_against_wish_and_lane() -> None:
    """What the lane would say is still told."""
    place = NEW_YEAR.add(hours=24)
    slot = evaluate(a_case(lane=a_lane(NEW_YEAR), wanted=NEW_YEAR.add(hours=1), place=place)).slot
    assert (slot.at, slot.because, slot.free_from) == (place, Because.MOVED, NEW_YEAR.add(hours=72))


def test_c9_what_a_hold_left_it_stands_against_everything() -> None:
    """Also against the place to which its author had moved it."""
    resumed = NEW_YEAR.add(hours=24 * 9)
    slot = evaluate(a_case(lane=a_lane(NEW_YEAR), place=NEW_YEAR.add(hours=24), resumed=resumed)).slot
    assert (slot.at, slot.because, slot.free_from) == (resumed, Because.HOLD, NEW_YEAR.add(hours=72))


def test_c9_an_earlier_slot_that_was_taken_counts_by_the_looser_policy_and_the_labels_by_their_own() -> None:
    """One day instead of three; a disclosure in the fourth paragraph stays too late (L3)."""
    case = a_case(
        lane=a_lane(NEW_YEAR),
        labels=some_labels(Ai.ASSISTED, stands_in=4),
        pace=a_policy(chapter_days=1, disclosure_paragraphs=9),
    )
    verdict = evaluate(case)
    assert (verdict.slot.at, verdict.reach) == (NEW_YEAR.add(hours=24), Reach.PERSONAL)
