"""One history, lived once: does it break a law?"""

import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage import transaction
from tests.simulation.history import Act
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.setting import Setting
from tests.simulation.world import Line, World

_FAST = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


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
        try:
            world.live(acts)
        except BrokenLawError as broken:
            law, numbers, author = broken.law, broken.numbers, broken.author
        except Exception as error:  # noqa: BLE001 - a fault of the code under test is a finding like any other
            law, numbers, author = Law.SOUND, _fault(error), None
        else:
            return None
        return Failure(setting, tuple(acts), law, numbers, author, world.now, tuple(world.story))


def promises(setting: Setting, acts: Sequence[Act]) -> dict[str, tuple[int, int | None]]:
    """What a history promises, and when it went out, by the chapters' keys: for comparing two worlds (law 3)."""
    with a_world(setting) as world:
        world.live(acts)
        return {chapter.key: (chapter.slot, chapter.released_at) for chapter in world.model.chapters.values()}


@contextmanager
def a_world(setting: Setting, *, telling: bool = False) -> Iterator[World]:
    """A world on a database of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="colophon-year-", dir=_FAST if _FAST.is_dir() else None))
    ids = transaction._sequence
    world: World | None = None
    try:
        world = World(setting, folder, telling=telling)
        yield world
    finally:
        transaction._sequence = ids
        if world is not None:
            world.close()
        shutil.rmtree(folder)


def _fault(error: Exception) -> str:
    """An unexpected error and the places of ours it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
    return f"{type(error).__name__}: {error} ({' > '.join(places)})"


Liver = Callable[[Setting, Sequence[Act]], Failure | None]
