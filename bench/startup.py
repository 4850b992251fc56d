"""What a start costs: `colophon run` up to its IDENTIFY against a bare discord.py bot with the same intents.

Both are child processes against one loopback Discord; runs alternate, and the least of each counts, because whatever
else the machine does can only add. Linux only: the peak of memory is read from `/proc`.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from tests.wire.children import environment
from tests.wire.discord_server import TOKEN, DiscordServer

RUNS = 7
CPU_AIM, MEMORY_AIM = 1.7, 1.35
_START_SECONDS = 30.0
_BARE = """
import json, os, sys
import discord
from discord.ext import commands
from tests.wire.launcher import turn
turn(json.loads(sys.argv[1]))
bot = commands.Bot(command_prefix=(), intents=discord.Intents(guilds=True))
bot.run(os.environ["COLOPHON_TOKEN"])
"""


@dataclass(frozen=True)
class Start:
    """One start, until the server has its IDENTIFY."""

    cpu_seconds: float
    peak_kib: int


@dataclass(frozen=True)
class Starts:
    """The least of several, of each kind."""

    colophon: Start
    bare: Start


def measure(runs: int = RUNS) -> Starts:
    """Start both so many times, after one start each that only makes the byte code."""
    return asyncio.run(_measure(runs))


def figures() -> Iterable[Figure]:
    """For `python -m bench`."""
    starts = measure()
    yield Figure("start, CPU", starts.colophon.cpu_seconds / starts.bare.cpu_seconds, CPU_AIM, at_most=True)
    yield Figure("start, memory", starts.colophon.peak_kib / starts.bare.peak_kib, MEMORY_AIM, at_most=True)


async def _measure(runs: int) -> Starts:
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as server:
            places = json.dumps(server.places)
            colophon = ["-m", "tests.wire.launcher", places, "run"]
            bare = ["-c", _BARE, places]
            pairs = [
                (await _start(server, colophon, Path(folder)), await _start(server, bare, Path(folder)))
                for _ in range(runs + 1)
            ][1:]
    return Starts(_least([one for one, _ in pairs]), _least([one for _, one in pairs]))


def _least(starts: list[Start]) -> Start:
    return Start(min(one.cpu_seconds for one in starts), min(one.peak_kib for one in starts))


async def _start(server: DiscordServer, arguments: list[str], cwd: Path) -> Start:
    """Start one, and end it at its IDENTIFY; its CPU is what the kernel counted for all its threads."""
    before = len(server.gateway.identified)
    environ = environment({"COLOPHON_TOKEN": TOKEN})
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own program; `wait4` needs a child that asyncio leaves be
        [sys.executable, *arguments], cwd=cwd, env=environ, stderr=subprocess.DEVNULL
    )
    try:
        await server.changes.until(lambda: len(server.gateway.identified) > before, seconds=_START_SECONDS)
        peak = _peak_kib(process.pid)
    finally:
        process.kill()
        _, status, usage = os.wait4(process.pid, 0)  # noqa: ASYNC222 - it has just been killed
        process.returncode = os.waitstatus_to_exitcode(status)
    return Start(usage.ru_utime + usage.ru_stime, peak)


def _peak_kib(pid: int) -> int:
    """The kernel's own high-water mark; `ru_maxrss` would count what the child shared with us before its exec."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    for figure in figures():
        print(figure)
