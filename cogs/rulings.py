"""`/review label`: setting a label for a reason from the list, by two where it takes two (L11).

The command belongs to the group `/review` of its own cog; `bot/app.py` joins them.
"""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.questions import suggest
from cogs.replies import questions as question_replies
from cogs.replies import rulings as replies
from cogs.replies.verdicts import LABEL_LINES
from rules.labels import Ai
from rules.rulings import RulingReason
from storage.database import Database
from usecases.questions import check_closable, view_question
from usecases.rulings import SetLabel, confirm_ruling, drop_ruling, set_label

_LABELS = [app_commands.Choice(name=line, value=str(ai)) for ai, line in LABEL_LINES.items()]
_REASONS = [app_commands.Choice(name=words, value=str(reason)) for reason, words in replies.REASONS.items()]


class ReviewLabels(commands.Cog):
    """Setting a label."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("set-label", self._press_set)
        presses.on("set-label-form", self._receive_set)
        presses.on("confirm-ruling", self._press_confirm)
        presses.on("drop-ruling", self._press_drop)

    @app_commands.command(name="label")
    @app_commands.describe(
        chapter="A chapter that waits or is out",
        ai="What its label should say",
        reason="Why; there are no other reasons",
        note=replies.NOTE_HELP,
    )
    @app_commands.choices(ai=_LABELS, reason=_REASONS)
    async def label(
        self,
        interaction: discord.Interaction,
        chapter: str,
        ai: str,
        reason: str,
        note: app_commands.Range[str, 1, 500] | None = None,
    ) -> None:
        """Set a label, after the author was asked; they hear why and can appeal."""
        await require_moderator(interaction, self._database)
        await hear(interaction)
        request = SetLabel(
            moderator=person_of(interaction), chapter=chapter, ai=Ai(ai), reason=RulingReason(reason), note=note
        )
        view = await self._database.write(set_label, request, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.receipt(view))

    @label.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's chapters that wait or are out."""
        return await suggest(self._database, interaction, typed)

    async def _press_set(self, interaction: discord.Interaction, question_id: int) -> None:
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.read(check_closable, moderator, question_id, now=now)
        form = replies.label_form(view.chapter.title, question_id, view.chapter.declaration.ai)
        await interaction.response.send_modal(form)

    async def _receive_set(self, interaction: discord.Interaction, question_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        moderator, now, values = person_of(interaction), self._clock.now(), form_values(interaction)
        question = await self._database.read(check_closable, moderator, question_id, now=now)
        request = SetLabel(
            moderator=moderator,
            chapter=str(question.chapter.id),
            ai=Ai(values["ai"]),
            reason=RulingReason(values["reason"]),
            note=values["note"] or None,
        )
        view = await self._database.write(set_label, request, now=now)
        self._waker.wake()
        shown = await self._database.read(view_question, question_id, now=now)
        await interaction.edit_original_response(view=question_replies.question_card(shown))
        await interaction.followup.send(view=replies.receipt(view), ephemeral=True)

    async def _press_confirm(self, interaction: discord.Interaction, ruling_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.write(confirm_ruling, moderator, ruling_id, now=now)
        self._waker.wake()
        await interaction.edit_original_response(view=replies.reading_card(view))

    async def _press_drop(self, interaction: discord.Interaction, ruling_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.write(drop_ruling, moderator, ruling_id, now=now)
        self._waker.wake()
        await interaction.edit_original_response(view=replies.reading_card(view))
