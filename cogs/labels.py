"""`/chapter label` and the presses that mend a label: in a preview, while a chapter waits, and after its release.

The command belongs to the group `/chapter` of another cog; `bot/app.py` joins them.
"""

import discord
from discord import app_commands
from discord.ext import commands

from cogs import chapters as chapter_cog
from cogs.answers import answer, hear, person_of
from cogs.ports import Clock, Waker
from cogs.presses import Presses
from cogs.replies import labels as replies
from rules.labels import Ai, Cure
from storage.chapters import ChapterState
from storage.database import Database
from usecases.labels import Relabelled
from usecases.proposals import (
    Proposed,
    answer_label,
    confirm,
    cure_label,
    cure_proposal,
    drop_proposal,
    give_label,
)


class ChapterLabels(commands.Cog):
    """How far a chapter travels, in its author's hands."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("add-label", self._press_add_label)
        presses.on("move-up", self._press_move_up)
        presses.on("label-none", self._press_none)
        presses.on("label-assisted", self._press_assisted)
        presses.on("cure-proposal", self._press_cure_proposal)
        presses.on("relabel", self._press_confirm)
        presses.on("keep-label", self._press_keep)

    @app_commands.command(name="label")
    @app_commands.guild_only()
    @app_commands.describe(
        chapter="Which of your chapters, waiting or out",
        ai="How AI was used for its text; without it, that stays",
        disclosure="The sentence in your text that tells readers so; - for the community's standard one",
    )
    @app_commands.choices(ai=chapter_cog.AI_CHOICES)
    async def label(
        self,
        interaction: discord.Interaction,
        chapter: str,
        ai: str | None = None,
        disclosure: app_commands.Range[str, 1, 500] | None = None,
    ) -> None:
        """Mend a chapter's label, also after its release; what readers would see differently is shown first."""
        await hear(interaction)
        given = None if ai is None else Ai(ai)
        now, person = self._clock.now(), person_of(interaction)
        await self._answer(
            interaction, await self._database.write(give_label, person, chapter, given, disclosure, now=now)
        )

    @label.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own chapters by title, latest first."""
        return await chapter_cog.suggest(self._database, interaction, typed)

    async def _press_add_label(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await self._cure(interaction, chapter_id, Cure.ADD_LABEL)

    async def _press_move_up(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await self._cure(interaction, chapter_id, Cure.MOVE_UP)

    async def _press_none(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await self._say(interaction, chapter_id, Ai.NONE)

    async def _press_assisted(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await self._say(interaction, chapter_id, Ai.ASSISTED)

    async def _cure(self, interaction: discord.Interaction, chapter_id: int, cure: Cure) -> None:
        """L8: mend a label in one press; of a chapter that is handed in, the result is shown before it counts."""
        await hear(interaction)
        now, person = self._clock.now(), person_of(interaction)
        await self._answer(interaction, await self._database.write(cure_label, person, chapter_id, cure, now=now))

    async def _say(self, interaction: discord.Interaction, chapter_id: int, ai: Ai) -> None:
        """L14: the author says which of the two it is."""
        await hear(interaction)
        now, person = self._clock.now(), person_of(interaction)
        await self._answer(interaction, await self._database.write(answer_label, person, chapter_id, ai, now=now))

    async def _press_cure_proposal(self, interaction: discord.Interaction, proposal_id: int) -> None:
        """L8: the label that is shown, and its sentence put where it counts."""
        await hear(interaction)
        now, person = self._clock.now(), person_of(interaction)
        cure = Cure.ADD_LABEL
        shown = await self._database.write(cure_proposal, person, proposal_id, cure, now=now)
        await answer(interaction, replies.proposed(shown, now=now))

    async def _press_confirm(self, interaction: discord.Interaction, proposal_id: int) -> None:
        """Do what was shown, or show what has changed."""
        await hear(interaction)
        now, person = self._clock.now(), person_of(interaction)
        done = await self._database.write(confirm, person, proposal_id, now=now)
        await self._answer(interaction, done, again=True)

    async def _press_keep(self, interaction: discord.Interaction, proposal_id: int) -> None:
        await hear(interaction)
        chapter = await self._database.write(drop_proposal, person_of(interaction), proposal_id)
        await answer(interaction, replies.kept(chapter))

    async def _answer(
        self, interaction: discord.Interaction, result: Relabelled | Proposed, *, again: bool = False
    ) -> None:
        now = self._clock.now()
        if isinstance(result, Proposed):
            await answer(interaction, replies.proposed(result, now=now, again=again))
            return
        self._waker.wake()
        if result.chapter.state is ChapterState.DRAFT:
            await chapter_cog.show_chapter(self._database, interaction, result.chapter.id, now=now)
        else:
            await answer(interaction, replies.relabelled(result, now=now))
