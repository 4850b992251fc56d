"""Direct messages to readers who asked for them: gathered, in one line, and stopped for good at a closed inbox."""

from dataclasses import dataclass
from zlib import crc32

from whenever import Instant, TimeDelta

from rules.deliveries import CLOSED_INBOX, DIRECT_GATHERS, Event, Kind, Outcome, direct_turn
from storage import chapters, deliveries, follows, news, posts, readers
from storage.chapters import Chapter
from storage.deliveries import Delivery
from storage.transaction import Transaction
from usecases.less import keys_of_chapter
from usecases.people import Person

FORGOTTEN_AFTER = TimeDelta(hours=24 * 7)
"""How long it is kept that something was done for a single reader."""
FORGOTTEN_AT_A_TIME = 2000


@dataclass(frozen=True, slots=True)
class News:
    """One release that a message names."""

    chapter: Chapter
    heading_id: int | None
    """The message at which it begins."""


def tell_followers(tx: Transaction, chapter: Chapter, *, now: Instant) -> None:
    """A chapter has come to its home: let the messages of all who asked for them name it, in a few statements.

    The messages of one chapter stand one by one between those of others, from where the line has arrived: a crowd
    waits for its own size, and holds up nobody else's followers. Nobody in it is always the last.
    """
    keys = keys_of_chapter(tx, chapter)
    told = news.readers_to_tell(tx, chapter.community_id, chapter.author_id, chapter.series_id, keys)
    told.sort(key=lambda reader: crc32(f"{reader} {chapter.id}".encode()))
    new = news.without_message(tx, chapter.community_id, told)
    deliveries.plan_for_readers(
        tx,
        Kind.DIRECT,
        new,
        community_id=chapter.community_id,
        target_id=None,
        series_id=None,
        due=now + DIRECT_GATHERS,
        place=news.front(tx),
        now=now,
    )
    news.add(tx, chapter.community_id, told, chapter.id)


def next_turn(tx: Transaction, *, now: Instant) -> tuple[int, Instant] | None:
    """The first direct message in line, and when it may go out."""
    first = news.first_in_line(tx, now=now)
    return None if first is None else (first[0], direct_turn(due=first[1], last=news.last_attempt(tx)))


def news_of(tx: Transaction, delivery: Delivery) -> tuple[News, ...]:
    """What a direct message tells, as it now is; nothing, if all of it was withdrawn meanwhile."""
    found = [chapters.find(tx, chapter_id) for chapter_id in news.chapters_of(tx, delivery.id)]
    return tuple(News(one, posts.heading_message(tx, one.id)) for one in found if one is not None)


def note_closed(tx: Transaction, delivery: Delivery, outcome: Outcome, *, now: Instant) -> None:
    """A closed inbox: nothing more is sent to this reader until they ask for it."""
    if outcome.event is Event.REFUSE and outcome.problem == CLOSED_INBOX and delivery.reader_id is not None:
        readers.close_inbox(tx, delivery.community_id, delivery.reader_id, now=now)
        news.take_back(tx, delivery.community_id, delivery.reader_id)


def write_again(tx: Transaction, person: Person) -> bool:
    """The reader has opened their inbox; `False` if nothing had stopped. What came meanwhile stands in the feed."""
    return readers.open_inbox(tx, person.community_id, person.id)


def stop_messages(tx: Transaction, person: Person) -> int:
    """Whatever the reader follows by direct message stays in their feed alone; how much that is."""
    news.take_back(tx, person.community_id, person.id)
    return follows.stop_messages(tx, person.community_id, person.id)


def forget_old(tx: Transaction, *, now: Instant) -> bool:
    """Forget what was done for single readers long ago; `True` if there may be more of it."""
    return news.forget(tx, before=now - FORGOTTEN_AFTER, limit=FORGOTTEN_AT_A_TIME) == FORGOTTEN_AT_A_TIME
