"""**Why am I seeing this?** under an announcement, and *Why is this here?* on any message of ours."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.presses import Presses
from cogs.replies import announcements as replies
from storage.database import Database
from usecases.announcements import explain, explain_message


class AnnouncementCog(commands.Cog):
    """The reasons of what readers see; its right-click is added to the tree by hand, as discord.py wants it."""

    def __init__(self, database: Database, presses: Presses) -> None:
        self._database = database
        presses.on("why", self._press_why)
        self.menu = app_commands.ContextMenu(name="Why is this here?", callback=self._why_here)
        self.menu.guild_only = True

    async def _press_why(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction, fresh=True)
        await answer(
            interaction, replies.explained(await self._database.read(explain, person_of(interaction), chapter_id))
        )

    async def _why_here(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await hear(interaction)
        shown = await self._database.read(explain_message, person_of(interaction), message.id)
        await answer(interaction, replies.explained(shown))
