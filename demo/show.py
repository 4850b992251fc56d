"""Putting the demo together, and taking it apart again in the right order."""

import asyncio
import signal
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import simcord
from aiohttp import web
from discord.ext import commands

from bot.config import Secret, Settings
from demo import PortBusyError, shims, world
from demo.guide import Guide
from demo.server import HOST, Server
from demo.stage import Stage

CLOSING_SECONDS = 4
"""Both signals promise an end within five seconds; a bot that does not close is left behind before that."""

BotMaker = Callable[[Settings], commands.Bot]


@dataclass(frozen=True, slots=True)
class Demo:
    """An open demo."""

    url: str
    bot: commands.Bot
    env: simcord.Env
    world: world.World
    stage: Stage


@asynccontextmanager
async def open_demo(*, port: int, create_bot: BotMaker | None = None) -> AsyncIterator[Demo]:
    """Start the bot on a simulated Discord, let the story so far happen, and serve the page."""
    shims.apply()
    async with AsyncExitStack() as closing:
        listener = closing.enter_context(_listen(port))
        folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="colophon-demo-"))
        bot = _make(create_bot, Settings(token=Secret("simulated"), database=Path(folder) / "colophon.sqlite3"))
        closing.push_async_callback(_close_bot, bot)
        env = await closing.enter_async_context(simcord.run(bot, check_errors=False))
        closing.push_async_callback(_close_bot, bot)
        scene = world.build(env)
        stage = Stage(scene, listener.getsockname()[1], Guide(scene))
        await _raise_the_curtain(stage)
        closing.push_async_callback(stage.close)
        server = Server(stage)
        closing.push_async_callback(server.close)
        await server.runner.setup()
        await web.SockSite(server.runner, listener).start()
        yield Demo(f"http://{HOST}:{stage.port}/", bot, env, scene, stage)


def run_until_signalled(*, port: int, open_browser: bool, on_ready: Callable[[str], object]) -> None:
    """Keep the demo open until Ctrl-C or SIGTERM."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_stay_open(port=port, open_browser=open_browser, on_ready=on_ready))


async def _stay_open(*, port: int, open_browser: bool, on_ready: Callable[[str], object]) -> None:
    enough = asyncio.Event()
    with suppress(NotImplementedError):  # Windows knows Ctrl-C alone, which ends `asyncio.run` by itself
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, enough.set)
    async with open_demo(port=port) as demo:
        on_ready(demo.url)
        if open_browser:
            await asyncio.to_thread(webbrowser.open, demo.url)
        await enough.wait()


async def _raise_the_curtain(stage: Stage) -> None:
    """Play the story so far; a bot that stumbles in it is shown stumbling, not hidden."""
    try:
        await world.open_story(stage.world)
    except Exception as error:  # noqa: BLE001 - whatever it was, the visitor is told and the server is there
        stage.troubles.append(f"The story so far did not play: {type(error).__name__}: {error}")
    stage.forget_the_past()
    await stage.show(stage.world.author, stage.world.lobby.id)


def _make(create_bot: BotMaker | None, settings: Settings) -> commands.Bot:
    if create_bot is not None:
        return create_bot(settings)
    from bot.app import create_bot as create_the_bot  # noqa: PLC0415 - a test's own bot needs none of it

    return create_the_bot(settings)


async def _close_bot(bot: commands.Bot) -> None:
    """SimCord never closes a bot, and an open database would keep the process alive."""
    if not bot.is_closed():
        async with asyncio.timeout(CLOSING_SECONDS):
            await bot.close()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise PortBusyError(port) from error
