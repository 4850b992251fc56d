"""*Describe images*: from image to image, by buttons and forms that hold after any restart (L5, L8)."""

import asyncio

import discord
from discord import ui

from cogs.answers import answer, hear, person_of
from cogs.chapters import show_chapter
from cogs.imports import show_import
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import images as replies
from rules.images import Origin
from storage.database import Database
from usecases.describing import (
    Answers,
    Sight,
    claim_images,
    describe_image,
    first_of_import,
    first_to_describe,
    import_of,
    see_image,
)
from usecases.statements import stated_origin


class ImageWalk:
    """An author describes the images of a chapter."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("describe-images", self._press_begin)
        presses.on("import-images", self._press_begin_import)
        presses.on("image", self._press_image)
        presses.on("describe", self._press_describe)
        presses.on("describe-form", self._receive_form)
        presses.on("all-mine", self._press_all_mine)
        presses.on("described", self._press_done)

    async def _press_begin(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        await self._show(interaction, await self._database.read(first_to_describe, person_of(interaction), chapter_id))

    async def _press_begin_import(self, interaction: discord.Interaction, import_id: int) -> None:
        await hear(interaction)
        person, now = person_of(interaction), self._clock.now()
        await self._show(interaction, await self._database.read(first_of_import, person, import_id, now=now))

    async def _press_image(self, interaction: discord.Interaction, image_id: int) -> None:
        await hear(interaction)
        await self._show(interaction, await self._database.read(see_image, person_of(interaction), image_id))

    async def _press_describe(self, interaction: discord.Interaction, image_id: int) -> None:
        sight = await self._database.read(see_image, person_of(interaction), image_id)
        await interaction.response.send_modal(await asyncio.to_thread(_form, sight))

    async def _receive_form(self, interaction: discord.Interaction, image_id: int) -> None:
        """The answers about one image; then the next one that needs some, or what now holds for the chapter."""
        await hear(interaction, in_place=True)
        values, person = form_values(interaction), person_of(interaction)
        answers = Answers(
            origin=Origin(values["origin"]),
            caption=values.get("caption", ""),
            source=values.get("source", ""),
            alt=values.get("alt", ""),
        )
        now = self._clock.now()
        chapter_id, next_id = await self._database.write(describe_image, person, image_id, answers, now=now)
        self._waker.wake()
        if next_id is None:
            await self._show_what_holds(interaction, chapter_id)
        else:
            await self._show(interaction, await self._database.read(see_image, person, next_id))

    async def _press_all_mine(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        now = self._clock.now()
        await self._database.write(claim_images, person_of(interaction), chapter_id, now=now)
        self._waker.wake()
        await self._show_what_holds(interaction, chapter_id)

    async def _press_done(self, interaction: discord.Interaction, chapter_id: int) -> None:
        await hear(interaction)
        await self._show_what_holds(interaction, chapter_id)

    async def _show_what_holds(self, interaction: discord.Interaction, chapter_id: int) -> None:
        """Back to where the way began: the chapter, or the preview of the import it is part of."""
        now, import_id = self._clock.now(), await self._database.read(import_of, chapter_id)
        if import_id is None:
            await show_chapter(self._database, interaction, chapter_id, now=now)
        else:
            await show_import(self._database, interaction, import_id, now=now)

    async def _show(self, interaction: discord.Interaction, sight: Sight) -> None:
        picture = replies.file_of(sight.image, sight.data)
        await answer(interaction, await asyncio.to_thread(_card, sight, picture), [picture])


def _card(sight: Sight, picture: discord.File) -> ui.LayoutView:
    return replies.image_card(sight, picture, stated_origin(sight.data))


def _form(sight: Sight) -> ui.Modal:
    return replies.image_form(sight, stated_origin(sight.data))
