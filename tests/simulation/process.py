"""One process of the bot: the rounds of `cogs/rounds.py` without an event loop, and ways for it to die."""

import sqlite3
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from whenever import Instant

from rules.cadence import is_late
from storage import chapters, copies, lanes, series, transaction
from storage.database import _open_writer
from storage.releases import _PREVIOUS_AT as PREVIOUS_AT
from storage.transaction import Transaction
from tests.simulation.days import HOUR, SECOND, span
from tests.simulation.erasure import forget_starts
from tests.simulation.lawbook import Law
from tests.simulation.laws import NODDING
from usecases import (
    appeals,
    arrivals,
    deliveries,
    drafts,
    images,
    imports,
    news,
    personal,
    questions,
    releases,
    timetable,
)
from usecases.copies import take_up

if TYPE_CHECKING:
    from tests.simulation.world import World

P = ParamSpec("P")
T = TypeVar("T")

_AFTER_TROUBLE = 30 * SECOND
_JITTER = 5
"""Milliseconds by which one process may be ahead of another that waits for the same moment."""
_SWEEP_EVERY = 6 * HOUR
_SALTS = 1 << 19
_PREVIOUS_AT = f"SELECT {PREVIOUS_AT} AS previous_at FROM chapters c WHERE c.id = :chapter"


class Trap(Enum):
    """Where a process can be struck."""

    DECIDING = auto()
    """Within a transaction, which is lost with it."""
    RELEASED = auto()
    """A chapter is released, nothing is claimed yet."""
    CLAIMED = auto()
    """Deliveries are claimed, nothing is sent yet."""
    SENT = auto()
    """A request is on its way."""
    STANDS = auto()
    """Discord has it, its answer is not there yet."""


class DownError(Exception):
    """Nobody answers: the bot is down, or has just died over the request."""


class Process:
    """A process with its own connection, its own ids and its own timer."""

    def __init__(self, world: "World", name: str, *, comes_back: bool = True) -> None:
        self.name = name
        self._comes_back = comes_back
        self.life = 0
        """Rises with every death; whatever an earlier life has begun is void."""
        self.up_since: int | None = None
        self.had_company = False
        self._world = world
        self._connection: sqlite3.Connection | None = None
        self._ids = (0, 0)
        """The salt and the last of the ids it gives out: its own, and the same for the same seed."""
        self._trap: tuple[Trap, int] | None = None
        self._timer = 0
        self._rendering = False
        self._retry_at = 0
        self._swept_at = 0

    def start(self) -> None:
        """Open the database as the bot does, and look what is due."""
        if self.up_since is not None:
            return
        self._connection = _open_writer(self._world.path)
        self._connection.execute("PRAGMA synchronous = OFF")  # no power fails here
        self.up_since, self._rendering, self._retry_at = self._world.now, False, 0
        self._ids = (self._world.setting.chance("ids", self.name, self.life).randrange(_SALTS), 0)
        if self.read(copies.marked) is not None and not self._takes_up():
            return
        for process in self._world.processes:  # with company, each looks up now and then
            process.wake()

    def _takes_up(self) -> bool:
        """It runs on a copy now; `False` if it died over that."""
        try:
            gap = self.write(take_up, now=self._world.instant())
        except DownError:
            return False
        self._world.tell(self.name, f"runs on a copy, from {gap.begin if gap else None} on")
        return True

    def die(self, *, back_after: int | None) -> None:
        """Stop dead; a request that is on its way to Discord arrives all the same."""
        if self.up_since is None or self._connection is None:
            return
        self._connection.close()
        self._connection, self.up_since, self._trap, self.had_company = None, None, None, False
        self.life += 1
        self._timer += 1
        if back_after is not None and self._comes_back:
            self._world.at(self._world.now + back_after, self.start)

    def set_trap(self, trap: Trap, *, back_after: int) -> None:
        """Die when it next comes to a certain place."""
        self._trap = (trap, back_after)

    def remove_trap(self) -> None:
        """It dies no more."""
        self._trap = None

    def trips(self, trap: Trap) -> bool:
        """Whether it dies here."""
        if self._trap is None or self._trap[0] is not trap:
            return False
        back_after = self._trap[1]
        back = f" and is back after {span(back_after)}" if self._comes_back else ""
        self._world.tell(self.name, f"dies ({trap.name.lower()}){back}")
        self.die(back_after=back_after)
        return True

    def write(self, function: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction, all of it or nothing.

        Raises:
            DownError: the process is down, or dies before the commit.
        """
        connection = self._alive()
        transaction._salt, transaction._last = self._ids
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = function(Transaction(connection), *args, **kwargs)
        except BaseException:
            connection.rollback()
            raise
        finally:
            self._ids = (transaction._salt, transaction._last)
        if self._trap is not None and self._trap[0] is Trap.DECIDING:
            connection.rollback()
            self.trips(Trap.DECIDING)
            raise DownError
        connection.execute("COMMIT")
        return result

    def read(self, function: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the database."""
        return function(Transaction(self._alive()), *args, **kwargs)

    def wake(self) -> None:
        """Look at once what is due."""
        if self.up_since is not None and not self._rendering:
            self._set_timer(self._world.now)

    def _alive(self) -> sqlite3.Connection:
        if self._connection is None:
            raise DownError
        return self._connection

    def _set_timer(self, at: int) -> None:
        self._timer += 1
        jitter = self._world.weather.chance(self.name, at).randrange(_JITTER) if self.had_company else 0
        self._world.at(at + jitter, partial(self._round, self._timer))

    def _round(self, timer: int) -> None:
        if timer != self._timer:
            return
        self._world.looked_up(alone=not self.had_company)
        try:
            self._do_what_is_due()
        except DownError:
            return

    def _do_what_is_due(self) -> None:
        world, now = self._world, self._world.instant()
        world.laws.nothing_overdue(self, now=world.now)
        next_at = self._keep_timetable()
        next_at += self._let_older_in()
        schedule = self.read(releases.release_schedule, now=now)
        if schedule.due and world.now >= self._retry_at:
            self._render(schedule.due)
            return
        next_at += [] if schedule.next_at is None else [world.stamp(schedule.next_at)]
        if schedule.due:
            next_at.append(self._retry_at)
        errands = self.write(deliveries.claim_due, now=now)
        if errands and self.trips(Trap.CLAIMED):
            return
        for errand in errands:
            world.hands.carry(self, errand)
        if world.now - self._swept_at >= _SWEEP_EVERY:
            self._swept_at = world.now
            self.write(drafts.sweep_drafts, now=now)
            self.write(imports.sweep_imports, now=now)
            self.write(images.sweep_images, now=now)
            self.write(personal.sweep_kept_starts, now=now)
            forget_starts(world.model, world.now)
            self.write(news.forget_old, now=now)
        due = self.read(deliveries.next_due, now=now)
        next_at += [] if due is None else [world.stamp(due)]
        if world.company():
            next_at.append(world.now + NODDING)
        if next_at:
            self._set_timer(min(next_at))

    def _keep_timetable(self) -> list[int]:
        """What time alone brings to what waits; when the next thing comes."""
        world, now = self._world, self._world.instant()
        table = self.read(timetable.timetable, now=now)
        come = len(world.model.holds_ending(world.now)), len(world.model.windows_opening(world.now))
        reminding = self.read(_reminders_are_due, now=now)  # the audit counts reminders at the end
        importing = self.read(arrivals.ends_are_due, now=now)[0]  # and what has come in
        right = table.due is (any(come) or reminding or importing)
        told = f"has something come: {table.due}; holds and windows {come}, {reminding=}, {importing=}"
        world.judge(Law.TIMETABLE, told, right=right)
        if table.due:
            self.write(timetable.keep_timetable, now=now)
            world.tell(self.name, "sees that a hold has ended, or that a challenge's window is open")
            world.keep_timetable()
        return [] if table.next_at is None else [world.stamp(table.next_at)]

    def _let_older_in(self) -> list[int]:
        """C13: the next chapter of each import whose turn has come, and no lane counts it; when the next turn is."""
        world, now = self._world, self._world.instant()
        schedule = self.read(arrivals.import_schedule, now=now)
        for chapter_id in schedule.due:
            title, markdown, numbers = self.read(releases.chapter_text, chapter_id)
            before = self.read(_lanes, chapter_id)
            request = releases.Release(chapter_id, markdown, world.pages(markdown, title, numbers))
            self.write(arrivals.release_imported, request, now=now)
            after = self.read(_lanes, chapter_id)
            world.judge(Law.IMPORTED, f"the lanes count {after}, before it {before}", right=before == after)
            world.tell(self.name, f"posts {title!r}, which is older")
        return [] if schedule.next_at is None else [world.stamp(schedule.next_at)]

    def _render(self, due: tuple[int, ...]) -> None:
        """Lay the pages out; meanwhile the world may go on."""
        world = self._world
        world.laws.in_slot_order(due)
        requests = []
        for chapter_id in due:
            title, markdown, numbers = self.read(releases.chapter_text, chapter_id)
            requests.append(releases.Release(chapter_id, markdown, world.pages(markdown, title, numbers)))
        keys = [world.model.chapters[one].key for one in due]
        takes = max(world.weather.rendering(self.name, key, self.life) for key in keys)
        if not takes:
            self._let_out(self.life, requests)
            return
        self._rendering = True
        self._timer += 1
        world.at(world.now + takes, partial(self._let_out, self.life, requests))

    def _let_out(self, life: int, requests: list[releases.Release]) -> None:
        if life != self.life:
            return
        self._rendering = False
        try:
            out = [self._release(request) for request in requests]  # one that cannot go out holds up no other
            if not all(out):
                self._retry_at = self._world.now + _AFTER_TROUBLE
        except DownError:
            return
        if not self.trips(Trap.RELEASED):
            self.wake()

    def _release(self, request: releases.Release) -> bool:
        world, chapter = self._world, self._world.model.chapters.get(request.chapter_id)
        verdict = self.write(releases.release_chapter, request, now=world.instant())
        if chapter is None:  # its author has had it deleted while its pages were laid out
            world.judge(Law.ERASED, f"what is deleted comes out: {verdict}", right=verdict is None)
            return False
        if verdict is None:
            chapter.raced = True
            return False
        late = is_late(verdict.slot.at, world.instant())
        world.tell(self.name, f"lets {chapter.key!r} out{' late' if late else ''}, reach {verdict.reach}")
        self.read(world.laws.released, chapter, verdict, up_since=world.up_since(), now=world.now)
        world.model.release(chapter, request.pages, now=world.now)
        if chapter.grant is not None:
            self.read(world.laws.used, chapter.grant)
        world.follow([], chapter.series)
        return True


def _reminders_are_due(tx: Transaction, *, now: Instant) -> bool:
    return questions.reminders_are_due(tx, now=now)[0] or appeals.reminders_are_due(tx, now=now)[0]


def _lanes(tx: Transaction, chapter_id: int) -> tuple[object, ...]:
    """What both lanes of a chapter count from, and what a release of its series would keep an hour from (C14)."""
    chapter = chapters.find(tx, chapter_id)
    if chapter is None:
        return ()
    last = lanes.last_in_series(tx, chapter.series_id)
    start = lanes.last_start(tx, chapter.community_id, chapter.author_id)
    previous = tx.one(_PREVIOUS_AT, chapter=chapter_id)
    return last, start, series.find(tx, chapter.series_id).starts_at, previous and previous["previous_at"]
