"""A Discord of a few lines: channels with messages, nonces it remembers for a while, publishing with a limit."""

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum, auto

from rules.deliveries import Kind
from tests.simulation.days import HOUR, MINUTE

NONCES_KEPT = 3 * MINUTE
"""Discord says "the past few minutes"; it says no number."""
PUBLISHES_AN_HOUR = 10
MOST_MEMBERS = 1
"""Of a thread, as far as the bot adds them; few, so that some are full."""
_FIRST_ID = 10_000


@dataclass(slots=True)
class Message:
    """Something that stands in a channel; a thread stands in its forum."""

    id: int
    channel: int
    at: int
    says: str
    kind: Kind
    chapter: int | None
    delivery: int
    published_at: int | None = None
    removed: bool = False
    neutral: bool = False
    """It was an announcement, and says nothing of its chapter now (L10)."""


class Published(Enum):
    """Discord's answer to a publish."""

    DONE = auto()
    BEFORE = auto()
    """It was published already."""
    TOO_MANY = auto()


class FakeDiscord:
    """What stands on Discord, whatever the bot believes."""

    def __init__(self) -> None:
        self.channels: defaultdict[int, list[Message]] = defaultdict(list)
        self.messages: dict[int, Message] = {}
        self.of_chapter: defaultdict[int, list[Message]] = defaultdict(list)
        self.members: defaultdict[int, set[int]] = defaultdict(set)
        """Who was added to a thread and not removed again."""
        self._nonces: dict[str, tuple[int, Message]] = {}
        self._published: defaultdict[int, deque[int]] = defaultdict(deque)

    def post(self, new: Message, nonce: str | None) -> Message:
        """A message comes to stand, or the one that a remembered nonce has brought already."""
        if nonce is not None:
            known = self._nonces.get(nonce)
            if known is not None and new.at - known[0] < NONCES_KEPT:
                return known[1]
            self._nonces[nonce] = (new.at, new)
        new.id = _FIRST_ID + len(self.messages)
        self.messages[new.id] = new
        self.channels[new.channel].append(new)
        self.of_chapter[new.chapter or 0].append(new)
        return new

    def find(self, channel: int, says: str, *, since: int) -> list[Message]:
        """Messages of a channel since a moment that say this, oldest first."""
        found = []
        for message in reversed(self.channels[channel]):
            if message.at < since:
                break
            if message.says == says and not message.removed:
                found.append(message)
        return found[::-1]

    def publish(self, message: Message, *, now: int) -> Published:
        """R4: send a message on to following servers; so many an hour and channel."""
        if message.published_at is not None:
            return Published.BEFORE
        published = self._published[message.channel]
        while published and published[0] <= now - HOUR:
            published.popleft()
        if len(published) >= PUBLISHES_AN_HOUR:
            return Published.TOO_MANY
        published.append(now)
        message.published_at = now
        return Published.DONE

    def standing(self, chapter: int) -> list[Message]:
        """What stands of a chapter, in the order in which it came."""
        return [message for message in self.of_chapter[chapter] if not message.removed]

    def is_published(self, chapter: int) -> bool:
        """C11: whether other servers have a copy of its announcement."""
        return any(message.published_at is not None for message in self.of_chapter[chapter])
