"""`colophon check`: every thing the bot needs, each with what is wrong and its cure; nothing is changed."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import aiohttp
import discord
from whenever import Instant, TimeDelta

from bot.app import create_bot
from bot.clock import Clock
from bot.config import Settings
from bot.troubles import INTENTS_REFUSED, PORTAL, Exit, TokenMissingError, explain
from cogs.permissions import look_at
from rules.health import is_off
from storage import communities
from storage.communities import Community
from storage.database import Database
from storage.migrations import APPLICATION_ID, newest_version

DISCORD_SECONDS = 30.0
"""How long Discord may take for the token; discord.py alone would try for minutes."""
INVITATION = discord.Permissions(326417632256)
"""The base permissions and those for threads, for the invitation link."""


@dataclass(frozen=True)
class Point:
    """One line of the answer: what was looked at, how it is, and what to do if it is not well."""

    name: str
    state: Literal["ok", "wrong", "unknown"]
    sentence: str
    exit: Exit = Exit.OK

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.state:<8} {self.name}: {self.sentence}"


async def check(settings: Settings) -> AsyncIterator[Point]:
    """Look at everything in the order in which it is needed; a point that rests on a broken one is unknown."""
    found: list[Community] = []
    try:
        sentence, found = await _database(settings)
        yield Point("database", "ok", sentence)
    except Exception as error:  # noqa: BLE001 - whatever it is becomes a line
        yield _wrong("database", error)
    clocks = _Clocks()
    async with discord.Client(intents=discord.Intents.none(), http_trace=clocks.trace) as client:
        try:
            await _log_in(client, settings)
        except Exception as error:  # noqa: BLE001 - whatever it is becomes a line
            trouble = _wrong("token", error)
            unchecked = ["clock", "application", "intents", "communities"]
            if trouble.exit is Exit.UNREACHABLE:
                trouble = replace(trouble, name="discord")
                unchecked.insert(0, "token")
            yield trouble
            for name in unchecked:
                yield Point(name, "unknown", "not checked, because it needs Discord and a token it accepts.")
            return
        yield Point("token", "ok", f"Discord knows the bot as {client.user}.")
        yield clocks.point()
        for point in _application(client, create_bot(settings).intents):
            yield point
        async for point in _communities(client, found):
            yield point


def exit_code(points: list[Point]) -> Exit:
    """What `colophon run` would end with; not OK either when something could not be looked at."""
    for point in points:
        if point.state == "wrong":
            return point.exit
    return Exit.UNREACHABLE if any(point.state == "unknown" for point in points) else Exit.OK


async def _database(settings: Settings) -> tuple[str, list[Community]]:
    """Open what `colophon run` would open; neither make a file nor migrate an older one."""
    path = settings.database
    if not path.exists():
        if not path.absolute().parent.is_dir():
            return await _opened(settings)  # which says so
        return f"{path} is not there yet; the first start makes it.", []
    with path.open("rb") as file:
        header = file.read(72)
    if len(header) == 72:  # noqa: PLR2004 - up to and with the two numbers below
        version, application = struct.unpack(">60xI4xI", header)
        if application == APPLICATION_ID and version < newest_version():
            return f"{path} is an older Colophon's; the next start brings it up to date.", []
    return await _opened(settings)


async def _opened(settings: Settings) -> tuple[str, list[Community]]:
    async with Database(settings.database) as database:
        found = await database.read(communities.every)
    count = "1 community is" if len(found) == 1 else f"{len(found) or 'no'} communities are"
    return f"{settings.database} is in order; {count} set up in it.", found


async def _log_in(client: discord.Client, settings: Settings) -> None:
    token = settings.token.reveal()
    if not token:
        raise TokenMissingError
    async with asyncio.timeout(DISCORD_SECONDS):
        await client.login(token)


def _application(client: discord.Client, intents: discord.Intents) -> Iterator[Point]:
    """What the developer portal says about the bot; the intents are those that `colophon run` asks for."""
    application = client.application
    if application is None or client.application_id is None:
        return
    link = discord.utils.oauth_url(client.application_id, permissions=INVITATION)
    if application.interactions_endpoint_url:
        yield Point(
            "application",
            "wrong",
            f"Discord sends commands to a web address instead of to this bot; empty Interactions Endpoint URL "
            f"at {PORTAL} (General Information).",
            Exit.REFUSED,
        )
    else:
        yield Point("application", "ok", f"{application.name}; it is invited with {link}")
    flags = application.flags
    missing = (
        (intents.members and not (flags.gateway_guild_members or flags.gateway_guild_members_limited))
        or (intents.presences and not (flags.gateway_presence or flags.gateway_presence_limited))
        or (intents.message_content and not (flags.gateway_message_content or flags.gateway_message_content_limited))
    )
    if missing:
        yield Point("intents", "wrong", INTENTS_REFUSED.sentence, INTENTS_REFUSED.exit)
    else:
        yield Point("intents", "ok", "Discord allows what this bot asks for.")


async def _communities(client: discord.Client, found: list[Community]) -> AsyncIterator[Point]:
    """Whether the bot may do its work in each set-up community, as far as REST tells."""
    if not found:
        yield Point("communities", "ok", "none is set up yet; a community's owner does it with /setup.")
    for community in found:
        name = f"community {community.id}"
        try:
            guild = await client.fetch_guild(community.id)
            name = f"community {guild.name}"
            problems = [problem async for problem in _lacks(client, guild, community)]
        except (discord.NotFound, discord.Forbidden):
            yield Point(
                name, "wrong", "the bot is not a member there; invite it again with the link above.", Exit.PERMISSIONS
            )
        except Exception as error:  # noqa: BLE001 - whatever it is becomes a line
            yield _wrong(name, error)
        else:
            for problem in problems:
                yield Point(name, "wrong", problem, Exit.PERMISSIONS)
            if not problems:
                yield Point(name, "ok", "the bot may do all it has to in its channels.")


async def _lacks(client: discord.Client, guild: discord.Guild, community: Community) -> AsyncIterator[str]:
    """One sentence for each channel that is gone or in which the bot lacks a permission."""
    if client.user is None:
        return
    member = await guild.fetch_member(client.user.id)
    channels = {channel.id: channel for channel in await guild.fetch_channels()}
    gone, lacks = look_at(community, channels, member)
    for one in lacks:
        name = channels[one.channel_id].name
        yield f"in #{name} the bot lacks {', '.join(one.permissions)}; allow it in the channel's permissions."
    for use in (one.use for one in gone):
        yield f"its {use} channel is gone or hidden from the bot; let the bot see it, or name another in /setup."


class _Clocks:
    """Discord's clock, as its answers tell it in whole seconds, beside ours."""

    def __init__(self) -> None:
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._compare)
        self._ahead: TimeDelta | None = None

    async def _compare(self, _session: object, _context: object, answered: aiohttp.TraceRequestEndParams) -> None:
        told = answered.response.headers.get("Date")
        if told is not None:
            self._ahead = Clock().now() - Instant.parse_rfc2822(told)

    def point(self) -> Point:
        """Whether ours is right."""
        if self._ahead is None:
            return Point("clock", "unknown", "Discord's answers do not say what time it is.")
        if not is_off(self._ahead):
            return Point("clock", "ok", "it agrees with Discord's.")
        seconds = round(self._ahead.total("seconds"))
        way = "ahead of" if seconds > 0 else "behind"
        return Point(
            "clock",
            "wrong",
            f"this machine's clock is {abs(seconds):,} s {way} Discord's, and chapters come out by it; "
            "let the network set it (NTP).",
            Exit.CLOCK,
        )


def _wrong(name: str, error: Exception) -> Point:
    trouble = explain(error)
    return Point(name, "wrong", trouble.sentence, trouble.exit)
