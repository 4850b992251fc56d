"""What the visitor looks at and does: one channel through one person's eyes, and the hand on the clock."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from simcord.backend.access import channel_accessible
from simcord.backend.cdn import CDN_BASE
from simcord.backend.errors import BackendError, SetupError
from simcord.backend.models import Channel
from simcord.builders import ChannelHandle
from simcord.enums import ChannelType

from demo import guide, pictures, world
from demo.mount import MountedServer, mount
from demo.world import Person, World

LONGEST_TURN = 60 * world.DAY
TRIES = 3


class StageError(Exception):
    """The visitor asked for something that is not there, or not now."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The channel on show, through whose eyes, and the guest server that draws it."""

    person: Person
    channel: ChannelHandle
    server: MountedServer
    serial: int

    @property
    def url(self) -> str:
        """Where the frame finds it; the fragment is the Preview's secret and never leaves the browser."""
        return f"/discord?{self.serial}#{self.server.preview.capability}"


@dataclass(slots=True)
class Turning:
    """How far the clock has come, in days begun."""

    done: int
    of: int


@dataclass(slots=True)
class Stage:
    """One visitor's view of the world; every act goes through `acting`, one at a time."""

    world: World
    port: int
    guide: guide.Guide
    shown: Shown | None = None
    turning: Turning | None = None
    troubles: list[str] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _read: dict[tuple[int, int], int] = field(default_factory=dict)
    _serial: int = 0
    _drawn: int = 0

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[None]:
        """SimCord takes one act at a time: a press in the frame waits for the clock, and the clock for it."""
        async with self._lock:
            try:
                yield
            except (BackendError, SetupError) as error:
                raise StageError(str(error)) from error
            except TimeoutError as error:
                raise StageError("Colophon has not come to rest within five seconds; what it did stands.") from error
            finally:
                self.guide.observe()
                self._drawn = self._happenings()

    async def show(self, person: Person, channel_id: int) -> None:
        """Open a channel through this person's eyes; what they may not see opens as the lobby."""
        async with self.acting():
            await self._show(person, channel_id)

    async def turn(self, seconds: float) -> None:
        """Turn the clock forward day by day, then draw the channel anew, so that its countdowns are right."""
        if not 0 < seconds <= LONGEST_TURN:
            raise StageError("The clock turns forward, and by sixty days at most.")
        async with self.acting():
            try:
                await self._turn(seconds)
            finally:
                self.turning = None
                if self.shown is not None:
                    await self._show(self.shown.person, self.shown.channel.id)

    async def hand_in(self) -> None:
        """Run `/chapter submit` for the author with the sample, and look at the answer."""
        async with self.acting():
            await world.hand_in(self.world, world.SECOND_CHAPTER)
            await self._show(self.world.author, self.world.lobby.id)

    async def look_again(self) -> None:
        """Publish what timers did by themselves; asked at each look of the page, and cheap when nothing did."""
        if self.shown is None or self._lock.locked() or self._happenings() == self._drawn:
            return
        async with self.acting():
            if self.world.env.backend.channels.get(self.shown.channel.id) is None:
                await self._show(self.shown.person, self.world.lobby.id)
            else:
                await self.shown.server.preview.refresh()

    async def close(self) -> None:
        """Close the channel on show."""
        if self.shown is not None:
            await self.shown.server.preview.close()
            self.shown = None

    def readable(self, person: Person) -> Iterator[Channel]:
        """The channels and threads this person can open, in the order of the server; then their inbox."""
        backend = self.world.env.backend
        here = backend.get_guild(self.world.guild.id)
        for channel_id in (*here.channel_ids, *here.thread_ids):
            if channel_accessible(backend, channel_id, person.actor.id, history=True):
                yield backend.channels[channel_id]
        yield backend.get_dm_channel(person.actor.id)

    def unread(self, person: Person, channel: Channel) -> int:
        """How many messages of others stand there that this person has not seen."""
        seen = self._read.get((person.actor.id, channel.id), 0)
        return sum(
            message.id > seen and message.author_id != person.actor.id and message.visible_to(person.actor.id)
            for message in self.world.env.backend.messages.get(channel.id, {}).values()
        )

    def mark_read(self, person: Person, channel: Channel) -> None:
        """This person has seen what stands there."""
        messages = self.world.env.backend.messages.get(channel.id, {})
        self._read[person.actor.id, channel.id] = max(messages, default=0)

    def forget_the_past(self) -> None:
        """Nothing from before the visitor came counts as unread."""
        for person in self.world.people.values():
            for channel in self.readable(person):
                self.mark_read(person, channel)
        self.guide.begin()

    def _happenings(self) -> int:
        return len(self.world.env.backend.transcript)

    async def _turn(self, seconds: float) -> None:
        """Step by step: SimCord allows five seconds of work for each call."""
        clock, env = self.world.env.backend.clock, self.world.env
        start, goal, failures = clock.elapsed, clock.elapsed + seconds, 0
        while clock.elapsed < goal:
            gone = (clock.elapsed - start) / world.DAY
            self.turning = Turning(int(gone), max(1, round(seconds / world.DAY)))
            try:
                await env.advance_time(min(world.DAY, goal - clock.elapsed))
            except TimeoutError as error:
                failures += 1
                if failures == TRIES:
                    raise StageError("Colophon is busy; the clock stands where it came to.") from error

    async def _show(self, person: Person, channel_id: int) -> None:
        handle, viewer = self._handle(person, channel_id)
        await self.close()
        preview = self.world.env.preview(
            handle, viewers=[viewer], layout="channel", locale="en-GB", assets=self._portraits()
        )
        server = mount(preview, self.port)
        await preview.__aenter__()
        self._serial += 1
        self.shown = Shown(person, handle, server, self._serial)

    def _handle(self, person: Person, channel_id: int) -> tuple[ChannelHandle, Any]:
        """The channel and the eyes for it."""
        channel = next((one for one in self.readable(person) if one.id == channel_id), None)
        if channel is None or channel.type == ChannelType.FORUM:
            return self.world.lobby, person.actor
        if channel.guild_id is None:
            return person.actor.user.dm_channel, person.actor.user
        return ChannelHandle(self.world.env, self.world.guild, channel), person.actor

    def _portraits(self) -> dict[str, tuple[str, bytes]]:
        """Everybody's picture, by the address under which SimCord asks for it."""
        backend = self.world.env.backend
        faces = {f"{CDN_BASE}/avatars/{backend.bot_user.id}/colophon.png": pictures.printers_mark()}
        for person in self.world.people.values():
            address = f"{CDN_BASE}/avatars/{person.actor.id}/{person.key}.png"
            faces[address] = pictures.portrait(person.name[0], person.colour)
        return {address: ("face.png", picture) for address, picture in faces.items()}
