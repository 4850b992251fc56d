"""Thirty days with restarts at random moments: every promise kept to the second, every release once."""

import random
import re
from pathlib import Path

import pytest
from whenever import Instant

from tests.faces.stage import DAY, HOUR, Stage, stage, text_of

SERIES = ("Amber", "Birch", "Cedar")
LAST_DAY_OF_WRITING = 12
ANNOUNCED = re.compile(r"^## \w+: (\w+ \d+)$", re.MULTILINE)
PROMISE = re.compile(r"<t:(\d+):F>")


async def promised(scene: Stage, series: str, title: str, ai: str) -> Instant:
    """Hand a chapter in; the moment its author was told, or now."""
    moment = scene.now
    answer = text_of(await scene.submit(series, title, ai=ai, text=f"This is {title}.\n\nIt ends."))
    found = PROMISE.search(answer.split("Out", 1)[1]) if "Out at once" not in answer else None
    return Instant.from_timestamp(int(found[1]), unit="second") if found else moment


async def thirty_days(scene: Stage, chance: random.Random) -> tuple[dict[str, Instant], set[str]]:
    """Hand chapters in on some of the first days, restart at random moments; the promises, and what must stay home."""
    promises: dict[str, Instant] = {}
    personal: set[str] = set()
    for day in range(30):
        names = chance.sample(SERIES, k=chance.randint(0, 2)) if day < LAST_DAY_OF_WRITING else []
        for name in names:
            title = f"{name} {day}"
            ai = chance.choice(["none", "none", "generated"])
            promises[title] = await promised(scene, name, title, ai)
            personal |= {title} if ai == "generated" else set()
        first = chance.randint(1, DAY - 2 * HOUR)
        await scene.pass_time(first)
        if chance.random() < 0.5:
            await scene.restart()
        await scene.pass_time(DAY - first)
    await scene.restart()
    return promises, personal


def released(scene: Stage) -> list[tuple[str, Instant]]:
    """Every chapter's heading in its home, and when it came."""
    return [
        (message.content.splitlines()[0].removeprefix("## "), Instant(message.created_at))
        for name in SERIES
        for message in scene.thread(name).history()
        if message.content.startswith("## ")
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_promise_is_kept_to_the_second_through_restarts(tmp_path: Path, seed: int) -> None:
    """C2, C5, R2: what was told is when it came, once; what may not travel did not."""
    async with stage(tmp_path) as scene:
        for name in SERIES:
            await scene.start_series(name)
        promises, personal = await thirty_days(scene, random.Random(seed))

        due = {title: at for title, at in promises.items() if at <= scene.now}
        came = released(scene)
        assert sorted(title for title, _ in came) == sorted(due), "each one once"
        for title, at in came:
            assert abs((at - due[title]).total("seconds")) <= 1, title
        announced = [ANNOUNCED.search(message.content) for message in scene.network.history()]
        assert sorted(found[1] for found in announced if found) == sorted(due.keys() - personal)
