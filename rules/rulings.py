"""When a moderator may set a label, and for which reasons (L11)."""

from dataclasses import dataclass
from enum import StrEnum


class RulingReason(StrEnum):
    """L11: all reasons there are; a detector's score is none of them."""

    AUTHOR_SAID_SO = "author_said_so"
    LEFTOVER_PROMPT = "leftover_prompt"
    FILE_METADATA = "file_metadata"
    TWO_READERS = "two_readers"


class Obstacle(StrEnum):
    """Why a label cannot be set yet."""

    NOT_ASKED = "not_asked"
    """The author was not asked, or the question was settled in their favour."""
    TIME_LEFT = "time_left"
    """The author still has time to answer."""
    SAID_WHERE = "said_where"
    """They are to have said so, but neither in an answer nor in words that the moderator can name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The last question about a chapter, as far as it matters for setting its label."""

    answered: bool
    may_be_decided: bool
    left: bool
    """A moderator has left the label as it is."""


def obstacle(reason: RulingReason, asked: Asked | None, *, noted: bool) -> Obstacle | None:
    """L11: what stands in the way of setting a label for this reason; `noted` with words of the moderator.

    Nobody need be asked what they have said by themselves: then the note says where. For every other reason the
    author was asked, and has answered or had the time to.
    """
    open_question = asked if asked is not None and not asked.left else None
    if reason is RulingReason.AUTHOR_SAID_SO:
        answered = open_question is not None and open_question.answered
        return None if answered or noted else Obstacle.SAID_WHERE
    if open_question is None:
        return Obstacle.NOT_ASKED
    return None if open_question.may_be_decided else Obstacle.TIME_LEFT


def needs_second_reader(reason: RulingReason) -> bool:
    """L11: "two people read it so" takes two."""
    return reason is RulingReason.TWO_READERS
