"""Appeals: until when one is to be answered, and by whom (L12)."""

from collections.abc import Collection
from enum import StrEnum

from whenever import Instant

from rules.civil import days_later
from rules.policy import Measure, Policy


class Bar(StrEnum):
    """Why somebody may not decide an appeal."""

    OWN = "own"
    """It is their own chapter."""
    JUDGE = "judge"
    """They have made the decision that is appealed against."""


def answer_until(asked: Instant, policy: Policy) -> Instant:
    """L12: until when an appeal is to be answered, in civil days."""
    return days_later(asked, policy.appeal_days, zone=policy.zone, measure=Measure.CIVIL)


def appeal_until(declined: Instant, policy: Policy) -> Instant:
    """L12, C13: until when a declined import can be appealed, and is kept for that; as long as an answer may take."""
    return answer_until(declined, policy)


def bar(person_id: int, *, author_id: int, judges: Collection[int]) -> Bar | None:
    """L12: another moderator answers: neither the author nor who has decided before."""
    if person_id == author_id:
        return Bar.OWN
    return Bar.JUDGE if person_id in judges else None
