"""Older work that was let in is posted without a flood, and told of once, as a whole (C13)."""

from whenever import Instant

from rules.imports import PACE
from rules.verdict import Verdict, evaluate
from storage import chapters, imports, manuscripts
from storage.chapters import Chapter, ChapterState
from storage.decisions import THE_BOT, DecisionKind
from storage.transaction import Transaction
from usecases.imports import older_case, travelling
from usecases.posts import tell_of_import
from usecases.records import record_verdict
from usecases.releases import Release, Schedule, plan_home


def ends_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether an import stands in its home as a whole, and when the next turn of any comes."""
    whole = any(turn.chapter_id is None for turn in imports.due(tx, now=now))
    return whole, imports.next_turn(tx, now=now)


def end_whole_imports(tx: Transaction, *, now: Instant) -> None:
    """C13: what stands in its home as a whole is done, and is told of once."""
    for turn in imports.due(tx, now=now):
        if turn.chapter_id is None and imports.finish(tx, turn.import_id):
            tell_of_import(tx, turn.import_id, now=now)


def import_schedule(tx: Transaction, *, now: Instant) -> Schedule:
    """C13: the older chapters whose turn has come, one an import, and when the next turn comes."""
    ready = tuple(turn.chapter_id for turn in imports.due(tx, now=now) if turn.chapter_id is not None)
    return Schedule(ready, imports.next_turn(tx, now=now))


def release_imported(tx: Transaction, request: Release, *, now: Instant) -> Verdict | None:
    """C13: an older chapter is out, with its original date; `None` if its turn is over or it has changed (R2)."""
    chapter = chapters.find(tx, request.chapter_id)
    if chapter is None or chapter.state is not ChapterState.DRAFT or chapter.import_id is None:
        return None
    if imports.Turn(chapter.import_id, chapter.id) not in imports.due(tx, now=now):
        return None
    if manuscripts.text(tx, chapter.id) != request.markdown:
        return None
    case = older_case(tx, chapter, now=now)
    verdict = evaluate(case)
    imports.release(tx, chapter.id, reach=verdict.reach, now=now)
    imports.set_turn(tx, chapter.import_id, now + PACE)
    record_verdict(tx, DecisionKind.IMPORTED, chapter, case, verdict, by=THE_BOT, now=now)
    plan_home(tx, chapter, request.pages, now=now)
    return verdict


def told_of(tx: Transaction, import_id: int) -> tuple[Chapter, ...]:
    """C13: the older chapters of an import that its announcement tells of, by their original dates."""
    return travelling(chapters.of_import(tx, import_id))
