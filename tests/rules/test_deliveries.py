"""R2, R3: the life of a delivery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import TimeDelta

from rules.deliveries import (
    DIRECT_GAP,
    DIRECT_GATHERS,
    EDITS_AN_HOUR,
    LEASE,
    LIFE,
    NONCE_WINDOW,
    PROMISE_SETTLES,
    PUBLISH_WINDOW,
    PUBLISHES_AN_HOUR,
    Approach,
    Event,
    ImpossibleStepError,
    Kind,
    Outcome,
    State,
    approach,
    direct_turn,
    next_attempt,
    nonce,
    step,
)
from tests.rules.build import NEW_YEAR


@pytest.mark.parametrize("state", [State.SENT, State.CANCELLED])
@pytest.mark.parametrize("event", list(Event))
def test_what_is_over_stays_over(state: State, event: Event) -> None:
    """Nothing is sent twice because a row came to life again."""
    with pytest.raises(ImpossibleStepError):
        step(state, event)


def test_every_state_that_is_not_over_can_end_as_sent() -> None:
    """Nothing is ever dropped silently."""
    reached = {State.SENT}
    for _ in State:
        reached |= {before for (before, _), after in LIFE.items() if after in reached}
    assert reached == set(State) - {State.CANCELLED}


@pytest.mark.parametrize(
    ("kind", "lost_for", "expected"),
    [
        (Kind.PART, None, Approach.SEND),
        (Kind.PART, TimeDelta(seconds=5), Approach.SEND),  # Discord still knows the nonce
        (Kind.PART, NONCE_WINDOW - TimeDelta(milliseconds=1), Approach.SEND),
        (Kind.PART, NONCE_WINDOW, Approach.LOOK_FIRST),
        (Kind.PART, TimeDelta(hours=5), Approach.LOOK_FIRST),
        (Kind.THREAD, TimeDelta(seconds=5), Approach.LOOK_FIRST),  # a forum post has no nonce
        (Kind.PUBLISH, TimeDelta(hours=5), Approach.SEND),  # a second publish is answered "already"
    ],
)
def test_r2_a_lost_attempt_is_repeated_only_where_discord_cannot_double_it(
    kind: Kind, lost_for: TimeDelta | None, expected: Approach
) -> None:
    """Same nonce within its window, else look first."""
    attempted = None if lost_for is None else NEW_YEAR - lost_for
    assert approach(kind, attempted_at=attempted, now=NEW_YEAR) is expected


@pytest.mark.parametrize(
    ("kind", "lost_for", "expected"),
    [
        (Kind.PART, None, Approach.SEND),
        (Kind.PART, TimeDelta(seconds=5), Approach.LOOK_FIRST),  # under another nonce, in a life that is forgotten
        (Kind.ANNOUNCEMENT, TimeDelta(hours=5), Approach.LOOK_FIRST),
        (Kind.EDIT, TimeDelta(seconds=5), Approach.SEND),
    ],
)
def test_r2_after_an_older_copy_was_put_back_no_nonce_helps(
    kind: Kind, lost_for: TimeDelta | None, expected: Approach
) -> None:
    """What can be doubled is looked for, however little time has passed."""
    attempted = None if lost_for is None else NEW_YEAR - lost_for
    assert approach(kind, attempted_at=attempted, now=NEW_YEAR, forgotten=True) is expected


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_a_nonce_fits_discord_and_belongs_to_one_delivery(one: int, other: int) -> None:
    """At most 25 characters."""
    assert len(nonce(one)) <= 25
    assert (nonce(one) == nonce(other)) == (one == other)


def test_what_discord_asks_for_is_waited_for_and_trouble_is_met_with_patience() -> None:
    """The waits grow from seconds to ten minutes, and stay there."""
    asked = Outcome(Event.POSTPONE, retry_after=TimeDelta(seconds=77))
    assert next_attempt(asked, attempts=9, now=NEW_YEAR) == NEW_YEAR.add(seconds=77)
    assert next_attempt(Outcome(Event.LOST), attempts=9, now=NEW_YEAR) > NEW_YEAR, "and what was lost is tried again"
    waits = [next_attempt(Outcome(Event.POSTPONE), attempts=n, now=NEW_YEAR) - NEW_YEAR for n in range(1, 7)]
    assert [wait.total("seconds") for wait in waits] == [10, 30, 120, 600, 600, 600]


def test_what_is_done_was_done_by_us_unless_the_hands_say_otherwise() -> None:
    """Who was somewhere before, without our doing, is not taken away again."""
    assert not Outcome(Event.DONE, message_id=1).already


def test_r2_what_a_crash_or_a_lost_answer_leaves_is_taken_up_while_discord_still_knows_the_nonce() -> None:
    """Else every such delivery would have to be looked for first."""
    lost = next_attempt(Outcome(Event.LOST), attempts=1, now=NEW_YEAR) - NEW_YEAR
    assert TimeDelta() < LEASE < LEASE + lost < NONCE_WINDOW


def test_direct_messages_stand_in_one_line_with_a_gap_between() -> None:
    """The first of all waits for nobody."""
    assert direct_turn(due=NEW_YEAR, last=None) == NEW_YEAR
    assert direct_turn(due=NEW_YEAR, last=NEW_YEAR) == NEW_YEAR + DIRECT_GAP > NEW_YEAR
    assert direct_turn(due=NEW_YEAR, last=NEW_YEAR - DIRECT_GATHERS) == NEW_YEAR


def test_r4_publishing_keeps_to_ten_an_hour() -> None:
    """What is known of Discord's limit."""
    assert PUBLISHES_AN_HOUR == 10
    assert TimeDelta(hours=1) == PUBLISH_WINDOW


def test_r4_corrections_wait_until_promises_have_settled_and_come_seldom() -> None:
    """Two an hour in a channel, so that one that must be made at once finds room; ten minutes after the last move."""
    assert EDITS_AN_HOUR == 2
    assert TimeDelta(minutes=10) == PROMISE_SETTLES
