"""Thirty days with restarts at random moments: every promise kept to the second, every release once."""

import random
import re
from pathlib import Path

import pytest
from whenever import Instant

from tests.faces.stage import DAY, HOUR, Stage, stage, text_of

PROMISE = re.compile(r"<t:(\d+):F>")


async def promised(scene: Stage, series: str, title: str, ai: str) -> Instant:
    """Hand a chapter in; the moment its author was told, or now."""
    moment = scene.now
    answer = text_of(await scene.submit(series, title, ai=ai, text=f"This is {title}.\n\nIt ends."))
    found = PROMISE.search(answer.split("Out", 1)[1]) if "Out at once" not in answer else None
    return Instant.from_timestamp(int(found[1]), unit="second") if found else moment


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_promise_is_kept_to_the_second_through_restarts(tmp_path: Path, seed: int) -> None:
    """C2, C5, R2: what was told is when it came; what may not travel did not."""
    chance = random.Random(seed)
    promises: dict[str, Instant] = {}
    personal: set[str] = set()
    async with stage(tmp_path) as scene:
        for name in ("Amber", "Birch", "Cedar"):
            await scene.start_series(name)
        for day in range(30):
            if day < 12:
                for name in chance.sample(["Amber", "Birch", "Cedar"], k=chance.randint(0, 2)):
                    title = f"{name} {day}"
                    ai = chance.choice(["none", "none", "generated"])
                    promises[title] = await promised(scene, name, title, ai)
                    if ai == "generated":
                        personal.add(title)
            first = chance.randint(1, DAY - 2 * HOUR)
            await scene.pass_time(first)
            if chance.random() < 0.5:
                await scene.restart()
            await scene.pass_time(DAY - first)
        await scene.restart()

        due = {title: at for title, at in promises.items() if at <= scene.now}
        came: dict[str, Instant] = {}
        for name in ("Amber", "Birch", "Cedar"):
            for message in scene.thread(name).history():
                if message.content.startswith("## "):
                    title = message.content.splitlines()[0].removeprefix("## ")
                    assert title not in came, "released twice"
                    came[title] = Instant(message.created_at)
        assert came.keys() == due.keys()
        for title, at in due.items():
            assert abs((came[title] - at).total("seconds")) <= 1, title
        announced = [re.search(r": (\w+ \d+)$", m.content.splitlines()[0]) for m in scene.network.history()]
        assert sorted(found[1] for found in announced if found) == sorted(due.keys() - personal)
