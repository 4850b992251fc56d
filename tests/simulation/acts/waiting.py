"""What authors do with what waits: take it back, mend its label, at any time or at the last; or leave for good."""

from dataclasses import replace
from functools import partial

from rules.labels import Cure
from tests.simulation.acts.labelling import relabel
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import DAY, spoken
from tests.simulation.model import Chapter, Community, State, place
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from usecases import chapters, proposals
from usecases.refusals import NotWaitingError


def waiting_of(doer: Doer, community: Community) -> list[Chapter]:
    """What of an author waits there, in the order of its slots."""
    return sorted((chapter for one in community.of_author(doer.number) for chapter in one.waiting()), key=place)


def some_waiting(doer: Doer, community: Community | None = None) -> list[Chapter]:
    """What of an author waits, in the order of its slots: in a community, or where they write this time.

    Raises:
        NotYetError: nothing does.
    """
    waiting = waiting_of(doer, community or community_of(doer))
    if not waiting:
        raise NotYetError(Event("handed in", doer.number))
    return waiting


@act(Role.AUTHOR, a_year=2)
def withdraws(doer: Doer) -> str:
    """`/chapter withdraw`: the slot is free, the promises behind it stand (C10)."""
    return withdraw(doer, doer.rng.choice(some_waiting(doer)))


@act(Role.AUTHOR, a_year=2)
def gives_up_what_is_paused(doer: Doer) -> str:
    """`/chapter withdraw` of a chapter that a hold is on, mostly when those behind it are late already (C9, C10)."""
    held = [hold for hold in doer.world.model.holds if hold.series.author == doer.number]
    paused = [(hold.chapter, hold.kept_back()[1:]) for hold in held if hold.chapter in hold.kept_back()]
    if not paused:
        raise NotYetError(Event("held", doer.number))
    chapter, behind = doer.rng.choice(paused)
    assert chapter is not None
    at = doer.rng.choice((doer.world.now, *(one.slot + DAY for one in behind[:3])))
    doer.world.later(at, f"author {doer.number}", partial(withdraw, doer, chapter))
    return f"plans to withdraw {chapter.key!r} at {spoken(at)}"


def withdraw(doer: Doer, chapter: Chapter) -> str:
    """Take one chapter back, if it still waits."""
    world, person = doer.world, person_of(doer, chapter.series.community)
    if chapter.state is State.RELEASED:  # what C11 says of it: an act of its own
        return f"{chapter.key!r} is out already"
    bot, waits = world.bot(), chapter.state is State.WAITING
    try:
        taken = bot.write(chapters.withdraw_chapter, person, chapter.id, now=world.instant())
    except NotWaitingError:
        if waits:
            raise
        return f"{chapter.key!r} is withdrawn already"
    paused, moves = world.withdraw(chapter)
    world.follow(moves, chapter.series)
    world.changed(chapter.series, "withdrawn_paused" if paused else "withdrawn", moved=bool(moves))
    world.offered(taken.offer, chapter.series.community, doer.number)
    bot.wake()
    return f"{chapter.key!r} is withdrawn" + (f"; {len(moves)} behind it go on" if paused else "")


@act(Role.AUTHOR, a_year=5)
def mends_a_label(doer: Doer) -> str:
    """L8, L9: the one press that mends a label, on a chapter that waits."""
    waiting = some_waiting(doer)
    doer.rng.shuffle(waiting)
    return "; ".join(mend(doer, chapter) for chapter in waiting[:5])


def mend(doer: Doer, chapter: Chapter) -> str:
    """Press the cure that is offered, if one is."""
    world, person = doer.world, person_of(doer, chapter.series.community)
    if chapter.state is not State.WAITING:
        return f"{chapter.key!r} is {chapter.state}"
    bot = world.bot()
    shown = bot.read(chapters.why, person, str(chapter.id)).verdict
    world.laws.reach(chapter, shown)
    cures = [finding.cure for finding in shown.label_findings if finding.cure not in {None, Cure.DESCRIBE_IMAGES}]
    if not cures:
        return f"{chapter.key!r} has nothing to mend"
    shown_first = bot.write(proposals.cure_label, person, chapter.id, Cure(cures[0]), now=world.instant())
    if isinstance(shown_first, proposals.Proposed):
        bot.write(proposals.confirm, person, shown_first.id, now=world.instant())
    chapter.label = replace(chapter.label, stands_in=1)
    chapter.relabelled += 1
    world.laws.reach(chapter, bot.read(chapters.why, person, str(chapter.id)).verdict)
    bot.wake()
    return f"{chapter.key!r} is mended ({cures[0]})"


@act(Role.AUTHOR, a_year=2)
def acts_at_the_last_moment(doer: Doer) -> str:
    """Withdraw, mend or relabel a chapter about when it goes out."""
    waiting = some_waiting(doer)
    chapter, do = doer.rng.choice(waiting[:2]), doer.rng.choice((withdraw, mend, relabel))
    at = chapter.slot + doer.rng.choice((-1, 0, 1, 500, 1_500))
    doer.world.later(at, f"author {doer.number}", partial(do, doer, chapter))
    return f"plans to {do.__name__} {chapter.key!r} at {spoken(at, chapter.book.zone)}"


@act(Role.AUTHOR, a_year=0.1)
def leaves(doer: Doer) -> str:
    """For good, with or without what still waits."""
    takes_all = doer.rng.random() < 0.5
    told = [
        withdraw(doer, chapter)
        for community in doer.world.model.communities
        for chapter in (waiting_of(doer, community) if takes_all else ())
    ]
    doer.world.gone.add(doer.number)
    return "; ".join(["and is gone", *told])
