"""What was asked cannot be done, and the person can do something about it: errors with facts, never with sentences."""

from enum import StrEnum


class RefusalError(Exception):
    """A request we answer with "not so, but …"; its attributes are the facts, it holds no sentence."""


class Unreadable(StrEnum):
    """Why a manuscript cannot be taken in, and which facts come with the reason."""

    WRONG_TYPE = "wrong_type"
    """We do not read files of this name: `extension`, `accepted` (a tuple of extensions)."""
    EMPTY = "empty"
    """Nothing that a reader would see."""
    TOO_LARGE = "too_large"
    """The file is too big as it is: `size`, `limit`, in bytes."""
    TOO_LONG = "too_long"
    """The text is too long for a chapter: `length`, `limit`, in characters."""
    BROKEN = "broken"
    """Not what its name says, or damaged: `found` (see `usecases.manuscripts.decoding.Found`) or `part`."""
    BOMB = "bomb"
    """It would unpack to far more than a chapter: `measure` (`members`, `bytes`, `elements`, …) and `limit`."""
    TOO_MANY_IMAGES = "too_many_images"
    """More images than a chapter may have, or too large ones: `limit`, and `largest` in bytes."""
    SEVERAL = "several"
    """A book, where one chapter was wanted: `chapters`, how many it has."""
    GIVEN_UP = "given_up"
    """Reading it took more than a chapter may: `measure` is `time`, `memory`, or `crash` with its `fault`."""
    NOT_TEXT = "not_text"
    """Bytes that are no text we can decode: `found`, where we recognise what it is instead."""


class UnreadableManuscriptError(RefusalError):
    """A handed-in file or a pasted text that cannot become a manuscript."""

    def __init__(self, reason: Unreadable, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


class Unfit(StrEnum):
    """Why an image cannot be taken in, and which facts come with the reason."""

    NO_IMAGE = "no_image"
    """No image of a kind that Discord shows: `kind`, what it is called, or empty."""
    CUT_OFF = "cut_off"
    """The file ends before the image does."""
    BROKEN = "broken"
    """Its file cannot be followed to its end, so that nobody knows what else is in it."""
    GIVEN_UP = "given_up"
    """Reading it took more time or memory than an image may; without a name it is one of several."""
    TOO_LARGE = "too_large"
    """One file is too big: `size`, `limit`, in bytes."""
    TOO_MANY = "too_many"
    """A chapter has too many: `number`, `limit`."""
    CHAPTER_FULL = "chapter_full"
    """All images of a chapter together are too big: `size`, `limit`, in bytes."""
    COMMUNITY_FULL = "community_full"
    """As much is kept for this community as may be: `limit`, in bytes."""


class UnacceptableImageError(RefusalError):
    """A handed-in image that cannot be kept; `name` is its author's, empty where it is about all of them."""

    def __init__(self, reason: Unfit, name: str, **facts: int | str) -> None:
        super().__init__(reason, name, facts)
        self.reason = reason
        self.name = name
        self.facts = facts


class NoPlaceError(RefusalError):
    """A file that would wait for more than `minutes` to be read; `own` files of the same person come first."""

    def __init__(self, own: int, minutes: int) -> None:
        super().__init__(own, minutes)
        self.own = own
        self.minutes = minutes


class ImageGoneError(RefusalError):
    """There is no such image (any more)."""


class UnreadableMomentError(RefusalError):
    """Words that name no moment, or more than one: `readings`, as ISO dates or times."""

    def __init__(self, text: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(text, readings)
        self.text = text
        self.readings = readings


class NotSetUpError(RefusalError):
    """The community has not been set up yet."""


class SetupIncompleteError(RefusalError):
    """A first `/setup` without all it needs; `missing` are the names of its options."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


class UnknownZoneError(RefusalError):
    """A word that names no time zone."""

    def __init__(self, zone: str) -> None:
        super().__init__(zone)
        self.zone = zone


class NoSeriesError(RefusalError):
    """The author has no series yet."""


class UnknownSeriesError(RefusalError):
    """None of the author's series is called so; `known` are some that are."""

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        super().__init__(text, known)
        self.text = text
        self.known = known


class UnknownChapterError(RefusalError):
    """None of the author's chapters is called so; `known` are some that are."""

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        super().__init__(text, known)
        self.text = text
        self.known = known


class AmbiguousTitleError(RefusalError):
    """Several are called so; `matches` are their full titles."""

    def __init__(self, text: str, matches: tuple[str, ...]) -> None:
        super().__init__(text, matches)
        self.text = text
        self.matches = matches


class QueueFullError(RefusalError):
    """C7: so many chapters of a series wait already that no further one may."""

    def __init__(self, series_title: str, limit: int) -> None:
        super().__init__(series_title, limit)
        self.series_title = series_title
        self.limit = limit


class NotYoursError(RefusalError):
    """A button under somebody else's work."""


class StillPostingError(RefusalError):
    """Something of a person's is being carried to Discord, so that it cannot be deleted now."""


class DraftGoneError(RefusalError):
    """The preview's draft was cancelled, or forgotten after its time."""


class NotWaitingError(RefusalError):
    """The chapter does not wait (any more): it is out, or withdrawn."""

    def __init__(self, title: str, *, released: bool) -> None:
        super().__init__(title, released)
        self.title = title
        self.released = released


class ProposalGoneError(RefusalError):
    """Another label was shown, and has been confirmed or dropped since, or was forgotten after its time."""


class NotReleasedError(RefusalError):
    """C11: only a chapter that is out can be taken down."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class PausedError(RefusalError):
    """A moderator's hold keeps the chapter back, so it cannot be moved (C9)."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class PlaceError(RefusalError):
    """No place to move a chapter to; there are places from `first` to `last`."""

    def __init__(self, title: str, series_title: str, *, first: int, last: int) -> None:
        super().__init__(title, series_title, first, last)
        self.title = title
        self.series_title = series_title
        self.first = first
        self.last = last


class NothingToChangeError(RefusalError):
    """An edit that names nothing to change."""


class NotModeratorError(RefusalError):
    """Only moderators may do that; checked at the command and at the button, each time."""


class OwnGrantError(RefusalError):
    """E5: nobody grants to themselves, through any door."""


class NothingToExceptError(RefusalError):
    """No rule delays the chapter, so an exception would move nothing."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class AskedAlreadyError(RefusalError):
    """A request about this chapter is open already."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class RequestGoneError(RefusalError):
    """There is no such request any more."""


class DecidedAlreadyError(RefusalError):
    """E6: one decision wins; who presses second is told who decided, and how."""

    def __init__(self, decided_by: int, *, approved: bool) -> None:
        super().__init__(decided_by, approved)
        self.decided_by = decided_by
        self.approved = approved


class UnknownExceptionError(RefusalError):
    """No exception of this community is meant by the text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ExceptionOverError(RefusalError):
    """E7: an exception can be revoked until it is spent; this one is, or was revoked before."""


class NotHeldError(RefusalError):
    """R3: the delivery is not held any more; somebody else has seen to it."""


class UnknownWorkError(RefusalError):
    """No waiting chapter, or no series, of this community is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class HeldAlreadyError(RefusalError):
    """The chapter or series is paused already."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class NotHeldBackError(RefusalError):
    """Nothing that is paused is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ChapterGoneError(RefusalError):
    """A reader's button under a chapter of which nothing is known here any more."""


class UnknownStoryError(RefusalError):
    """No series of the community of which something is out is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class UnknownFollowError(RefusalError):
    """The reader follows no series that is called so; `known` are some that they follow."""

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        super().__init__(text, known)
        self.text = text
        self.known = known


class NothingToFollowError(RefusalError):
    """Nothing of this person is out in the community."""

    def __init__(self, author_id: int) -> None:
        super().__init__(author_id)
        self.author_id = author_id


class OneOfTwoError(RefusalError):
    """A command that takes a series or an author was given both, or, where one is needed, neither."""


class UnknownLessError(RefusalError):
    """The reader has no such wish to see less."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotOursError(RefusalError):
    """A message that the bot has not posted, or of which it knows nothing any more."""
