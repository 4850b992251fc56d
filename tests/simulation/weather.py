"""What goes wrong outside the bot: slow answers, lost answers, closed channels; each drawn from its own seed."""

from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from zlib import crc32

from tests.simulation.days import MINUTE, SECOND


class Turn(Enum):
    """What becomes of one attempt."""

    TAKEN = auto()
    UNANSWERED = auto()
    """Discord took it, and its answer was lost."""
    VANISHED = auto()
    """It never arrived, and nobody said so."""
    LATER = auto()
    """Discord did not take it and said so."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How one attempt goes; lengths from the claim on."""

    turn: Turn
    sent_after: int
    stands_after: int
    answered_after: int
    settled_after: int
    retry_after: int | None


_FAIR = (0.97, 0.01, 0.01, 0.01)
_LOSSY = (0.4, 0.25, 0.2, 0.15)
_TURNS = tuple(Turn)
_STARVED = 0.004
"""How often a bot is so busy that it writes an answer down only after its lease."""


@dataclass(slots=True)
class Weather:
    """How Discord and the network are at present; each until a moment."""

    seed: int
    slow_until: int = 0
    lossy_until: int = 0
    unreachable_until: int = 0
    closed_until: dict[int, int] = field(default_factory=dict)
    """Channels in which the bot lacks a permission."""
    unreadable_until: dict[int, int] = field(default_factory=dict)
    """Channels whose history it may not read."""
    calm: bool = False
    """Nothing goes wrong any more."""

    def clear_up(self) -> None:
        """All trouble is over, for good."""
        self.slow_until = self.lossy_until = self.unreachable_until = 0
        self.closed_until, self.unreadable_until, self.calm = {}, {}, True

    def fate(self, *what: object, now: int) -> Fate:
        """What becomes of an attempt: the same for the same attempt, whatever else happens in the world."""
        rng = self.chance(*what)
        if self.calm:
            return Fate(Turn.TAKEN, 0, 200, 300, 300, None)
        (turn,) = rng.choices(_TURNS, _LOSSY if now < self.lossy_until else _FAIR)
        slow = now < self.slow_until
        sent = rng.choice((0, 0, 0, 20, 900))
        stands = sent + rng.randrange(50, 25 * SECOND if slow else 800)
        answered = rng.randrange(stands, 45 * SECOND) if slow else stands + rng.randrange(5 * SECOND)
        settled = answered + (rng.randrange(MINUTE) if rng.random() < _STARVED else 0)
        retry = rng.choice((None, None, SECOND, 5 * SECOND, 40 * MINUTE))
        return Fate(turn, sent, stands, answered, settled, retry)

    def rendering(self, *what: object) -> int:
        """How long a manuscript's pages take; mostly nothing to speak of."""
        rng = self.chance("rendering", *what)
        return rng.randrange(1, 3 * SECOND) if rng.random() < 0.1 and not self.calm else 0

    def chance(self, *what: object) -> Random:
        """Chance of its own for something that happens."""
        return Random(crc32(repr((self.seed, *what)).encode()))
