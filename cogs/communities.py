"""`/setup`: the community's settings."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.doctor import look
from cogs.moderators import is_open_to_all
from cogs.permissions import missing_in
from cogs.ports import Clock
from cogs.replies import communities as replies
from rules.health import Use
from storage.database import Database
from usecases.communities import SetUp, find_community, set_up


class Communities(commands.Cog):
    """Setting a community up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @app_commands.command(name="setup")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        home="The forum in which each series gets its thread",
        network="The announcement or text channel that the whole community reads",
        moderators="The text channel of your moderators",
        notices="Where authors find the lasting copy of a notice",
        zone="Your community's time zone, such as Europe/Berlin; UTC without it",
    )
    async def setup(
        self,
        interaction: discord.Interaction,
        home: discord.ForumChannel | None = None,
        network: discord.TextChannel | None = None,
        moderators: discord.TextChannel | None = None,
        notices: discord.TextChannel | None = None,
        zone: str | None = None,
    ) -> None:
        """Tell Colophon its channels and time zone."""
        heard = self._clock.now()
        await hear(interaction)
        chosen = zip(Use, (home, network, moderators, notices), strict=True)
        missing = missing_in(chosen)
        if missing:
            await answer(interaction, replies.missing_permissions(missing))
            return
        request = SetUp(
            person=person_of(interaction),
            home_id=home.id if home else None,
            network_id=network.id if network else None,
            moderators_id=moderators.id if moderators else None,
            notices_id=notices.id if notices else None,
            zone=zone,
        )
        if request.empty:
            community = await self._database.read(find_community, request.person)
            await answer(interaction, replies.guide(community))
            return
        community = await self._database.write(set_up, request, now=self._clock.now())
        channel = interaction.guild.get_channel(community.moderators_id) if interaction.guild else None
        open_to_all = channel is not None and is_open_to_all(channel)
        found = await look(interaction, self._database, heard=heard, now=self._clock.now())
        await answer(interaction, replies.set_up(community, found, open_to_all=open_to_all))
