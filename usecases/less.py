"""Show less like this: what one reader sees, and nobody else; listed, and undone at any time (R6)."""

from dataclasses import dataclass

from whenever import Instant

from rules.less import Key, LabelKind, LessKind, key_of, keys_of, label_kinds
from storage import follows, less, series
from storage.chapters import Chapter
from storage.less import Less
from storage.transaction import Transaction
from usecases.follows import of_chapter
from usecases.people import Person, community_of
from usecases.refusals import ChapterGoneError, UnknownLessError


@dataclass(frozen=True, slots=True)
class Choices:
    """Of what a reader could see less, under one announcement."""

    chapter: Chapter
    keys: tuple[Key, ...]
    """From the narrowest to the widest."""
    asked: frozenset[Key]
    """What of it the reader has asked for already."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish that is kept now."""

    less: Less
    news: bool
    """It was not kept before."""
    follows: bool
    """The reader follows just that: its thread goes on telling them."""


def choices(tx: Transaction, person: Person, chapter_id: int) -> Choices:
    """What *Show less like this* asks about.

    Raises:
        ChapterGoneError: nothing is known of the chapter here any more.
    """
    chapter = of_chapter(tx, person, chapter_id)
    return Choices(chapter, keys_of_chapter(tx, chapter), less.keys(tx, person.community_id, person.id))


def ask_less(tx: Transaction, person: Person, chapter_id: int, chosen: str, *, now: Instant) -> Asked:
    """Keep what a reader has chosen under an announcement.

    Raises:
        ChapterGoneError: nothing is known of the chapter here any more, or it is not (any more) what was chosen.
    """
    chapter = of_chapter(tx, person, chapter_id)
    key = key_of(chosen)
    if key is None or key not in keys_of_chapter(tx, chapter):
        raise ChapterGoneError
    return _keep(tx, person, key, now=now)


def ask_less_of_label(tx: Transaction, person: Person, label: LabelKind, *, now: Instant) -> Asked:
    """Never see one kind of label in the feed.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    community_of(tx, person)
    return _keep(tx, person, Key(LessKind.LABEL, label), now=now)


def list_less(tx: Transaction, person: Person) -> list[Less]:
    """All that a reader asked to see less of, newest first.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    community_of(tx, person)
    return less.of_reader(tx, person.community_id, person.id)


def undo_less(tx: Transaction, person: Person, less_id: int) -> Less | None:
    """Forget one wish; `None` if it was forgotten before."""
    kept = less.find(tx, person.community_id, person.id, less_id)
    if kept is not None:
        less.drop(tx, person.community_id, person.id, less_id)
    return kept


def undo_named(tx: Transaction, person: Person, text: str | None) -> Less | None:
    """Forget the wish that is meant by its id, as suggestions give it; without one, the newest. `None`: there is none.

    Raises:
        NotSetUpError: nobody has set the community up.
        UnknownLessError: the text means none.
    """
    kept = list_less(tx, person)
    if not kept:
        return None
    meant = kept[0] if text is None else next((one for one in kept if str(one.id) == text.strip()), None)
    if meant is None:
        raise UnknownLessError(text or "")
    return undo_less(tx, person, meant.id)


def keys_of_chapter(tx: Transaction, chapter: Chapter) -> tuple[Key, ...]:
    """All that a release is, and that readers can see less of."""
    tags = series.find(tx, chapter.series_id).tags
    labels = label_kinds(chapter.labels.ai, chapter.labels.images)
    return keys_of(series_id=chapter.series_id, author_id=chapter.author_id, tags=tags, labels=labels)


def _keep(tx: Transaction, person: Person, key: Key, *, now: Instant) -> Asked:
    news = key not in less.keys(tx, person.community_id, person.id)
    less_id = less.add(tx, person.community_id, person.id, key, now=now)
    kept = less.find(tx, person.community_id, person.id, less_id)
    if kept is None:
        raise LookupError(str(key))
    return Asked(kept, news, _follows(tx, person, key))


def _follows(tx: Transaction, person: Person, key: Key) -> bool:
    if key.kind is LessKind.AUTHOR:
        return follows.find(tx, person.community_id, person.id, int(key.value), None) is not None
    if key.kind is LessKind.SERIES:
        found = series.find(tx, int(key.value))
        return follows.find(tx, person.community_id, person.id, found.author_id, found.id) is not None
    return False
