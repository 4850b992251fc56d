"""`/rules`: what holds here, for everybody."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.replies import rulebook as replies
from storage.database import Database
from usecases.communities import require_community


class RulebookCog(commands.Cog):
    """The rules in plain words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @app_commands.command(name="rules")
    @app_commands.guild_only()
    async def rules(self, interaction: discord.Interaction) -> None:
        """What holds here, in a minute: times, labels, and what is never done."""
        await hear(interaction)
        community = await self._database.read(require_community, person_of(interaction))
        await answer(interaction, replies.page(community.policy))
