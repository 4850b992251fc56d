"""What authors do with their promises: close a gap, come earlier, change places, give another text, take down."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from tests.simulation import plans
from tests.simulation.acts.waiting import some_waiting
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import HOUR, MINUTE, SECOND, span
from tests.simulation.lawbook import Law, broken
from tests.simulation.model import Chapter, Series, State
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.texts import write_again
from usecases import drafts, labels, promises, takedowns
from usecases.promises import Plan
from usecases.refusals import NotReleasedError, NotWaitingError, PausedError, PlaceError

_GIVEN_BACK_WITHIN = 30 * MINUTE


@act(Role.AUTHOR, a_year=3)
def closes_the_gap(doer: Doer) -> str:
    """*Close the gap* (C10): looked at, and pressed at once, or when it may have changed."""
    own = [series for series in community_of(doer).of_author(doer.number) if series.waiting()]
    ready = [series for series in own if plans.earliest(series, None, now=doer.world.now)]
    if not ready:
        raise NotYetError(Event("offered", doer.number))
    series = doer.rng.choice(ready if doer.rng.random() < 0.9 else own)
    person, bot = person_of(doer, series.community), doer.world.bot()
    shown = bot.read(promises.gap_plan, person, series.id, doer.world.instant())
    return _press_now_or_later(doer, series, shown, None, partial(promises.close_gap, series_id=series.id))


@act(Role.AUTHOR, a_year=2)
def releases_earlier(doer: Doer) -> str:
    """*Release earlier* (C9): a chapter, and those ahead of it."""
    waiting = some_waiting(doer)
    ready = [chapter for chapter in waiting if plans.earliest(chapter.series, chapter, now=doer.world.now)]
    if not ready:
        raise NotYetError(Event("offered", doer.number))
    chapter = doer.rng.choice(ready if doer.rng.random() < 0.9 else waiting)
    person, bot = person_of(doer, chapter.series.community), doer.world.bot()
    shown = bot.read(promises.earlier_plan, person, chapter.id, doer.world.instant())
    press = partial(promises.release_earlier, chapter_id=chapter.id)
    return _press_now_or_later(doer, chapter.series, shown, chapter, press)


@act(Role.AUTHOR, a_year=4)
def moves_a_chapter(doer: Doer) -> str:
    """`/chapter move`: the slots stay, the titles move over them (C7 to C9)."""
    world = doer.world
    several = [chapter for chapter in some_waiting(doer) if len(chapter.series.waiting()) > 1]
    if not several:
        raise NotYetError(Event("handed in", doer.number))
    chapter = doer.rng.choice(several)
    unheld = chapter.series.unheld()
    due = sum(one.slot <= world.now for one in unheld)
    position = doer.rng.randint(1, len(chapter.series.waiting()))
    may = chapter in unheld[due:] and due < position <= len(unheld)
    bot = world.bot()
    try:
        person = person_of(doer, chapter.series.community)
        bot.write(promises.move_chapter, person, chapter.id, position, now=world.instant())
    except (PausedError, PlaceError, NotWaitingError) as refusal:
        return doer.world.judge(Law.MOVED, f"refused ({type(refusal).__name__})", right=not may, author=doer.number)
    doer.world.judge(Law.MOVED, f"{chapter.key!r} took place {position}", right=may, author=doer.number)
    moves = plans.reordered(world.model, chapter, position - due, now=world.now)
    world.follow(moves, chapter.series)
    bot.wake()
    return f"{chapter.key!r} to place {position} of {len(unheld)}, {len(moves)} promises change"


@act(Role.AUTHOR, a_year=2)
def replaces_a_text(doer: Doer) -> str:
    """`/chapter replace`: another text, the same place in the queue, labels looked at again (L9)."""
    world, chapter = doer.world, doer.rng.choice(some_waiting(doer))
    person, bot = person_of(doer, chapter.series.community), world.bot()
    found, _, policy = bot.read(drafts.read_text, person, chapter.id)
    sentence = found.declaration.sentence(policy)
    markdown, stands_in = write_again(doer.rng, doer.labels, sentence if chapter.label.ai != "none" else None)
    prepared = world.prepared(markdown, found.declaration, policy)
    bot.write(labels.replace_text, person, chapter.id, prepared, (), now=world.instant())
    chapter.relabelled += 1
    chapter.label = replace(chapter.label, stands_in=stands_in)
    bot.wake()
    return f"of {chapter.key!r}"


@act(Role.AUTHOR, a_year=2)
def takes_down(doer: Doer) -> str:
    """`/chapter withdraw` of what is out, minutes after it came out (C11)."""
    chapter = some_waiting(doer)[0]
    after = doer.rng.choice((SECOND, 20 * SECOND, 5 * MINUTE, 29 * MINUTE, 31 * MINUTE, 30 * HOUR))
    doer.world.later(chapter.slot + after, f"author {doer.number}", partial(_take_down, doer, chapter))
    return f"plans to take {chapter.key!r} down {span(after)} after its slot"


def _take_down(doer: Doer, chapter: Chapter) -> str:
    world, person = doer.world, person_of(doer, chapter.series.community)
    out = chapter.state is State.RELEASED
    bot = world.bot()
    try:
        taken = bot.write(takedowns.take_down, person, chapter.id, now=world.instant())
    except NotReleasedError:
        return world.judge(Law.TAKEN_DOWN, f"{chapter.key!r} is not out", right=not out, author=doer.number)
    if not out or chapter.released_at is None:
        broken(Law.TAKEN_DOWN, chapter, f"it was taken down while {chapter.state}")
    may_be_copied, copied = chapter.id in world.hands.publishing, world.discord.is_published(chapter.id)
    late = world.now - chapter.released_at > _GIVEN_BACK_WITHIN
    if (taken.counts and not late and not may_be_copied) or (not taken.counts and (late or copied)):
        facts = f"{span(world.now - chapter.released_at)} after its release, copied: {copied}"
        broken(Law.TAKEN_DOWN, chapter, f"its slot is {'kept' if taken.counts else 'given back'} {facts}")
    world.model.take_down(chapter, counts=taken.counts, now=world.now)
    world.follow([], chapter.series)
    bot.wake()
    return f"{chapter.key!r} is taken down; its slot {'stays taken' if taken.counts else 'is free'}"


def _press_now_or_later(doer: Doer, series: Series, shown: Plan, last: Chapter | None, write: "partial[Plan]") -> str:
    later = doer.rng.choice((0, 0, 20 * SECOND, 3 * HOUR))
    press = partial(_press, doer, series, shown.mark, last, write)
    if later:
        doer.world.later(doer.world.now + later, f"author {doer.number}", press)
        return f"of {series.title!r}: looked at, {len(shown.moving)} would come earlier"
    return press()


def _press(doer: Doer, series: Series, mark: int, last: Chapter | None, write: Callable[..., Plan]) -> str:
    world, bot, person = doer.world, doer.world.bot(), person_of(doer, series.community)
    try:
        done = bot.write(lambda tx: write(tx, person, shown=mark, now=world.instant()))
    except NotWaitingError:
        return doer.world.judge(
            Law.EARLIER,
            "it waits no more",
            right=last is not None and last.state is not State.WAITING,
            author=doer.number,
        )
    plan = plans.earliest(series, last, now=world.now)
    if not done.done:
        told = f"of {series.title!r}: the plan has changed, {len(plan)} could come earlier"
        return doer.world.judge(Law.EARLIER, told, right=not plan or done.mark != mark, author=doer.number)
    doer.world.judge(
        Law.EARLIER, f"done, and nothing could come earlier: {done.moving}", right=bool(plan), author=doer.number
    )
    moves = plans.brought_forward(world.model, plan)
    world.follow(moves, series)
    world.offered(done.offer, series.community, doer.number)
    bot.wake()
    return f"of {series.title!r}: {len(moves)} come earlier"
