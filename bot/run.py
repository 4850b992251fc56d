"""The life of `colophon run`: start, serve, and leave within the deadline."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec
from types import FrameType
from typing import Any

import discord
from discord.ext import commands

from bot.app import create_bot
from bot.config import Settings
from bot.log import is_weather, reason
from bot.troubles import DiscordUnreachableError, Exit, TokenMissingError

LOGIN_WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the tries of a start; one try more than waits, then we say so and leave."""
GREETING_SECONDS = 30.0
"""How long the gateway may take to greet us; afterwards discord.py reconnects by itself, for ever."""
LEAVING_SECONDS = 4.5
"""From the wish to leave to the end of the process, whatever hangs; supervisors kill after 10, people after 5."""

_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Serve until a signal says to leave; raises what `bot.troubles.explain` puts into a sentence."""
    if not settings.token.reveal():
        raise TokenMissingError
    gc.freeze()  # what is imported stays; looking it through for garbage is an eighth of a start
    gc.enable()
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    """Start, with a new bot for each try because discord.py's cannot be started twice; then stay."""
    leave = Leave()
    leave.listen()
    for wait in (*LOGIN_WAITS, None):
        async with create_bot(settings) as bot:
            try:
                await _live(bot, settings.token.reveal(), leave)
            except Exception as error:
                weather = _weather(bot, error)
                if weather is None:
                    raise
                if wait is None:
                    raise DiscordUnreachableError from weather
                _log.warning("Discord cannot be reached, next try in %g s (%s)", wait, reason(weather))
            else:
                return
        if await leave.within(wait):
            return


async def _live(bot: commands.Bot, token: str, leave: "Leave") -> None:
    """From login to the end of the connection, or until we are to leave."""
    if not await leave.unless(bot.login(token)):
        return
    greeting = asyncio.create_task(bot.wait_for("connect", timeout=GREETING_SECONDS))
    connection = asyncio.create_task(bot.connect())
    wish = asyncio.create_task(leave.within(None))
    try:
        await asyncio.wait({greeting, connection, wish}, return_when=asyncio.FIRST_COMPLETED)
        if greeting.done():
            _check_greeting(greeting)
            _log.info("connected as %s", bot.user)
            await asyncio.wait({connection, wish}, return_when=asyncio.FIRST_COMPLETED)
        if not wish.done():
            await connection
    finally:
        await _cancel(greeting, connection, wish)  # nothing new arrives; while it reads, discord.py closes with 4000
        await bot.close()  # finishes what is in hand, which needs REST and the database only


def _check_greeting(greeting: asyncio.Task[Any]) -> None:
    try:
        greeting.result()
    except TimeoutError:
        raise TimeoutError(f"the gateway did not greet us within {GREETING_SECONDS:g} s") from None


def _weather(bot: commands.Bot, error: Exception) -> BaseException | None:
    """What keeps Discord out of reach, if that is what happened and another try may help.

    A gateway that ends the first connection before it said anything shows as an AttributeError in
    discord.py 2.7, which then looks for the session of a socket it never had.
    """
    if isinstance(error, AttributeError) and bot.ws is None:
        before = error.__context__
        return before if before and is_weather(before) else ConnectionResetError("the gateway hung up")
    return error if is_weather(error) and not isinstance(error, discord.ConnectionClosed) else None


class Leave:
    """The wish to leave. The first signal makes it, a second one or the deadline ends the process at once."""

    def __init__(self) -> None:
        self._heard = False
        self._wished = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def listen(self) -> None:
        """Hear SIGINT and SIGTERM, on Windows also Ctrl+Break.

        By handlers of the interpreter's, not of the loop's: a second signal must end us while the loop is held up
        by a thread that waits for the database, or is gone already.
        """
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
            if (number := getattr(signal, name, None)) is not None:
                signal.signal(number, self._hear)

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self._heard or self._loop.is_closed():
            _end(128 + number)
        self._heard = True
        self._loop.call_soon_threadsafe(self._prepare, number)

    def _prepare(self, number: int) -> None:
        """Note the wish, and set the clock that nothing can hold up."""
        _log.info("leaving (%s)", signal.Signals(number).name)
        self._wished.set()
        deadline = threading.Timer(LEAVING_SECONDS, _end_late)
        deadline.daemon = True
        deadline.start()

    async def within(self, seconds: float | None) -> bool:
        """Wait for the wish, for so many seconds or for ever; whether it came."""
        try:
            await asyncio.wait_for(self._wished.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def unless(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do the work unless the wish comes first; whether it was done."""
        doing = asyncio.create_task(work)
        wish = asyncio.create_task(self.within(None))
        try:
            await asyncio.wait({doing, wish}, return_when=asyncio.FIRST_COMPLETED)
            if wish.done():
                return False
            await doing
            return True
        finally:
            await _cancel(doing, wish)


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel and wait; what they raise then is of no interest any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _end_late() -> None:
    _log.warning("left unfinished after %g s; what was under way is taken up at the next start", LEAVING_SECONDS)
    _end(Exit.OK)


def _end(code: int) -> None:
    """End now: no thread, no handler at exit, no task is asked."""
    try:
        logging.shutdown()
    finally:
        os._exit(code)


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where the extra `speed` is installed; None is asyncio's own."""
    if find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    return factory
