"""Holds: moderators keep work back, with a reason and mostly with a return date; it goes on by itself or by hand (C9).

An act of a moderator on one author's work is that author's act in the history, so that it goes where they go.
"""

from tests.simulation.acts.waiting import waiting_of
from tests.simulation.acts.writing import community_of
from tests.simulation.days import DAY, HOUR, spoken
from tests.simulation.lawbook import Law
from tests.simulation.model import Hold
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR
from usecases import holds
from usecases.people import Person
from usecases.refusals import HeldAlreadyError


@act(Role.AUTHOR, a_year=1.5)
def is_held_back(doer: Doer) -> str:
    """`/review hold`: a chapter and those behind it, or the whole series."""
    world, community = doer.world, community_of(doer)
    waiting, own = waiting_of(doer, community), community.of_author(doer.number)
    followed = [one for one in waiting if one is not one.series.waiting()[-1]]
    chapter = doer.rng.choice((followed or waiting)[:5]) if waiting and doer.rng.random() < 0.7 else None
    if chapter is None and not own:
        raise NotYetError(Event("handed in", doer.number))
    series = chapter.series if chapter else doer.rng.choice(own[-3:])
    lasts = doer.rng.choice((None, None, HOUR, DAY, 5 * DAY, 5 * DAY, 30 * DAY))
    until = None if lasts is None else world.now + lasts
    request = holds.HoldWork(
        moderator=Person(community.id, MODERATOR),
        chapter=None if chapter is None else str(chapter.id),
        series=str(series.id) if chapter is None else None,
        reason="We are talking about it.",
        until=None if lasts is None else world.instant().add(milliseconds=lasts),
    )
    known, bot = any(hold.chapter is chapter for hold in series.holds), world.bot()
    try:
        made = bot.write(holds.hold_work, request, now=world.instant())
    except HeldAlreadyError:
        return world.judge(Law.HOLD, "it is held already", right=known, author=doer.number)
    world.judge(Law.HOLD, "held twice", right=not known, author=doer.number)
    hold = Hold(made.hold.id, series, chapter, until)
    world.model.hold(hold)
    community.answers["hold", hold.id] += 1
    world.judge(
        Law.HOLD,
        f"{made.kept_back} kept back, it is {len(hold.kept_back())}",
        right=made.kept_back == len(hold.kept_back()),
        author=doer.number,
    )
    bot.wake()
    world.happened("held", doer.number)
    what = chapter.key if chapter else series.title
    return f"{what!r} until {'somebody lets it go on' if until is None else spoken(until)}"


@act(Role.AUTHOR, a_year=1)
def goes_on_again(doer: Doer) -> str:
    """`/review resume`, before the return date."""
    mine = [hold for hold in doer.world.model.holds if hold.series.author == doer.number]
    if not mine:
        raise NotYetError(Event("held", doer.number))
    hold = doer.rng.choice(mine)
    doer.world.resume(hold)
    return hold.series.title if hold.chapter is None else hold.chapter.key
