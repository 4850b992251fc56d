"""One history, lived once: does it break a law?"""

import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from storage import transaction
from tests.simulation.history import Act
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.laws import PROMPT
from tests.simulation.setting import Setting
from tests.simulation.world import Line, World

_FAST = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


Liver = Callable[[Setting, Sequence["Act"]], "Failure | None"]
"""What lets a history happen and says what broke."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A history that breaks a law."""

    setting: Setting
    acts: tuple[Act, ...]
    law: Law
    numbers: str
    author: int | None
    at: int
    story: tuple[Line, ...] = ()


def live(setting: Setting, acts: Sequence[Act], *, telling: bool = False) -> Failure | None:
    """Let a history happen on a fresh database; what broke, if something did."""
    with a_world(setting, telling=telling) as world:
        return _lived(world, acts)


def compare(setting: Setting, acts: Sequence[Act]) -> Failure | None:
    """Law 3: the same history with other labels has the same times; what differs, if something does."""
    times: list[dict[str, tuple[int, int]]] = []
    for one in (setting, replace(setting, labels=setting.labels + 1)):
        with a_world(one, blind=True) as world:
            failure = _lived(world, acts)
            if failure is not None:
                return failure
            times.append({each.key: (each.slot, each.released_at or 0) for each in world.model.chapters.values()})
    for key in {**times[0], **times[1]}:
        found, other = times[0].get(key), times[1].get(key)
        if found is None or other is None or found[0] != other[0] or abs(found[1] - other[1]) > PROMPT:
            numbers = f"{key!r} is promised and out at {found}, with other labels at {other}"
            return Failure(setting, tuple(acts), Law.INDEPENDENT, numbers, None, setting.end)
    return None


def _lived(world: World, acts: Sequence[Act]) -> Failure | None:
    try:
        world.live(acts)
    except BrokenLawError as broken:
        law, numbers, author = broken.law, broken.numbers, broken.author
    except Exception as error:  # noqa: BLE001 - a fault of the code under test is a finding like any other
        law, numbers, author = Law.SOUND, _fault(error), None
    else:
        return None
    return Failure(world.setting, tuple(acts), law, numbers, author, world.now, tuple(world.story))


@contextmanager
def a_world(setting: Setting, *, telling: bool = False, blind: bool = False) -> Iterator[World]:
    """A world on a database of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="colophon-year-", dir=_FAST if _FAST.is_dir() else None))
    ids = transaction._salt, transaction._last
    world: World | None = None
    try:
        world = World(setting, folder, telling=telling, blind=blind)
        yield world
    finally:
        transaction._salt, transaction._last = ids
        if world is not None:
            world.close()
        shutil.rmtree(folder)


def _fault(error: Exception) -> str:
    """An unexpected error and the places of ours it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
    return f"{type(error).__name__}: {error} ({' > '.join(places)})"
