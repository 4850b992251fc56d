"""**The label may be wrong**: a reader tells the moderators privately, and a moderator reads it (R6, L11)."""

import discord

from cogs.answers import answer, hear, person_of
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import doubts as replies
from cogs.replies import questions
from storage.database import Database
from usecases.doubts import ask_because_of_doubts, check_doubt, keep_label, say_doubt


class Doubts:
    """Readers' doubts about labels; no command, buttons and forms alone."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("doubt", self._press_doubt)
        presses.on("doubt-form", self._receive_doubt)
        presses.on("doubt-ask", self._press_ask)
        presses.on("doubt-ask-form", self._receive_question)
        presses.on("doubt-keep", self._press_keep)
        presses.on("doubt-keep-form", self._receive_answer)

    async def _press_doubt(self, interaction: discord.Interaction, chapter_id: int) -> None:
        person, now = person_of(interaction), self._clock.now()
        chapter = await self._database.read(check_doubt, person, chapter_id, now=now)
        await interaction.response.send_modal(replies.doubt_form(chapter))

    async def _receive_doubt(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        words, now = form_values(interaction)["words"], self._clock.now()
        chapter = await self._database.write(say_doubt, person_of(interaction), chapter_id, words, now=now)
        await answer(interaction, replies.said(chapter))

    async def _press_ask(self, interaction: discord.Interaction, doubt_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.send_modal(replies.answer_form(doubt_id, ask=True))

    async def _press_keep(self, interaction: discord.Interaction, doubt_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.send_modal(replies.answer_form(doubt_id, ask=False))

    async def _receive_question(self, interaction: discord.Interaction, doubt_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, words, now = person_of(interaction), form_values(interaction)["words"], self._clock.now()
        asked = await self._database.write(ask_because_of_doubts, moderator, doubt_id, words, now=now)
        self._waker.wake()
        await answer(interaction, questions.asked(asked))

    async def _receive_answer(self, interaction: discord.Interaction, doubt_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, words, now = person_of(interaction), form_values(interaction)["words"], self._clock.now()
        view = await self._database.write(keep_label, moderator, doubt_id, words, now=now)
        await answer(interaction, replies.kept(view))
