"""What the floor above hands down to us."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from whenever import Instant


class Clock(Protocol):
    """The present moment, and being called at a later one (`bot/clock.py`)."""

    def now(self) -> Instant:
        """The present moment."""
        ...

    def call_at(self, moment: Instant, function: Callable[[], None]) -> asyncio.TimerHandle:
        """Call `function` at a moment; the handle cancels it."""
        ...


class Pacer(Protocol):
    """Discord's limit for the whole bot (`bot/clock.py`)."""

    async def turn(self) -> None:
        """Wait for the next turn."""
        ...


class Waker(Protocol):
    """Whoever does what is due (`cogs/rounds.py`)."""

    def wake(self) -> None:
        """Look at once what is due: something new may be."""
        ...

    async def settled(self, *, within: float) -> None:
        """Wait until nothing is under way, for so many seconds at most."""
        ...
