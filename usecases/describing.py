"""*Describe images* (L5, L8): an author goes from image to image and says of each where it is from."""

from collections.abc import Iterable
from dataclasses import dataclass

from whenever import Instant

from rules.images import ImageLabel, Origin, lacks
from rules.labels import image_label
from storage import communities, images
from storage.chapters import Chapter, ChapterState
from storage.images import Image
from storage.transaction import Transaction
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

    @property
    def next_id(self) -> int | None:
        """The image behind it, or the first again; `None` for an only one."""
        ids = [one.id for one in self.others]
        following = ids[(ids.index(self.image.id) + 1) % len(ids)]
        return None if following == self.image.id else following


def first_to_describe(tx: Transaction, person: Person, chapter_id: int) -> Sight:
    """L8: the first image whose label lacks something, or the first of all.

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
        ImageGoneError: it has no image (any more).
    """
    own_labelled(tx, person, chapter_id)
    there = images.of_chapter(tx, chapter_id)
    if not there:
        raise ImageGoneError
    return see_image(tx, person, _lacking(there) or there[0].id)


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
    chapter = own_labelled(tx, person, image.chapter_id)
    return Sight(chapter, image, data, tuple(images.of_chapter(tx, chapter.id)))


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
    chapter = own_labelled(tx, person, image.chapter_id)
    said = ImageLabel(image.label.number, answers.origin, _one_line(answers.caption), _one_line(answers.source))
    _say(tx, person, chapter, [said], now=now)
    images.set_alt(tx, image_id, _one_line(answers.alt))
    there = images.of_chapter(tx, chapter.id)
    at = image.label.number - 1
    return chapter.id, _lacking((*there[at:], *there[:at]))


def claim_images(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> int:
    """L5, "all mine": of every image that nobody has described yet, its author says that it is their own; how many.

    Raises:
        NotYoursError, DraftGoneError, NotReleasedError: the chapter is not this person's to describe, or not any more.
    """
    chapter = own_labelled(tx, person, chapter_id)
    unsaid = [image.label for image in images.of_chapter(tx, chapter_id) if image.label.origin is None]
    mine = [ImageLabel(label.number, Origin.OWN, label.caption, label.source) for label in unsaid]
    _say(tx, person, chapter, mine, now=now)
    return len(unsaid)


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
