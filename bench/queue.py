"""`/chapter queue` round trips in SimCord against a one-line pong command on the same harness."""

import asyncio
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

import discord
from discord import app_commands

from bench.figures import Figure
from tests.faces.stage import Stage, stage

ROUNDS = 20
CALLS_A_ROUND = 10
WAITING = 10


def figures() -> Iterable[Figure]:
    """Its rate, as a part of pong's."""
    with tempfile.TemporaryDirectory(prefix="colophon-bench-") as folder:
        yield Figure("/chapter queue against pong", asyncio.run(_measure(Path(folder))), 0.7, at_most=False)


@app_commands.command(name="pong", description="Answer.")
async def pong(interaction: discord.Interaction) -> None:
    """The least a command can do."""
    await interaction.response.send_message("pong", ephemeral=True)


async def _measure(folder: Path) -> float:
    async with stage(folder) as scene:
        scene.bot.tree.add_command(pong)
        await scene.bot.tree.sync()
        await scene.start_series("The Salt Road")
        for number in range(WAITING + 1):
            await scene.submit("The Salt Road", f"Chapter {number}")
        spent = {"pong": 0.0, "chapter queue": 0.0}
        for command in spent:  # the first picture loads the library that draws it
            await _timed(scene, command)
        for _ in range(ROUNDS):
            for command in spent:
                spent[command] += await _timed(scene, command)
    return spent["pong"] / spent["chapter queue"]


async def _timed(scene: Stage, command: str) -> float:
    began = perf_counter()
    for _ in range(CALLS_A_ROUND):
        await scene.author.slash(scene.lobby, command)
    return perf_counter() - began
