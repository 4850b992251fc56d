"""`/series import`: older work comes in with its original dates, when a moderator has confirmed it (C13).

The command belongs to the group `/series` of another cog; `bot/app.py` joins them.
"""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands
from whenever import Instant

from cogs import series as series_cog
from cogs.answers import answer, hear, person_of
from cogs.chapters import AI_CHOICES
from cogs.manuscripts import book_from
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import imports as replies
from rules.labels import Ai, Cure, Declaration
from rules.policy import Policy
from storage.chapters import Chapter
from storage.database import Database
from usecases.drafts import Prepared, cured
from usecases.import_decisions import check_confirmable, confirm_import, decline_import
from usecases.import_drafts import set_dates, set_texts, texts_to_cure
from usecases.imports import (
    OpenImport,
    ask_import,
    cancel_import,
    desk_for_import,
    open_import,
    own_draft_import,
    view_import,
)


class SeriesImports(commands.Cog):
    """Bringing older work in."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("import-dates", self._press_dates)
        presses.on("import-dates-form", self._receive_dates)
        presses.on("import-label", self._press_label)
        presses.on("import-ask", self._press_ask)
        presses.on("import-cancel", self._press_cancel)
        presses.on("import-confirm", self._press_confirm)
        presses.on("import-decline", self._press_decline)
        presses.on("import-decline-form", self._receive_decline)

    @app_commands.command(name="import")
    @app_commands.guild_only()
    @app_commands.describe(
        series="Which of your series it belongs to",
        file="A .zip with a file for each chapter, or an .epub",
        ai="How AI was used for the text of these chapters",
        disclosure="With AI: the sentence in each text that tells readers so",
    )
    @app_commands.choices(ai=AI_CHOICES)
    async def bring_in(
        self,
        interaction: discord.Interaction,
        series: str,
        file: discord.Attachment,
        ai: str,
        disclosure: app_commands.Range[str, 1, 500] | None = None,
    ) -> None:
        """Bring in chapters that came out before, with their dates; a moderator confirms first."""
        await hear(interaction)
        person = person_of(interaction)
        meant, policy = await self._database.read(desk_for_import, person, series)
        declaration = Declaration(Ai(ai), disclosure)
        chapters = await book_from(interaction, file, declaration, policy)
        request = OpenImport(person=person, series=meant, declaration=declaration, chapters=chapters)
        now = self._clock.now()
        import_id = await self._database.write(open_import, request, now=now)
        view = await self._database.read(view_import, import_id, now=now)
        await answer(interaction, replies.preview(view, now=now))

    @bring_in.autocomplete("series")
    async def suggest_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own series by title."""
        return await series_cog.suggest(self._database, interaction, typed)

    async def _press_dates(self, interaction: discord.Interaction, import_id: int) -> None:
        person, now = person_of(interaction), self._clock.now()
        view = await self._database.read(own_draft_import, person, import_id, now=now)
        await interaction.response.send_modal(replies.dates_form(view))

    async def _receive_dates(self, interaction: discord.Interaction, import_id: int) -> None:
        await hear(interaction, in_place=True)
        person, now, values = person_of(interaction), self._clock.now(), form_values(interaction)
        text = "\n".join(values[name] for name in sorted(values))
        view = await self._database.write(set_dates, person, import_id, text, now=now)
        await answer(interaction, replies.preview(view, now=now))

    async def _press_label(self, interaction: discord.Interaction, import_id: int) -> None:
        """L8: in one press, in all chapters that lack it."""
        await hear(interaction)
        person, now = person_of(interaction), self._clock.now()
        policy, failing = await self._database.read(texts_to_cure, person, import_id, now=now)
        mended = await asyncio.to_thread(_cure_all, policy, failing)
        view = await self._database.write(set_texts, person, import_id, mended, now=now)
        await answer(interaction, replies.preview(view, now=now))

    async def _press_ask(self, interaction: discord.Interaction, import_id: int) -> None:
        await hear(interaction)
        view = await self._database.write(ask_import, person_of(interaction), import_id, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.asked(view))

    async def _press_cancel(self, interaction: discord.Interaction, import_id: int) -> None:
        await hear(interaction)
        done = await self._database.write(cancel_import, person_of(interaction), import_id, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.cancelled(done))

    async def _press_confirm(self, interaction: discord.Interaction, import_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        await self._database.write(confirm_import, person_of(interaction), import_id, now=self._clock.now())
        self._waker.wake()
        await self._show_decided(interaction, import_id)

    async def _press_decline(self, interaction: discord.Interaction, import_id: int) -> None:
        await require_moderator(interaction, self._database)
        found = await self._database.read(check_confirmable, person_of(interaction), import_id, now=self._clock.now())
        await interaction.response.send_modal(replies.decline_form(found))

    async def _receive_decline(self, interaction: discord.Interaction, import_id: int) -> None:
        await require_moderator(interaction, self._database)
        reason = form_values(interaction)["reason"]
        await interaction.response.defer()
        await self._database.write(decline_import, person_of(interaction), import_id, reason, now=self._clock.now())
        self._waker.wake()
        await self._show_decided(interaction, import_id)

    async def _show_decided(self, interaction: discord.Interaction, import_id: int) -> None:
        """The card under which was pressed shows the decision, for every moderator."""
        now = self._clock.now()
        view = await self._database.read(view_import, import_id, now=now)
        await interaction.edit_original_response(view=replies.import_card(view, now=now))


async def show_import(database: Database, interaction: discord.Interaction, import_id: int, *, now: Instant) -> None:
    """Show an author their import's preview as it now is."""
    view = await database.read(own_draft_import, person_of(interaction), import_id, now=now)
    await answer(interaction, replies.preview(view, now=now))


def _cure_all(policy: Policy, failing: list[tuple[Chapter, Cure, str]]) -> dict[int, Prepared]:
    return {chapter.id: cured(markdown, chapter, cure, policy) for chapter, cure, markdown in failing}
