"""Following a series or an author: by Discord's own thread, by direct message, or in the feed alone (R6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from rules.less import Key, LessKind, hidden_by, keys_of
from storage import chapters, follows, less, memberships, readers, series
from storage.chapters import Chapter
from storage.follows import Follow, How
from storage.memberships import Membership
from storage.series import Series
from storage.transaction import Transaction
from usecases.memberships import settle_member
from usecases.people import Person, community_of, pick
from usecases.refusals import ChapterGoneError, NothingToFollowError, UnknownFollowError, UnknownStoryError

_SUGGESTED = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRequest:
    """What is followed: one series, or all of an author; without `how`, as before, or in the thread."""

    person: Person
    author_id: int
    series_id: int | None
    how: How | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a reader stands to a series, or to an author."""

    author_id: int
    series: Series | None
    """`None`: all of the author's series."""
    how: How | None
    """`None`: not followed."""
    news: bool
    """It was different before."""
    membership: Membership | None
    """With a series: how the reader stands to its home thread."""
    author_too: How | None
    """With a series: how the reader follows all of its author."""
    left_out: tuple[Key, ...]
    """What the reader asked to see less of, so that it stays out of their feed all the same."""
    written_to: int
    """How many readers are sent a message of each of its chapters."""


def follow(tx: Transaction, request: FollowRequest, *, now: Instant) -> Following:
    """Follow something, or hear of it in another way; asked twice, it answers the same.

    To follow something is to want to see it: a wish to see less of the same is forgotten.
    """
    person, author_id, series_id = request.person, request.author_id, request.series_id
    before = follows.find(tx, person.community_id, person.id, author_id, series_id)
    how = request.how or (before.how if before else How.THREAD)
    follows.save(tx, person.community_id, person.id, author_id=author_id, series_id=series_id, how=how, now=now)
    if how is How.MESSAGE:
        readers.open_inbox(tx, person.community_id, person.id)
    followed = Key(LessKind.AUTHOR, str(author_id)) if series_id is None else Key(LessKind.SERIES, str(series_id))
    less.drop_key(tx, person.community_id, person.id, followed)
    _settle_homes(tx, request, now=now)
    return _standing(tx, request, news=before is None or before.how is not how)


def unfollow(tx: Transaction, request: FollowRequest, *, now: Instant) -> Following:
    """Follow something no more; whom the bot had added to a thread, it removes."""
    person = request.person
    dropped = follows.drop(tx, person.community_id, person.id, request.author_id, request.series_id)
    _settle_homes(tx, request, now=now)
    return _standing(tx, request, news=dropped)


def standing(tx: Transaction, request: FollowRequest) -> Following:
    """How a reader stands to something now."""
    return _standing(tx, request, news=False)


def of_chapter(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    """The chapter under whose announcement a reader has pressed something.

    Raises:
        ChapterGoneError: nothing is known of it here any more.
    """
    chapter = chapters.find(tx, chapter_id)
    if chapter is None or chapter.community_id != person.community_id or chapter.released_at is None:
        raise ChapterGoneError
    return chapter


def story(tx: Transaction, person: Person, text: str) -> Series:
    """The series of the community that a reader means, among those of which something has come out.

    Raises:
        NotSetUpError: nobody has set the community up.
        UnknownStoryError: none is called so.
        AmbiguousTitleError: several are.
    """
    community_of(tx, person)
    found = series.out_by_id(tx, person.community_id, int(text)) if text.isdecimal() else None
    if found is not None:
        return found
    known = series.out_like(tx, person.community_id, text.strip(), limit=_SUGGESTED)
    meant = pick(text, known, key=lambda one: one.id, names=lambda one: (one.title,))
    if meant is None:
        raise UnknownStoryError(text)
    return meant


def find_series(tx: Transaction, person: Person, series_id: int) -> Series:
    """The series a reader's button is about, whether or not anything of it is out (any more).

    Raises:
        ChapterGoneError: it is none of this community's.
    """
    found = series.find_maybe(tx, series_id)
    if found is None or found.community_id != person.community_id:
        raise ChapterGoneError
    return found


def suggest_stories(tx: Transaction, person: Person, typed: str) -> list[Series]:
    """Series of the community whose title holds what was typed, newest first; only those with something out."""
    return series.out_like(tx, person.community_id, typed.strip(), limit=_SUGGESTED)


def check_followable(tx: Transaction, person: Person, author_id: int) -> None:
    """Let through who has something out in the community.

    Raises:
        NotSetUpError: nobody has set the community up.
        NothingToFollowError: they have not.
    """
    community_of(tx, person)
    if not series.has_out(tx, person.community_id, author_id):
        raise NothingToFollowError(author_id)


def list_follows(tx: Transaction, person: Person) -> Sequence[Follow]:
    """All that a reader follows, newest first.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    community_of(tx, person)
    kept_out = {one.series_id: one.why for one in memberships.kept_out(tx, person.community_id, person.id)}
    return [
        replace(one, kept_out=kept_out.get(one.series_id or 0)) if one.how is How.THREAD else one
        for one in follows.of_reader(tx, person.community_id, person.id)
    ]


def followed(tx: Transaction, person: Person, text: str) -> Follow:
    """The series that a reader follows and means.

    Raises:
        UnknownFollowError: they follow none that is called so.
        AmbiguousTitleError: they follow several.
    """
    mine = [one for one in list_follows(tx, person) if one.series_title is not None]
    meant = pick(text, mine, key=lambda one: one.series_id or 0, names=lambda one: (one.series_title or "",))
    if meant is None:
        raise UnknownFollowError(text, tuple(one.series_title or "" for one in mine[:10]))
    return meant


def _settle_homes(tx: Transaction, request: FollowRequest, *, now: Instant) -> None:
    """At once for one series; of an author only the homes one is in already: the others come with their chapters."""
    person, author_id = request.person, request.author_id
    concerned = (
        memberships.series_of_author(tx, person.community_id, person.id, author_id)
        if request.series_id is None
        else [request.series_id]
    )
    for series_id in concerned:
        settle_member(tx, person, series.find(tx, series_id), now=now)


def _standing(tx: Transaction, request: FollowRequest, *, news: bool) -> Following:
    person, author_id, series_id = request.person, request.author_id, request.series_id
    now_so = follows.find(tx, person.community_id, person.id, author_id, series_id)
    all_of_author = follows.find(tx, person.community_id, person.id, author_id, None) if series_id else None
    asked = less.keys(tx, person.community_id, person.id)
    found = None if series_id is None else series.find(tx, series_id)
    return Following(
        author_id=author_id,
        series=found,
        how=now_so.how if now_so else None,
        news=news,
        membership=None if series_id is None else memberships.find(tx, series_id, person.id),
        author_too=all_of_author.how if all_of_author else None,
        left_out=() if found is None else hidden_by(asked, _keys_of(found)),
        written_to=follows.written_to(tx, person.community_id, author_id, series_id),
    )


def _keys_of(found: Series) -> tuple[Key, ...]:
    """What every chapter of a series is; its label is each chapter's own."""
    return keys_of(series_id=found.id, author_id=found.author_id, tags=found.tags, labels=())
