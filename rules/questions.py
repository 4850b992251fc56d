"""A moderator who doubts a label asks first: how long its author has, and when they are reminded (L11)."""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Times:
    """Until when a question's author has time, and when they are reminded of it, once."""

    remind: Instant
    due: Instant


def times(asked: Instant, policy: Policy) -> Times:
    """L11: the hours of the policy from the moment at which the author could read it; a reminder after two thirds."""
    return Times(asked + _hours(policy) * 2 / 3, asked + _hours(policy))


def due_after_reminder(due: Instant, *, reminded: Instant, policy: Policy) -> Instant:
    """L11: a reminder that comes late, because the bot was away, takes nothing from its author's time to answer."""
    return max(due, reminded + _hours(policy) / 3)


def may_be_decided(*, answered: bool, due: Instant | None, now: Instant) -> bool:
    """L11: a question has done its part once it is answered, or its author's time is over."""
    return answered or (due is not None and now >= due)


def _hours(policy: Policy) -> TimeDelta:
    return TimeDelta(hours=policy.question_hours)
