"""`/review ask`: a moderator who doubts a label asks first; the form to answer, and leaving it as it is (L11).

The command belongs to the group `/review` of its own cog; `bot/app.py` joins them.
"""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import questions as replies
from cogs.replies.cards import shortened
from rules.labels import Ai
from storage.database import Database
from usecases.questions import (
    answer_question,
    ask_about_label,
    check_answerable,
    leave_label,
    suggest_labelled,
)

_MOST = 25
_LONGEST = 100


class ReviewQuestions(commands.Cog):
    """Asking about a label."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("answer-question", self._press_answer)
        presses.on("answer-question-form", self._receive_answer)
        presses.on("leave-label", self._press_leave)

    @app_commands.command(name="ask")
    @app_commands.describe(
        chapter="A chapter that waits or is out", question="What you want to know; the author reads it"
    )
    async def ask(
        self, interaction: discord.Interaction, chapter: str, question: app_commands.Range[str, 1, 500]
    ) -> None:
        """Ask an author about a label; nothing changes until they have answered or had the time to."""
        await require_moderator(interaction, self._database)
        await hear(interaction)
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.write(ask_about_label, moderator, chapter, question, now=now)
        self._waker.wake()
        await answer(interaction, replies.asked(view))

    @ask.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Everybody's chapters that wait or are out."""
        return await suggest(self._database, interaction, typed)

    async def _press_answer(self, interaction: discord.Interaction, question_id: int) -> None:
        person, now = person_of(interaction), self._clock.now()
        view = await self._database.read(check_answerable, person, question_id, now=now)
        await interaction.response.send_modal(replies.answer_form(view))

    async def _receive_answer(self, interaction: discord.Interaction, question_id: int) -> None:
        await hear(interaction)
        person, now, values = person_of(interaction), self._clock.now(), form_values(interaction)
        corrected = None if values["ai"] == replies.AS_IT_IS else Ai(values["ai"])
        done = await self._database.write(answer_question, person, question_id, values["answer"], corrected, now=now)
        self._waker.wake()
        await answer(interaction, replies.answered(done))

    async def _press_leave(self, interaction: discord.Interaction, question_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.write(leave_label, moderator, question_id, now=now)
        self._waker.wake()
        await interaction.edit_original_response(view=replies.question_card(view))


async def suggest(database: Database, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Everybody's chapters that wait or are out, for moderators."""
    await require_moderator(interaction, database)
    found = await database.read(suggest_labelled, person_of(interaction), typed)
    return [
        app_commands.Choice(name=shortened(f"{one.title} · {one.series_title}", _LONGEST), value=str(one.id))
        for one in found[:_MOST]
    ]
