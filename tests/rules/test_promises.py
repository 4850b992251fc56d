"""C7 to C11: what is promised may come earlier, never later by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant, TimeDelta

from rules.cadence import LaneKind
from rules.policy import Measure, Policy
from rules.promises import (
    Cause,
    Step,
    Waiting,
    at_pace_of,
    cause_of,
    earliest,
    mark,
    reordered,
    stays_counted,
)
from tests.rules.build import NEW_YEAR, a_lane, a_policy, at

DAY = 24


def day(number: float) -> Instant:
    """So many days after the new year."""
    return NEW_YEAR.add(hours=DAY * number)


def some_waiting(*slots: float, wanted: dict[int, float] | None = None, policy: Policy | None = None) -> list[Waiting]:
    """Chapters 1, 2, 3 … of one series, by the days of their promises and of their wishes."""
    wishes = wanted or {}
    return [
        Waiting(
            chapter_id=number,
            title=str(number),
            series_title="The Salt Road",
            slot=day(slot),
            wanted=day(wishes[number]) if number in wishes else None,
            policy=policy or a_policy(),
        )
        for number, slot in enumerate(slots, 1)
    ]


def days(steps: tuple[Step, ...]) -> list[float]:
    """The days on which a plan lets chapters out."""
    return [(step.after - NEW_YEAR).total("hours") / DAY for step in steps]


def order(steps: tuple[Step, ...]) -> list[int]:
    """The chapters of a plan, in its order."""
    return [step.waiting.chapter_id for step in steps]


@pytest.mark.parametrize(
    ("ahead", "now", "slots", "wanted", "expected"),
    [
        (0, 1, (6, 9, 12), {}, [3, 6, 9]),  # the chapter of day 3 was withdrawn
        (0, 1, (3, 9, 12), {}, [3, 6, 9]),  # the one of day 6
        (0, 4, (6, 9), {}, [4, 7]),  # the gap has begun already: at once, and three days after that
        (0, 1, (3, 6), {}, [3, 6]),  # there is no gap
        (0, 1, (6, 9, 12), {2: 8}, [3, 8, 11]),  # a wish is not undercut (C8)
        (0, 1, (6, 9, 12), {1: 6}, [6, 9, 12]),  # nor do those behind it overtake it
        (0, 7, (6, 9), {}, [6, 9]),  # what is overdue keeps its slot
        (0, 1, (), {}, []),
        (None, 1, (6,), {}, [1]),  # nothing came before it at all
    ],
)
def test_c10_a_closed_gap_brings_each_chapter_to_its_earliest_slot(
    ahead: float | None, now: float, slots: tuple[float, ...], wanted: dict[int, float], expected: list[float]
) -> None:
    """In their order, their wishes kept, none later."""
    lane = a_lane(None if ahead is None else day(ahead))
    waiting = some_waiting(*slots, wanted=wanted)
    assert days(earliest(lane, waiting, policy=a_policy(), now=day(now))) == expected


def test_c1_a_first_chapter_counts_by_the_series_lane_and_those_behind_it_by_their_own() -> None:
    """Day 14 after the author's other start, then every third day."""
    lane = a_lane(day(0), LaneKind.SERIES)
    assert days(earliest(lane, some_waiting(28, 31, 34), policy=a_policy(), now=day(1))) == [14, 17, 20]


def test_c9_a_looser_policy_offers_earlier_slots_and_a_stricter_one_takes_none_away() -> None:
    """Each chapter counts by the looser of its own policy and the one in force."""
    looser, stricter = a_policy(version=2, chapter_days=1), a_policy(version=2, chapter_days=9)
    waiting = some_waiting(3, 6, 9)
    steps = earliest(a_lane(day(0)), waiting, policy=looser, now=day(0.5))
    assert days(steps) == [1, 2, 3]
    assert [step.pace and (step.pace.version, step.pace.chapter_days) for step in steps] == [(1, 1)] * 3
    assert days(earliest(a_lane(day(0)), waiting, policy=stricter, now=day(0.5))) == [3, 6, 9]
    assert cause_of(a_lane(day(0)), waiting, policy=looser, now=day(0.5)) is Cause.LOOSER
    assert cause_of(a_lane(day(0)), waiting, policy=stricter, now=day(0.5)) is None
    assert cause_of(a_lane(day(0)), waiting[1:], policy=stricter, now=day(0.5)) is Cause.GAP


def test_c9_one_chapter_that_could_come_earlier_is_enough() -> None:
    """The first stays where it is: the gap is behind it, or it wants its day."""
    lane, looser = a_lane(day(0)), a_policy(version=2, chapter_days=1)
    assert cause_of(lane, some_waiting(3, 9), policy=a_policy(), now=day(0.5)) is Cause.GAP
    assert cause_of(lane, some_waiting(3, 6, wanted={1: 3}), policy=looser, now=day(0.5)) is Cause.LOOSER


def test_c9_another_policy_is_named_only_where_it_is_what_lets_a_chapter_out() -> None:
    """One in force that asks for as much changes nothing; the gap alone does."""
    (step,) = earliest(a_lane(day(0)), some_waiting(6), policy=a_policy(version=2), now=day(1))
    assert (days((step,)), step.pace) == ([3], None)


def test_c9_what_has_its_earliest_slot_already_is_left_as_it_is() -> None:
    """Also when that slot is this very moment; those behind it then count from its promise, not from the press."""
    (due, later) = earliest(a_lane(day(0)), some_waiting(3, 9), policy=None, now=day(3))
    assert (due.moves, due.at_once, due.floats) == (False, False, False)
    assert (days((due, later)), later.at_once, later.floats) == ([3, 6], False, False)


def test_c4_an_earlier_slot_keeps_the_hour_through_a_clock_change() -> None:
    """Berlin springs forward on 29 March 2026: 18:00 stays 18:00."""
    policy = a_policy(zone="Europe/Berlin")
    ahead, promise = at("2026-03-28 18:00", "Europe/Berlin"), at("2026-04-03 18:00", "Europe/Berlin")
    (late,) = some_waiting(0, policy=policy)
    waiting = Waiting(chapter_id=1, title="1", series_title="S", slot=promise, wanted=None, policy=late.policy)
    (step,) = earliest(a_lane(ahead), [waiting], policy=policy, now=ahead.add(hours=1))
    assert step.after == at("2026-03-31 18:00", "Europe/Berlin")


def test_l9_another_pace_leaves_the_label_rules_alone() -> None:
    """A looser cadence says nothing of labels."""
    own = a_policy(disclosure_paragraphs=2)
    other = a_policy(
        version=2, chapter_days=1, series_days=2, measure=Measure.ELAPSED, disclosure_paragraphs=9, zone="Asia/Tokyo"
    )
    pace = at_pace_of(own, other)
    assert (pace.chapter_days, pace.series_days, pace.measure, pace.zone) == (1, 2, Measure.ELAPSED, "Asia/Tokyo")
    assert (pace.version, pace.disclosure_paragraphs) == (1, 2)


slots_of_a_queue = st.lists(st.integers(0, 12 * DAY * 60), min_size=1, max_size=8).map(sorted)
minutes = st.integers(-20 * DAY * 60, 20 * DAY * 60)


@given(
    slots=slots_of_a_queue,
    wishes=st.lists(st.none() | minutes, min_size=8, max_size=8),
    ahead=st.none() | st.integers(-20 * DAY * 60, 0),
    now=minutes,
    own_days=st.integers(0, 5),
    days_in_force=st.integers(0, 5),
)
def test_c9_a_plan_is_exactly_what_the_rules_say(
    slots: list[int], wishes: list[int | None], ahead: int | None, now: int, own_days: int, days_in_force: int
) -> None:
    """The earlier of its promise and: the latest of now, its wish, and so many days after the chapter ahead."""
    moment = NEW_YEAR.add(minutes=now)
    waiting = [
        Waiting(
            chapter_id=number,
            title=str(number),
            series_title="S",
            slot=NEW_YEAR.add(minutes=slot),
            wanted=None if wish is None else NEW_YEAR.add(minutes=wish),
            policy=a_policy(chapter_days=own_days),
        )
        for number, (slot, wish) in enumerate(zip(slots, wishes, strict=False), 1)
    ]
    lane = a_lane(None if ahead is None else NEW_YEAR.add(minutes=ahead))
    steps = earliest(lane, waiting, policy=a_policy(version=2, chapter_days=days_in_force), now=moment)

    previous = None if ahead is None else NEW_YEAR.add(minutes=ahead)
    for one, step in zip(waiting, steps, strict=True):
        candidates = [moment] + [at for at in (one.wanted,) if at is not None]
        if previous is not None:
            candidates.append(previous.add(hours=DAY * min(own_days, days_in_force)))
        previous = min(one.slot, max(candidates))
        assert step.after == previous
        assert step.waiting is one


class TestReordering:
    """C7 to C9: the slots stay, the titles move over them."""

    @pytest.mark.parametrize(
        ("chapter", "position", "expected"),
        [
            (3, 1, [3, 1, 2, 4]),
            (1, 4, [2, 3, 4, 1]),
            (2, 3, [1, 3, 2, 4]),
            (2, 2, [1, 2, 3, 4]),
        ],
    )
    def test_the_chapters_between_take_the_slots_of_their_new_places(
        self, chapter: int, position: int, expected: list[int]
    ) -> None:
        """Not one slot is gained or lost."""
        steps = reordered(a_lane(day(0)), some_waiting(3, 6, 9, 12), chapter, position)
        assert order(steps) == expected
        assert days(steps) == [3, 6, 9, 12]
        assert not any(step.pushed_by for step in steps)
        assert [step.moves for step in steps] == [number != place for place, number in enumerate(expected, 1)], (
            "also what comes later moves"
        )

    def test_c9_places_that_were_given_faster_than_the_lane_stay(self) -> None:
        """E4: an exception has brought them; only a wish pushes."""
        steps = reordered(a_lane(day(0)), some_waiting(1, 2, 6), 2, 1)
        assert (order(steps), days(steps)) == ([2, 1, 3], [1, 2, 6])

    def test_c8_a_wish_is_not_undercut_and_pushes_those_behind_it_as_far_as_it_must(self) -> None:
        """Chapter 3 wants day 10: in the first place it still comes on day 10, and the others three days after."""
        steps = reordered(a_lane(day(0)), some_waiting(3, 6, 10, 20, wanted={3: 10}), 3, 1)
        assert order(steps) == [3, 1, 2, 4]
        assert days(steps) == [10, 13, 16, 20]
        assert [step.pushed_by for step in steps] == [
            TimeDelta(hours=7 * DAY),
            TimeDelta(hours=7 * DAY),
            TimeDelta(hours=6 * DAY),
            None,
        ]

    @given(slots=slots_of_a_queue, wishes=st.lists(st.none() | minutes, min_size=8, max_size=8), data=st.data())
    def test_no_chapter_is_lost_undercut_or_overtaken(
        self, slots: list[int], wishes: list[int | None], data: st.DataObject
    ) -> None:
        """Whatever is moved where; without wishes the slots are the same."""
        waiting = [
            Waiting(
                chapter_id=number,
                title=str(number),
                series_title="S",
                slot=NEW_YEAR.add(minutes=slot),
                wanted=None if wish is None else NEW_YEAR.add(minutes=wish),
                policy=a_policy(),
            )
            for number, (slot, wish) in enumerate(zip(slots, wishes, strict=False), 1)
        ]
        chapter = data.draw(st.integers(1, len(waiting)))
        position = data.draw(st.integers(1, len(waiting)))
        steps = reordered(a_lane(), waiting, chapter, position)
        others = [number for number in range(1, len(waiting) + 1) if number != chapter]
        assert order(steps) == [*others[: position - 1], chapter, *others[position - 1 :]]
        afters = [step.after for step in steps]
        assert afters == sorted(afters)
        for step, place in zip(steps, waiting, strict=True):
            assert step.after >= max(place.slot, step.waiting.wanted or place.slot)
        if not any(one.wanted for one in waiting):
            assert afters == [one.slot for one in waiting]


class TestMarks:
    """A plan that changed is told from the one that was shown."""

    def test_the_same_plan_a_minute_later_has_the_same_mark(self) -> None:
        """Also where it lets a chapter out at once."""
        lane, waiting = a_lane(day(0)), some_waiting(6, 9)
        shown, pressed = (earliest(lane, waiting, policy=None, now=day(4).add(minutes=n)) for n in (0, 1))
        assert days(shown) != days(pressed)
        assert [step.floats for step in shown] == [True, True]
        assert [step.at_once for step in shown] == [True, False]
        assert mark(shown) == mark(pressed)

    def test_another_plan_has_another_mark(self) -> None:
        """One chapter fewer, another time, or a gap that has begun meanwhile."""
        lane, now = a_lane(day(0)), day(1)
        plans = [
            earliest(lane, some_waiting(6, 9), policy=None, now=now),
            earliest(lane, some_waiting(6), policy=None, now=now),
            earliest(lane, some_waiting(6, 10), policy=None, now=now),
            earliest(a_lane(day(1)), some_waiting(6, 9), policy=None, now=now),
            earliest(lane, some_waiting(6, 9), policy=None, now=day(4)),
            earliest(lane, some_waiting(3, 6), policy=None, now=now),
        ]
        assert len({mark(plan) for plan in plans}) == len(plans)


@pytest.mark.parametrize(
    ("after", "copied", "counts"),
    [
        (TimeDelta(minutes=1), False, False),
        (TimeDelta(minutes=30), False, False),
        (TimeDelta(minutes=30, milliseconds=1), False, True),
        (TimeDelta(minutes=1), True, True),
    ],
)
def test_c11_a_released_chapter_gives_its_slot_back_for_half_an_hour_and_while_nobody_else_has_it(
    after: TimeDelta, copied: bool, counts: bool
) -> None:
    """To the millisecond."""
    assert stays_counted(released_at=NEW_YEAR, copied=copied, now=NEW_YEAR + after) is counts
