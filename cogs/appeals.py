"""`/appeal`, the button **Appeal**, and the card on which another moderator answers (L12)."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.chapters import suggest
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import appeals as replies
from cogs.replies.cards import shortened
from storage.database import Database
from usecases.appealable import check_appealable, find_appealable, suggest_imports
from usecases.appeals import answer_appeal, appeal, check_answerable

_MOST_SUGGESTIONS = 25
_LONGEST_SUGGESTION = 100


class AppealCog(commands.Cog):
    """Appealing once, and being answered."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("appeal", self._press_appeal)
        presses.on("appeal-form", self._receive_appeal)
        presses.on("grant-appeal", self._press_grant)
        presses.on("keep-appeal", self._press_keep)
        presses.on("grant-appeal-form", self._receive_grant)
        presses.on("keep-appeal-form", self._receive_keep)

    @app_commands.command(name="appeal")
    @app_commands.guild_only()
    @app_commands.describe(
        chapter="Which of your chapters, or older chapters that were declined",
        reason="What another moderator should know",
    )
    async def appeal(
        self, interaction: discord.Interaction, chapter: str, reason: app_commands.Range[str, 1, 1000]
    ) -> None:
        """Ask another moderator to look at a label that was set, or at what was declined; once."""
        await hear(interaction)
        act_id = await self._database.read(find_appealable, person_of(interaction), chapter, now=self._clock.now())
        await self._appeal(interaction, act_id, reason)

    @appeal.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own declined imports that there is still time for, then own chapters, by title."""
        person, now = person_of(interaction), self._clock.now()
        declined = await self._database.read(suggest_imports, person, typed, now=now)
        older = [
            app_commands.Choice(name=shortened(replies.named(one), _LONGEST_SUGGESTION), value=str(one.id))
            for one in declined
        ]
        return [*older, *await suggest(self._database, interaction, typed)][:_MOST_SUGGESTIONS]

    async def _press_appeal(self, interaction: discord.Interaction, act_id: int) -> None:
        person, now = person_of(interaction), self._clock.now()
        subject = await self._database.read(check_appealable, person, act_id, now=now)
        await interaction.response.send_modal(replies.form(subject.title, act_id))

    async def _receive_appeal(self, interaction: discord.Interaction, act_id: int) -> None:
        await hear(interaction)
        await self._appeal(interaction, act_id, form_values(interaction)["reason"])

    async def _appeal(self, interaction: discord.Interaction, act_id: int, reason: str) -> None:
        view = await self._database.write(appeal, person_of(interaction), act_id, reason, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.received(view))

    async def _press_grant(self, interaction: discord.Interaction, appeal_id: int) -> None:
        await self._open_answer(interaction, appeal_id, granted=True)

    async def _press_keep(self, interaction: discord.Interaction, appeal_id: int) -> None:
        await self._open_answer(interaction, appeal_id, granted=False)

    async def _open_answer(self, interaction: discord.Interaction, appeal_id: int, *, granted: bool) -> None:
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        view = await self._database.read(check_answerable, moderator, appeal_id, now=now)
        await interaction.response.send_modal(replies.answer_form(view.subject.title, appeal_id, granted=granted))

    async def _receive_grant(self, interaction: discord.Interaction, appeal_id: int) -> None:
        await self._answer(interaction, appeal_id, granted=True)

    async def _receive_keep(self, interaction: discord.Interaction, appeal_id: int) -> None:
        await self._answer(interaction, appeal_id, granted=False)

    async def _answer(self, interaction: discord.Interaction, appeal_id: int, *, granted: bool) -> None:
        """The card under which was pressed shows the answer, for every moderator."""
        await require_moderator(interaction, self._database)
        await interaction.response.defer()
        moderator, words = person_of(interaction), form_values(interaction)["reason"]
        view = await self._database.write(
            answer_appeal, moderator, appeal_id, words, granted=granted, now=self._clock.now()
        )
        self._waker.wake()
        await interaction.edit_original_response(view=replies.appeal_card(view))
