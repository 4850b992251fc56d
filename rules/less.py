"""What a reader asked to see less of (R6): a few keys, held against the keys that every release has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.images import ImageLabel, made_by_ai
from rules.labels import Ai


class LessKind(StrEnum):
    """Of what a reader wants to see less."""

    SERIES = "series"
    """The value is our id of the series."""
    AUTHOR = "author"
    """The value is Discord's id of the author."""
    TAG = "tag"
    """The value is one tag, as `tags_of` gives it."""
    LABEL = "label"
    """The value is a `LabelKind`."""


class LabelKind(StrEnum):
    """What a label can say, as readers choose by it."""

    NONE = "none"
    ASSISTED = "assisted"
    GENERATED = "generated"
    AI_IMAGES = "ai_images"
    """With images of which their author says that AI made them (L5)."""
    UNDECLARED_IMAGES = "undeclared_images"
    """With images of which nobody has said where they are from."""


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a release is, and that readers can see less of."""

    kind: LessKind
    value: str

    def __str__(self) -> str:
        """As it travels in a choice that Discord gives back to us."""
        return f"{self.kind}:{self.value}"


def key_of(text: str) -> Key | None:
    """A key as `str` made it, or `None` for what is none."""
    kind, _, value = text.partition(":")
    return Key(LessKind(kind), value) if kind in set(LessKind) and value else None


def keys_of(*, series_id: int, author_id: int, tags: str | None, labels: Iterable[LabelKind]) -> tuple[Key, ...]:
    """All keys of a release, from the narrowest to the widest."""
    return (
        Key(LessKind.SERIES, str(series_id)),
        Key(LessKind.AUTHOR, str(author_id)),
        *(Key(LessKind.TAG, tag) for tag in tags_of(tags)),
        *(Key(LessKind.LABEL, label) for label in labels),
    )


def tags_of(text: str | None) -> tuple[str, ...]:
    """The tags of a series, each once: what stands between commas, whatever its case, spacing or a leading `#`."""
    words = (" ".join(word.replace("#", " ").split()).casefold() for word in (text or "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def label_kinds(ai: Ai, images: Sequence[ImageLabel]) -> tuple[LabelKind, ...]:
    """What the label of a release says of its text and of its images, as readers choose by it."""
    by_ai = (LabelKind.AI_IMAGES,) if made_by_ai(images) else ()
    undeclared = (LabelKind.UNDECLARED_IMAGES,) if any(image.origin is None for image in images) else ()
    return (LabelKind(ai), *by_ai, *undeclared)


def hidden_by(asked: Collection[Key], release: Iterable[Key]) -> tuple[Key, ...]:
    """R6: which of a reader's wishes keep a release out of their feed and their messages; none, and it is shown."""
    return tuple(key for key in release if key in asked)
