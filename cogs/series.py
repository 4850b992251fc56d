"""`/series …`: an author's stories."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.ports import Clock, Waker
from cogs.replies import series as replies
from storage.database import Database
from usecases.communities import require_community
from usecases.series import StartSeries, find_series, list_series, start_series, suggest_series

_MOST_SUGGESTIONS = 25
_LONGEST_SUGGESTION = 100
_HOME_OPENS_WITHIN = 2.0
"""Seconds a new series' author is kept waiting, so that the answer can already link its home."""


class SeriesCog(commands.GroupCog, group_name="series"):
    """Your stories."""

    def __init__(self, database: Database, clock: Clock, waker: Waker) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._waker = waker

    @app_commands.command(name="start")
    @app_commands.guild_only()
    @app_commands.describe(
        title="What the story is called",
        blurb="What it is about, in a few sentences",
        tags="Words by which readers find it, separated by commas",
        rating="Whom it is for, such as general, teen or mature",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, 100],
        blurb: app_commands.Range[str, 1, 1000] | None = None,
        tags: app_commands.Range[str, 1, 200] | None = None,
        rating: app_commands.Range[str, 1, 50] | None = None,
    ) -> None:
        """Make a series and its home thread; no clock runs until its first chapter."""
        await hear(interaction)
        person = person_of(interaction)
        request = StartSeries(
            person=person, request_id=interaction.id, title=title, blurb=blurb, tags=tags, rating=rating
        )
        made = await self._database.write(start_series, request, now=self._clock.now())
        self._waker.wake()
        await self._waker.settled(within=_HOME_OPENS_WITHIN)
        made = await self._database.read(find_series, made.id)
        community = await self._database.read(require_community, person)
        await answer(interaction, replies.started(made, community.home_id))

    @app_commands.command(name="list")
    @app_commands.guild_only()
    async def list_all(self, interaction: discord.Interaction) -> None:
        """Your series, each with its state and its next slot."""
        await hear(interaction)
        shown = await self._database.read(list_series, person_of(interaction), now=self._clock.now())
        await answer(interaction, replies.listed(shown))


async def suggest(database: Database, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The suggestions for a `series` option: own series by title."""
    found = await database.read(suggest_series, person_of(interaction), typed)
    return [
        app_commands.Choice(name=one.title[:_LONGEST_SUGGESTION], value=str(one.id))
        for one in found[:_MOST_SUGGESTIONS]
    ]
