"""What an author mends of older work before a moderator looks at it: dates, labels, images (C13, L8)."""

import re
from collections.abc import Mapping

from whenever import Date, Instant

from rules.imports import original_moment
from rules.labels import Cure
from rules.policy import Policy
from storage import chapters, imports, manuscripts
from storage.chapters import Chapter
from storage.transaction import Transaction
from usecases.drafts import Prepared
from usecases.import_refusals import ImpossibleDateError
from usecases.imports import ImportView, in_file_order, own_draft_import, view_import
from usecases.people import Person

_DATED_LINE = re.compile(r"\s*(?P<number>\d{1,3})[\s.:|)]+(?P<date>[0-9][^\s|]*)?")
_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


def set_dates(tx: Transaction, person: Person, import_id: int, text: str, *, now: Instant) -> ImportView:
    """C13: mend the dates of an import in one go; all of them, or none.

    Args:
        tx: the transaction.
        person: who sends it.
        import_id: the import.
        text: a line for each chapter, which begins with its number in the file and its date; the rest of a line is
            for whoever reads it. A chapter that is not named, or named without a date, keeps its own.
        now: the present moment.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
        ImpossibleDateError: a line gives a date that cannot be.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    numbered = dict(enumerate(in_file_order(view), start=1))
    dates: dict[int, Instant] = {}
    for line in text.splitlines():
        found = _DATED_LINE.match(line)
        if found is None or not found["date"]:
            continue
        chapter = numbered.get(int(found["number"]))
        at = original_moment(_date(found["date"]), zone=view.policy.zone, now=now)
        if chapter is None or at is None:
            raise ImpossibleDateError(line.strip())
        dates[chapter.id] = at
    for chapter_id, at in dates.items():
        imports.set_date(tx, import_id, chapter_id, at)
    return view_import(tx, import_id, now=now)


def texts_to_cure(
    tx: Transaction, person: Person, import_id: int, *, now: Instant
) -> tuple[Policy, list[tuple[Chapter, Cure, str]]]:
    """L8: the chapters of an import whose disclosure one press puts where it counts, each with its text.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    failing = [
        (chapter, finding.cure)
        for chapter, verdict in view.listed
        for finding in verdict.label_findings
        if finding.cure in {Cure.ADD_LABEL, Cure.MOVE_UP}
    ]
    return view.policy, [(one, cure, manuscripts.text(tx, one.id) or "") for one, cure in failing]


def set_texts(
    tx: Transaction, person: Person, import_id: int, cured: Mapping[int, Prepared], *, now: Instant
) -> ImportView:
    """L8: give chapters of an import, by their ids, their mended texts.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    for chapter in view.chapters:
        if mended := cured.get(chapter.id):
            chapters.set_text(tx, chapter.id, mended.markdown, mended.labels, mended.words)
    return view_import(tx, import_id, now=now)


def _date(text: str) -> Date | None:
    found = _DATE.fullmatch(text.rstrip(".,:"))
    try:
        return Date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
