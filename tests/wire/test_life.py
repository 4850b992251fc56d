"""`colophon run` once it is connected: it comes back by itself, and leaves when told."""

import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wire.children import Child, colophon
from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.faults import slow

WITH_TOKEN = {"COLOPHON_TOKEN": TOKEN}
NORMAL_CLOSURE = 1000


@asynccontextmanager
async def running(server: DiscordServer, cwd: Path) -> AsyncIterator[Child]:
    """A bot that is connected."""
    async with colophon(server.places, "run", cwd=cwd, settings=WITH_TOKEN) as child:
        await child.says("connected as colophon")
        yield child


async def test_told_to_reconnect_it_resumes_its_session(discord_server: DiscordServer, tmp_path: Path) -> None:
    gateway = discord_server.gateway
    async with running(discord_server, tmp_path):
        await gateway.ask_reconnect()
        await discord_server.changes.until(lambda: gateway.resumed and gateway.connected)

    assert len(gateway.identified) == 1


async def test_after_a_dropped_socket_it_resumes_its_session(discord_server: DiscordServer, tmp_path: Path) -> None:
    gateway = discord_server.gateway
    async with running(discord_server, tmp_path) as child:
        gateway.drop()
        await discord_server.changes.until(lambda: gateway.resumed and gateway.connected)
        child.signal(signal.SIGTERM)
        ended = await child.ended()

    assert len(gateway.identified) == 1
    assert ended.sentences == []


async def test_a_session_that_is_lost_is_begun_anew(discord_server: DiscordServer, tmp_path: Path) -> None:
    """discord.py waits five seconds before it identifies again, for Discord's sake."""
    gateway = discord_server.gateway
    async with running(discord_server, tmp_path):
        gateway.forget_session()
        gateway.drop()
        await discord_server.changes.until(lambda: len(gateway.identified) > 1 and gateway.connected)

    assert len(gateway.resumed) == 1


async def test_a_token_withdrawn_while_it_runs_is_told(discord_server: DiscordServer, tmp_path: Path) -> None:
    async with running(discord_server, tmp_path) as child:
        await discord_server.gateway.close(4004)
        ended = await child.ended()

    assert ended.code == 5
    assert len(ended.sentences) == 1
    assert ended.sentences[0].startswith("Discord does not accept this token; make a new one at ")


async def test_heartbeats_are_kept_up(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.gateway.heartbeat_seconds = 0.1
    async with running(discord_server, tmp_path):
        await discord_server.changes.until(lambda: discord_server.gateway.heartbeats >= 4)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(discord_server: DiscordServer, tmp_path: Path, number: signal.Signals) -> None:
    async with running(discord_server, tmp_path) as child:
        child.signal(number)
        ended = await child.ended(within=5)

    assert (ended.code, ended.sentences) == (0, [])
    assert discord_server.gateway.closed_with == [NORMAL_CLOSURE]
    assert not (tmp_path / "colophon.sqlite3-wal").exists(), "the database was left open"


async def test_a_signal_during_login_ends_it(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.fail("GET", "/oauth2/applications/@me", slow(30))
    async with colophon(discord_server.places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
        await discord_server.changes.until(lambda: discord_server.asked("GET", "/users/@me"))
        child.signal(signal.SIGTERM)
        ended = await child.ended(within=5)

    assert (ended.code, ended.sentences) == (0, [])


async def test_a_signal_between_the_tries_of_a_start_ends_it(tmp_path: Path) -> None:
    places = {
        "rest": "http://127.0.0.1:9/api/v10",
        "gateway": "ws://127.0.0.1:9/",
        "patience": {"bot.run.LOGIN_WAITS": [60]},
    }
    async with colophon(places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
        await child.says("next try in 60 s")
        child.signal(signal.SIGTERM)
        ended = await child.ended(within=5)

    assert (ended.code, ended.sentences) == (0, [])


async def test_a_signal_ends_it_though_the_database_hangs(discord_server: DiscordServer, tmp_path: Path) -> None:
    """SQLite waits for another's lock in a thread that nothing can interrupt; the deadline does."""
    other = sqlite3.connect(tmp_path / "colophon.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    places = discord_server.places | {"patience": {"bot.run.LEAVING_SECONDS": 1.0}}
    try:
        async with colophon(places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
            await discord_server.changes.until(lambda: discord_server.asked("GET", "/oauth2/applications/@me"))
            child.signal(signal.SIGTERM)
            ended = await child.ended(within=5)
    finally:
        other.close()

    assert (ended.code, ended.sentences) == (0, [])
    assert ended.seconds < 2
    assert "left unfinished after 1 s" in ended.err


async def test_a_second_signal_ends_it_at_once(discord_server: DiscordServer, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "colophon.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    places = discord_server.places | {"patience": {"bot.run.LEAVING_SECONDS": 60.0}}
    try:
        async with colophon(places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
            await discord_server.changes.until(lambda: discord_server.asked("GET", "/oauth2/applications/@me"))
            child.signal(signal.SIGTERM)
            await child.says("leaving (SIGTERM)")
            child.signal(signal.SIGTERM)
            ended = await child.ended()
    finally:
        other.close()

    assert ended.code == 128 + signal.SIGTERM


async def test_its_log_is_one_json_object_a_line_when_told(discord_server: DiscordServer, tmp_path: Path) -> None:
    settings = WITH_TOKEN | {"COLOPHON_LOG_FORMAT": "json"}
    async with colophon(discord_server.places, "run", cwd=tmp_path, settings=settings) as child:
        await child.says("connected as colophon")
        child.signal(signal.SIGTERM)
        ended = await child.ended()

    assert ended.logged[-1]["message"] == "leaving (SIGTERM)"
    assert {"discord.client", "bot.run"} <= {entry["logger"] for entry in ended.logged}
    assert TOKEN not in ended.err
