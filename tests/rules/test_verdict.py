"""N4, C12, L13: one evaluator; labels change no time, times change no reach."""

from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from rules.cadence import Because, LaneKind
from rules.labels import Ai, Labels, Reach
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case, a_lane, a_policy, some_labels

moments = st.integers(-30 * 86_400, 30 * 86_400).map(lambda seconds: NEW_YEAR.add(seconds=seconds))
labels = st.builds(
    Labels,
    st.sampled_from([*Ai, Ai.ASSISTED]),
    st.just("I used AI."),
    st.none() | st.integers(1, 4),
    names_ai=st.booleans(),
)
lanes = st.none() | moments


seldom = st.none() | st.none() | st.none() | moments
times = st.fixed_dictionaries(
    {
        "lane": st.builds(a_lane, lanes, st.sampled_from(LaneKind)),
        "wanted": st.none() | moments,
        "pace": st.none()
        | st.builds(a_policy, chapter_days=st.integers(0, 5), disclosure_paragraphs=st.integers(0, 4)),
        "resumed": seldom,
        "place": seldom,
    }
)
"""Everything that moves a slot, but for grants and turns, which know of nothing else."""


@settings(max_examples=200)
@given(time=times, one=labels, other=labels)
def test_c12_the_same_chapter_with_other_labels_gets_the_same_slot(
    time: dict[str, object], one: Labels, other: Labels
) -> None:
    """Cadence never looks at labels."""
    assert evaluate(a_case(labels=one, **time)).slot == evaluate(a_case(labels=other, **time)).slot


@settings(max_examples=200)
@given(one=times, other=times, label=labels)
def test_l13_the_same_labels_at_another_time_give_the_same_reach(
    one: dict[str, object], other: dict[str, object], label: Labels
) -> None:
    """Times never change reach."""
    first, second = evaluate(a_case(labels=label, **one)), evaluate(a_case(labels=label, **other))
    assert (first.reach, first.label_findings) == (second.reach, second.label_findings)


@given(last=moments, wanted=st.none() | moments)
def test_c6_a_chapter_is_delayed_exactly_where_the_lane_gives_a_later_time_than_its_author_asked_for(
    last: Instant, wanted: Instant | None
) -> None:
    """A wish is no delay, and a wish beyond the lane's time is the author's own."""
    asked_for = max(NEW_YEAR, wanted or NEW_YEAR)
    assert evaluate(a_case(lane=a_lane(last), wanted=wanted)).delayed is (last.add(hours=72) > asked_for)


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
