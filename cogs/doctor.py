"""`/doctor`: what stands in the way, each with its cure."""

import asyncio

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from whenever import Instant

from cogs.answers import answer, hear, person_of
from cogs.permissions import look_at
from cogs.ports import Clock, Waker
from cogs.presses import Presses
from cogs.replies import doctor as replies
from rules.health import Finding, HomesShut, Room, Sight
from storage.database import Database
from usecases.deliveries import resume_all
from usecases.health import InUse, examine, places_in_use

_PATIENCE = 5.0
"""Seconds for looking at home threads that Discord has to be asked about; what takes longer is left out."""


class Doctor(commands.Cog):
    """The look at everything."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("doctor", self._press_look)
        presses.on("try-held", self._press_try)

    @app_commands.command(name="doctor")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Everything that stands in my way on this server, each with its cure."""
        await self._press_look(interaction, 0)

    async def _press_look(self, interaction: discord.Interaction, _number: int) -> None:
        _require_manager(interaction)
        heard = self._clock.now()
        await hear(interaction)
        found = await look(interaction, self._database, heard=heard, now=self._clock.now())
        size, free = await self._database.room()
        await answer(interaction, replies.seen(found, Room(size, free)))

    async def _press_try(self, interaction: discord.Interaction, _number: int) -> None:
        _require_manager(interaction)
        await hear(interaction)
        count = await self._database.write(resume_all, person_of(interaction), now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.tried(count))


async def look(
    interaction: discord.Interaction, database: Database, *, heard: Instant, now: Instant
) -> tuple[Finding, ...]:
    """All that stands in the way on the server of an interaction; `heard` is when it came, by our clock.

    Raises:
        NotSetUpError: nobody has set the community up yet.
    """
    person = person_of(interaction)
    guild = interaction.guild
    if guild is None:
        raise app_commands.NoPrivateMessage
    used = await database.read(places_in_use, person)
    size, free = await database.room()
    gone, lacks = look_at(used.community, {channel.id: channel for channel in guild.channels}, guild.me)
    forum = guild.get_channel(used.community.home_id)
    until = guild.me.timed_out_until
    sight = Sight(
        gone=tuple(one.use for one in gone),
        lacks=tuple(lacks),
        timed_out=Instant(until) if until else None,
        asks_for_tag=forum.id if isinstance(forum, discord.ForumChannel) and forum.flags.require_tag else None,
        shut=await _shut(guild, used),
        threads=len(guild.threads),
        ahead=heard - Instant(interaction.created_at),
        room=Room(size, free),
    )
    return await database.read(examine, person, sight, now=now)


async def _shut(guild: discord.Guild, used: InUse) -> HomesShut:
    """Which homes nothing can be posted in; an archived one is woken by the next chapter, a locked one is not."""
    forum = guild.get_channel(used.community.home_id)
    if forum is None:
        return HomesShut((), ())
    opens = forum.permissions_for(guild.me).manage_threads
    known = [guild.get_thread(home) for home in used.homes]
    asked = [home for home, thread in zip(used.homes, known, strict=True) if thread is None]
    found = await asyncio.gather(*(_fetch(guild, home) for home in asked))
    gone = [home for home, thread in zip(asked, found, strict=True) if thread is None]
    there = [thread for thread in (*known, *found) if isinstance(thread, discord.Thread)]
    return HomesShut(tuple(gone), () if opens else tuple(thread.id for thread in there if thread.locked))


async def _fetch(guild: discord.Guild, thread_id: int) -> object | None:
    """A thread that the gateway has not told of, as an archived one; `None` if there is none.

    Discord, when it does not answer, says nothing about the thread.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            return await guild.fetch_channel(thread_id)
    except discord.NotFound:
        return None
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        return error


def _require_manager(interaction: discord.Interaction) -> None:
    """At the buttons too: who may not manage the server any more sees nothing more of it."""
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
