"""`/my-data …`: a copy of what is stored about a person, and its deletion."""

import asyncio
import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.ports import Clock
from cogs.presses import Presses
from cogs.replies import personal as replies
from cogs.rounds import Rounds
from storage.database import Database
from usecases.personal import File, collect, erase, outlook
from usecases.refusals import NotYoursError

_ROOM_FOR_A_NAME = 512
"""Bytes that a file's name and its entry take in a zip, at most."""


@app_commands.guild_only()
class PersonalCog(commands.GroupCog, group_name="my-data"):
    """What I keep of you here."""

    def __init__(self, database: Database, clock: Clock, rounds: Rounds, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._rounds = rounds
        presses.on("my-data-delete", self._press_delete)
        presses.on("my-data-delete-all", self._press_delete_all)
        presses.on("my-data-keep", self._press_keep)

    @app_commands.command(name="export")
    async def export(self, interaction: discord.Interaction) -> None:
        """Get a copy of everything I keep of you in this server."""
        await hear(interaction)
        files = await self._database.read(collect, person_of(interaction))
        if not files:
            await answer(interaction, replies.nothing_kept())
            return
        told = File("README.txt", replies.read_me().encode())
        packed = await asyncio.to_thread(packages, [told, *files], interaction.filesize_limit)
        await answer(interaction, replies.exported(len(packed)))
        for number, package in enumerate(packed, start=1):
            file = discord.File(BytesIO(package), filename=f"my-data-{number}.zip")
            await interaction.followup.send(file=file, ephemeral=True)

    @app_commands.command(name="delete")
    async def delete(self, interaction: discord.Interaction) -> None:
        """Have everything deleted that I keep of you in this server; first you see what that means."""
        await hear(interaction)
        person = person_of(interaction)
        found = await self._database.read(outlook, person, now=self._clock.now())
        shown = replies.nothing_kept() if found.holdings.empty else replies.asking(found, person.id)
        await answer(interaction, shown)

    async def _press_delete(self, interaction: discord.Interaction, person_id: int) -> None:
        await self._erase(interaction, person_id, take_down=False)

    async def _press_delete_all(self, interaction: discord.Interaction, person_id: int) -> None:
        await self._erase(interaction, person_id, take_down=True)

    async def _press_keep(self, interaction: discord.Interaction, _: int) -> None:
        await hear(interaction)
        await answer(interaction, replies.kept())

    async def _erase(self, interaction: discord.Interaction, person_id: int, *, take_down: bool) -> None:
        await hear(interaction)
        person = person_of(interaction)
        if person.id != person_id:
            raise NotYoursError
        done = await self._database.write(erase, person, take_down=take_down, now=self._clock.now())
        self._rounds.wake()
        await answer(interaction, replies.erased(done))


def packages(files: Iterable[File], limit: int) -> list[bytes]:
    """The files in as few zips as fit, in their order; each zip at most `limit` bytes, as far as each file is."""
    groups: list[list[File]] = [[]]
    room = limit
    for file in files:
        takes = len(zlib.compress(file.data)) + 2 * len(file.name.encode()) + _ROOM_FOR_A_NAME
        if takes > room and groups[-1]:
            groups.append([])
            room = limit
        groups[-1].append(file)
        room -= takes
    return [_package(group) for group in groups]


def _package(files: Iterable[File]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        for file in files:
            package.writestr(file.name, file.data)
    return packed.getvalue()
