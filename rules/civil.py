"""Civil time: what "N days later" means where clocks change (C4)."""

from whenever import Instant, PlainDateTime, Time

from rules.policy import Measure

_MIDNIGHT = Time(0, 0)


def days_later(start: Instant, days: int, *, zone: str, measure: Measure = Measure.CIVIL) -> Instant:
    """C4: `days` days after `start`, counted in the community's zone (an IANA name)."""
    if measure is Measure.ELAPSED:
        return start.add(hours=24 * days)
    local = start.to_tz(zone)
    clock = _MIDNIGHT if measure is Measure.MIDNIGHT else local.time()
    return first_valid(local.date().add(days=days).at(clock), zone)


def first_valid(local: PlainDateTime, zone: str) -> Instant:
    """C4: the instant a local time names; a skipped one is the first after the gap, a doubled one its first."""
    earlier = local.assume_tz(zone, disambiguation="earlier")
    if earlier.to_plain() == local:
        return earlier.to_instant()
    change = earlier.next_transition()  # the time lies in a gap, and `earlier` just before it
    return earlier.to_instant() if change is None else change.to_instant()
