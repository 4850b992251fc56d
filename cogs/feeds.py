"""`/feed`: what has come out, as one reader may and wants to see it."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.ports import Clock
from cogs.presses import Presses
from cogs.replies import feeds as replies
from storage.database import Database
from usecases.feeds import look_at_feed, read_feed


class FeedCog(commands.Cog):
    """The newest releases, and older ones by page."""

    def __init__(self, database: Database, clock: Clock, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        presses.on("feed", self._press_all)
        presses.on("feed-mine", self._press_mine)

    @app_commands.command(name="feed")
    @app_commands.guild_only()
    async def feed(self, interaction: discord.Interaction) -> None:
        """What has come out since your last look, and before."""
        await hear(interaction)
        shown = await self._database.write(look_at_feed, person_of(interaction), now=self._clock.now())
        await answer(interaction, replies.page(shown))

    async def _press_all(self, interaction: discord.Interaction, after: int) -> None:
        await self._turn(interaction, after, followed_only=False)

    async def _press_mine(self, interaction: discord.Interaction, after: int) -> None:
        await self._turn(interaction, after, followed_only=True)

    async def _turn(self, interaction: discord.Interaction, after: int, *, followed_only: bool) -> None:
        """Another page; `after` is the chapter it goes on from, 0 for the newest."""
        await hear(interaction)
        person, now = person_of(interaction), self._clock.now()
        shown = await self._database.read(read_feed, person, after=after or None, followed_only=followed_only, now=now)
        await answer(interaction, replies.page(shown))
