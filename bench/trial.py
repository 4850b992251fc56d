"""`/policy try` over 10,000 chapters against 1,000, and what somebody else waits for an answer meanwhile."""

import asyncio
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from whenever import Instant

from bench.figures import Figure
from rules.amendments import changes
from rules.cadence import Earlier, Lane, LaneKind
from rules.labels import Ai, Labels
from rules.policy import Policy
from rules.tallies import Tally
from rules.verdict import Case, evaluate
from storage import decisions
from storage.database import Database
from storage.decisions import DecisionKind
from storage.transaction import Transaction, milliseconds
from usecases.communities import SetUp, require_community, set_up
from usecases.people import Person
from usecases.trials import count, decided, plan_trial

BEGIN = Instant.from_utc(2026, 1, 1)
OWNER = Person(10, 1)
SMALL, LARGE = 1_000, 10_000
CHAPTERS_OF_A_SERIES = 25
ROUNDS = 3
PATIENCE = 0.02
"""Seconds between two questions of somebody else."""
SLOWEST = 10.0
"""Seconds that a person may wait for a trial of 10,000 chapters."""
LONGEST_WAIT = 0.5
"""Seconds that somebody else's answer may take meanwhile."""

_SERIES = """
    INSERT INTO series (id, community_id, author_id, title, request_id, made_at)
    VALUES (:id, 10, :author, 'A series', :id, 0)
"""
_CHAPTER = """
    INSERT INTO chapters (id, community_id, author_id, series_id, title, state, ai, sentence, names_ai, words,
                          policy_version, drafted_at, handed_in_at, slot_at, released_at, reach)
    VALUES (:id, 10, :author, :series, 'A chapter', 'released', 'assisted', '', 1, 1500, 1, 0, 0, :slot, :slot, :reach)
"""


def figures() -> Iterable[Figure]:
    """Time for ten times as many, time in all, and the wait of others."""
    with tempfile.TemporaryDirectory(prefix="colophon-bench-") as folder:
        small, large, wait = asyncio.run(_measure(Path(folder)))
    yield Figure("/policy try over 10,000 chapters against 1,000", large / small, 14.0, at_most=True)
    yield Figure("/policy try over 10,000 chapters against what a person waits", large / SLOWEST, 1.0, at_most=True)
    yield Figure("an answer while it runs against what a person notices", wait / LONGEST_WAIT, 1.0, at_most=True)


async def _measure(folder: Path) -> tuple[float, float, float]:
    spent: dict[int, float] = {}
    wait = 0.0
    for size in (SMALL, LARGE):
        async with Database(folder / f"{size}.sqlite3") as database:
            await database.write(_fill, size)
            best = float("inf")
            for _ in range(ROUNDS):
                began = perf_counter()
                trial = asyncio.create_task(_try(database))
                while not trial.done():
                    asked = perf_counter()
                    await database.read(require_community, OWNER)
                    wait = max(wait, perf_counter() - asked)
                    await asyncio.wait({trial}, timeout=PATIENCE)
                if await trial != size:
                    raise RuntimeError("not all chapters were tried")
                best = min(best, perf_counter() - began)
            spent[size] = best
    return spent[SMALL], spent[LARGE], wait


async def _try(database: Database) -> int:
    """As `cogs/policies.py` does it; how many chapters were tried."""
    changed = changes(Policy(), Policy(chapter_days=2, disclosure_paragraphs=1, zone="Europe/Berlin"))
    plan = await database.read(plan_trial, OWNER, changed)
    tally = Tally(plan.zone)
    for piece in plan.pieces:
        entries = await database.read(decided, piece)
        await asyncio.to_thread(count, plan, piece, entries, tally)
    return tally.trial().chapters


def _fill(tx: Transaction, size: int) -> None:
    """Series of 25 chapters, two for each author, every chapter handed in, replanned and released."""
    set_up(tx, SetUp(person=OWNER, home_id=11, network_id=12, moderators_id=13, notices_id=14), now=BEGIN)
    last: Earlier | None = None
    policy = Policy()
    for number in range(1, size + 1):
        series, place = divmod(number - 1, CHAPTERS_OF_A_SERIES)
        author = 1000 + series // 2
        if place == 0:
            last = None
            tx.run(_SERIES, id=series + 1, author=author)
        now = BEGIN.add(hours=number)
        lane = Lane(LaneKind.CHAPTER if last else LaneKind.SERIES, last)
        labels = Labels(Ai.ASSISTED, "AI helped with this.", number % 4 + 1, names_ai=True)
        case = Case(now=now, wanted=None, lane=lane, labels=labels, policy=policy)
        verdict = evaluate(case)
        slot = verdict.slot.at
        tx.run(_CHAPTER, id=number, author=author, series=series + 1, slot=milliseconds(slot), reach=verdict.reach)
        for kind in (DecisionKind.SUBMITTED, DecisionKind.REPLANNED, DecisionKind.RELEASED):
            decisions.record(
                tx,
                kind,
                community_id=OWNER.community_id,
                chapter_id=number,
                actor_id=author,
                policy_version=1,
                inputs=decisions.inputs_of(case),
                answer=decisions.answer_of(verdict),
                now=now,
            )
        last = Earlier(number, "A chapter", "A series", slot)
