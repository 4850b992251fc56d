"""What authors do at their desks: start series, hand chapters in, alone or in a crowd, think better of it."""

from dataclasses import replace
from functools import partial
from random import Random

from storage import images
from tests.images import a_png
from tests.simulation import plans
from tests.simulation.days import DAY, HOUR, MINUTE, SECOND, spoken
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.model import Chapter, Community, Series
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import FIRST_AUTHOR
from tests.simulation.texts import Text, write_text
from usecases import chapters, drafts, series
from usecases.describing import describe_image
from usecases.images import take_in
from usecases.people import Person
from usecases.refusals import DraftGoneError, QueueFullError

_TITLES = ("The Salt Road", "Lanterns", "Nine Letters", "Salt")
"""Few, so that different series bear the same title."""
_WRITES_ELSEWHERE_TOO = 5


def community_of(doer: Doer) -> Community:
    """Where an author writes this time; every fifth writes in two communities."""
    communities = doer.world.model.communities
    elsewhere = doer.number % _WRITES_ELSEWHERE_TOO == 0 and doer.rng.random() < 0.5
    return communities[(doer.number + elsewhere) % len(communities)]


def person_of(doer: Doer, community: Community) -> Person:
    """The author as the bot knows them."""
    return Person(community.id, FIRST_AUTHOR + doer.number)


def new_series(doer: Doer, community: Community) -> Series:
    """A series is started; now and then Discord says so twice (R2)."""
    world, title = doer.world, doer.rng.choice(_TITLES)
    request_id = doer.rng.getrandbits(60)
    request = series.StartSeries(person=person_of(doer, community), request_id=request_id, title=title)
    bot = world.bot()
    made = bot.write(series.start_series, request, now=world.instant())
    started = Series(made.id, community, doer.number, made.title)
    community.series.append(started)
    world.model.series[made.id] = started
    bot.wake()
    if doer.rng.random() < 0.3 and bot.write(series.start_series, request, now=world.instant()).id != made.id:
        raise BrokenLawError(Law.ONCE, f"one request made two series {title!r}", doer.number)
    return started


@act(Role.AUTHOR, a_year=1.5)
def starts_a_series(doer: Doer) -> str:
    """`/series start`, with nothing in it yet."""
    community = community_of(doer)
    return f"{new_series(doer, community).title!r} in community {community.number}"


@act(Role.AUTHOR, a_year=9)
def hands_in(doer: Doer) -> str:
    """`/chapter submit`: one chapter, a few, or everything that lay in the drawer."""
    community = community_of(doer)
    own = community.of_author(doer.number)
    chosen = new_series(doer, community) if not own or doer.rng.random() < 0.15 else doer.rng.choice(own[-3:])
    (count,) = doer.rng.choices((1, 2, 4, 9, 30), (60, 25, 10, 4, 1))
    told = [hand_in(doer, chosen, f"{doer.key}-{number}") for number in range(count)]
    return f"to {chosen.title!r} in community {community.number}: " + ", ".join(told)


@act(Role.MODERATOR, a_year=3)
def calls_for_stories(doer: Doer) -> str:
    """An evening for which everybody has something: a crowd within minutes (R4)."""
    world, community = doer.world, doer.world.model.communities[doer.number]
    crowd = [one for one in community.series if one.author not in world.gone]
    for one in crowd:
        chance = Random(f"{doer.key} {one.author} {one.title}")
        author = replace(doer, number=one.author, rng=chance)
        at = world.now + chance.randrange(10 * MINUTE)
        world.later(at, f"author {one.author}", partial(_joins_in, author, one))
    return f"{len(crowd)} series in community {community.number}"


def _joins_in(doer: Doer, chosen: Series) -> str:
    own = chosen.community.of_author(doer.number)
    if chosen not in own:
        return "has had it deleted meanwhile"
    return "joins in: " + hand_in(doer, chosen, f"{doer.key}-{doer.number}-{own.index(chosen)}")


def hand_in(doer: Doer, chosen: Series, key: str) -> str:
    """A chapter is read, previewed, and mostly submitted at once."""
    world, rng, person = doer.world, doer.rng, person_of(doer, chosen.community)
    text, wanted, patience = write_text(rng, doer.labels), _wish(doer), rng.random()
    later, again = rng.randrange(2 * MINUTE, 30 * HOUR), rng.choice((SECOND, 5 * DAY))
    bot = world.bot()
    book, waiting = chosen.community.book, len(chosen.waiting())
    try:
        desk = bot.read(drafts.find_desk, person, str(chosen.id))
    except QueueFullError:
        world.laws.refused(waiting, book.limit, refused=True)
        return "refused, the queue is full"
    world.laws.refused(waiting, book.limit, refused=False)
    request = drafts.OpenDraft(
        person=person,
        series=desk.series,
        title=f"Chapter {len(chosen.chapters) % 3}",
        declaration=text.declaration,
        wanted=None if wanted is None else world.instant().add(milliseconds=wanted - world.now),
        prepared=world.prepared(text.markdown, text.declaration, desk.policy),
        images=tuple(take_in(a_png(f"{key} {number}"), "a.png") for number, _ in enumerate(text.images)),
    )
    draft = bot.write(drafts.open_draft, request, now=world.instant())
    for image, said in zip(bot.read(images.of_chapter, draft), text.images, strict=True):
        if said is not None:
            bot.write(describe_image, person, image.id, said, now=world.instant())
    press = partial(_press, doer, chosen, draft, text, wanted, key)
    if patience < 0.15:
        world.later(world.now + later, f"author {doer.number}", partial(_later, press))
        return f"{key!r} previewed"
    if patience > 0.9:
        world.later(world.now + again, f"author {doer.number}", partial(_press_again, doer, person, draft))
    return press()


def _wish(doer: Doer) -> int | None:
    """C8: when the author would like it to be out; mostly as soon as may be."""
    wish = doer.rng.random()
    minute = doer.world.now // MINUTE * MINUTE
    if wish < 0.7:
        return None
    return minute + doer.rng.randrange(-2 * DAY // MINUTE, 20 * DAY // MINUTE) * MINUTE


def _press(doer: Doer, chosen: Series, draft: int, text: Text, wanted: int | None, key: str) -> str:
    """The press on *Submit*: what was previewed is what is decided, and what the model says."""
    world, person = doer.world, person_of(doer, chosen.community)
    bot, book, waiting = world.bot(), chosen.community.book, len(chosen.waiting())
    expected = plans.expect(chosen, now=world.now, wanted=wanted)
    shown = bot.read(drafts.preview, person, draft, now=world.instant())
    try:
        receipt = bot.write(chapters.submit_chapter, person, draft, now=world.instant())
    except QueueFullError:
        world.laws.refused(waiting, book.limit, refused=True)
        return f"{key!r} refused, the queue is full"
    world.laws.refused(waiting, book.limit, refused=False)
    told = expected.reason.delayed or bool(text.label.fails(book))
    slot = world.stamp(receipt.verdict.slot.at) if world.blind else expected.slot
    chapter = Chapter(
        draft, key, chosen, book, slot, wanted, expected.reason, text.label, told, world.now, grant=expected.grant
    )
    moves = plans.challenge_slots(world.model, chosen, now=world.now, joining=1)
    if not world.blind:
        world.laws.previewed(shown, receipt)
        bot.read(world.laws.handed_in, chapter, expected, receipt)
    world.follow(moves, chosen)  # those ahead, which keep their order among themselves, and a use that has become free
    world.model.hand_in(chapter)
    world.follow([], chosen)
    if not told:  # its own notice says where the series stands
        world.changed(chosen, "handed_in", moved=bool(moves))
    world.happened("handed in", doer.number)
    bot.wake()
    return f"{key!r} for {spoken(chapter.slot, book.zone)} ({expected.reason.because})"


def _later(press: "partial[str]") -> str:
    """The press comes hours after the preview; much may have changed, and a day later the draft is gone."""
    try:
        return f"presses Submit: {press()}"
    except DraftGoneError:
        return "presses Submit: the draft is forgotten"


def _press_again(doer: Doer, person: Person, draft: int) -> str:
    """A second press decides nothing anew."""
    world, chapter = doer.world, doer.world.model.chapters.get(draft)
    if chapter is None:
        return "never pressed Submit"
    receipt = world.bot().write(chapters.submit_chapter, person, draft, now=world.instant())
    slot = world.stamp(receipt.verdict.slot.at)
    told = f"presses Submit again for {chapter.key!r}, promised {spoken(slot)}"
    return world.judge(Law.PROMISE, told, right=slot == chapter.slot, author=doer.number)


@act(Role.AUTHOR, a_year=1)
def thinks_better_of_it(doer: Doer) -> str:
    """A preview that is cancelled leaves nothing behind."""
    community = community_of(doer)
    own = community.of_author(doer.number)
    if not own:
        raise NotYetError(Event("handed in", doer.number))
    world, person, chosen = doer.world, person_of(doer, community), doer.rng.choice(own)
    text = write_text(doer.rng, doer.labels)
    bot = world.bot()
    try:
        desk = bot.read(drafts.find_desk, person, str(chosen.id))
    except QueueFullError:
        return "the queue is full"
    prepared = world.prepared(text.markdown, text.declaration, desk.policy)
    request = drafts.OpenDraft(
        person=person, series=desk.series, title="No", declaration=text.declaration, wanted=None, prepared=prepared
    )
    draft = bot.write(drafts.open_draft, request, now=world.instant())
    bot.read(drafts.preview, person, draft, now=world.instant())
    bot.write(drafts.cancel_draft, person, draft)
    return "previewed and cancelled"
