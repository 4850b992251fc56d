"""Places at which files are read, each in a process of its own: fair turns, one file of a person at a time.

A file may take a minute, and there are few places. So nobody has two of them, however many files they hand in, and
when one falls free it goes to the person who has waited longest for a turn: who had one already stands behind those
who had none, also those who come later. Whoever waits is told, and whoever would wait too long is refused at once, or
when it turns out.

What waits here waits with its interaction, which no restart survives; nothing is kept that would have to.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from usecases.manuscripts.apart import LONGEST_WAIT
from usecases.refusals import NoPlaceError

MOST_MINUTES = 10
"""The longest anybody is left to wait; Discord takes no answer after 15, and the file is still to be read then."""
_MINUTES_A_FILE = LONGEST_WAIT / 60


@dataclass(frozen=True, slots=True)
class Wait:
    """What somebody is told whose file is not read at once."""

    own: int
    """How many files of theirs come first."""
    minutes: int
    """Its turn comes within so many, if it is their only file; others cannot go before it."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """One file whose turn has not come yet."""

    person_id: int
    number: int
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Places:
    """Some places, and a line before them.

    Args:
        number: how many there are.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._numbers = count(1)
        self._line: list[_Waiting] = []
        self._busy: set[int] = set()
        self._last_turn: dict[int, int] = {}

    @asynccontextmanager
    async def place(self, person_id: int, told: Callable[[Wait], Awaitable[None]]) -> AsyncIterator[None]:
        """Have a place as long as the context lasts.

        Args:
            person_id: for whom.
            told: called once if it takes a while until there is one.

        Raises:
            NoPlaceError: it would take too long, or has.
        """
        wait = self._wait_of(person_id)
        mine = _Waiting(person_id, next(self._numbers))
        self._line.append(mine)
        self._call()
        try:
            if mine in self._line:
                if wait.minutes > MOST_MINUTES:
                    raise NoPlaceError(wait.own, MOST_MINUTES)
                await told(wait)
            try:
                async with asyncio.timeout(MOST_MINUTES * 60):
                    await mine.turn
            except TimeoutError as error:
                raise NoPlaceError(wait.own, MOST_MINUTES) from error
            yield
        finally:
            if mine in self._line:
                self._line.remove(mine)
            else:
                self._busy.discard(person_id)
            self._call()

    def _wait_of(self, person_id: int) -> Wait:
        """How long somebody's next file would wait: own ones come one by one, those of others meanwhile, in turns."""
        files = Counter(one.person_id for one in self._line) + Counter(self._busy)
        own = files.pop(person_id, 0)
        others = sum(min(number, own + 1) for number in files.values())
        return Wait(own, _rounded_up((own + others / self._number) * _MINUTES_A_FILE))

    def _call(self) -> None:
        """Give each free place to whoever's turn it is."""
        while len(self._busy) < self._number:
            ready = [one for one in self._line if one.person_id not in self._busy and not one.turn.done()]
            if not ready:
                break
            called = min(ready, key=lambda one: (self._last_turn.get(one.person_id, 0), one.number))
            self._line.remove(called)
            self._busy.add(called.person_id)
            self._last_turn[called.person_id] = next(self._numbers)
            called.turn.set_result(None)
        here = self._busy | {one.person_id for one in self._line}
        self._last_turn = {person_id: turn for person_id, turn in self._last_turn.items() if person_id in here}


def _rounded_up(minutes: float) -> int:
    return int(-(-minutes // 1))
