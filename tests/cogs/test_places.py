"""Places for files: never more than there are, one a person, in fair turns, and nobody waits longer than was said."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.places import MOST_MINUTES, Places, Wait
from usecases.refusals import NoPlaceError


class Hall:
    """People with files, and what happens to them; a file takes as many steps as it says."""

    def __init__(self, number: int) -> None:
        self.places = Places(number)
        self.inside: list[int] = []
        self.begun: list[tuple[int, int]] = []
        self.told: dict[tuple[int, int], Wait] = {}
        self.refused: list[tuple[int, int]] = []
        self.steps: dict[tuple[int, int], asyncio.Event] = {}
        self.tasks: dict[tuple[int, int], asyncio.Task[None]] = {}

    async def comes(self, person: int, file: int) -> None:
        """Somebody hands a file in."""
        self.steps[person, file] = asyncio.Event()
        self.tasks[person, file] = asyncio.create_task(self._read(person, file))
        await self.rest()

    async def ends(self, person: int, file: int) -> None:
        """A file is read to its end."""
        self.steps[person, file].set()
        await self.rest()

    async def rest(self) -> None:
        """Until nothing happens any more."""
        for _ in range(20):
            await asyncio.to_thread(lambda: None)

    async def _read(self, person: int, file: int) -> None:
        async def told(wait: Wait) -> None:
            self.told[person, file] = wait

        try:
            async with self.places.place(person, told):
                self.inside.append(person)
                self.begun.append((person, file))
                await self.steps[person, file].wait()
                self.inside.remove(person)
        except NoPlaceError:
            self.refused.append((person, file))


async def test_one_person_has_one_place_and_others_the_rest() -> None:
    """However many files somebody hands in."""
    hall = Hall(2)
    for file in range(5):
        await hall.comes(1, file)
    assert hall.begun == [(1, 0)]
    await hall.comes(2, 0)
    assert hall.begun == [(1, 0), (2, 0)]
    assert (2, 0) not in hall.told, "who is read at once is told nothing"
    assert [hall.told[1, file] for file in range(1, 5)] == [Wait(n, n) for n in range(1, 5)]


async def test_who_had_a_turn_stands_behind_who_had_none() -> None:
    """Also when their further files came first."""
    hall = Hall(1)
    for person, file in ((1, 0), (1, 1), (1, 2), (2, 0), (3, 0), (2, 1)):
        await hall.comes(person, file)
    assert hall.told[2, 0] == Wait(0, 1), "the one that is read; those behind it come later"
    for _ in range(6):
        await hall.ends(*hall.begun[-1])
    assert hall.begun == [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2)]
    assert hall.places._last_turn == {}, "nothing is kept of who has gone"


async def test_too_long_a_wait_is_refused_at_once_and_blocks_nobody() -> None:
    """Before Discord would take no answer any more."""
    hall = Hall(2)
    for file in range(MOST_MINUTES + 3):
        await hall.comes(1, file)
    assert hall.refused == [(1, MOST_MINUTES + 1), (1, MOST_MINUTES + 2)]
    await hall.comes(2, 0)
    assert hall.begun == [(1, 0), (2, 0)]
    await hall.ends(1, 0)
    await hall.ends(1, 1)
    await hall.comes(1, 99)
    assert len(hall.refused) == 2, "there is room again"


async def test_who_is_overtaken_too_often_is_told_before_discord_takes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others may go before a second file, however many they are."""
    hall = Hall(1)
    await hall.comes(1, 0)

    async def told(_wait: Wait) -> None:
        monkeypatch.setattr("cogs.places.MOST_MINUTES", 0.01 / 60)

    with pytest.raises(NoPlaceError):
        async with hall.places.place(1, told):
            pass
    await hall.ends(1, 0)
    assert (hall.places._line, hall.places._busy) == ([], set())


async def test_whoever_goes_away_leaves_the_line() -> None:
    """A task that is ended, in the line or at its place; and a telling that fails."""
    hall = Hall(1)
    for person in (1, 2, 3):
        await hall.comes(person, 0)
    hall.tasks[2, 0].cancel()
    hall.tasks[1, 0].cancel()
    await hall.rest()
    assert hall.begun == [(1, 0), (3, 0)]

    async def fails(_wait: Wait) -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the one above
        async with hall.places.place(4, fails):
            pass
    await hall.ends(3, 0)
    assert (hall.places._line, hall.places._busy) == ([], set())


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(1, 3),
    acts=st.lists(st.one_of(st.integers(1, 4), st.just("end")), max_size=25),
    seed=st.randoms(use_true_random=False),
)
def test_whatever_comes_no_place_is_empty_while_somebody_could_have_it(
    number: int, acts: list[object], seed: object
) -> None:
    """And nobody who was told a time waits for more files than fit in it, if each takes its minute."""
    asyncio.run(_live(number, acts, seed))


async def _live(number: int, acts: list[object], seed: object) -> None:
    hall, minutes, came = Hall(number), 0, dict[tuple[int, int], int]()
    hall.rest = _yield  # type: ignore[method-assign]
    for at, act in enumerate([*acts, *["minute"] * 40]):
        if isinstance(act, int):
            await hall.comes(act, at)
            came[act, at] = minutes
        elif act == "minute" or hall.inside:
            minutes += act == "minute"
            for person, file in [one for one in hall.begun if not hall.steps[one].is_set()]:
                if act == "minute" or seed.random() < 0.5:  # type: ignore[attr-defined]
                    hall.steps[person, file].set()
            await hall.rest()
        assert len(hall.inside) == len(set(hall.inside)) <= number
        waiting = {one for one in came if one not in hall.begun and one not in hall.refused}
        assert len(hall.inside) == number or not {person for person, _ in waiting} - {*hall.inside}
        for one in waiting:
            assert hall.told[one].own or minutes - came[one] < hall.told[one].minutes
    assert len(hall.begun) + len(hall.refused) == len(came)


async def _yield() -> None:
    for _ in range(30):
        await asyncio.wait([asyncio.ensure_future(_nothing())])


async def _nothing() -> None:
    """Give way."""
