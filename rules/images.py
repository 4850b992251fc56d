"""Where is an image from? L5: what its author says of it, and what that answer lacks; pixels are never looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.spans import is_visible


class Origin(StrEnum):
    """Where an image is from, by its author's word (L5)."""

    OWN = "own"
    OTHERS = "others"
    """Somebody else's, with credit."""
    AI = "ai"


@dataclass(frozen=True, slots=True)
class ImageLabel:
    """What the label rules need to know of one image."""

    number: int
    """Its place among the chapter's images, from 1, as readers meet them."""
    origin: Origin | None = None
    """`None` as long as nobody has said it."""
    caption: str = ""
    source: str = ""
    """Whose it is; of an AI image the tool or model, and who used it."""
    names_ai: bool = False
    """Whether the caption names AI in one of the policy's words, as L7 asks of a sentence."""


@dataclass(frozen=True, slots=True)
class Unshown:
    """An image of a file that readers will not see; what its author calls its text stands there, if it has one."""

    number: int
    """Its place among all images of the file, from 1."""
    name: str
    """As the file calls it; may be empty."""
    kind: str
    """What it is, by its first bytes: `SVG`, `TIFF`; empty where nobody knows."""
    alt: str
    there: bool = True
    """Whether the file holds it at all, and not its name alone."""


class Lack(StrEnum):
    """What an image's label lacks (L5)."""

    ORIGIN = "no_origin"
    """Nobody has said where it is from."""
    CREDIT = "no_credit"
    """Somebody else's image names nobody."""
    CAPTION = "caption_not_naming_ai"
    """The caption of an AI image does not say that AI made it."""
    SOURCE = "no_source"
    """An AI image names no tool or model, and nobody who used it."""


def lacks(label: ImageLabel) -> tuple[Lack, ...]:
    """L5: what keeps an image, and with it its chapter, in its home; nothing for one that may travel."""
    sourced = is_visible(label.source)
    match label.origin:
        case None:
            return (Lack.ORIGIN,)
        case Origin.OWN:
            return ()
        case Origin.OTHERS:
            return () if sourced else (Lack.CREDIT,)
        case Origin.AI:
            return (*(() if label.names_ai else (Lack.CAPTION,)), *(() if sourced else (Lack.SOURCE,)))


def made_by_ai(labels: Iterable[ImageLabel]) -> tuple[ImageLabel, ...]:
    """The images of which their author says that AI made them."""
    return tuple(label for label in labels if label.origin is Origin.AI)
