"""`/review queue`: one list of what waits for a moderator, and a way into each of it.

The command belongs to the group `/review` of its own cog; `bot/app.py` joins them.
"""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import matters as replies
from cogs.replies import reviews
from storage.database import Database
from usecases.holds import end_hold
from usecases.matters import list_matters, open_matter, put_matter_back, take_matter


class ReviewQueue(commands.Cog):
    """What waits: the list, taking one on, opening it."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("matters", self._show_list)
        presses.on("matter", self._choose)
        presses.on("take", self._press_take)
        presses.on("put-back", self._press_put_back)
        presses.on("end-hold", self._press_end_hold)
        presses.on("end-hold-form", self._receive_end_hold)

    @app_commands.command(name="queue")
    async def queue(self, interaction: discord.Interaction) -> None:
        """Everything that waits for a moderator: what is overdue, then the oldest first."""
        await self._show_list(interaction, 0)

    async def _show_list(self, interaction: discord.Interaction, number: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        listed = await self._database.read(list_matters, person_of(interaction), number, now=self._clock.now())
        await answer(interaction, replies.listed(listed))

    async def _choose(self, interaction: discord.Interaction, _page: int) -> None:
        await hear(interaction, fresh=True)
        await require_moderator(interaction, self._database)
        (chosen,) = form_values(interaction).values()
        moderator, now = person_of(interaction), self._clock.now()
        opened = await self._database.read(open_matter, moderator, int(chosen), now=now)
        await answer(interaction, replies.opened(opened, viewer_id=moderator.id, now=now))

    async def _press_take(self, interaction: discord.Interaction, matter_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        opened = await self._database.write(take_matter, moderator, matter_id, now=now)
        self._waker.wake()
        await answer(interaction, replies.opened(opened, viewer_id=moderator.id, now=now))

    async def _press_put_back(self, interaction: discord.Interaction, matter_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        opened = await self._database.write(put_matter_back, moderator, matter_id, now=now)
        self._waker.wake()
        await answer(interaction, replies.opened(opened, viewer_id=moderator.id, now=now))

    async def _press_end_hold(self, interaction: discord.Interaction, hold_id: int) -> None:
        await require_moderator(interaction, self._database)
        await interaction.response.send_modal(reviews.end_form(hold_id))

    async def _receive_end_hold(self, interaction: discord.Interaction, hold_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, reason = person_of(interaction), form_values(interaction)["reason"]
        done = await self._database.write(end_hold, moderator, hold_id, reason, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, reviews.resumed(done))
