"""Mutants that no test can kill, or that are not worth a test, each with its reason: `survivors.toml`."""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant

_LIST = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant that may live; found again by its words, wherever its line has gone."""

    module: str
    within: str
    was: str
    becomes: str
    reason: str

    def is_this(self, mutant: Mutant) -> bool:
        """Whether a mutant is the one that is meant."""
        told = (mutant.module, mutant.within, mutant.was, mutant.becomes)
        return (self.module, self.within, self.was, self.becomes) == told


def known_survivors(modules: Collection[str]) -> list[Survivor]:
    """The list, as far as it is about these files."""
    listed = tomllib.loads(_LIST.read_text("utf-8"))["survivor"]
    return [survivor for survivor in (Survivor(**one) for one in listed) if survivor.module in modules]


def unknown(survivors: Iterable[Mutant], known: Collection[Survivor]) -> list[Mutant]:
    """Those that live and should not."""
    return [mutant for mutant in survivors if not any(one.is_this(mutant) for one in known)]


def outdated(survivors: Collection[Mutant], known: Iterable[Survivor]) -> list[Survivor]:
    """Entries whose mutant is killed by now, or exists no more."""
    return [one for one in known if not any(one.is_this(mutant) for mutant in survivors)]
