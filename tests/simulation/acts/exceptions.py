"""Exceptions: authors ask, moderators decide, once; grants given before they are needed, and taken back (E1 to E7).

An act of a moderator on one author's work is that author's act in the history, so that it goes where they go.
"""

from functools import partial

from rules.cadence import LaneKind
from tests.simulation.acts.waiting import some_waiting
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import DAY, HOUR, MINUTE
from tests.simulation.lawbook import Law
from tests.simulation.model import Chapter, Community, Grant, State
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR
from usecases import exceptions, requests
from usecases.people import Person
from usecases.refusals import (
    AskedAlreadyError,
    DecidedAlreadyError,
    ExceptionOverError,
    NothingToExceptError,
    NotWaitingError,
    OwnGrantError,
)

OTHER_MODERATOR = 2
_DAYS = 14
"""E1: how long a grant lasts where nobody says anything else."""


@act(Role.AUTHOR, a_year=4)
def asks_for_an_exception(doer: Doer) -> str:
    """`/chapter ask`; a moderator decides hours later, or two do at once, or nobody does (E6)."""
    waiting = some_waiting(doer)
    delayed = [chapter for chapter in waiting if chapter.reason.delayed and chapter.asked is None]
    chosen = delayed if delayed and doer.rng.random() < 0.9 else waiting
    world, chapter = doer.world, doer.rng.choice(chosen[:4])
    later, decision = doer.rng.choice((MINUTE, HOUR, DAY, 9 * DAY)), doer.rng.choice((_both, _one, _one, _one, None))
    person, bot = person_of(doer, chapter.series.community), world.bot()
    try:
        request = bot.write(requests.ask_exception, person, chapter.id, "We meet on Friday.", now=world.instant())
    except (NothingToExceptError, AskedAlreadyError, NotWaitingError) as refusal:
        may = chapter.reason.delayed and chapter.asked is None and chapter.slot > world.now
        return _refused(doer, refusal, may=may)
    if not chapter.reason.delayed or chapter.asked is not None:
        _broken(doer, f"asked for {chapter.key!r}, which no rule delays, or for which it was asked before")
    chapter.asked = request.id
    chapter.series.community.requests += 1
    bot.wake()
    _own_press(doer, chapter, request.id)
    if decision is not None:
        world.later(world.now + later, "moderator", partial(decision, doer, chapter, request.id))
    return f"asks for {chapter.key!r}"


@act(Role.AUTHOR, a_year=2)
def is_granted_an_exception(doer: Doer) -> str:
    """`/exception grant`: because of what waits, or before it is needed (E7)."""
    world, community = doer.world, community_of(doer)
    lane, uses = doer.rng.choice((LaneKind.SERIES, LaneKind.CHAPTER, LaneKind.CHAPTER)), doer.rng.choice((1, 1, 2, 4))
    own, days = community.of_author(doer.number), doer.rng.choice((1, _DAYS, _DAYS, 90))
    one = doer.rng.choice(own) if own and doer.rng.random() < 0.6 else None
    author, own_hand = person_of(doer, community).id, doer.rng.random() < 0.1
    request = exceptions.GrantException(
        moderator=Person(community.id, author if own_hand else MODERATOR),
        author_id=author,
        lane=lane,
        reason=doer.key,
        series=None if one is None else str(one.id),
        uses=uses,
        days=days,
    )
    bot = world.bot()
    try:
        made = bot.write(exceptions.grant_exception, request, now=world.instant())
    except OwnGrantError as refusal:
        return _refused(doer, refusal, may=not own_hand)
    if own_hand:
        _broken(doer, "granted to themselves (E5)")
    number = made.exception.grant.id
    grant = Grant(number, community, doer.number, lane.value, one, uses, world.now + days * DAY)
    _granted(doer, community, grant)
    community.answers["exception", number] += 1
    bot.wake()
    return f"{uses} times in the {lane} lane of {one.title if one else 'all'!r}, for {days} days"


@act(Role.AUTHOR, a_year=0.7)
def loses_an_exception(doer: Doer) -> str:
    """`/exception revoke`: until it is spent; what it has moved stays (E7)."""
    world, community = doer.world, community_of(doer)
    known = [grant for grant in community.grants if grant.author == doer.number]
    if not known:
        raise NotYetError(Event("granted", doer.number))
    grant, bot = doer.rng.choice(known[-3:]), world.bot()
    person = Person(community.id, MODERATOR)
    may = not grant.revoked and grant.spent < grant.uses
    try:
        bot.write(exceptions.revoke_exception, person, str(grant.id), "The event is off.", now=world.instant())
    except ExceptionOverError as refusal:
        return _refused(doer, refusal, may=may)
    if not may:
        _broken(doer, "an exception was taken back that was spent, or taken back already")
    grant.revoked = True
    community.answers["exception", grant.id] += 1
    world.follow([], *community.of_author(doer.number))
    bot.wake()
    return f"{grant.lane}, {grant.spent} of {grant.uses} spent"


def _one(doer: Doer, chapter: Chapter, request: int) -> str:
    return _decide(doer, chapter, request, by=MODERATOR, approve=doer.rng.random() < 0.7)


def _both(doer: Doer, chapter: Chapter, request: int) -> str:
    """Two press at once: one outcome, and whoever is second is told who was first."""
    first, second = doer.rng.sample((MODERATOR, OTHER_MODERATOR), 2)
    told = _decide(doer, chapter, request, by=first, approve=doer.rng.random() < 0.5)
    again = _decide(doer, chapter, request, by=second, approve=doer.rng.random() < 0.5)
    return f"{told}, then {again}"


def _decide(doer: Doer, chapter: Chapter, request: int, *, by: int, approve: bool) -> str:
    world, community = doer.world, chapter.series.community
    person, bot, still_open = Person(community.id, by), world.bot(), chapter.asked == request
    lane, waits = chapter.reason.lane, chapter.state is State.WAITING
    try:
        if approve:
            made = bot.write(requests.approve_request, person, request, now=world.instant())
            grant = Grant(
                made.exception.grant.id,
                community,
                doer.number,
                lane,
                chapter.series,
                1,
                world.now + _DAYS * DAY,
            )
            _granted(doer, community, grant)
        else:
            bot.write(requests.decline_request, person, request, "Not this time.", now=world.instant())
    except DecidedAlreadyError as refusal:
        return _refused(doer, refusal, may=still_open)
    except NotWaitingError as refusal:
        return _refused(doer, refusal, may=waits)
    if not still_open or (approve and not waits):
        _broken(doer, f"a request was decided twice, or for {chapter.key!r} which waits no more")
    chapter.asked = None
    community.answers["request", request] += 1
    bot.wake()
    return "approved" if approve else "declined"


def _own_press(doer: Doer, chapter: Chapter, request: int) -> None:
    """E5: whoever asks does not decide, be they a moderator or not."""
    person = person_of(doer, chapter.series.community)
    try:
        doer.world.bot().write(requests.approve_request, person, request, now=doer.world.instant())
    except OwnGrantError:
        return
    _broken(doer, "approved their own request (E5)")


def _granted(doer: Doer, community: Community, grant: Grant) -> None:
    community.grants.append(grant)
    doer.world.happened("granted", doer.number)
    doer.world.follow([], *community.of_author(doer.number))


def _refused(doer: Doer, refusal: Exception, *, may: bool) -> str:
    return doer.world.judge(Law.DECIDED, f"refused ({type(refusal).__name__})", right=not may, author=doer.number)


def _broken(doer: Doer, numbers: str) -> None:
    doer.world.judge(Law.DECIDED, numbers, right=False, author=doer.number)
