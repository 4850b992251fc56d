"""What stands in the way of a community's bot, for who manages the server (`/doctor`)."""

from dataclasses import dataclass

from whenever import Instant, TimeDelta

from rules.cadence import LATE_AFTER
from rules.deliveries import PUBLISH_WINDOW
from rules.health import Finding, Publishes, Record, Sight, findings, overdue_before
from storage import budgets, health
from storage.communities import Community
from storage.transaction import Transaction
from usecases.people import Person, community_of

HOMES_LOOKED_AT = 20
"""Home threads that are looked at on Discord: those in which the next chapters appear."""
CAME_LATE_WITHIN = TimeDelta(hours=24 * 7)
"""How long a chapter that came out late is spoken of."""


@dataclass(frozen=True, slots=True)
class InUse:
    """The channels and home threads that a look at Discord is about."""

    community: Community
    homes: tuple[int, ...]


def places_in_use(tx: Transaction, person: Person) -> InUse:
    """What is to be looked at on Discord.

    Raises:
        NotSetUpError: nobody has set the community up yet.
    """
    community = community_of(tx, person)
    return InUse(community, health.homes_in_use(tx, community.id, limit=HOMES_LOOKED_AT))


def examine(tx: Transaction, person: Person, sight: Sight, *, now: Instant) -> tuple[Finding, ...]:
    """All that stands in the way, what matters first; nothing when all is well.

    Raises:
        NotSetUpError: nobody has set the community up yet.
    """
    community = community_of(tx, person)
    before = overdue_before(now)
    made, oldest = budgets.published_since(tx, community.network_id, now - PUBLISH_WINDOW)
    record = Record(
        held=health.held(tx, community.id),
        overdue=health.overdue(tx, community.id, before=before),
        late=health.late(tx, community.id, before=before),
        came_late=health.came_late(
            tx, community.id, since=now - CAME_LATE_WITHIN, late_ms=round(LATE_AFTER.total("milliseconds"))
        ),
        publishes=Publishes(
            channel_id=community.network_id,
            made=made,
            waiting=health.publishes_waiting(tx, community.network_id, now=now),
            free_at=None if oldest is None else oldest + PUBLISH_WINDOW,
        ),
        full=health.full_homes(tx, community.id),
    )
    return findings(sight, record, now=now)
