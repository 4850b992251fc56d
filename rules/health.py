"""What stands in the way of a community's bot: which facts are findings, and what matters first.

A fact is what somebody saw or counted; a finding is a fact that a person can mend, or should know.
"""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant, TimeDelta

from rules.cadence import LATE_AFTER
from rules.deliveries import PUBLISHES_AN_HOUR


class Use(StrEnum):
    """What a channel is used for; each is an option of `/setup`."""

    HOME = "home"
    NETWORK = "network"
    MODERATORS = "moderators"
    NOTICES = "notices"


CLOCK_TOLERANCE = TimeDelta(seconds=10)
"""How much our clock may differ from Discord's; finding lost messages again allows for as much (R2)."""
SCANT_ROOM = 200_000_000
"""Bytes of disk below which a database is in danger; it needs its own size beside itself to be copied, too."""
PUBLISHES_NEAR = PUBLISHES_AN_HOUR - 2
"""From how many publishes an hour on the limit is near (R4)."""
MOST_THREADS = 1000
"""How many open threads Discord lets a server have."""
THREADS_NEAR = 950


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """A channel of the settings is not there, or hidden."""

    use: Use


@dataclass(frozen=True, slots=True)
class TimedOut:
    """Somebody has put the bot in time-out; it can post nothing until then."""

    until: Instant


@dataclass(frozen=True, slots=True)
class Lacks:
    """The bot may not do in a channel what it needs to; permissions by Discord's own names of them."""

    use: Use
    channel_id: int
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AsksForTag:
    """The home forum takes no post without a tag; only new series need one."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class HomesShut:
    """Home threads in which chapters are to appear, and cannot: gone, or locked and the bot may not open them."""

    gone: tuple[int, ...]
    locked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """R3: deliveries that wait for somebody to mend something."""

    count: int
    since: Instant
    target_id: int | None
    """The channel of the first of them."""
    problem: str | None
    to_decide: int
    """How many of them are not to be tried again without having been looked at."""


@dataclass(frozen=True, slots=True)
class Room:
    """How large the database is, and how much room its disk has, in bytes."""

    size: int
    free: int


@dataclass(frozen=True, slots=True)
class ClockOff:
    """Our clock differs from Discord's; `ahead` is negative when it is behind."""

    ahead: TimeDelta


@dataclass(frozen=True, slots=True)
class Overdue:
    """Deliveries that should have been carried out and were not."""

    count: int
    since: Instant
    problem: str | None


@dataclass(frozen=True, slots=True)
class Late:
    """C14: chapters whose slot has passed and that are not out."""

    count: int
    oldest: Instant
    """The oldest slot."""


@dataclass(frozen=True, slots=True)
class CameLate:
    """Chapters that came out late of late."""

    count: int
    worst: TimeDelta
    last: Instant
    """When the last of them came out."""


@dataclass(frozen=True, slots=True)
class Publishes:
    """R4: publishes of a channel in the hour past, and how many wait for their turn."""

    channel_id: int
    made: int
    waiting: int
    free_at: Instant | None
    """When the oldest of them no longer counts."""


@dataclass(frozen=True, slots=True)
class HomeFull:
    """A home thread has as many members as Discord allows; so many followers are not in it."""

    thread_id: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ManyThreads:
    """The server has nearly as many open threads as Discord allows."""

    count: int


Finding = (
    ChannelGone
    | TimedOut
    | Lacks
    | AsksForTag
    | HomesShut
    | Held
    | Room
    | ClockOff
    | Overdue
    | Late
    | CameLate
    | Publishes
    | HomeFull
    | ManyThreads
)

_ORDER = (
    *(ChannelGone, TimedOut, Lacks, HomesShut, AsksForTag, Held, Room, ClockOff, Overdue, Late),
    *(Publishes, HomeFull, ManyThreads, CameLate),
)
"""What matters first: what nothing gets past, what is stuck, what is late, what is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What can be seen of Discord and of the machine."""

    gone: tuple[Use, ...] = ()
    lacks: tuple[Lacks, ...] = ()
    timed_out: Instant | None = None
    asks_for_tag: int | None = None
    shut: HomesShut = HomesShut((), ())
    threads: int
    ahead: TimeDelta = TimeDelta.ZERO
    room: Room | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the database knows."""

    held: Held | None = None
    overdue: Overdue | None = None
    late: Late | None = None
    came_late: CameLate | None = None
    publishes: Publishes | None = None
    full: tuple[HomeFull, ...] = ()


def overdue_before(now: Instant) -> Instant:
    """What was due before this moment and is not done is overdue; less is a bot that draws breath."""
    return now - LATE_AFTER


def is_off(ahead: TimeDelta) -> bool:
    """Whether a clock differs by more than is allowed for."""
    return abs(ahead) > CLOCK_TOLERANCE


def is_scant(room: Room) -> bool:
    """Whether a disk is nearly full, or has no room for a copy of the database."""
    return room.free < max(SCANT_ROOM, room.size)


def findings(sight: Sight, record: Record, *, now: Instant) -> tuple[Finding, ...]:
    """All that stands in the way, what matters first."""
    found: list[Finding] = [*map(ChannelGone, sight.gone), *sight.lacks, *record.full]
    found += [one for one in (record.held, record.overdue, record.late, record.came_late) if one is not None]
    if sight.timed_out is not None and sight.timed_out > now:
        found.append(TimedOut(sight.timed_out))
    if sight.asks_for_tag is not None:
        found.append(AsksForTag(sight.asks_for_tag))
    if sight.shut.gone or sight.shut.locked:
        found.append(sight.shut)
    if sight.room is not None and is_scant(sight.room):
        found.append(sight.room)
    if is_off(sight.ahead):
        found.append(ClockOff(sight.ahead))
    if record.publishes is not None and (record.publishes.made >= PUBLISHES_NEAR or record.publishes.waiting):
        found.append(record.publishes)
    if sight.threads >= THREADS_NEAR:
        found.append(ManyThreads(sight.threads))
    return tuple(sorted(found, key=lambda one: _ORDER.index(type(one))))
