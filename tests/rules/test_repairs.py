"""L10: a label that changes after the release."""

from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from rules.labels import Ai, Fault, Reach
from rules.repairs import Effect, Repair, effect_of, repair_until
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case, a_policy, at, some_labels


def reach(repair: Repair | None, **labels: object) -> Reach:
    """How far a chapter travels after a repair."""
    given_labels = some_labels(Ai.ASSISTED, stands_in=labels.get("stands_in", 1))  # type: ignore[arg-type]
    return evaluate(a_case(labels=given_labels, repair=repair)).reach


def a_repair(moment: Instant, *, announced: bool = False, excused: bool = False) -> Repair:
    """A repair of a chapter that came out at the new year."""
    return Repair(NEW_YEAR, moment, announced=announced, excused=excused)


def test_l10_a_label_mended_within_fourteen_days_brings_the_chapter_to_the_network() -> None:
    """To the second; the next one is too late, and the finding says so and offers no cure."""
    last = at("2026-01-15 00:00")
    assert repair_until(NEW_YEAR, a_policy()) == last
    assert reach(a_repair(last)) is Reach.NETWORK
    late = evaluate(a_case(repair=Repair(NEW_YEAR, last.add(seconds=1), announced=False)))
    assert late.reach is Reach.PERSONAL
    (finding,) = late.label_findings
    assert (finding.rule, finding.fault, finding.cure) == ("L10", Fault.MENDED_TOO_LATE, None)


def test_l10_the_days_are_counted_by_the_clock_on_the_wall_whatever_the_cadence_counts_by() -> None:
    """Berlin springs forward within them."""
    policy = a_policy(zone="Europe/Berlin", repair_days=2)
    assert repair_until(at("2026-03-28 18:00", "Europe/Berlin"), policy) == at("2026-03-30 18:00", "Europe/Berlin")


def test_l10_what_was_announced_before_is_no_news_and_has_no_last_day() -> None:
    """Nor has what a moderator had set and an appeal has undone (L12)."""
    years_later = NEW_YEAR.add(hours=24 * 700)
    assert reach(a_repair(years_later, announced=True)) is Reach.NETWORK
    assert reach(a_repair(years_later, excused=True)) is Reach.NETWORK


def test_a_failing_label_is_told_for_itself_however_late_it_is() -> None:
    """Its own finding, not that it comes too late."""
    verdict = evaluate(a_case(labels=some_labels(Ai.ASSISTED, stands_in=3), repair=a_repair(NEW_YEAR.add(hours=9999))))
    assert [finding.rule for finding in verdict.label_findings] == ["L3"]


@given(
    labels=st.builds(some_labels, st.sampled_from(Ai), stands_in=st.none() | st.integers(1, 4)),
    hours=st.integers(0, 24 * 30),
    announced=st.booleans(),
    excused=st.booleans(),
)
def test_l10_in_its_plain_words(labels: object, hours: int, announced: bool, excused: bool) -> None:
    """A repair travels exactly where its labels are complete and it is in time, known already, or excused."""
    repair = a_repair(NEW_YEAR.add(hours=hours), announced=announced, excused=excused)
    by_labels = evaluate(a_case(labels=labels))
    travels = by_labels.reach is Reach.NETWORK and (announced or excused or hours <= 14 * 24)
    repaired = evaluate(a_case(labels=labels, repair=repair))
    assert (repaired.reach is Reach.NETWORK) is travels
    assert repaired.slot == by_labels.slot, "labels change no time (L13)"


def test_what_a_change_of_reach_does_to_the_announcement() -> None:
    """All four of them."""
    personal, network = Reach.PERSONAL, Reach.NETWORK
    for announced in (False, True):
        assert effect_of(personal, personal, announced=announced) is Effect.NONE
        assert effect_of(network, network, announced=announced) is Effect.NONE
        assert effect_of(network, personal, announced=announced) is Effect.TAKEN_BACK
    assert effect_of(personal, network, announced=False) is Effect.ANNOUNCED
    assert effect_of(personal, network, announced=True) is Effect.PUT_BACK
