"""Child processes that run `colophon`, each with bounded waits, each ended by its own process id."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
IMPATIENT = {"bot.run.LOGIN_WAITS": (0.05, 0.05)}
"""Waits that are shorter in tests, so that a start gives up soon; `places["patience"]` sets others."""
_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ +[\w.]+: ")


@dataclass(frozen=True)
class Ended:
    """What is left of a process."""

    code: int
    out: str
    err: str
    seconds: float
    """From the moment `Child.ended` was called."""

    @property
    def logged(self) -> list[dict[str, Any]]:
        """The log in its JSON form."""
        return [json.loads(line) for line in self.err.splitlines()]

    @property
    def sentences(self) -> list[str]:
        """What stands on stderr beside the log."""
        return [line for line in self.err.splitlines() if not _LOG_LINE.match(line)]


class Child:
    """One running `colophon`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said = ""
        self.pid = process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def says(self, words: str, *, within: float = 10.0) -> None:
        """Read its stderr up to the line with these words; `ended` still gives all of it."""
        if self._process.stderr is None:
            raise RuntimeError("its stderr is not ours")
        async with asyncio.timeout(within):
            while words not in self._said:
                line = await self._process.stderr.readline()
                if not line:
                    raise EOFError(f"it ended without {words!r}: {self._said}")
                self._said += line.decode()

    async def ended(self, *, within: float = 10.0) -> Ended:
        """Wait for its end; TimeoutError when it does not come."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        async with asyncio.timeout(within):
            out, err = await self._process.communicate()
        return Ended(self._process.returncode or 0, out.decode(), self._said + err.decode(), loop.time() - begin)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The child's whole environment: what Python needs to start, and the settings."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "SYSTEMROOT"}}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


@asynccontextmanager
async def colophon(
    places: Mapping[str, Any] | None, *arguments: str, cwd: Path, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Child]:
    """Start `colophon` with arguments; `places` is the loopback Discord's, None for one that is not needed."""
    launched: Sequence[str] = ("bot",)
    if places is not None:
        launched = ("tests.wire.launcher", json.dumps({"patience": IMPATIENT, **places}))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *launched,
        *arguments,
        cwd=cwd,
        env=environment(settings or {}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
