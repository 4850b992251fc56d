"""What the end of a hold does to the promises behind it (C9)."""

from collections.abc import Sequence

from whenever import Instant

from rules.civil import days_later
from rules.policy import Policy


def slots_after_hold(promises: Sequence[Instant], *, ended: Instant, policies: Sequence[Policy]) -> tuple[Instant, ...]:
    """C9: the slots of the chapters that a hold kept back, in their order, once it has ended.

    A promise that has not come yet stands. One that has passed comes at the hold's end, and pushes those behind it no
    further than the distance they had, and never by more than the lane asks for: a chapter never comes sooner than its
    promise.

    Args:
        promises: in their order.
        ended: when the hold did; a return date that passed while the bot was down counts all the same (C5).
        policies: the version under which each was handed in.
    """
    slots: list[Instant] = []
    for number, (promise, policy) in enumerate(zip(promises, policies, strict=True)):
        slot = max(promise, ended)
        if slots:
            before, previous = promises[number - 1], slots[-1]
            lane = days_later(previous, policy.chapter_days, zone=policy.zone, measure=policy.measure)
            slot = max(promise, min(lane, previous + (promise - before)))
        slots.append(slot)
    return tuple(slots)
