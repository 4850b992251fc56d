"""Earlier slots, another order, another text, other words: what an author may change after handing in.

The commands belong to the groups `/chapter` and `/series` of their own cogs; `bot/app.py` joins them.
"""

import discord
from discord import app_commands
from discord.ext import commands

from cogs import chapters as chapter_cog
from cogs import series as series_cog
from cogs.answers import answer, hear, person_of
from cogs.manuscripts import manuscript_from
from cogs.ports import Clock, Waker
from cogs.presses import Presses
from cogs.replies import chapters as chapter_replies
from cogs.replies import promises as replies
from cogs.replies.refusals import sentence
from storage.database import Database
from usecases.chapters import find_receipt, own_chapter
from usecases.drafts import read_text
from usecases.labels import replace_text
from usecases.promises import Plan, close_gap, earlier_plan, gap_plan, move_chapter, release_earlier
from usecases.refusals import UnacceptableImageError, UnreadableManuscriptError
from usecases.series import EditSeries, edit_series, finish_series

_MARKS = 10**10
"""More than there are marks of plans: a confirming button carries its subject and the mark of the plan it shows."""


class ChapterPromises(commands.Cog):
    """What waits: earlier, in another order, with another text."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("gap-plan", self._press_gap_plan)
        presses.on("gap", self._press_gap)
        presses.on("earlier-plan", self._press_earlier_plan)
        presses.on("earlier", self._press_earlier)

    @app_commands.command(name="move")
    @app_commands.guild_only()
    @app_commands.describe(
        chapter="Which of your waiting chapters",
        position="Its new place among what waits of its series, as /chapter queue counts",
    )
    async def move(
        self, interaction: discord.Interaction, chapter: str, position: app_commands.Range[int, 1, 1000]
    ) -> None:
        """Give a waiting chapter another place: the times stay, the titles move over them."""
        await hear(interaction)
        person = person_of(interaction)
        meant = await self._database.read(own_chapter, person, chapter, waiting=True)
        plan = await self._database.write(move_chapter, person, meant.id, position, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.moved(plan, meant.id))

    @app_commands.command(name="replace")
    @app_commands.guild_only()
    @app_commands.describe(
        chapter="Which of your waiting chapters", file="Its new text as .md, .txt, .docx, .odt, .html or .epub"
    )
    async def replace(self, interaction: discord.Interaction, chapter: str, file: discord.Attachment) -> None:
        """Give a waiting chapter a new text: same place, same promise, labels looked at again."""
        await hear(interaction)
        person = person_of(interaction)
        meant = await self._database.read(own_chapter, person, chapter, waiting=True)
        _, _, policy = await self._database.read(read_text, person, meant.id)
        now = self._clock.now()
        try:
            prepared, images = await manuscript_from(interaction, file, meant.declaration, policy)
            await self._database.write(replace_text, person, meant.id, prepared, images, now=now)
        except (UnreadableManuscriptError, UnacceptableImageError) as error:
            await answer(interaction, replies.not_replaced(meant.title, sentence(error)))
            return
        self._waker.wake()
        receipt = await self._database.read(find_receipt, person, meant.id, now=now)
        await answer(interaction, chapter_replies.replaced(receipt, prepared.unshown, now=now))

    @move.autocomplete("chapter")
    @replace.autocomplete("chapter")
    async def suggest_waiting(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own waiting chapters by title."""
        return await chapter_cog.suggest(self._database, interaction, typed, waiting=True)

    async def _press_gap_plan(self, interaction: discord.Interaction, series_id: int) -> None:
        """C10: show what closing the gap would do."""
        await hear(interaction, fresh=True)
        plan = await self._database.read(gap_plan, person_of(interaction), series_id, self._clock.now())
        await answer(interaction, replies.gap_plan(plan, _confirming(series_id, plan)))

    async def _press_gap(self, interaction: discord.Interaction, number: int) -> None:
        """C10: close the gap as it was shown, or show what has changed."""
        await hear(interaction)
        series_id, shown = divmod(number, _MARKS)
        now = self._clock.now()
        plan = await self._database.write(close_gap, person_of(interaction), series_id, shown, now=now)
        self._waker.wake()
        changed = replies.gap_plan(plan, _confirming(series_id, plan), changed=True)
        await answer(interaction, replies.carried_out(plan) if plan.done else changed)

    async def _press_earlier_plan(self, interaction: discord.Interaction, chapter_id: int) -> None:
        """C9: show what releasing earlier would do."""
        await hear(interaction, fresh=True)
        plan = await self._database.read(earlier_plan, person_of(interaction), chapter_id, self._clock.now())
        await answer(interaction, replies.earlier_plan(plan, _confirming(chapter_id, plan)))

    async def _press_earlier(self, interaction: discord.Interaction, number: int) -> None:
        """C9: take the earlier slots as they were shown, or show what has changed."""
        await hear(interaction)
        chapter_id, shown = divmod(number, _MARKS)
        now = self._clock.now()
        plan = await self._database.write(release_earlier, person_of(interaction), chapter_id, shown, now=now)
        self._waker.wake()
        changed = replies.earlier_plan(plan, _confirming(chapter_id, plan), changed=True)
        await answer(interaction, replies.carried_out(plan) if plan.done else changed)


class SeriesEdits(commands.Cog):
    """A series' words, and its end."""

    def __init__(self, database: Database, clock: Clock, waker: Waker) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker

    @app_commands.command(name="edit")
    @app_commands.guild_only()
    @app_commands.describe(
        series="Which of your series",
        title="What the story is called from now on",
        blurb="What it is about, in a few sentences; - empties it",
        tags="Words by which readers find it, separated by commas; - empties it",
        rating="Whom it is for, such as general, teen or mature; - empties it",
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        series: str,
        title: app_commands.Range[str, 1, 100] | None = None,
        blurb: app_commands.Range[str, 1, 1000] | None = None,
        tags: app_commands.Range[str, 1, 200] | None = None,
        rating: app_commands.Range[str, 1, 50] | None = None,
    ) -> None:
        """Correct a series' words, in its home and in the announcements already made."""
        await hear(interaction)
        request = EditSeries(
            person=person_of(interaction), series=series, title=title, blurb=blurb, tags=tags, rating=rating
        )
        done = await self._database.write(edit_series, request, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.edited(done))

    @app_commands.command(name="finish")
    @app_commands.guild_only()
    @app_commands.describe(series="Which of your series")
    async def finish(self, interaction: discord.Interaction, series: str) -> None:
        """Mark a series complete; nothing else changes."""
        await hear(interaction)
        done = await self._database.write(finish_series, person_of(interaction), series)
        await answer(interaction, replies.finished(done))

    @edit.autocomplete("series")
    @finish.autocomplete("series")
    async def suggest_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own series by title."""
        return await series_cog.suggest(self._database, interaction, typed)


def _confirming(subject_id: int, plan: Plan) -> int:
    """The number of a button that carries out this plan and no other."""
    return subject_id * _MARKS + plan.mark
