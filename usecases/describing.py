"""*Describe images* (L5, L8): an author goes from image to image and says of each where it is from.

In an import's preview that is one way through the images of all its chapters (C13).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from whenever import Instant

from rules.images import ImageLabel, Origin, lacks
from rules.labels import image_label
from storage import chapters, communities, images
from storage.chapters import Chapter, ChapterState
from storage.images import Image
from storage.transaction import Transaction
from usecases.imports import check_changeable, known_import, own_draft_import
from usecases.labels import Cause, Change, own_labelled, relabel
from usecases.people import Person
from usecases.refusals import ImageGoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an author says of one image."""

    origin: Origin
    caption: str
    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class Sight:
    """One image of a chapter before its author's eyes."""

    chapter: Chapter
    image: Image
    data: bytes
    others: tuple[Image, ...]
    """All images of the chapter, this one included."""
    way: tuple[Image, ...]
    """All that its author goes through: those of the chapter, or of all chapters that came with it (C13)."""

    @property
    def next_id(self) -> int | None:
        """The image behind it, or the first again; `None` for an only one."""
        ids = [one.id for one in self.way]
        following = ids[(ids.index(self.image.id) + 1) % len(ids)]
        return None if following == self.image.id else following


def first_to_describe(tx: Transaction, person: Person, chapter_id: int) -> Sight:
    """L8: the first image whose label lacks something, or the first of all.

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
        ImportGoneError, ImportAskedError: it came with an import that is no preview any more.
        ImageGoneError: it has no image (any more).
    """
    there = _way(tx, _own(tx, person, chapter_id))
    if not there:
        raise ImageGoneError
    return see_image(tx, person, _lacking(there) or there[0].id)


def first_of_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> Sight:
    """L8, C13: of all chapters of an import, the first image whose label lacks something, or the first of all.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
        ImageGoneError: none of them has an image.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    with_images = [chapter for chapter in view.chapters if chapter.labels.images]
    if not with_images:
        raise ImageGoneError
    return first_to_describe(tx, person, with_images[0].id)


def import_of(tx: Transaction, chapter_id: int) -> int | None:
    """The import in whose preview a draft is shown; `None` for a chapter of its own, or one that is out."""
    chapter = chapters.find(tx, chapter_id)
    return chapter.import_id if chapter is not None and chapter.state is ChapterState.DRAFT else None


def see_image(tx: Transaction, person: Person, image_id: int) -> Sight:
    """One image, with what is said of it so far.

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
        ImageGoneError: there is no such image (any more).
    """
    image = images.find(tx, image_id)
    data = images.file(tx, image_id)
    if image is None or data is None:
        raise ImageGoneError
    chapter = _own(tx, person, image.chapter_id)
    return Sight(chapter, image, data, tuple(images.of_chapter(tx, chapter.id)), _way(tx, chapter))


def describe_image(
    tx: Transaction, person: Person, image_id: int, answers: Answers, *, now: Instant
) -> tuple[int, int | None]:
    """L5: take an author's answers about an image down; of a chapter that is out, all follows from them (L10).

    Returns:
        The chapter, and the image to go on with: this one if its label still lacks something, else the next one whose
        label does; `None` where none does.

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
        ImageGoneError: there is no such image (any more).
    """
    image = images.find(tx, image_id)
    if image is None:
        raise ImageGoneError
    chapter = _own(tx, person, image.chapter_id)
    said = ImageLabel(image.label.number, answers.origin, _one_line(answers.caption), _one_line(answers.source))
    _say(tx, person, chapter, [said], now=now)
    images.set_alt(tx, image_id, _one_line(answers.alt))
    there = _way(tx, chapter)
    at = [one.id for one in there].index(image_id)
    return chapter.id, _lacking((*there[at:], *there[:at]))


def claim_images(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> int:
    """L5, "all mine": of every image that nobody has described yet, its author says that it is their own; how many.

    In an import's preview: of those of all its chapters (C13).

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
        ImportGoneError, ImportAskedError: it came with an import that is no preview any more.
    """
    number = 0
    for chapter in _with_chapter(tx, _own(tx, person, chapter_id)):
        unsaid = [image.label for image in images.of_chapter(tx, chapter.id) if image.label.origin is None]
        mine = [ImageLabel(label.number, Origin.OWN, label.caption, label.source) for label in unsaid]
        if mine:
            _say(tx, person, chapter, mine, now=now)
        number += len(mine)
    return number


def _own(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    """A chapter whose images this person may describe now; of an import, as long as that is a preview."""
    chapter = own_labelled(tx, person, chapter_id)
    if chapter.state is ChapterState.DRAFT and chapter.import_id is not None:
        check_changeable(known_import(tx, chapter.import_id))
    return chapter


def _with_chapter(tx: Transaction, chapter: Chapter) -> list[Chapter]:
    """A chapter, or all that are shown in one preview with it."""
    if chapter.state is ChapterState.DRAFT and chapter.import_id is not None:
        return chapters.of_import(tx, chapter.import_id)
    return [chapter]


def _way(tx: Transaction, chapter: Chapter) -> tuple[Image, ...]:
    return tuple(image for one in _with_chapter(tx, chapter) for image in images.of_chapter(tx, one.id))


def _say(tx: Transaction, person: Person, chapter: Chapter, labels: Iterable[ImageLabel], *, now: Instant) -> None:
    """Keep what an author says of some images; once the chapter is handed in, do what follows from it."""
    if chapter.state is ChapterState.DRAFT:
        policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
        for label in labels:
            images.set_label(tx, chapter.id, image_label(label, policy))
        return
    said = {label.number: label for label in (*chapter.labels.images, *labels)}
    change = Change(by=person.id, cause=Cause.AUTHOR, declaration=chapter.declaration, images=tuple(said.values()))
    relabel(tx, chapter.id, change, now=now)


def _lacking(there: Iterable[Image]) -> int | None:
    return next((image.id for image in there if lacks(image.label)), None)


def _one_line(text: str) -> str:
    return " ".join(text.split())
