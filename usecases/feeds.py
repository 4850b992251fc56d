"""The feed: what has come out, newest first, as one reader may and wants to see it; answered from an index."""

from collections.abc import Iterator
from dataclasses import dataclass

from whenever import Instant

from rules.labels import Reach
from rules.less import Key, hidden_by, keys_of
from storage import chapters, doubts, feeds, less, memberships, posts, readers
from storage.chapters import Chapter
from storage.feeds import Out
from storage.memberships import KeptOut
from storage.readers import Reader
from storage.transaction import Transaction
from usecases.people import Person, community_of

ENTRIES = 8
"""Releases on a page."""
_AT_A_TIME = 50
"""Releases that are read in one go."""
LOOKED_THROUGH = 2000
"""Releases that are looked through for one page at most: whoever sees little goes on from there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One release in the feed."""

    chapter: Chapter
    heading_id: int | None
    """The message at which it begins."""
    followed: bool
    new: bool
    """It came out, or to everybody, since the reader's last look."""
    since: Instant | None = None
    """When a mended label brought it to everybody, this reader among them (L10)."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a reader's feed."""

    entries: tuple[Entry, ...]
    reader: Reader
    followed_only: bool
    first: bool
    """It begins with the newest."""
    older: int | None
    """The chapter after which the next page goes on; `None` at the end."""
    left_out: int
    """Releases in between that the reader asked to see less of."""
    read_doubts: tuple[str, ...]
    """Chapters of which a moderator has read, since the last look, what this reader said of the label."""
    kept_out: tuple[KeptOut, ...]
    """On the first page: the homes that Discord keeps this reader out of, whose chapters stand here alone."""


def look_at_feed(tx: Transaction, person: Person, *, now: Instant) -> Feed:
    """`/feed`: the newest page; what came out since the last look is new.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    community_of(tx, person)
    readers.look(tx, person.community_id, person.id, now=now)
    return read_feed(tx, person, after=None, followed_only=False, now=now)


def read_feed(tx: Transaction, person: Person, *, after: int | None, followed_only: bool, now: Instant) -> Feed:
    """One page, from the newest or from after a chapter on; changes nothing."""
    reader = readers.find(tx, person.community_id, person.id)
    asked = less.keys(tx, person.community_id, person.id)
    begins = _position(tx, person, after)
    shown: list[Out] = []
    left_out, older = 0, None
    for looked, one in enumerate(_walk(tx, person, *(begins or (now.add(milliseconds=1), 0))), 1):
        if not _may_show(one, followed_only=followed_only):
            pass
        elif _is_left_out(one, asked):
            left_out += 1
        elif len(shown) == ENTRIES:
            older = shown[-1].chapter_id
            break
        else:
            shown.append(one)
        if looked == LOOKED_THROUGH:
            older = one.chapter_id
    entries = tuple(_entry(tx, one, reader) for one in shown)
    read = doubts.read_since(tx, person.community_id, person.id, reader.seen) if begins is None and reader.seen else []
    kept_out = memberships.kept_out(tx, person.community_id, person.id) if begins is None else []
    return Feed(entries, reader, followed_only, begins is None, older, left_out, tuple(read), tuple(kept_out))


def _position(tx: Transaction, person: Person, after: int | None) -> tuple[Instant, int] | None:
    """Where a page goes on; `None` for the newest, also if the chapter is forgotten."""
    since = None if after is None else feeds.since(tx, person.community_id, person.id, after)
    return None if after is None or since is None else (since, after)


def _walk(tx: Transaction, person: Person, before: Instant, chapter_id: int) -> Iterator[Out]:
    """What came out before, newest first, in a few readings."""
    for _ in range(LOOKED_THROUGH // _AT_A_TIME):
        found = feeds.out_before(
            tx, person.community_id, person.id, before=before, chapter_id=chapter_id, limit=_AT_A_TIME
        )
        yield from found
        if len(found) < _AT_A_TIME:
            return
        before, chapter_id = found[-1].since, found[-1].chapter_id


def _may_show(one: Out, *, followed_only: bool) -> bool:
    """What stays in its home is for its followers; the rest is for everybody."""
    return one.followed or (one.reach is Reach.NETWORK and not followed_only)


def _is_left_out(one: Out, asked: frozenset[Key]) -> bool:
    """R6: the reader asked to see less of something that this release is."""
    release = keys_of(series_id=one.series_id, author_id=one.author_id, tags=one.tags, labels=one.labels)
    return bool(hidden_by(asked, release))


def _entry(tx: Transaction, one: Out, reader: Reader) -> Entry:
    chapter = chapters.find(tx, one.chapter_id)
    if chapter is None:
        raise LookupError(f"chapter {one.chapter_id}")
    new = reader.seen is not None and one.since > reader.seen
    since = None if one.since == chapter.released_at else one.since
    return Entry(chapter, posts.heading_message(tx, chapter.id), one.followed, new, since)
