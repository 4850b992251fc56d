"""The one file that asks for the time, and the one that waits.

Time is read through discord.py's own helper and waited for through the event loop's own timers, so that a simulated
Discord drives us as the real one does.
"""

import asyncio
from collections.abc import Callable

import discord
from whenever import Instant


class Clock:
    """The present moment, and being called at a later one."""

    def now(self) -> Instant:
        """The present moment, cut to whole milliseconds as it is stored."""
        moment = Instant(discord.utils.utcnow())  # noqa: TID251 - this is the place
        return Instant.from_timestamp(moment.timestamp(unit="millisecond"), unit="millisecond")

    def call_at(self, moment: Instant, function: Callable[[], None]) -> asyncio.TimerHandle:
        """Call `function` at a moment, at once if it has passed; the handle cancels it."""
        seconds = max(0.0, (moment - self.now()).total("seconds"))
        return asyncio.get_running_loop().call_later(seconds, function)


class Pacer:
    """Discord's limit for the whole bot: a few turns at once, then at an even rate, however many ask."""

    def __init__(self, per_second: float, *, at_once: int) -> None:
        self._gap = 1 / per_second
        self._head_start = at_once * self._gap
        self._next_turn = 0.0

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = asyncio.get_running_loop().time()
        self._next_turn = max(now - self._head_start, self._next_turn) + self._gap
        if self._next_turn > now:
            await asyncio.sleep(self._next_turn - now)  # noqa: TID251 - this is the place
