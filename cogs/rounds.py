"""Whatever is due is done: chapters go out at their slots, deliveries are carried to Discord.

One timer, no task that waits: a round looks what is due, sends it on its way, and sets the timer for what comes next.
Whoever makes something due earlier wakes the next round.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import discord
from discord.ext import commands
from whenever import Instant, TimeDelta

from cogs.answers import answer, hear, person_of
from cogs.deliveries import Hands
from cogs.moderators import require_moderator
from cogs.ports import Clock
from cogs.presses import Presses
from cogs.replies import posts as replies
from rules.cadence import is_late
from rules.deliveries import PRIVATE, Event, Outcome, State
from rules.pages import pages
from storage.database import Database
from storage.errors import StorageError
from usecases.arrivals import import_schedule, release_imported
from usecases.deliveries import Errand, claim_due, next_due, resume, settle
from usecases.drafts import sweep_drafts
from usecases.images import sweep_images
from usecases.imports import sweep_imports
from usecases.news import forget_old
from usecases.personal import sweep_kept_starts
from usecases.releases import Release, chapter_text, release_chapter, release_schedule
from usecases.timetable import keep_timetable, timetable

_log = logging.getLogger(__name__)

_LONGEST_SLEEP = TimeDelta(minutes=15)
"""A timer runs by the machine's uptime; looking up now and then survives a suspended laptop or a corrected clock."""
_AFTER_TROUBLE = TimeDelta(seconds=30)
_SWEEP_EVERY = TimeDelta(hours=6)


class Rounds(commands.Cog):
    """The bot's own doing, from start to stop."""

    def __init__(self, database: Database, clock: Clock, hands: Hands, presses: Presses) -> None:
        self._database = database
        self._clock = clock
        self._hands = hands
        self._timer: asyncio.TimerHandle | None = None
        self._round: asyncio.Task[None] | None = None
        self._again = False
        self._stopped = True
        self._carrying: set[asyncio.Task[None]] = set()
        self._swept_at: Instant | None = None
        presses.on("resume", self._press_resume)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord is there (again): see what has become due."""
        self._stopped = False
        self.wake()

    def wake(self) -> None:
        """Look at once what is due: something new may be."""
        if self._stopped:
            return
        if self._round is not None:
            self._again = True
            return
        self._cancel_timer()
        self._round = self._task(self._go())

    async def settled(self, *, within: float) -> None:
        """Wait until nothing is under way, for so many seconds at most."""
        try:
            async with asyncio.timeout(within):
                while busy := self._busy():
                    await asyncio.wait(busy)
        except TimeoutError:
            return

    async def stop(self, *, within: float) -> None:
        """Begin nothing more, and finish what is in hand; what takes longer is found in the database next time."""
        self._stopped = True
        self._cancel_timer()
        await self.settled(within=within)
        for task in self._busy():
            task.cancel()

    async def _go(self) -> None:
        """One round; it survives everything and always sets the next one."""
        next_at: Instant | None
        try:
            next_at = await self._do_what_is_due()
        except StorageError as error:
            _log.error("the database refused; I try again in a moment: %s", error)
            next_at = self._clock.now() + _AFTER_TROUBLE
        except Exception:  # noqa: BLE001 - the loop survives everything
            _log.exception("a round failed; I try again in a moment")
            next_at = self._clock.now() + _AFTER_TROUBLE
        finally:
            self._round = None
        if self._again:
            self._again = False
            self.wake()
        elif not self._stopped:
            self._set_timer(next_at)

    async def _do_what_is_due(self) -> Instant | None:
        now = self._clock.now()
        come = await self._database.read(timetable, now=now)
        if come.due:
            await self._database.write(keep_timetable, now=now)
        next_release = await self._release(now)
        next_older = await self._let_in(now)
        for errand in await self._database.write(claim_due, now=self._clock.now()):
            task = self._task(self._carry(errand))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
        await self._sweep(now)
        next_delivery = await self._database.read(next_due, now=now)
        return min(
            (at for at in (come.next_at, next_release, next_older, next_delivery) if at is not None), default=None
        )

    async def _release(self, now: Instant) -> Instant | None:
        """Let out every chapter whose slot has come, in order; when the next one's comes."""
        while True:
            schedule = await self._database.read(release_schedule, now=now)
            released = [await self._release_one(chapter_id) for chapter_id in schedule.due]
            if not schedule.due:
                return schedule.next_at
            if not all(released):  # one that cannot go out holds up no other
                return now + _AFTER_TROUBLE

    async def _let_in(self, now: Instant) -> Instant | None:
        """C13: post the next chapter of each import whose turn has come; when the next turn is."""
        schedule = await self._database.read(import_schedule, now=now)
        for chapter_id in schedule.due:
            try:
                release = await self._release_of(chapter_id)
                await self._database.write(release_imported, release, now=self._clock.now())
            except StorageError:
                raise
            except Exception:  # noqa: BLE001 - one chapter must not hold up the others
                _log.exception("the older chapter %s could not go out; I try again in a moment", chapter_id)
                return now + _AFTER_TROUBLE
        return schedule.next_at

    async def _release_of(self, chapter_id: int) -> Release:
        """A chapter with its messages, as Discord will show them."""
        title, markdown, images = await self._database.read(chapter_text, chapter_id)
        sheets = await asyncio.to_thread(pages, markdown, title=title, images=images)
        if not sheets:
            raise ValueError("a manuscript without a page")
        return Release(chapter_id, markdown, sheets)

    async def _release_one(self, chapter_id: int) -> bool:
        """Let one chapter out; `False` if it must be tried again."""
        try:
            release = await self._release_of(chapter_id)
            verdict = await self._database.write(release_chapter, release, now=self._clock.now())
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - one chapter must not hold up the others
            _log.exception("chapter %s could not go out; I try again in a moment", chapter_id)
            return False
        if verdict is not None and is_late(verdict.slot.at, self._clock.now()):
            _log.warning("chapter %s came out late: promised for %s", chapter_id, verdict.slot.at)
        return verdict is not None

    async def _carry(self, errand: Errand) -> None:
        """Carry one delivery out and write down what came of it; then look what follows."""
        delivery = errand.delivery
        try:
            carried = await self._hands.carry_out(errand)
            outcome, publish = carried.outcome, carried.publish
        except Exception:  # noqa: BLE001 - one delivery must not hold up the others
            _log.exception("delivery %s (%s) failed", delivery.id, delivery.kind)
            outcome, publish = Outcome(Event.LOST, problem="a fault of mine; see my log"), False
        try:
            state = await self._database.write(settle, delivery, outcome, publish=publish, now=self._clock.now())
        except StorageError as error:  # its lease ends, and it is looked for then
            _log.error("what came of delivery %s could not be written down: %s", delivery.id, error)
            return
        if state is State.CANCELLED and delivery.kind in PRIVATE:
            _log.info("delivery %s (%s) is given up: %s", delivery.id, delivery.kind, outcome.problem)
        elif state is State.HELD:
            _log.error("delivery %s (%s) is held: %s", delivery.id, delivery.kind, outcome.problem)
        elif outcome.problem:
            _log.warning("delivery %s (%s) is tried again: %s", delivery.id, delivery.kind, outcome.problem)
        self.wake()

    async def _press_resume(self, interaction: discord.Interaction, delivery_id: int) -> None:
        """R3: a moderator has mended what held a delivery."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        count = await self._database.write(resume, person_of(interaction), delivery_id, now=self._clock.now())
        self.wake()
        await answer(interaction, replies.resumed(count))

    async def _sweep(self, now: Instant) -> None:
        if self._swept_at is None or now - self._swept_at >= _SWEEP_EVERY:
            self._swept_at = now
            await self._database.write(sweep_drafts, now=now)
            await self._database.write(sweep_imports, now=now)
            await self._database.write(sweep_images, now=now)
            await self._database.write(sweep_kept_starts, now=now)
            while await self._database.write(forget_old, now=now):
                pass

    def _set_timer(self, at: Instant | None) -> None:
        latest = self._clock.now() + _LONGEST_SLEEP
        self._timer = self._clock.call_at(latest if at is None else min(at, latest), self.wake)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _busy(self) -> set[asyncio.Task[None]]:
        return self._carrying | ({self._round} if self._round else set())

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)
