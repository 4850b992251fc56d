"""Challenges: opened, moved, closed by moderators; entered by authors (H1 to H7)."""

from datetime import time
from functools import partial

from tests.simulation import plans
from tests.simulation.acts.moderating import community_of as moderated
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import DAY, HOUR, MINUTE, SECOND, first_at, spoken, wall
from tests.simulation.lawbook import Law
from tests.simulation.model import Challenge, Community
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR, ZONES
from usecases import challenges
from usecases.challenge_refusals import (
    ChallengeGoneError,
    ChallengeNotOpenError,
    ChallengeOverError,
    DeadlinePastError,
    InChallengeError,
    OpensTooLateError,
)
from usecases.deadlines import Deadline
from usecases.people import Person

_HOURS = (time(0, 0), time(2, 30), time(20, 0), time(23, 59, 59))


@act(Role.MODERATOR, a_year=7)
def opens_a_challenge(doer: Doer) -> str:
    """`/challenge open`, confirmed at once, later, twice, or never (H1)."""
    world, community = doer.world, moderated(doer)
    deadline, zone = _deadline(doer, world.now + doer.rng.choice((2, 6, 12, 30, 45)) * DAY)
    opens = world.now + doer.rng.choice((-DAY, 0, 0, HOUR, 3 * DAY))
    window = doer.rng.choice((None, None, 1, 3, 14, 60))
    person, bot = Person(community.id, MODERATOR), world.bot()
    request = challenges.ProposeChallenge(
        moderator=person,
        name=doer.key,
        deadline=Deadline(world.instant().add(milliseconds=deadline - world.now), zone, whole_day=False),
        opens=world.instant().add(milliseconds=opens - world.now),
        window_days=window,
    )
    later = doer.rng.choice((0, 0, 0, 5 * MINUTE, 20 * HOUR, 3 * DAY))
    again = doer.rng.random() < 0.2
    try:
        draft = bot.write(challenges.propose_challenge, request, now=world.instant())
    except OpensTooLateError:
        return _judge(doer, "it would open too late", right=opens >= deadline)
    days = draft.terms.window_days
    opens, deadline = world.stamp(draft.terms.opens), world.stamp(draft.terms.deadline)
    meant = Challenge(draft.terms.id, doer.key, opens, deadline, zone, days)
    confirm = partial(_confirm, doer, community, meant, world.now)
    if doer.rng.random() < 0.1:
        bot.write(challenges.cancel_challenge, person, meant.id)
    if again:
        world.later(world.now + later + SECOND, f"moderator {doer.number}", confirm)
    if later:
        world.later(world.now + later, f"moderator {doer.number}", confirm)
        return f"previews {meant.name!r}"
    return confirm()


@act(Role.MODERATOR, a_year=6)
def moves_a_challenge(doer: Doer) -> str:
    """`/challenge move`: sooner or later; promises come earlier or stay (H7)."""
    world, community = doer.world, moderated(doer)
    known = [one for one in community.challenges if not one.is_over(world.now)]
    if not known:
        raise NotYetError(Event("opened", community.number))
    if doer.rng.random() < 0.1:
        known = community.challenges[-2:]
    one, person, bot = doer.rng.choice(known), Person(community.id, MODERATOR), world.bot()
    deadline, zone = _deadline(doer, one.deadline + doer.rng.choice((-9, -3, -1, -1, 1, 3, 14)) * DAY)
    to = Deadline(world.instant().add(milliseconds=deadline - world.now), zone, whole_day=False)
    later = doer.rng.choice((0, 0, HOUR, 2 * DAY))
    try:
        move = bot.write(challenges.propose_move, person, str(one.id), to, now=world.instant()).move
    except (ChallengeOverError, DeadlinePastError, OpensTooLateError) as refusal:
        barred = one.is_over(world.now) or deadline <= world.now or one.opens >= deadline
        return _judge(doer, f"refused ({type(refusal).__name__})", right=barred)
    press = partial(_move, doer, one, move.id, world.stamp(move.deadline), zone)
    if doer.rng.random() < 0.2:  # a second press finds nothing more to do
        world.later(world.now + later + MINUTE, f"moderator {doer.number}", press)
    if later:
        world.later(world.now + later, f"moderator {doer.number}", press)
        return f"previews {one.name!r} to {spoken(deadline, zone)}"
    return press()


@act(Role.MODERATOR, a_year=1.5)
def closes_a_challenge(doer: Doer) -> str:
    """`/challenge close`: what was promised stands (C9)."""
    world, community = doer.world, moderated(doer)
    known = [one for one in community.challenges if not one.is_over(world.now)]
    if not known:
        raise NotYetError(Event("opened", community.number))
    one, bot = doer.rng.choice(known if doer.rng.random() < 0.9 else community.challenges), world.bot()
    over = one.is_over(world.now)
    try:
        bot.write(challenges.close_challenge, Person(community.id, MODERATOR), str(one.id), now=world.instant())
    except ChallengeOverError:
        return _judge(doer, f"{one.name!r} is over already", right=over)
    _judge(doer, "closed twice", right=not over)
    one.closed, one.window_due = True, None
    for series in one.entries:
        one.told[series.id, "closed"] += 1
    bot.wake()
    return f"{one.name!r} with {len(one.entries)} entries"


@act(Role.AUTHOR, a_year=7)
def enters_a_challenge(doer: Doer) -> str:
    """`/series enter`: what waits is planned anew at once, and the author hears what fits (H1, H2, H4)."""
    world, community = doer.world, community_of(doer)
    running = [one for one in community.challenges if not one.is_over(world.now)]
    own = community.of_author(doer.number)
    if not running or not own:
        raise NotYetError(Event("opened", community.number) if own else Event("handed in", doer.number))
    known = running if doer.rng.random() < 0.9 else community.challenges
    waiting = [series for series in own if series.waiting()]
    one, series, bot = doer.rng.choice(known), doer.rng.choice(waiting or own[-3:]), world.bot()
    other = series.challenge if series.challenge and not series.challenge.is_over(world.now) else None
    person, barred = person_of(doer, community), one.is_over(world.now) or world.now < one.opens
    try:
        standing = bot.write(challenges.enter_challenge, person, str(series.id), str(one.id), now=world.instant())
    except (ChallengeOverError, ChallengeNotOpenError, InChallengeError) as refusal:
        return _judge(doer, f"refused ({type(refusal).__name__})", right=barred or other not in {None, one})
    _judge(doer, "entered what is over, not open, or while in another one", right=not barred and other in {None, one})
    if other is not one:
        series.challenge, series.entered_at = one, world.now
        one.entries.append(series)
        world.follow(plans.challenge_slots(world.model, series, now=world.now), series)
    slots = [chapter.slot for chapter in series.waiting()]
    fits = sum(slot < one.deadline for slot in slots)
    told = (standing.fits, len(standing.dates))
    _judge(doer, f"told that {told} fit, it is {fits} of {len(slots)}", right=told == (fits, len(slots)))
    bot.wake()
    return f"{one.name!r} with {series.title!r}: {fits} of {len(slots)} fit before {spoken(one.deadline)}"


def _confirm(doer: Doer, community: Community, meant: Challenge, proposed: int) -> str:
    world, bot = doer.world, doer.world.bot()
    known = meant in community.challenges
    try:
        bot.write(challenges.open_challenge, Person(community.id, MODERATOR), meant.id, now=world.instant())
    except ChallengeGoneError:
        return "it is forgotten"
    except (DeadlinePastError, OpensTooLateError):
        return _judge(doer, "it is too late for it", right=meant.deadline <= world.now)
    _judge(doer, "a deadline in the past", right=known or meant.deadline > world.now)
    if not known:
        community.challenges.append(meant)
        meant.await_window(world.now)
        world.happened("opened", community.number)
    bot.wake()
    return f"{meant.name!r} until {spoken(meant.deadline, meant.zone)}, previewed {spoken(proposed)}"


def _move(doer: Doer, one: Challenge, move: int, deadline: int, zone: str) -> str:
    world, bot, person = doer.world, doer.world.bot(), Person(moderated(doer).id, MODERATOR)
    barred = one.is_over(world.now) or deadline <= world.now
    try:
        moved = bot.write(challenges.move_deadline, person, move, now=world.instant())
    except ChallengeGoneError:
        return "it was confirmed already, or forgotten"
    except (ChallengeOverError, DeadlinePastError):
        return _judge(doer, "it is too late for it", right=barred)
    _judge(doer, "moved what is over, or into the past", right=not barred)
    one.deadline, one.zone = deadline, zone
    one.await_window(world.now)
    moves = []
    for series in one.entries:
        one.told[series.id, "moved"] += 1
        moves += plans.challenge_slots(world.model, series, now=world.now)
    count = len(moves)
    world.follow(moves, *one.entries)
    _judge(doer, f"told that {moved.chapters} came sooner, it is {count}", right=moved.chapters == count)
    bot.wake()
    return f"{one.name!r} to {spoken(deadline, zone)}, {count} chapters sooner"


def _deadline(doer: Doer, near: int) -> tuple[int, str]:
    """A telling hour of a day, in some zone."""
    zone = doer.rng.choice(("Etc/GMT+12", *ZONES))
    return first_at(wall(near, zone).date(), doer.rng.choice(_HOURS), zone), zone


def _judge(doer: Doer, told: str, *, right: bool) -> str:
    return doer.world.judge(Law.ENTERED, told, right=right)
