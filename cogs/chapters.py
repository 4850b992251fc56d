"""`/chapter …` and `/why`: handing chapters in, taking them back, seeing what waits."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import discord
from discord import app_commands, ui
from discord.ext import commands
from whenever import Instant

from cogs import series as series_cog
from cogs.answers import answer, hear, person_of
from cogs.calendars import Pictures
from cogs.manuscripts import images_from, manuscript_from
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import chapters as replies
from cogs.replies import exceptions as exception_replies
from cogs.replies import promises as promise_replies
from cogs.replies.cards import shortened
from rules.labels import Ai, Declaration
from rules.policy import Policy
from storage.chapters import ChapterState
from storage.database import Database
from usecases.calendars import queue_on_calendar
from usecases.chapters import (
    find_receipt,
    own_chapter,
    own_withdrawable,
    submit_chapter,
    suggest_chapters,
    why,
    withdraw_chapter,
)
from usecases.drafts import (
    Desk,
    OpenDraft,
    Prepared,
    attach_images,
    cancel_draft,
    find_desk,
    open_draft,
    prepare,
    preview,
    read_text,
    set_text,
    state_of,
)
from usecases.manuscripts import read_pasted
from usecases.moments import read_moment
from usecases.promises import find_offer
from usecases.requests import ask_exception
from usecases.takedowns import take_down

AI_CHOICES = [
    app_commands.Choice(name="none: also with spell checks, search or outlines by AI", value="none"),
    app_commands.Choice(name="assisted: AI helped with the text, or translated it", value="assisted"),
    app_commands.Choice(name="generated: mostly written by AI, with few edits", value="generated"),
]
_FORM_FIELDS = ("The text", "…continued", "…continued (3)", "…continued (4)", "…continued (5)")
_FIELD_CHARACTERS = 4000
_MOST_SUGGESTIONS = 25
_LONGEST_SUGGESTION = 100
_LONGEST_TITLE_IN_FORM = 30


class ChapterCog(commands.GroupCog, group_name="chapter"):
    """The parts of your stories."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._waker = waker
        self._pictures = Pictures()
        self._coming: dict[int, asyncio.Event] = {}
        """The drafts whose images are being fetched while their authors paste the text; a preview shows them all."""
        presses.on("paste", self._receive_form)
        presses.on("submit", self._press_submit)
        presses.on("cancel", self._press_cancel)
        presses.on("withdraw", self._press_withdraw)
        presses.on("queue", self._press_queue)

    @app_commands.command(name="submit")
    @app_commands.guild_only()
    @app_commands.describe(
        series="Which of your series it belongs to",
        title="What the chapter is called",
        ai="How AI was used for its text",
        file="The text as .md, .txt, .docx, .odt, .html or .epub; without it a form opens to paste into",
        disclosure="With AI: the sentence in your text that tells readers so",
        image1="An image that follows the text; you say next where it is from",
        image2="A second one",
        image3="A third one",
        image4="A fourth one; images in the middle of the text come with its file",
        wanted="If you want it out later: friday 18:00, 2026-12-01, in 5 days",
    )
    @app_commands.choices(ai=AI_CHOICES)
    async def submit(
        self,
        interaction: discord.Interaction,
        series: str,
        title: app_commands.Range[str, 1, 200],
        ai: str,
        file: discord.Attachment | None = None,
        disclosure: app_commands.Range[str, 1, 500] | None = None,
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        wanted: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Hand in a chapter: you see when and where it will appear before anything is decided."""
        if file is not None:
            await hear(interaction)
        desk = await self._database.read(find_desk, person_of(interaction), series)
        declaration = Declaration(Ai(ai), disclosure)
        at = await self._read_wanted(wanted, desk, str(interaction.locale))
        request = OpenDraft(
            person=person_of(interaction),
            series=desk.series,
            title=title,
            declaration=declaration,
            wanted=at,
            prepared=None,
        )
        attached = (image1, image2, image3, image4)
        if file is None:
            await self._open_form(interaction, request, attached)
            return
        prepared, embedded = await manuscript_from(interaction, file, declaration, desk.policy)
        images = (*embedded, *await images_from(interaction, attached))
        request = replace(request, prepared=prepared, images=images)
        draft = await self._database.write(open_draft, request, now=self._clock.now())
        await show_chapter(self._database, interaction, draft, now=self._clock.now())

    @app_commands.command(name="queue")
    @app_commands.guild_only()
    @app_commands.describe(series="Only this one of your series")
    async def queue(self, interaction: discord.Interaction, series: str | None = None) -> None:
        """What waits, each with its promised time, and when the next one could be out."""
        await hear(interaction)
        await self._show_queue(interaction, series)

    @app_commands.command(name="withdraw")
    @app_commands.guild_only()
    @app_commands.describe(chapter="Which of your chapters; one that is out is taken down")
    async def withdraw(self, interaction: discord.Interaction, chapter: str) -> None:
        """Take a chapter back, waiting or out; the chapters behind it keep their times."""
        await hear(interaction)
        meant = await self._database.read(own_withdrawable, person_of(interaction), chapter)
        if meant.state is ChapterState.RELEASED:
            await self._take_down(interaction, meant.id)
        else:
            await self._withdraw(interaction, meant.id)

    @app_commands.command(name="ask")
    @app_commands.guild_only()
    @app_commands.describe(chapter="Which of your waiting chapters", reason="Why it should come out sooner")
    async def ask(
        self, interaction: discord.Interaction, chapter: str, reason: app_commands.Range[str, 1, 500]
    ) -> None:
        """Ask the moderators to let a waiting chapter come out sooner."""
        await hear(interaction)
        meant = await self._database.read(own_chapter, person_of(interaction), chapter, waiting=True)
        await self._database.write(ask_exception, person_of(interaction), meant.id, reason, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, exception_replies.asked(meant.title))

    @submit.autocomplete("series")
    @queue.autocomplete("series")
    async def suggest_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own series by title."""
        return await series_cog.suggest(self._database, interaction, typed)

    @withdraw.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own chapters by title, latest first."""
        return await suggest(self._database, interaction, typed)

    @ask.autocomplete("chapter")
    async def suggest_waiting(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own waiting chapters by title."""
        return await suggest(self._database, interaction, typed, waiting=True)

    async def _open_form(
        self, interaction: discord.Interaction, request: OpenDraft, attached: Iterable[discord.Attachment | None]
    ) -> None:
        """A form must be the first answer; while its author pastes the text, the images are fetched."""
        draft = await self._database.write(open_draft, request, now=self._clock.now())
        await interaction.response.send_modal(_paste_form(request.title, draft))
        self._coming[draft] = asyncio.Event()
        try:
            images = await images_from(interaction, attached)
            await self._database.write(attach_images, request.person, draft, images, now=self._clock.now())
        finally:
            self._coming.pop(draft).set()

    async def _receive_form(self, interaction: discord.Interaction, draft_id: int) -> None:
        """The text of a chapter that was handed in without a file."""
        await hear(interaction)
        if coming := self._coming.get(draft_id):
            await coming.wait()
        values = form_values(interaction)
        text = "\n\n".join(values[name] for name in sorted(values) if values[name].strip())
        person = person_of(interaction)
        draft, _, policy = await self._database.read(read_text, person, draft_id)
        prepared = await asyncio.to_thread(_prepare_pasted, text, draft.declaration, policy)
        await self._database.write(set_text, person, draft_id, prepared)
        await show_chapter(self._database, interaction, draft_id, now=self._clock.now())

    async def _press_submit(self, interaction: discord.Interaction, draft_id: int) -> None:
        await hear(interaction)
        now = self._clock.now()
        receipt = await self._database.write(submit_chapter, person_of(interaction), draft_id, now=now)
        self._waker.wake()
        await answer(interaction, replies.receipt(receipt, now=now))

    async def _press_cancel(self, interaction: discord.Interaction, draft_id: int) -> None:
        await hear(interaction)
        dropped = await self._database.write(cancel_draft, person_of(interaction), draft_id)
        await answer(interaction, replies.cancelled(dropped))

    async def _press_withdraw(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction, fresh=True)
        await self._withdraw(interaction, chapter_id)

    async def _press_queue(self, interaction: discord.Interaction, _chapter_id: int) -> None:
        await hear(interaction, fresh=True)
        await self._show_queue(interaction, None)

    async def _show_queue(self, interaction: discord.Interaction, series: str | None) -> None:
        person, now = person_of(interaction), self._clock.now()
        shown, calendar = await self._database.read(queue_on_calendar, person, series, now=now)
        pictures = await self._pictures.of(calendar)
        await answer(interaction, replies.queue(shown, calendar, *pictures), pictures)

    async def _withdraw(self, interaction: discord.Interaction, chapter_id: int) -> None:
        done = await self._database.write(withdraw_chapter, person_of(interaction), chapter_id, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.withdrawn(done))

    async def _take_down(self, interaction: discord.Interaction, chapter_id: int) -> None:
        done = await self._database.write(take_down, person_of(interaction), chapter_id, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, promise_replies.taken_down(done))

    async def _read_wanted(self, wanted: str | None, desk: Desk, locale: str) -> Instant | None:
        if wanted is None:
            return None
        return await asyncio.to_thread(
            read_moment,
            wanted,
            now=self._clock.now(),
            zone=desk.policy.zone,
            languages=tuple(dict.fromkeys((locale, locale.partition("-")[0], "en"))),
        )


class WhyCog(commands.Cog):
    """The reasons of a decision."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @app_commands.command(name="why")
    @app_commands.guild_only()
    @app_commands.describe(chapter="Which of your chapters")
    async def why(self, interaction: discord.Interaction, chapter: str) -> None:
        """Which rules decided a chapter's time and reach, and what would change them."""
        await hear(interaction)
        now = self._clock.now()
        shown = await self._database.read(why, person_of(interaction), chapter)
        offer = await self._database.read(find_offer, person_of(interaction), shown.chapter.id, now=now)
        await answer(interaction, replies.why(shown, offer=offer, now=now))

    @why.autocomplete("chapter")
    async def suggest_chapter(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own chapters by title, latest first."""
        return await suggest(self._database, interaction, typed)


async def show_chapter(database: Database, interaction: discord.Interaction, chapter_id: int, *, now: Instant) -> None:
    """Show what holds for a chapter after a change: its preview, its receipt, or why it is where it is."""
    person = person_of(interaction)
    state = await database.read(state_of, chapter_id)
    if state is ChapterState.DRAFT:
        view = replies.preview(await database.read(preview, person, chapter_id, now=now), now=now)
    elif state is ChapterState.RELEASED:
        view = replies.why(await database.read(why, person, str(chapter_id)), now=now)
    else:
        view = replies.receipt(await database.read(find_receipt, person, chapter_id, now=now), now=now)
    await answer(interaction, view)


async def suggest(
    database: Database, interaction: discord.Interaction, typed: str, *, waiting: bool = False
) -> list[app_commands.Choice[str]]:
    """The suggestions for a `chapter` option: own chapters by title."""
    found = await database.read(suggest_chapters, person_of(interaction), typed, waiting=waiting)
    return [
        app_commands.Choice(name=shortened(f"{one.title} · {one.series_title}", _LONGEST_SUGGESTION), value=str(one.id))
        for one in found[:_MOST_SUGGESTIONS]
    ]


def _prepare_pasted(text: str, declaration: Declaration, policy: Policy) -> Prepared:
    return prepare(read_pasted(text), declaration, policy)


def _paste_form(title: str, draft_id: int) -> ui.Modal:
    """The form to paste a chapter into; its fields come back through `cogs/presses.py`."""
    form = ui.Modal(title=f"Text of {shortened(title, _LONGEST_TITLE_IN_FORM)}", custom_id=f"paste:{draft_id}")
    for number, label in enumerate(_FORM_FIELDS):
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=f"text{number}",
            style=discord.TextStyle.paragraph,
            required=number == 0,
            max_length=_FIELD_CHARACTERS,
        )
        form.add_item(ui.Label(text=label, component=field))
    form.stop()
    return form
