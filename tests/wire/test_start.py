"""`colophon run` in bad weather: one sentence with the cure, its own exit code, no traceback."""

import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.troubles import INTENTS_REFUSED, TOKEN_REFUSED, TOO_MANY_COMMUNITIES, Exit
from tests.wire.children import Ended, colophon
from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.faults import rate_limit, status

WITH_TOKEN = {"COLOPHON_TOKEN": TOKEN}
WRONG_TOKEN = "MTIz.another.token-that-opens-nothing"  # noqa: S105 - it opens nothing
UNREACHABLE = "check this machine's network and https://discordstatus.com, then start again."


async def run(server: DiscordServer, cwd: Path, *arguments: str, token: str = TOKEN) -> Ended:
    """Run it to its end."""
    async with colophon(server.places, "run", *arguments, cwd=cwd, settings={"COLOPHON_TOKEN": token}) as child:
        return await child.ended(within=20)


def assert_told(ended: Ended, sentence: str, code: Exit) -> None:
    """Exactly this sentence beside the log, this exit code, no traceback, no token."""
    assert ended.sentences == [sentence]
    assert ended.code == code
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err


@contextmanager
def a_disk(folder: Path, options: str) -> Iterator[Path]:
    """A disk of its own, where this machine lets us make one."""
    place = folder / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", options, "none", place], check=False).returncode:  # noqa: S603 - our own arguments
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield place
    finally:
        subprocess.run([str(shutil.which("umount")), place], check=True)  # noqa: S603 - our own arguments


async def test_without_a_token_nothing_is_asked(discord_server: DiscordServer, tmp_path: Path) -> None:
    ended = await run(discord_server, tmp_path, token="")

    assert_told(
        ended,
        "There is no token; copy one from https://discord.com/developers/applications (Bot, Reset Token) "
        "into COLOPHON_TOKEN or into config.toml.",
        Exit.NO_TOKEN,
    )
    assert discord_server.requests == []


async def test_a_wrong_token(discord_server: DiscordServer, tmp_path: Path) -> None:
    ended = await run(discord_server, tmp_path, token=WRONG_TOKEN)

    assert_told(ended, TOKEN_REFUSED.sentence, Exit.TOKEN_REFUSED)
    assert WRONG_TOKEN not in ended.err


async def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{taken.getsockname()[1]}"
        places = {"rest": f"http://{here}/api/v10", "gateway": f"ws://{here}/gateway"}
        async with colophon(places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
            ended = await child.ended()

    port = here.partition(":")[2]
    assert_told(
        ended,
        f"Discord cannot be reached (Cannot connect to host 127.0.0.1:{port} ssl:default "
        f"[Connect call failed ('127.0.0.1', {port})]); {UNREACHABLE}",
        Exit.UNREACHABLE,
    )
    assert ended.err.count("Discord cannot be reached, next try in") == 2


async def test_a_second_try_is_enough(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.fail("GET", "/users/@me", status(503))
    async with colophon(discord_server.places, "run", cwd=tmp_path, settings=WITH_TOKEN):
        await discord_server.changes.until(lambda: discord_server.gateway.connected)


async def test_discord_is_down(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.fail("GET", "/users/@me", status(503), times=9)

    ended = await run(discord_server, tmp_path)

    assert_told(
        ended,
        "Discord cannot be reached (503 Service Unavailable (error code: 0): 503: made up); " + UNREACHABLE,
        Exit.UNREACHABLE,
    )


async def test_the_gateway_hangs_up_on_every_try(discord_server: DiscordServer, tmp_path: Path) -> None:
    """discord.py 2.7 breaks down when its very first socket closes before HELLO."""
    discord_server.gateway.behaviour = "hangs up"

    ended = await run(discord_server, tmp_path)

    assert_told(ended, f"Discord cannot be reached (the gateway hung up); {UNREACHABLE}", Exit.UNREACHABLE)


async def test_the_gateway_never_greets(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.gateway.behaviour = "says nothing"
    places = discord_server.places | {"patience": {"bot.run.LOGIN_WAITS": [0.05], "bot.run.GREETING_SECONDS": 0.5}}

    async with colophon(places, "run", cwd=tmp_path, settings=WITH_TOKEN) as child:
        ended = await child.ended()

    assert_told(
        ended,
        f"Discord cannot be reached (the gateway did not greet us within 0.5 s); {UNREACHABLE}",
        Exit.UNREACHABLE,
    )


async def test_cloudflare_keeps_us_out(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.fail("GET", "/users/@me", rate_limit(3600, via=False))

    ended = await run(discord_server, tmp_path)

    assert_told(
        ended,
        "Discord keeps this machine out for asking too often; wait an hour, then start again.",
        Exit.UNREACHABLE,
    )


@pytest.mark.parametrize(
    ("close_code", "sentence", "code"),
    [
        (4004, TOKEN_REFUSED.sentence, Exit.TOKEN_REFUSED),
        (4011, TOO_MANY_COMMUNITIES.sentence, Exit.SHARDING),
        (4012, "Discord no longer understands this Colophon; update it, then start again.", Exit.REFUSED),
        (4014, INTENTS_REFUSED.sentence, Exit.INTENTS),
    ],
)
async def test_close_codes_after_which_no_second_try_helps(
    discord_server: DiscordServer, tmp_path: Path, close_code: int, sentence: str, code: Exit
) -> None:
    discord_server.gateway.close_at_identify = close_code

    ended = await run(discord_server, tmp_path)

    assert_told(ended, sentence, code)
    assert len(discord_server.gateway.identified) == 1


async def test_a_locked_database(discord_server: DiscordServer, tmp_path: Path) -> None:
    database = tmp_path / "colophon.sqlite3"
    places = discord_server.places | {"patience": {"storage.database._BUSY_SECONDS": 0.2}}
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        async with colophon(places, "run", "--database", str(database), cwd=tmp_path, settings=WITH_TOKEN) as child:
            ended = await child.ended()
    finally:
        other.close()

    assert_told(
        ended,
        f"The database {database} is in use by another program; "
        "stop the other Colophon or the tool that has it open, then start again.",
        Exit.LOCKED,
    )


async def test_a_database_in_a_missing_folder(discord_server: DiscordServer, tmp_path: Path) -> None:
    ended = await run(discord_server, tmp_path, "--database", str(tmp_path / "nowhere" / "colophon.sqlite3"))

    assert_told(
        ended,
        f"There is no folder {tmp_path / 'nowhere'} for the database; make it, or name another file as `database`.",
        Exit.DATABASE,
    )


@pytest.mark.parametrize("size", ["16k", "96k"])
async def test_a_full_disk(discord_server: DiscordServer, tmp_path: Path, size: str) -> None:
    """With too little even for SQLite's shared memory, and with too little for the schema."""
    with a_disk(tmp_path, f"size={size}") as disk:
        ended = await run(discord_server, tmp_path, "--database", str(disk / "colophon.sqlite3"))

    assert_told(
        ended,
        f"The disk of the database {disk / 'colophon.sqlite3'} is full; free some space, then start again.",
        Exit.DISK_FULL,
    )


async def test_a_database_that_may_not_be_written(discord_server: DiscordServer, tmp_path: Path) -> None:
    with a_disk(tmp_path, "size=32k,ro") as disk:
        ended = await run(discord_server, tmp_path, "--database", str(disk / "colophon.sqlite3"))

    assert_told(
        ended,
        f"The database {disk / 'colophon.sqlite3'} may not be written by this user; "
        "change the rights of the file and its folder, or name another file as `database`.",
        Exit.DATABASE,
    )


async def test_another_programs_database(discord_server: DiscordServer, tmp_path: Path) -> None:
    database = tmp_path / "cookbook.sqlite3"
    with sqlite3.connect(database) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()

    ended = await run(discord_server, tmp_path, "--database", str(database))

    assert_told(
        ended,
        f"{database} is not a Colophon database; name another file as `database`, or move that one away.",
        Exit.FOREIGN,
    )


async def test_a_newer_colophons_database(discord_server: DiscordServer, tmp_path: Path) -> None:
    database = tmp_path / "colophon.sqlite3"
    with sqlite3.connect(database) as other:
        other.execute("PRAGMA application_id = 0x436F6C6F")
        other.execute("PRAGMA user_version = 9999")
    other.close()

    ended = await run(discord_server, tmp_path, "--database", str(database))

    assert ended.code == Exit.NEWER
    assert ended.sentences[0].startswith(f"{database} was made by a newer Colophon (schema 9999, this one knows ")
    assert ended.sentences[0].endswith("); update this one, or restore a backup from before.")


async def test_a_mistake_in_the_settings_file(discord_server: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("log_level = 'info'\ntoken = MTIz.loopback\n")

    ended = await run(discord_server, tmp_path)

    assert_told(
        ended,
        "config.toml has a mistake at line 2, column 9: invalid value; config.example.toml shows the form.",
        Exit.SETTINGS,
    )


async def test_an_unknown_setting(discord_server: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'tokn = "{TOKEN}"\n')

    ended = await run(discord_server, tmp_path)

    assert_told(ended, "config.toml has an unknown setting tokn; did you mean token?", Exit.SETTINGS)


async def test_the_commands_stand_up_to_discords_own_description(strict_server: DiscordServer, tmp_path: Path) -> None:
    async with colophon(strict_server.places, "run", cwd=tmp_path, settings=WITH_TOKEN):
        await strict_server.changes.until(lambda: strict_server.gateway.connected)

    assert len(strict_server.asked("PUT", r"/applications/\d+/commands")) == 1


async def test_commands_are_left_alone_when_told(discord_server: DiscordServer, tmp_path: Path) -> None:
    async with colophon(discord_server.places, "run", "--no-sync-commands", cwd=tmp_path, settings=WITH_TOKEN):
        await discord_server.changes.until(lambda: discord_server.gateway.connected)

    assert discord_server.asked("PUT", r"/applications/.*") == []


async def test_a_traceback_for_who_asks_still_without_the_token(discord_server: DiscordServer, tmp_path: Path) -> None:
    ended = await run(discord_server, tmp_path, "--traceback", token=WRONG_TOKEN)

    assert "Traceback (most recent call last)" in ended.err
    assert ended.sentences[-1] == TOKEN_REFUSED.sentence
    assert WRONG_TOKEN not in ended.err
