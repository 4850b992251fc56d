"""`colophon run` in processes that can be struck dead: at a chosen step of their own, or by the loopback Discord.

They are forked from a server that has everything imported already, so that a life costs a fraction of a start.
What a person would start is the same: `bot.cli.main`, with its arguments and its environment.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import discord

from storage import database
from storage.transaction import Transaction
from tests.wire.children import environment
from tests.wire.discord_server import TOKEN
from tests.wire.launcher import turn

_NURSERY = get_context("forkserver")
_NURSERY.set_forkserver_preload(["tests.wire.mortals", "bot.cli", "bot.run", "bot.app", "uvloop"])
_ALWAYS_DO = frozenset({"keep_timetable"})
"""Use cases that return nothing, and that are called only where there is something to do."""
_ARGUMENTS = ("colophon", "run", "--no-sync-commands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A step at which a process ends itself with SIGKILL: just before or just after the commit of a use case."""

    function: str
    """A use case by its name; one that found nothing to do does not count."""
    committed: bool
    kind: str | None = None
    """Only where it is about a delivery of this kind."""

    def hits(self, function: str, arguments: Sequence[Any], result: Any) -> bool:
        """Whether a use case that has just run, with these arguments and this result, is the one."""
        if function != self.function or not (result or function in _ALWAYS_DO):
            return False
        about = [errand.delivery for errand in result] if isinstance(result, list) else arguments[:1]
        return self.kind is None or self.kind in {str(one.kind) for one in about}


class Mortal:
    """One running `colophon`."""

    def __init__(self, process: BaseProcess, log: Path) -> None:
        self._process = process
        self._log = log

    def kill(self) -> None:
        """SIGKILL: nothing more happens in it, whatever it was at."""
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGKILL)

    async def died(self, *, within: float = 60.0) -> None:
        """Wait until it was killed; TimeoutError if nothing kills it, AssertionError if it ended by itself."""
        loop = asyncio.get_running_loop()
        gone = loop.create_future()
        loop.add_reader(self._process.sentinel, gone.set_result, None)
        try:
            async with asyncio.timeout(within):
                await gone
        except TimeoutError:
            raise TimeoutError(f"it lives on: {self._log.read_text()}") from None
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL, self._log.read_text()


@asynccontextmanager
async def mortal(
    places: Mapping[str, Any], folder: Path, *, strike: Strike | None = None, ahead: float = 0
) -> AsyncIterator[Mortal]:
    """A `colophon run` on the database in `folder`, whose clock is so many seconds ahead; killed at the end."""
    log = folder / "log"
    process = _NURSERY.Process(target=_live, args=(dict(places), folder, log, strike, ahead))
    process.start()
    one = Mortal(process, log)
    try:
        yield one
    finally:
        one.kill()
        process.join()
        process.close()


def _live(places: dict[str, Any], folder: Path, log: Path, strike: Strike | None, ahead: float) -> None:
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment({"COLOPHON_TOKEN": TOKEN}))
    sys.argv = list(_ARGUMENTS)
    turn(places)
    _do_not_dawdle()
    if ahead:
        _set_clock(ahead)
    if strike is not None:
        _plant(strike)
    from bot.cli import main  # noqa: PLC0415 - as the program itself does

    main()


def _do_not_dawdle() -> None:
    """discord.py waits two seconds for more guilds before it says that it is ready."""
    run = import_module("bot.run")
    create_bot = run.create_bot

    def create_ready_bot(settings: Any) -> Any:
        bot = create_bot(settings)
        bot._connection.guild_ready_timeout = 0.02
        return bot

    vars(run)["create_bot"] = create_ready_bot


def _set_clock(ahead: float) -> None:
    now = discord.utils.utcnow  # noqa: TID251 - this is what the bot's clock reads
    discord.utils.utcnow = lambda: now() + timedelta(seconds=ahead)  # noqa: TID251 - as above


def _plant(strike: Strike) -> None:
    """Let the database's own thread end the process, inside a transaction or right after it."""
    write = database._write

    def striking(path: Path, connection: Any, functions: Sequence[Callable[[Transaction], Any]]) -> Any:
        hit = False

        def watched(function: Any) -> Callable[[Transaction], Any]:
            def run(tx: Transaction) -> Any:
                nonlocal hit
                result = function(tx)
                name, arguments = function.args[0].__name__, function.args[1]
                if strike.hits(name, arguments, result):
                    hit = True
                    if not strike.committed:
                        os.kill(os.getpid(), signal.SIGKILL)
                return result

            return run

        results = write(path, connection, [watched(function) for function in functions])
        if hit:
            os.kill(os.getpid(), signal.SIGKILL)
        return results

    vars(database)["_write"] = striking
