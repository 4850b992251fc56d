"""How large a simulated world is; everything else follows from its seed."""

from dataclasses import dataclass
from random import Random
from zlib import crc32

from tests.simulation.days import DAY, utc

AUTHORS = 200
DAYS = 365
COMMUNITIES = 4
READERS = 10
FIRST_AUTHOR = 1_000
"""The first author as Discord numbers them."""
FIRST_READER = 900_000
"""The first reader as Discord numbers them; it is their inbox's number too."""
FIRST_AUTHOR = 1_000
"""The first author as Discord numbers them."""
MODERATOR = 1
"""The person who moderates, in each community."""
ZONES = (
    *("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"),
    *("America/Santiago", "Asia/Beirut", "Africa/Cairo"),  # their clocks skip midnight
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One world to be."""

    seed: int
    authors: int = AUTHORS
    days: int = DAYS
    labels: int = 0
    """Another number gives the same world with other labels (law 3)."""

    @property
    def start(self) -> int:
        """Every simulated year holds the 29th of February 2028."""
        return utc(2027, 3, 1) + Random(f"start {self.seed}").randrange(363) * DAY

    @property
    def end(self) -> int:
        """When people stop; the bot has as long as it needs after that."""
        return self.start + self.days * DAY

    def chance(self, *what: object) -> Random:
        """Chance of its own for something."""
        return Random(crc32(repr((self.seed, *what)).encode()))

    def zone(self, community: int) -> str:
        """The zone in which a community begins."""
        return self.chance("zones").sample(ZONES, COMMUNITIES)[community]
