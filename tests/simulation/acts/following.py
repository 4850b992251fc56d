"""What readers press: follow, see less, look, ask why. It is theirs alone, and reaches no chapter (R6)."""

from rules.labels import Reach
from rules.less import LabelKind, hidden_by
from storage import chapters
from storage.follows import How
from storage.transaction import Transaction
from tests.simulation.days import DAY, HOUR, span
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.model import Chapter, Community, Model, State
from tests.simulation.process import Process
from tests.simulation.registry import Doer, Role, act
from tests.simulation.setting import FIRST_READER
from usecases import announcements, feeds, follows, less, news
from usecases.people import Person

_WORKS = "SELECT id, state, slot_at, released_at, reach, ai, policy_version FROM chapters ORDER BY id DESC LIMIT 200"
_FOLLOWED = """
    SELECT 1 FROM follows
     WHERE reader_id = :reader AND community_id = :community AND author_id = :author
       AND COALESCE(series_id, 0) IN (0, :series)
"""


@act(Role.READER, a_year=12)
def follows_something(doer: Doer) -> str:
    """**Follow** under an announcement or a home, in one of the ways, of the series or its author."""
    seen, community = _sees(doer), _community(doer)
    if seen is None:
        return "nothing has come out"
    bot, before = doer.world.bot(), _works(doer.world.bot())
    chapter = bot.read(follows.of_chapter, _person(doer, community), seen.id)
    whole_author, how = doer.rng.random() < 0.3, doer.rng.choice((None, None, *How))
    request = follows.FollowRequest(
        person=_person(doer, community),
        author_id=chapter.author_id,
        series_id=None if whole_author else chapter.series_id,
        how=how,
    )
    if how is How.MESSAGE:
        doer.world.model.asked_for_messages.add(FIRST_READER + doer.number)
    bot.write(follows.follow, request, now=doer.world.instant())
    _unchanged(bot, before)
    bot.wake()
    return f"{'all by the author' if whole_author else 'the series'} of {seen.key!r}, {how}"


@act(Role.READER, a_year=6)
def follows_no_more(doer: Doer) -> str:
    """`/unfollow`, of anything followed."""
    community, bot = _community(doer), doer.world.bot()
    person, before = _person(doer, community), _works(bot)
    mine = bot.read(follows.list_follows, person)
    if not mine:
        return "follows nothing"
    one = doer.rng.choice(mine)
    request = follows.FollowRequest(person=person, author_id=one.author_id, series_id=one.series_id)
    bot.write(follows.unfollow, request, now=doer.world.instant())
    _unchanged(bot, before)
    bot.wake()
    return f"{one.series_title or 'an author'}, {one.how}"


@act(Role.READER, a_year=6)
def sees_less(doer: Doer) -> str:
    """**Show less like this**, or one kind of label; sometimes undone at once."""
    seen, community = _sees(doer), _community(doer)
    bot, person, now = doer.world.bot(), _person(doer, community), doer.world.instant()
    before = _works(bot)
    if seen is None or doer.rng.random() < 0.3:
        done = bot.write(less.ask_less_of_label, person, doer.rng.choice(tuple(LabelKind)), now=now)
    else:
        keys = bot.read(less.choices, person, seen.id).keys
        done = bot.write(less.ask_less, person, seen.id, str(doer.rng.choice(keys)), now=now)
    if doer.rng.random() < 0.5:
        bot.write(less.undo_less, person, done.less.id)
    _unchanged(bot, before)
    return str(done.less.key)


@act(Role.READER, a_year=15)
def looks_into_the_feed(doer: Doer) -> str:
    """`/feed` and a page more: released, allowed, wanted, newest first, each once."""
    community, bot = _community(doer), doer.world.bot()
    person, before, now = _person(doer, community), _works(bot), doer.world.instant()
    page = bot.write(feeds.look_at_feed, person, now=now)
    entries = list(page.entries)
    if page.older is not None:
        entries += bot.read(feeds.read_feed, person, after=page.older, followed_only=False, now=now).entries
    shown = [entry.chapter.id for entry in entries if entry.chapter.import_id is None]  # older work is in no model
    right = bot.read(_newest, person, doer.world.model, len(shown))
    seen = page.reader.seen and doer.world.stamp(page.reader.seen)
    new = [seen is not None and since > seen for since, _ in right]
    if shown != [chapter for _, chapter in right] or new != [one.new for one in entries if one.chapter.id in shown]:
        raise BrokenLawError(Law.READERS, f"the feed shows {shown}, the newest for this reader are {right}")
    _unchanged(bot, before)
    return f"{len(entries)} releases, {page.left_out} left out"


@act(Role.READER, a_year=4)
def asks_why_it_is_here(doer: Doer) -> str:
    """**Why am I seeing this?** says what the record says."""
    seen = _sees(doer)
    if seen is None:
        return "nothing has come out"
    bot, person = doer.world.bot(), _person(doer, _community(doer))
    shown = bot.read(announcements.explain, person, seen.id)
    if (shown.chapter.reach is Reach.NETWORK) is not seen.travels or bool(shown.findings) is seen.travels:
        raise BrokenLawError(Law.READERS, f"{seen.key!r} is explained by {shown.findings}", seen.series.author)
    return seen.key


@act(Role.READER, a_year=1)
def closes_the_inbox(doer: Doer) -> str:
    """For a while; the bot stops at the first message, and goes on only when asked to."""
    lasts = doer.rng.choice((HOUR, 9 * DAY, 90 * DAY))
    doer.world.weather.closed_until[FIRST_READER + doer.number] = doer.world.now + lasts
    return span(lasts)


@act(Role.READER, a_year=1)
def wants_messages_again(doer: Doer) -> str:
    """**Write to me again**, or **Stop direct messages**."""
    person = _person(doer, _community(doer))
    if doer.rng.random() < 0.6:
        return f"again: {doer.world.bot().write(news.write_again, person)}"
    return f"no more: {doer.world.bot().write(news.stop_messages, person)}"


def _community(doer: Doer) -> Community:
    communities = doer.world.model.communities
    return communities[doer.number % len(communities)]


def _person(doer: Doer, community: Community) -> Person:
    return Person(community.id, FIRST_READER + doer.number)


def _sees(doer: Doer) -> Chapter | None:
    """Some announcement or home that the reader comes across, often an old one."""
    out = [
        chapter
        for series in _community(doer).series
        for chapter in series.chapters
        if chapter.state is State.RELEASED and chapter.id in doer.world.model.chapters
    ]
    return doer.rng.choice(out) if out else None


def _newest(tx: Transaction, person: Person, model: Model, count: int) -> list[tuple[int, int]]:
    """R6, L10: what this reader may and wants to see, newest first, by when it came to them."""
    came = []
    for row in tx.all(
        "SELECT id, author_id FROM series WHERE community_id = :community", community=person.community_id
    ):
        followed = _follows(tx, person, row["author_id"], row["id"])
        for one in model.series[row["id"]].chapters:
            if one.state is State.RELEASED and (one.travels or followed):
                mended_at = None if followed else _mended_at(tx, one)
                came.append((mended_at or one.released_at or 0, one.id))
    wishes = {one.key for one in less.list_less(tx, person)}
    found: list[tuple[int, int]] = []
    for since, chapter_id in sorted(came, reverse=True):
        chapter = chapters.find(tx, chapter_id)
        if len(found) < count and chapter is not None and not hidden_by(wishes, less.keys_of_chapter(tx, chapter)):
            found.append((since, chapter_id))
    return found


def _mended_at(tx: Transaction, one: Chapter) -> int | None:
    """L10: when a mended label brought it to everybody; whether its first announcement ever stood, Discord decides."""
    chapter = None if one.mended_at or not one.let_out_at else chapters.find(tx, one.id)
    told = chapter and chapter.mended_at and chapter.mended_at.timestamp(unit="millisecond")
    return told if told in one.let_out_at else one.mended_at


def _follows(tx: Transaction, person: Person, author_id: int, series_id: int) -> bool:
    facts = {"reader": person.id, "community": person.community_id, "author": author_id, "series": series_id}
    return tx.one(_FOLLOWED, **facts) is not None


def _works(bot: Process) -> list[tuple[object, ...]]:
    return bot.read(lambda tx: [tuple(row) for row in tx.all(_WORKS)])


def _unchanged(bot: Process, before: list[tuple[object, ...]]) -> None:
    """R6: a reader's act changes no chapter's reach, time or state."""
    if _works(bot) != before:
        raise BrokenLawError(Law.READERS, "a reader's act has changed a chapter")
