"""What can happen in a year: every act by its name, who does it, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World


class Role(StrEnum):
    """Who does it."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    """One a community."""
    READER = "reader"
    FATE = "fate"
    """Nobody: machines, networks, Discord."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does an act, in which world, with which chance: its own, so that no other act changes it."""

    world: "World"
    number: int
    """Of the author or of the community."""
    rng: Random
    labels: Random
    """Chance for everything that is said of AI; law 3 replaces this one alone."""
    key: str
    """A name for what this act makes."""


class NotYetError(Exception):
    """There is nothing to do it to; it is done some time after `event` has happened, so that every act truly acts."""

    def __init__(self, event: "Event") -> None:
        super().__init__(event)
        self.event = event


@dataclass(frozen=True, slots=True)
class Event:
    """What an act may wait for: something of an author, or of a community."""

    what: str
    number: int


ActFunction = Callable[[Doer], str]
"""Does it, and says what came of it.

Raises:
    NotYetError: there is nothing to do it to yet.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One registered act."""

    name: str
    role: Role
    a_year: float
    function: ActFunction


ACTS: dict[str, Kind] = {}


def act(role: Role, *, a_year: float) -> Callable[[ActFunction], ActFunction]:
    """Register an act: each doer of this role does it so many times a year."""

    def register(function: ActFunction) -> ActFunction:
        name = function.__name__
        if name in ACTS:
            raise ValueError(name)
        ACTS[name] = Kind(name, role, a_year, function)
        return function

    return register
