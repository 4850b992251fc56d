"""From a year to the few acts that matter: delta debugging over the acts of a failing history, within a time."""

import time
from collections.abc import Callable, Iterable, Sequence

from tests.simulation.history import Act
from tests.simulation.registry import ACTS, Role
from tests.simulation.setting import Setting
from tests.simulation.trial import Failure, Liver, live

Judge = Callable[[Sequence[Act]], bool]


def shortest(failure: Failure, *, seconds: float, lives: Liver = live) -> Failure:
    """The shortest history found in so many seconds that breaks the same law, told in full.

    Args:
        failure: where to begin.
        seconds: how long to look.
        lives: what lets a history happen.
    """
    search = _Search(failure, seconds, lives)
    search.go()
    found = live(search.best.setting, search.best.acts, telling=True) if lives is live else search.best
    return found or search.best


class _Search:
    """The best failure so far, and the time that is left."""

    def __init__(self, failure: Failure, seconds: float, lives: Liver) -> None:
        self.best = failure
        self._lives = lives
        self._ends = time.monotonic() + seconds

    def go(self) -> None:
        """First in great strokes, then piece by piece, until nothing more can go."""
        self._try(self._until_it_broke())
        for strokes in (self._without_others(), self._without_kinds(), self._without_doers()):
            for acts in strokes:
                self._try(acts)
        before = None
        while before != len(self.best.acts) and self._time_left():
            before = len(self.best.acts)
            self._piece_by_piece()

    def _until_it_broke(self) -> list[Act]:
        return [act for act in self.best.acts if act.at <= self.best.at]

    def _without_others(self) -> Iterable[list[Act]]:
        """Only the author concerned, alone or with the world around."""
        author = self.best.author
        if author is None:
            return
        yield [act for act in self.best.acts if ACTS[act.name].role is Role.AUTHOR and act.who == author]
        yield [act for act in self.best.acts if ACTS[act.name].role is not Role.AUTHOR or act.who == author]

    def _without_kinds(self) -> Iterable[list[Act]]:
        for name in sorted({act.name for act in self.best.acts}):
            yield [act for act in self.best.acts if act.name != name]

    def _without_doers(self) -> Iterable[list[Act]]:
        for who in sorted({(ACTS[act.name].role, act.who) for act in self.best.acts}):
            yield [act for act in self.best.acts if (ACTS[act.name].role, act.who) != who]

    def _piece_by_piece(self) -> None:
        """Zeller's ddmin, on what is to be left out."""
        size = max(len(self.best.acts) // 2, 1)
        while size and self._time_left():
            at = 0
            while at < len(self.best.acts) and self._time_left():
                acts = self.best.acts
                if not self._try([*acts[:at], *acts[at + size :]]):
                    at += size
            size //= 2

    def _try(self, acts: Sequence[Act]) -> bool:
        """Keep a shorter history if it breaks the same law; whether it does."""
        if len(acts) >= len(self.best.acts) or not self._time_left():
            return False
        found = self._lives(_cut(self.best), acts)
        if found is None or found.law is not self.best.law:
            return False
        self.best = found
        return True

    def _time_left(self) -> bool:
        return time.monotonic() < self._ends


def _cut(failure: Failure) -> Setting:
    return failure.setting
