"""`/follow`, `/unfollow` and **Follow** under an announcement."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.ports import Clock, Waker
from cogs.presses import Presses
from cogs.replies import follows as replies
from cogs.replies import news as news_replies
from storage.database import Database
from storage.follows import How
from usecases.follows import (
    FollowRequest,
    check_followable,
    find_series,
    follow,
    followed,
    list_follows,
    of_chapter,
    standing,
    story,
    suggest_stories,
    unfollow,
)
from usecases.news import stop_messages, write_again
from usecases.people import Person
from usecases.refusals import OneOfTwoError

_HOW = [
    app_commands.Choice(name="thread: in the home thread, as Discord tells you", value="thread"),
    app_commands.Choice(name="message: by direct message from me", value="message"),
    app_commands.Choice(name="feed: only in /feed", value="feed"),
]
_MOST_SUGGESTIONS = 25
_ADDED_WITHIN = 2.0
"""Seconds a reader is kept waiting, so that the answer can say whether Discord has let them in."""


class FollowCog(commands.Cog):
    """What a reader wants to hear of."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("follow", self._press_follow)
        presses.on("follow-series", self._press_follow_series)
        presses.on("follow-message", self._press_follow_by_message)
        presses.on("follow-author", self._press_follow_author)
        presses.on("unfollow", self._press_unfollow)
        presses.on("unfollow-author", self._press_unfollow_author)
        presses.on("inbox", self._press_write_again)
        presses.on("hush", self._press_stop_messages)

    @app_commands.command(name="follow")
    @app_commands.guild_only()
    @app_commands.describe(
        series="Which series; without it and without an author, what you follow is listed",
        author="All by this author instead",
        how="How you want to hear of new chapters",
    )
    @app_commands.choices(how=_HOW)
    async def follow(
        self,
        interaction: discord.Interaction,
        series: str | None = None,
        author: discord.User | None = None,
        how: str | None = None,
    ) -> None:
        """Hear of each new chapter of a series, or of an author."""
        await hear(interaction)
        person = person_of(interaction)
        if series is None and author is None:
            await answer(interaction, replies.listed(await self._database.read(list_follows, person)))
            return
        wanted = None if how is None else How(how)
        await self._follow(interaction, await self._meant(interaction, series, author, wanted))

    @app_commands.command(name="unfollow")
    @app_commands.guild_only()
    @app_commands.describe(series="Which of the series you follow", author="An author whom you follow instead")
    async def unfollow(
        self, interaction: discord.Interaction, series: str | None = None, author: discord.User | None = None
    ) -> None:
        """Hear no more of a series, or of an author."""
        await hear(interaction)
        if (series is None) == (author is None):
            raise OneOfTwoError
        person = person_of(interaction)
        if author is not None:
            request = FollowRequest(person=person, author_id=author.id, series_id=None)
        else:
            meant = await self._database.read(followed, person, series or "")
            request = FollowRequest(person=person, author_id=meant.author_id, series_id=meant.series_id)
        await self._unfollow(interaction, request)

    @follow.autocomplete("series")
    async def suggest_story(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's series of which something is out, by title."""
        found = await self._database.read(suggest_stories, person_of(interaction), typed)
        return [app_commands.Choice(name=one.title, value=str(one.id)) for one in found]

    @unfollow.autocomplete("series")
    async def suggest_followed(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Series that one follows, by title."""
        mine = await self._database.read(list_follows, person_of(interaction))
        return [
            app_commands.Choice(name=one.series_title, value=str(one.series_id))
            for one in mine
            if one.series_title and typed.strip().casefold() in one.series_title.casefold()
        ][:_MOST_SUGGESTIONS]

    async def _press_follow(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        person = person_of(interaction)
        chapter = await self._database.read(of_chapter, person, chapter_id)
        request = FollowRequest(person=person, author_id=chapter.author_id, series_id=chapter.series_id)
        await self._follow(interaction, request)

    async def _press_follow_series(self, interaction: discord.Interaction, series_id: int) -> None:
        await hear(interaction)
        await self._follow(interaction, await self._meant(interaction, str(series_id), None, None))

    async def _press_follow_by_message(self, interaction: discord.Interaction, series_id: int) -> None:
        await hear(interaction)
        await self._follow(interaction, await self._meant(interaction, str(series_id), None, How.MESSAGE))

    async def _press_follow_author(self, interaction: discord.Interaction, author_id: int) -> None:
        await hear(interaction)
        person = person_of(interaction)
        await self._database.read(check_followable, person, author_id)
        await self._follow(interaction, FollowRequest(person=person, author_id=author_id, series_id=None))

    async def _press_unfollow(self, interaction: discord.Interaction, series_id: int) -> None:
        await hear(interaction)
        person = person_of(interaction)
        series = await self._database.read(find_series, person, series_id)
        await self._unfollow(interaction, FollowRequest(person=person, author_id=series.author_id, series_id=series.id))

    async def _press_unfollow_author(self, interaction: discord.Interaction, author_id: int) -> None:
        await hear(interaction)
        request = FollowRequest(person=person_of(interaction), author_id=author_id, series_id=None)
        await self._unfollow(interaction, request)

    async def _press_write_again(self, interaction: discord.Interaction, _number: int) -> None:
        await hear(interaction)
        await self._database.write(write_again, person_of(interaction))
        await answer(interaction, news_replies.writes_again())

    async def _press_stop_messages(self, interaction: discord.Interaction, community_id: int) -> None:
        """Under a direct message, where there is no server: the button says which one it is about."""
        await hear(interaction)
        await self._database.write(stop_messages, Person(community_id, interaction.user.id))
        await answer(interaction, news_replies.stopped())

    async def _meant(
        self, interaction: discord.Interaction, series: str | None, author: discord.User | None, how: How | None
    ) -> FollowRequest:
        """One series or one author, not both."""
        person = person_of(interaction)
        if series is not None and author is not None:
            raise OneOfTwoError
        if author is not None:
            await self._database.read(check_followable, person, author.id)
            return FollowRequest(person=person, author_id=author.id, series_id=None, how=how)
        found = await self._database.read(story, person, series or "")
        return FollowRequest(person=person, author_id=found.author_id, series_id=found.id, how=how)

    async def _follow(self, interaction: discord.Interaction, request: FollowRequest) -> None:
        done = await self._database.write(follow, request, now=self._clock.now())
        self._waker.wake()
        await self._waker.settled(within=_ADDED_WITHIN)
        now_so = await self._database.read(standing, request)
        await answer(interaction, replies.followed(replace(now_so, news=done.news)))

    async def _unfollow(self, interaction: discord.Interaction, request: FollowRequest) -> None:
        done = await self._database.write(unfollow, request, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.unfollowed(done))
