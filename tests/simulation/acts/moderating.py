"""What moderators do: other numbers, another zone; mend what Discord has refused."""

from functools import partial
from typing import Any

from rules.policy import GeneratedTravels, Measure
from tests.simulation.days import DAY, HOUR, span
from tests.simulation.model import Community
from tests.simulation.process import DownError
from tests.simulation.registry import Doer, Role, act
from tests.simulation.setting import MODERATOR, ZONES
from usecases.communities import SetUp, set_up
from usecases.people import Person


@act(Role.MODERATOR, a_year=4)
def changes_the_days(doer: Doer) -> str:
    """Stricter or looser; only what is handed in after it is bound (C9)."""
    days = {"series_days": doer.rng.choice((1, 7, 14, 14, 30)), "chapter_days": doer.rng.choice((1, 2, 3, 3, 10))}
    return _change(doer, days)


@act(Role.MODERATOR, a_year=1.5)
def changes_the_measure(doer: Doer) -> str:
    """Civil days, hours, or midnights (C4)."""
    return _change(doer, {"measure": doer.rng.choice(tuple(Measure))})


@act(Role.MODERATOR, a_year=1.5)
def changes_what_labels_ask(doer: Doer) -> str:
    """L3, L4: how early a disclosure stands, whether generated text travels."""
    paragraphs = doer.rng.choice((1, 2, 3))
    return _change(
        doer, {"disclosure_paragraphs": paragraphs, "generated_travels": doer.rng.choice(tuple(GeneratedTravels))}
    )


@act(Role.MODERATOR, a_year=2)
def changes_the_limit(doer: Doer) -> str:
    """C7: how many chapters of a series may wait; what waits beyond it goes on waiting."""
    return _change(doer, {"waiting_limit": doer.rng.choice((1, 2, 5, 60))})


@act(Role.MODERATOR, a_year=1.5)
def changes_the_zone(doer: Doer) -> str:
    """`/setup` with another zone (C4, C9)."""
    community = community_of(doer)
    zone = doer.rng.choice(ZONES)
    bot = doer.world.bot()
    request = SetUp(person=Person(community.id, MODERATOR), zone=zone)
    doer.world.new_book(community, bot.write(set_up, request, now=doer.world.instant()).policy)
    bot.wake()
    return zone


@act(Role.MODERATOR, a_year=9)
def takes_a_permission_away(doer: Doer) -> str:
    """By mistake, in one channel; it is given back, and what was held goes on (R3)."""
    world, community = doer.world, community_of(doer)
    first = community.network - 2
    homes = [series.thread for series in community.series if series.thread is not None]
    some = doer.rng.sample(homes, min(2, len(homes)))
    channel = doer.rng.choice((first + 1, community.network, first + 3, first + 4, *some))
    lasts = doer.rng.choice((HOUR, 5 * HOUR, 2 * DAY, 9 * DAY))
    reading = doer.rng.random() < 0.5
    if reading:  # what was lost shortly before can then not be looked for
        world.weather.unreadable_until[channel] = world.now + lasts
        world.weather.lossy_until = world.now + lasts
    if not reading or doer.rng.random() < 0.5:
        world.weather.closed_until[channel] = world.now + lasts
    world.at(world.now + lasts, partial(_mend, doer, community))
    return f"in channel {channel}, for {span(lasts)}{', that of reading it' if reading else ''}"


def community_of(doer: Doer) -> Community:
    """The community that a moderator moderates."""
    return doer.world.model.communities[doer.number]


def _change(doer: Doer, changes: dict[str, Any]) -> str:
    world, community = doer.world, community_of(doer)
    world.new_policy(community, changes)
    return ", ".join(f"{name} {value}" for name, value in changes.items())


def _mend(doer: Doer, community: Community) -> None:
    """Try again what is held; when the bot is down, an hour later."""
    try:
        count = doer.world.mend(community)
        doer.world.tell(f"moderator {doer.number}", f"gives the permission back; {count} held deliveries go on")
    except DownError:
        doer.world.at(doer.world.now + HOUR, partial(_mend, doer, community))
