"""A moderator's grant that lets one lane go faster: E1 to E4."""

from collections.abc import Iterable
from dataclasses import dataclass

from whenever import Instant

from rules.cadence import LaneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """E1: whose lane goes faster, how often and how long; it lifts C1 or C2 and nothing else."""

    id: int
    lane: LaneKind
    series_id: int | None
    """The one series it is for; `None` for all of the author's."""
    uses_left: int
    ends_at: Instant


def covers(grant: Grant, *, lane: LaneKind, series_id: int) -> bool:
    """E1: is this lane in a grant's scope?"""
    return grant.lane is lane and grant.series_id in {None, series_id}


def is_open(grant: Grant, *, now: Instant) -> bool:
    """E1: has a grant uses left, and not ended?"""
    return grant.uses_left > 0 and now < grant.ends_at


def first_open(grants: Iterable[Grant], *, lane: LaneKind, series_id: int, now: Instant) -> Grant | None:
    """E2: the grant a delayed chapter uses: the oldest open one in whose scope it is."""
    fitting = (grant for grant in grants if covers(grant, lane=lane, series_id=series_id) and is_open(grant, now=now))
    return min(fitting, key=lambda grant: grant.id, default=None)


def is_spent(*, free_from: Instant | None, released_at: Instant) -> bool:
    """E3: a use is spent only when it moved something: the rules alone would not yet have let the chapter out."""
    return free_from is not None and released_at < free_from
