"""A label that changes after its chapter went out: what follows for its reach and its announcement. L10."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.civil import days_later
from rules.labels import Fault, LabelFinding, Reach
from rules.policy import Measure, Policy


@dataclass(frozen=True, slots=True)
class Repair:
    """A chapter that is out, and whose label is decided anew."""

    released_at: Instant
    at: Instant
    announced: bool
    """It was let into the network before, so that nothing of it is news there."""
    excused: bool = False
    """How much time has passed is not counted: an appeal was won (L12)."""


class Effect(StrEnum):
    """What a changed label does to the announcement of a chapter that is out."""

    NONE = "none"
    """Its reach stays; what stands is corrected."""
    ANNOUNCED = "announced"
    """It is announced now, once, marked as mended."""
    TAKEN_BACK = "taken_back"
    """A neutral line takes the place of its announcement."""
    PUT_BACK = "put_back"
    """Its announcement takes the place of the neutral line again; it is no news."""


def repair_until(released_at: Instant, policy: Policy) -> Instant:
    """L10: until when a mended label still brings a chapter to the network, that instant included; in civil days."""
    return days_later(released_at, policy.repair_days, zone=policy.zone, measure=Measure.CIVIL)


def repair_findings(repair: Repair | None, policy: Policy) -> tuple[LabelFinding, ...]:
    """L10: what keeps a chapter home although its labels are now complete: they were mended too late for news."""
    if repair is None or repair.announced or repair.excused:
        return ()
    if repair.at <= repair_until(repair.released_at, policy):
        return ()
    return (LabelFinding("L10", Fault.MENDED_TOO_LATE),)


def effect_of(before: Reach, after: Reach, *, announced: bool) -> Effect:
    """L10: what a change of reach after the release does; `announced` as in `Repair`."""
    if before is after:
        return Effect.NONE
    if after is Reach.PERSONAL:
        return Effect.TAKEN_BACK
    return Effect.PUT_BACK if announced else Effect.ANNOUNCED
