"""What a reader asked to see less of (R6): a few keys, held against the keys that every release has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

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


def label_kinds(ai: Ai) -> tuple[LabelKind, ...]:
    """What the label of a release says, as readers choose by it."""
    return (LabelKind(ai),)


def hidden_by(asked: Collection[Key], release: Iterable[Key]) -> tuple[Key, ...]:
    """R6: which of a reader's wishes keep a release out of their feed and their messages; none, and it is shown."""
    return tuple(key for key in release if key in asked)
