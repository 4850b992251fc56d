"""What is a finding, and what matters first."""

from typing import Any

import pytest
from whenever import TimeDelta

from rules.cadence import LATE_AFTER
from rules.health import (
    CLOCK_TOLERANCE,
    MOST_THREADS,
    PUBLISHES_NEAR,
    SCANT_ROOM,
    THREADS_NEAR,
    AsksForTag,
    CameLate,
    ChannelGone,
    ClockOff,
    Finding,
    Held,
    HomeFull,
    HomesShut,
    Lacks,
    Late,
    ManyThreads,
    Overdue,
    Publishes,
    Record,
    Room,
    Sight,
    TimedOut,
    Use,
    findings,
    overdue_before,
)
from tests.rules.build import NEW_YEAR

MOMENT = TimeDelta(milliseconds=1)


def a_sight(**changes: Any) -> Sight:
    """Nothing to be seen but what a test is about."""
    return Sight(**({"threads": 0} | changes))


def found(sight: Sight | None = None, record: Record | None = None) -> list[type[Finding]]:
    """The kinds of what is found, in order."""
    return [type(one) for one in findings(sight or a_sight(), record or Record(), now=NEW_YEAR)]


def test_nothing_is_found_where_nothing_is() -> None:
    """All is well."""
    assert found() == []


def test_all_there_can_be_comes_in_the_order_of_what_matters() -> None:
    """What nothing gets past, what is stuck, what is late, what is near."""
    sight = a_sight(
        gone=(Use.NETWORK, Use.NOTICES),
        lacks=(Lacks(Use.HOME, 1, ("View Channel",)),),
        timed_out=NEW_YEAR + MOMENT,
        asks_for_tag=1,
        shut=HomesShut((), (2,)),
        threads=MOST_THREADS,
        ahead=TimeDelta(hours=1),
        room=Room(1, 0),
    )
    record = Record(
        held=Held(1, NEW_YEAR, None, None, 0),
        overdue=Overdue(1, NEW_YEAR, None),
        late=Late(1, NEW_YEAR),
        came_late=CameLate(1, TimeDelta(hours=1), NEW_YEAR),
        publishes=Publishes(1, 10, 0, None),
        full=(HomeFull(1, 1), HomeFull(2, 1)),
    )
    assert found(sight, record) == [
        *(ChannelGone, ChannelGone, TimedOut, Lacks, HomesShut, AsksForTag, Held, Room, ClockOff, Overdue, Late),
        *(Publishes, HomeFull, HomeFull, ManyThreads, CameLate),
    ]


@pytest.mark.parametrize(
    ("sight", "expected"),
    [
        (a_sight(timed_out=NEW_YEAR), []),
        (a_sight(timed_out=NEW_YEAR - MOMENT), []),
        (a_sight(timed_out=NEW_YEAR + MOMENT), [TimedOut]),
        (a_sight(shut=HomesShut((1,), ())), [HomesShut]),
        (a_sight(ahead=CLOCK_TOLERANCE), []),
        (a_sight(ahead=CLOCK_TOLERANCE + MOMENT), [ClockOff]),
        (a_sight(ahead=-CLOCK_TOLERANCE), []),
        (a_sight(ahead=-(CLOCK_TOLERANCE + MOMENT)), [ClockOff]),
        (a_sight(room=Room(0, SCANT_ROOM)), []),
        (a_sight(room=Room(0, SCANT_ROOM + 1)), []),
        (a_sight(room=Room(0, SCANT_ROOM - 1)), [Room]),
        (a_sight(room=Room(5 * SCANT_ROOM, 5 * SCANT_ROOM)), []),
        (a_sight(room=Room(5 * SCANT_ROOM, 5 * SCANT_ROOM - 1)), [Room]),  # no room for a copy
        (a_sight(threads=THREADS_NEAR - 1), []),
        (a_sight(threads=THREADS_NEAR), [ManyThreads]),
    ],
)
def test_where_a_fact_becomes_a_finding(sight: Sight, expected: list[type[Finding]]) -> None:
    """At its bound, and just before."""
    assert found(sight) == expected


@pytest.mark.parametrize(
    ("made", "waiting", "expected"),
    [(0, 0, []), (PUBLISHES_NEAR - 1, 0, []), (PUBLISHES_NEAR, 0, [Publishes]), (1, 1, [Publishes])],
)
def test_r4_publishes_are_told_of_near_their_limit_and_while_some_wait(
    made: int, waiting: int, expected: list[type[Finding]]
) -> None:
    """However many were made, what waits is told."""
    assert found(record=Record(publishes=Publishes(1, made, waiting, None))) == expected


def test_what_is_overdue_is_late_by_more_than_a_breath() -> None:
    """The same bound as for chapters (C14)."""
    assert NEW_YEAR - overdue_before(NEW_YEAR) == LATE_AFTER


def test_the_bounds_are_those_of_discord_and_of_our_own_looking() -> None:
    """Threads by Discord's reference; a clock as far as a lost message is still found; room for some weeks."""
    assert (MOST_THREADS, THREADS_NEAR, PUBLISHES_NEAR) == (1000, 950, 8)
    assert (TimeDelta(seconds=10), 200_000_000) == (CLOCK_TOLERANCE, SCANT_ROOM)
