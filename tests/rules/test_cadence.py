"""C1 to C8, C14: when may a chapter go out?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant, TimeDelta

from rules.cadence import (
    Because,
    LaneKind,
    is_late,
    next_free,
    release_moment,
    slot_for,
)
from rules.policy import Measure
from tests.rules.build import NEW_YEAR, a_lane, a_policy, at

LONG_AGO = at("2025-06-01 09:00")
near = st.integers(-40 * 86_400_000, 40 * 86_400_000).map(lambda ms: NEW_YEAR.add(milliseconds=ms))


@pytest.mark.parametrize(("kind", "days"), [(LaneKind.SERIES, 14), (LaneKind.CHAPTER, 3)])
def test_c1_c2_a_lane_is_free_again_after_its_days_to_the_second(kind: LaneKind, days: int) -> None:
    """Day 0, day 14; day 0, day 3."""
    lane = a_lane(NEW_YEAR, kind)
    free = NEW_YEAR.add(hours=24 * days)
    just_before = free.subtract(milliseconds=1)

    assert next_free(lane, a_policy()) == free
    assert slot_for(lane, now=just_before, wanted=None, policy=a_policy()).at == free
    assert slot_for(lane, now=free, wanted=None, policy=a_policy()).because is Because.NOW


def test_c3_an_empty_lane_holds_nobody_up() -> None:
    """The first chapter of the first series."""
    slot = slot_for(a_lane(), now=NEW_YEAR, wanted=None, policy=a_policy())
    assert (slot.at, slot.because, slot.free_from) == (NEW_YEAR, Because.NOW, None)


def test_c5_a_lane_counts_from_the_slot_so_that_slots_do_not_drift() -> None:
    """Twenty chapters handed in one after another: every third day, to the millisecond."""
    last = NEW_YEAR
    for number in range(1, 21):
        last = slot_for(a_lane(last), now=NEW_YEAR.add(seconds=number), wanted=None, policy=a_policy()).at
    assert last == NEW_YEAR.add(hours=24 * 60)


def test_c8_a_later_wish_is_kept_and_an_earlier_one_gets_the_slot_of_c7() -> None:
    """Later than the rules: kept. Earlier: the rules' own slot."""
    lane, free = a_lane(NEW_YEAR), NEW_YEAR.add(hours=72)
    later, earlier = free.add(hours=5), free.subtract(hours=5)
    kept = slot_for(lane, now=NEW_YEAR, wanted=later, policy=a_policy())
    assert (kept.at, kept.because) == (later, Because.WANTED)
    given_free = slot_for(lane, now=NEW_YEAR, wanted=earlier, policy=a_policy())
    assert (given_free.at, given_free.because) == (free, Because.LANE)


@given(
    last=st.none() | near,
    now=near,
    wanted=st.none() | near,
    kind=st.sampled_from(LaneKind),
    series_days=st.integers(0, 30),
    chapter_days=st.integers(0, 10),
)
def test_c7_a_slot_is_exactly_the_latest_of_three_moments(
    last: Instant | None, now: Instant, wanted: Instant | None, kind: LaneKind, series_days: int, chapter_days: int
) -> None:
    """C1, C2: neither a moment sooner nor a moment later than the plain wording."""
    lane, policy = a_lane(last, kind), a_policy(series_days=series_days, chapter_days=chapter_days)
    days = series_days if kind is LaneKind.SERIES else chapter_days
    candidates = [now]
    if wanted is not None:
        candidates.append(wanted)
    if last is not None:
        candidates.append(last.add(hours=24 * days))

    assert slot_for(lane, now=now, wanted=wanted, policy=policy).at == max(candidates)


@pytest.mark.parametrize(
    ("last", "wanted", "because"),
    [
        (None, NEW_YEAR, Because.NOW),
        (NEW_YEAR.subtract(hours=72), NEW_YEAR, Because.NOW),
        (NEW_YEAR, NEW_YEAR.add(hours=72), Because.WANTED),
    ],
)
def test_c7_where_two_moments_are_one_nobody_is_delayed_by_the_lane(
    last: Instant | None, wanted: Instant, because: Because
) -> None:
    """A wish for this very moment asks for nothing; one for the lane's very moment is the author's own."""
    slot = slot_for(a_lane(last), now=NEW_YEAR, wanted=wanted, policy=a_policy())
    assert (slot.at, slot.because) == (wanted, because)


@pytest.mark.parametrize(
    ("measure", "free"),
    [
        (Measure.CIVIL, "2026-03-31 18:00"),
        (Measure.ELAPSED, "2026-03-31 19:00"),
        (Measure.MIDNIGHT, "2026-03-31 00:00"),
    ],
)
def test_c4_a_lane_counts_its_days_as_the_policy_measures_them(measure: Measure, free: str) -> None:
    """Berlin springs forward on 29 March 2026."""
    lane = a_lane(at("2026-03-28 18:00", "Europe/Berlin"))
    assert next_free(lane, a_policy(zone="Europe/Berlin", measure=measure)) == at(free, "Europe/Berlin")


def test_c9_a_stricter_policy_reads_the_same_lane_more_strictly() -> None:
    """The days of the policy count, not the defaults."""
    assert next_free(a_lane(NEW_YEAR), a_policy(chapter_days=5)) == NEW_YEAR.add(hours=120)


def test_c14_overdue_chapters_of_a_series_keep_an_hour_between_them() -> None:
    """After an outage; a chapter on time waits for nobody."""
    slot, back = NEW_YEAR, NEW_YEAR.add(hours=30)
    assert release_moment(slot, previous_release=None, now=back) == slot
    assert release_moment(slot, previous_release=back, now=back) == back.add(hours=1)
    assert release_moment(slot, previous_release=back.subtract(hours=2), now=back) <= back
    assert release_moment(slot, previous_release=slot.subtract(minutes=5), now=slot) == slot


@given(
    slots=st.lists(st.integers(1, 10 * 86_400_000), min_size=1, max_size=8).map(sorted),
    out=st.none() | st.integers(-3 * 3_600_000, 0),
    outage=st.integers(120_000, 10 * 86_400_000),
)
def test_c14_after_an_outage_each_comes_at_once_or_an_hour_after_the_one_before(
    slots: list[int], out: int | None, outage: int
) -> None:
    """Those whose slots passed meanwhile, in their order; `out`: when the last before the outage came."""
    begun = NEW_YEAR
    back = begun.add(milliseconds=outage)
    previous = None if out is None else begun.add(milliseconds=out)
    overdue = [slot for slot in (begun.add(milliseconds=ms) for ms in slots) if is_late(slot, back)]
    now = back
    for slot in overdue:
        now = max(now, release_moment(slot, previous_release=previous, now=now))
        assert now == (back if previous is None else max(back, previous.add(hours=1)))
        previous = now


def test_c14_a_release_is_late_after_more_than_a_minute() -> None:
    """A bot that draws breath is not late."""
    assert not is_late(NEW_YEAR, NEW_YEAR + TimeDelta(minutes=1))
    assert is_late(NEW_YEAR, NEW_YEAR + TimeDelta(minutes=1, milliseconds=1))
