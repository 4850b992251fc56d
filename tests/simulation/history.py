"""A history: who does what when, drawn from one seed before anything happens."""

from dataclasses import dataclass
from datetime import time, timedelta
from random import Random

import tests.simulation.acts  # noqa: F401 - registers them
from tests.simulation.days import DAY, first_at, wall
from tests.simulation.registry import ACTS, Role
from tests.simulation.setting import COMMUNITIES, READERS, Setting

_TELLING = (time(0, 0), time(2, 0), time(2, 30), time(3, 0), time(0, 30), time(1, 45), time(23, 59, 59, 999_000))
"""Hours at which clocks change, days begin and mistakes show."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a history; all its chance is in its seed."""

    at: int
    name: str
    who: int
    seed: int

    @property
    def key(self) -> str:
        """A name that no other act has."""
        return f"{self.name}-{self.seed:010x}"


def draw(setting: Setting) -> list[Act]:
    """What happens in a year, in order."""
    doers = {Role.AUTHOR: setting.authors, Role.MODERATOR: COMMUNITIES, Role.READER: READERS, Role.FATE: 1}
    acts = []
    for kind in ACTS.values():
        for who in range(doers[kind.role]):
            rng = setting.chance("act", kind.name, who)
            expected = kind.a_year * setting.days / 365
            times = int(expected * rng.choice((0.3, 0.7, 1.0, 2.0)) + rng.random())
            zone = setting.zone(who % COMMUNITIES)
            acts += [Act(_moment(setting, rng, zone), kind.name, who, rng.randrange(1 << 40)) for _ in range(times)]
    return sorted(acts, key=lambda act: (act.at, act.name, act.who, act.seed))


def _moment(setting: Setting, rng: Random, zone: str) -> int:
    """Any moment, or a telling one, and more often where clocks change."""
    day = rng.randrange(setting.days)
    if rng.random() < 0.2:
        day = _change_near(setting.start, day, setting.days, zone)
    at = setting.start + day * DAY
    if rng.random() < 0.4:
        telling = first_at(wall(at, zone).date(), rng.choice(_TELLING), zone)
        return max(telling, setting.start)
    return at + rng.randrange(DAY)


def _change_near(start: int, day: int, days: int, zone: str) -> int:
    """The next day on which the clocks of a zone change, or the day itself."""
    for later in range(day, days):
        at = start + later * DAY
        if wall(at + DAY, zone) - wall(at, zone) != timedelta(days=1):
            return later
    return day
