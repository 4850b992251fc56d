"""**Show less like this** and `/less …`: what one reader sees, and nobody else (R6)."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.ports import Clock
from cogs.presses import Presses, form_values
from cogs.replies import less as replies
from rules.less import LabelKind
from storage.database import Database
from usecases.less import ask_less, ask_less_of_label, choices, list_less, undo_less, undo_named

_LABELS = [app_commands.Choice(name=words, value=str(kind)) for kind, words in replies.LABELS.items()]
_MOST_SUGGESTIONS = 25


@app_commands.guild_only()
class LessCog(commands.GroupCog, group_name="less"):
    """What stays out of your feed."""

    def __init__(self, database: Database, clock: Clock, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        presses.on("less", self._press_less)
        presses.on("less-of", self._choose)
        presses.on("less-undo", self._press_undo)

    @app_commands.command(name="list")
    async def list_all(self, interaction: discord.Interaction) -> None:
        """All that you asked to see less of."""
        await hear(interaction)
        await answer(interaction, replies.listed(await self._database.read(list_less, person_of(interaction))))

    @app_commands.command(name="undo")
    @app_commands.describe(what="Which wish; without it, the newest one")
    async def undo(self, interaction: discord.Interaction, what: str | None = None) -> None:
        """See something in your feed again."""
        await hear(interaction)
        await answer(interaction, replies.undone(await self._database.write(undo_named, person_of(interaction), what)))

    @app_commands.command(name="label")
    @app_commands.describe(label="Which label you never want to see in your feed")
    @app_commands.choices(label=_LABELS)
    async def label(self, interaction: discord.Interaction, label: str) -> None:
        """Keep one kind of label out of your feed."""
        await hear(interaction)
        person, now = person_of(interaction), self._clock.now()
        done = await self._database.write(ask_less_of_label, person, LabelKind(label), now=now)
        await answer(interaction, replies.asked(done))

    @undo.autocomplete("what")
    async def suggest_what(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """What one asked for, newest first."""
        kept = await self._database.read(list_less, person_of(interaction))
        named = [(replies.suggestion(one), str(one.id)) for one in kept]
        fitting = [(name, value) for name, value in named if typed.strip().casefold() in name.casefold()]
        return [app_commands.Choice(name=name, value=value) for name, value in fitting[:_MOST_SUGGESTIONS]]

    async def _press_less(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction, fresh=True)
        shown = await self._database.read(choices, person_of(interaction), chapter_id)
        await answer(interaction, replies.asking(shown))

    async def _choose(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        (chosen,) = form_values(interaction).values()
        person, now = person_of(interaction), self._clock.now()
        done = await self._database.write(ask_less, person, chapter_id, chosen, now=now)
        await answer(interaction, replies.asked(done))

    async def _press_undo(self, interaction: discord.Interaction, less_id: int) -> None:
        await hear(interaction)
        await answer(
            interaction, replies.undone(await self._database.write(undo_less, person_of(interaction), less_id))
        )
