"""What waits for a person, in which order, and how long "I am on it" holds."""

from enum import StrEnum

from whenever import Instant, TimeDelta


class MatterKind(StrEnum):
    """What kind of thing waits for a moderator."""

    REQUEST = "request"
    """An author asks for an exception (E6)."""
    QUESTION = "question"
    """An author was asked about a label (L11)."""
    READING = "reading"
    """One moderator has read a label otherwise; a second one is needed (L11)."""
    DOUBT = "doubt"
    """Readers say that a label may be wrong (R6, L11)."""
    APPEAL = "appeal"
    """An author appeals (L12)."""
    DELIVERY = "delivery"
    """What could not be posted in one channel, and is held (R3)."""
    HOLD = "hold"
    """Work that is paused without a return date (C9)."""
    IMPORT = "import"
    """An author asks to bring older work in (C13)."""


TAKEN_FOR = TimeDelta(hours=6)
"""How long "I am on it" holds; after that the matter is anybody's again."""


def taken_since(now: Instant) -> Instant:
    """What was taken after this moment is still taken."""
    return now - TAKEN_FOR
