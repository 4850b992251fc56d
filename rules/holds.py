"""What the end of a hold does to the promises behind it (C9)."""

from collections.abc import Sequence

from whenever import Instant

from rules.civil import days_later
from rules.policy import Policy


def slots_after_hold(promises: Sequence[Instant], *, now: Instant, policy: Policy) -> tuple[Instant, ...]:
    """C9: the slots of the chapters that a hold kept back, in their order, once it has ended.

    A promise that has not come yet stands. One that has passed comes now, and pushes those behind it no further than
    the distance they had, and never by more than the lane asks for: a chapter never comes sooner than its promise.
    """
    slots: list[Instant] = []
    for number, promise in enumerate(promises):
        slot = max(promise, now)
        if slots:
            before, previous = promises[number - 1], slots[-1]
            lane = days_later(previous, policy.chapter_days, zone=policy.zone, measure=policy.measure)
            slot = max(promise, min(lane, previous + (promise - before)))
        slots.append(slot)
    return tuple(slots)
