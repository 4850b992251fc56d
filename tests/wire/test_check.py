"""`colophon check` with Discord there: what is set up, what is missing, and its cure."""

import asyncio
import re
from pathlib import Path

import pytest
from whenever import Instant, TimeDelta

from bot.troubles import INTENTS_REFUSED, PORTAL, TOKEN_REFUSED, Exit
from rules.policy import Policy
from storage import communities
from storage.communities import Community
from storage.database import Database
from storage.transaction import Transaction
from tests.wire.children import Ended, colophon
from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.faults import status
from tests.wire.payloads import ANNOUNCEMENT, EVERYTHING, FORUM, TEXT
from tests.wire.test_start import WRONG_TOKEN

NOW = Instant.from_utc(2026, 8, 1)
SEND_MESSAGES, EMBED_LINKS = 1 << 11, 1 << 14


async def check(server: DiscordServer, cwd: Path, token: str = TOKEN) -> Ended:
    """Run it."""
    async with colophon(server.places, "check", cwd=cwd, settings={"COLOPHON_TOKEN": token}) as child:
        return await child.ended()


async def set_up(server: DiscordServer, cwd: Path) -> Community:
    """A community with its channels on Discord and its row in the database."""
    guild = server.add_guild("Tales")
    community = Community(
        id=guild,
        home_id=server.add_channel(guild, FORUM, "stories"),
        network_id=server.add_channel(guild, ANNOUNCEMENT, "new-chapters"),
        moderators_id=server.add_channel(guild, TEXT, "moderators"),
        notices_id=None,
        policy=Policy(),
    )

    def keep(tx: Transaction) -> None:
        communities.save(tx, community, by=1, now=NOW)
        communities.save_policy(tx, community.id, community.policy, by=1, now=NOW)

    async with Database(cwd / "colophon.sqlite3") as database:
        await database.write(keep)
    return community


async def test_all_is_well(discord_server: DiscordServer, tmp_path: Path) -> None:
    await set_up(discord_server, tmp_path)

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.OK
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["ok"] * 7
    assert lines[1] == "ok       database: colophon.sqlite3 is in order; 1 community is set up in it."
    assert lines[2] == "ok       token: Discord knows the bot as colophon."
    assert lines[-1] == "ok       community Tales: the bot may do all it has to in its channels."


async def test_it_never_opens_the_gateway_nor_registers_a_command(
    discord_server: DiscordServer, tmp_path: Path
) -> None:
    await set_up(discord_server, tmp_path)

    await check(discord_server, tmp_path)

    assert discord_server.gateway.identified == []
    assert {one.method for one in discord_server.requests} == {"GET"}


async def test_a_missing_permission_and_a_missing_channel(discord_server: DiscordServer, tmp_path: Path) -> None:
    community = await set_up(discord_server, tmp_path)
    role = discord_server.world.guilds[community.id]["roles"][0]
    role["permissions"] = str(EVERYTHING & ~(1 << 3) & ~EMBED_LINKS)
    del discord_server.world.channels[community.moderators_id]

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.PERMISSIONS
    lacks, gone = ended.out.splitlines()[-2:]
    assert lacks == (
        "wrong    community Tales: in #new-chapters the bot lacks Embed Links; allow it in the channel's permissions."
    )
    assert gone == (
        "wrong    community Tales: its moderators channel is gone or hidden from the bot; "
        "let the bot see it, or name another in /setup."
    )


async def test_a_wrong_clock(discord_server: DiscordServer, tmp_path: Path) -> None:
    """Discord's answers carry its own time; ours is an hour behind."""
    await set_up(discord_server, tmp_path)
    discord_server.ahead = TimeDelta(hours=1)

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.CLOCK
    assert re.search(r"\nwrong    clock: this machine's clock is 3,\d+ s behind Discord's, ", ended.out)


async def test_a_community_that_sent_the_bot_away(discord_server: DiscordServer, tmp_path: Path) -> None:
    community = await set_up(discord_server, tmp_path)
    discord_server.world.guilds.clear()

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.PERMISSIONS
    assert ended.out.splitlines()[-1] == (
        f"wrong    community {community.id}: the bot is not a member there; invite it again with the link above."
    )


async def test_a_wrong_token(discord_server: DiscordServer, tmp_path: Path) -> None:
    ended = await check(discord_server, tmp_path, WRONG_TOKEN)

    assert ended.code == Exit.TOKEN_REFUSED
    assert f"wrong    token: {TOKEN_REFUSED.sentence}" in ended.out
    assert WRONG_TOKEN not in ended.out + ended.err


async def test_without_discord_the_rest_is_said_to_be_unknown(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.fail("GET", "/users/@me", status(503))

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.UNREACHABLE
    assert [line.split(":")[0] for line in ended.out.splitlines()] == [
        "ok       settings",
        "ok       database",
        "wrong    discord",
        "unknown  token",
        "unknown  clock",
        "unknown  application",
        "unknown  intents",
        "unknown  communities",
    ]


async def test_commands_that_go_to_a_web_address(discord_server: DiscordServer, tmp_path: Path) -> None:
    discord_server.application["interactions_endpoint_url"] = "https://example.org/"

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.REFUSED
    assert (
        "wrong    application: Discord sends commands to a web address instead of to this bot; "
        f"empty Interactions Endpoint URL at {PORTAL} (General Information)."
    ) in ended.out


async def test_a_database_of_another_program(discord_server: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "colophon.sqlite3").write_text("Dear diary, " * 100, encoding="utf-8")

    ended = await check(discord_server, tmp_path)

    assert ended.code == Exit.FOREIGN
    assert "wrong    database: colophon.sqlite3 is not a Colophon database; " in ended.out


async def test_an_older_database_is_not_brought_up_to_date_by_looking_at_it(
    discord_server: DiscordServer, tmp_path: Path
) -> None:
    header = b"SQLite format 3\0".ljust(60, b"\0") + b"\0\0\0\0" + b"\0\0\0\0" + b"Colo" + b"\0" * 100
    await asyncio.to_thread((tmp_path / "colophon.sqlite3").write_bytes, header)

    ended = await check(discord_server, tmp_path)

    assert (
        "ok       database: colophon.sqlite3 is an older Colophon's; the next start brings it up to date." in ended.out
    )
    assert await asyncio.to_thread((tmp_path / "colophon.sqlite3").read_bytes) == header


@pytest.mark.parametrize("intent", ["members", "message_content", "presences"])
async def test_intents_that_are_asked_for_must_be_switched_on(
    discord_server: DiscordServer, tmp_path: Path, intent: str
) -> None:
    """Colophon asks for none of these; whoever extends it is told."""
    places = discord_server.places | {"intents": [intent]}
    async with colophon(places, "check", cwd=tmp_path, settings={"COLOPHON_TOKEN": TOKEN}) as child:
        ended = await child.ended()

    assert ended.code == Exit.INTENTS
    assert f"wrong    intents: {INTENTS_REFUSED.sentence}" in ended.out
