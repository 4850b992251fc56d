"""`/review …`: pausing work and letting it go on, and the log (C9, N5)."""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands
from whenever import Instant

from cogs.answers import answer, hear, person_of
from cogs.moderators import is_moderator, require_moderator
from cogs.ports import Clock, Waker
from cogs.replies import audits
from cogs.replies import reviews as replies
from cogs.replies.cards import shortened
from storage.chapters import Chapter
from storage.database import Database
from usecases.audits import read_log, suggest_logged
from usecases.communities import require_community
from usecases.holds import (
    HoldWork,
    hold_work,
    open_holds,
    resume_work,
    suggest_any_series,
    suggest_waiting,
)
from usecases.moments import read_moment

_MOST = 25
_LONGEST = 100


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class ReviewCog(commands.GroupCog, group_name="review"):
    """For moderators: pause, resume, look back."""

    def __init__(self, database: Database, clock: Clock, waker: Waker) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._waker = waker

    @app_commands.command(name="hold")
    @app_commands.describe(
        reason="Why; the author reads it",
        chapter="A waiting chapter; those behind it wait too",
        series="Or a whole series",
        until="When it goes on by itself: friday 18:00, 2026-12-01, in 5 days",
    )
    async def hold(
        self,
        interaction: discord.Interaction,
        reason: app_commands.Range[str, 1, 500],
        chapter: str | None = None,
        series: str | None = None,
        until: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Pause a waiting chapter or a series, with a reason and a return date."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        request = HoldWork(
            moderator=person_of(interaction),
            chapter=chapter,
            series=series,
            reason=reason,
            until=await self._read_until(interaction, until),
        )
        done = await self._database.write(hold_work, request, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.held(done))

    @app_commands.command(name="resume")
    @app_commands.describe(
        reason="Why now; it stands in the log", chapter="A chapter that is paused", series="Or a series that is paused"
    )
    async def resume(
        self,
        interaction: discord.Interaction,
        reason: app_commands.Range[str, 1, 500],
        chapter: str | None = None,
        series: str | None = None,
    ) -> None:
        """Let a paused chapter or series go on."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        done = await self._database.write(
            resume_work,
            person_of(interaction),
            chapter or series or "",
            reason,
            whole_series=chapter is None,
            now=self._clock.now(),
        )
        self._waker.wake()
        await answer(interaction, replies.resumed(done))

    @app_commands.command(name="audit")
    @app_commands.describe(author="Only this author's work", chapter="Only this chapter")
    async def audit(
        self, interaction: discord.Interaction, author: discord.Member | None = None, chapter: str | None = None
    ) -> None:
        """The log: what was decided, by whom, and from what."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator = person_of(interaction)
        shown = await self._database.read(read_log, moderator, author.id if author else None, chapter)
        await answer(interaction, audits.log(shown))

    @hold.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's waiting chapters."""
        if not await is_moderator(interaction, self._database):
            return []
        return _choices(await self._database.read(suggest_waiting, person_of(interaction), typed))

    @audit.autocomplete("chapter")
    async def suggest_logged(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's chapters, whatever has become of them."""
        if not await is_moderator(interaction, self._database):
            return []
        return _choices(await self._database.read(suggest_logged, person_of(interaction), typed))

    @hold.autocomplete("series")
    async def suggest_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's series."""
        if not await is_moderator(interaction, self._database):
            return []
        found = await self._database.read(suggest_any_series, person_of(interaction), typed)
        return [app_commands.Choice(name=shortened(one.title, _LONGEST), value=str(one.id)) for one in found[:_MOST]]

    @resume.autocomplete("chapter")
    async def suggest_held_chapter(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Chapters that are paused."""
        return await self._suggest_held(interaction, typed, whole_series=False)

    @resume.autocomplete("series")
    async def suggest_held_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Series that are paused."""
        return await self._suggest_held(interaction, typed, whole_series=True)

    async def _suggest_held(
        self, interaction: discord.Interaction, typed: str, *, whole_series: bool
    ) -> list[app_commands.Choice[str]]:
        if not await is_moderator(interaction, self._database):
            return []
        found = await self._database.read(open_holds, person_of(interaction))
        names = [
            (shortened(one.chapter_title or one.series_title, _LONGEST), str(one.id))
            for one in found
            if (one.chapter_id is None) == whole_series
        ]
        return [
            app_commands.Choice(name=name, value=value) for name, value in names if typed.casefold() in name.casefold()
        ][:_MOST]

    async def _read_until(self, interaction: discord.Interaction, until: str | None) -> Instant | None:
        community = await self._database.read(require_community, person_of(interaction))
        if until is None:
            return None
        locale = str(interaction.locale)
        return await asyncio.to_thread(
            read_moment,
            until,
            now=self._clock.now(),
            zone=community.policy.zone,
            languages=tuple(dict.fromkeys((locale, locale.partition("-")[0], "en"))),
        )


def _choices(found: list[Chapter]) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=shortened(f"{one.title} · {one.series_title}", _LONGEST), value=str(one.id))
        for one in found[:_MOST]
    ]
