"""Chapters, from the draft a preview is made of to their release, and their manuscripts."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.labels import Ai, Declaration, Labels, Reach
from storage import images, manuscripts
from storage.transaction import Row, Transaction, maybe_milliseconds, maybe_moment, milliseconds


class ChapterState(StrEnum):
    """Where a chapter stands."""

    DRAFT = "draft"
    """Shown as a preview; nothing is promised."""
    WAITING = "waiting"
    """Handed in, with a promise."""
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One part of a series; its manuscript is kept beside it."""

    id: int
    community_id: int
    author_id: int
    series_id: int
    series_title: str
    thread_id: int | None
    """The home thread of its series, once it is open."""
    title: str
    state: ChapterState
    declaration: Declaration
    labels: Labels
    words: int
    policy_version: int
    wanted: Instant | None
    handed_in_at: Instant | None
    slot: Instant | None
    """The promise."""
    released_at: Instant | None
    reach: Reach | None
    exception_id: int | None = None
    """The exception it uses (E2); given back when it is withdrawn (E3)."""
    heading_label: str | None = None
    """The disclosure that its heading in the home carries as a paragraph, since it was mended there (L10)."""
    mended_at: Instant | None = None
    """When a mended label brought it to the network after all (L10)."""
    import_id: int | None = None
    """The import it came with (C13): it has no slot, ever, and `released_at` is its original date from the first."""

    @property
    def here_since(self) -> Instant | None:
        """When it came out here; older work has been handed in after its original date."""
        moments = [one for one in (self.released_at, self.handed_in_at) if one is not None]
        return max(moments, default=None)


_COLUMNS = f"""
    c.id, c.community_id, c.author_id, c.series_id, s.title AS series_title, s.thread_id, c.title, c.state,
    c.ai, c.disclosure, c.answered, c.sentence, c.stands_in, c.names_ai, c.words, c.policy_version,
    c.wanted_at, c.handed_in_at, c.slot_at, c.released_at, c.reach, c.exception_id, c.heading_label, c.mended_at,
    c.import_id,
    {images.LABELS_OF_CHAPTER} AS images
"""

_CHAPTER = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id WHERE c.id = :chapter
"""  # noqa: S608

_OF_AUTHOR = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.author_id = :author AND c.state IN ('waiting', 'released')
     ORDER BY c.slot_at DESC, c.id DESC LIMIT :limit
"""  # noqa: S608

_WAITING = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.author_id = :author AND c.state = 'waiting'
     ORDER BY c.slot_at, c.id
"""  # noqa: S608

_WAITING_IN_SERIES = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.series_id = :series AND c.state = 'waiting' ORDER BY c.slot_at, c.id
"""  # noqa: S608


_REPLAN = "UPDATE chapters SET slot_at = :slot WHERE id = :chapter AND state = 'waiting'"

_SET_EXCEPTION = "UPDATE chapters SET exception_id = :exception WHERE id = :chapter"


_HAND_IN = """
    UPDATE chapters
       SET state = 'waiting', handed_in_at = :now, slot_at = :slot, policy_version = :version
     WHERE id = :chapter AND state = 'draft'
"""

_RELEASE = """
    UPDATE chapters SET state = 'released', released_at = :now, reach = :reach
     WHERE id = :chapter AND state = 'waiting'
"""

# Older work keeps the date at which it first came out (C13).
_WAS_OUT = """
    UPDATE chapters SET released_at = :at
     WHERE id = :chapter AND state = 'released' AND import_id IS NULL AND released_at > :at
"""

_WITHDRAW = """
    UPDATE chapters SET state = 'withdrawn', withdrawn_at = :now WHERE id = :chapter AND state = 'waiting'
"""

_TAKE_DOWN = """
    UPDATE chapters SET state = 'withdrawn', withdrawn_at = :now, counts = :counts
     WHERE id = :chapter AND state = 'released'
"""

_IS_WITHDRAWN = "SELECT 1 FROM chapters WHERE id = :chapter AND state = 'withdrawn'"

_SET_TEXT = """
    UPDATE chapters
       SET sentence = :sentence, stands_in = :stands_in, names_ai = :names_ai, words = :words
     WHERE id = :chapter AND state IN ('draft', 'waiting')
"""

_RELABEL = """
    UPDATE chapters
       SET ai = :ai, disclosure = :disclosure, answered = :answered,
           sentence = :sentence, stands_in = :stands_in, names_ai = :names_ai, heading_label = :heading_label
     WHERE id = :chapter AND state IN ('draft', 'waiting', 'released')
"""

_SET_REACH = """
    UPDATE chapters SET reach = :reach, mended_at = COALESCE(mended_at, :mended)
     WHERE id = :chapter AND state = 'released'
"""

_DROP_DRAFT = "DELETE FROM chapters WHERE id = :chapter AND state = 'draft'"

_DROP_OLD_DRAFTS = "DELETE FROM chapters WHERE state = 'draft' AND drafted_at < :before AND import_id IS NULL"

_OF_IMPORT = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.import_id = :number AND c.state <> 'withdrawn' ORDER BY c.released_at, c.id
"""  # noqa: S608

_LABELLED = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE +c.community_id = :community AND c.state IN ('waiting', 'released') ORDER BY c.id DESC LIMIT :limit
"""  # noqa: S608

_WAITING_IN_COMMUNITY = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.state = 'waiting' ORDER BY c.slot_at, c.id LIMIT :limit
"""  # noqa: S608

_HANDED_IN_IN_COMMUNITY = f"""
    SELECT {_COLUMNS} FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.state <> 'draft' ORDER BY c.id DESC LIMIT :limit
"""  # noqa: S608


def find(tx: Transaction, chapter_id: int) -> Chapter | None:
    """One chapter or draft."""
    row = tx.one(_CHAPTER, chapter=chapter_id)
    return None if row is None else _chapter(row)


def of_author(tx: Transaction, community_id: int, author_id: int, *, limit: int = 500) -> list[Chapter]:
    """An author's chapters that wait or are out, latest slot first."""
    return [_chapter(row) for row in tx.all(_OF_AUTHOR, community=community_id, author=author_id, limit=limit)]


def waiting(tx: Transaction, community_id: int, author_id: int) -> list[Chapter]:
    """An author's waiting chapters in the order of their slots."""
    return [_chapter(row) for row in tx.all(_WAITING, community=community_id, author=author_id)]


def waiting_in_series(tx: Transaction, series_id: int) -> list[Chapter]:
    """A series' waiting chapters in the order of their slots (C7)."""
    return [_chapter(row) for row in tx.all(_WAITING_IN_SERIES, series=series_id)]


def replan(tx: Transaction, chapter_id: int, *, slot: Instant) -> bool:
    """Give a waiting chapter another slot; `False` if it waits no more."""
    return tx.run(_REPLAN, chapter=chapter_id, slot=milliseconds(slot)) == 1


def set_exception(tx: Transaction, chapter_id: int, exception_id: int | None) -> None:
    """E2: the exception that a chapter uses, or that it uses none."""
    tx.run(_SET_EXCEPTION, chapter=chapter_id, exception=exception_id)


def add_draft(tx: Transaction, draft: Chapter, markdown: str | None, *, now: Instant) -> None:
    """Keep what a preview is made of, so that its buttons work after a restart."""
    tx.insert(
        "chapters",
        {
            "id": draft.id,
            "community_id": draft.community_id,
            "author_id": draft.author_id,
            "series_id": draft.series_id,
            "title": draft.title,
            "state": draft.state,
            "ai": draft.declaration.ai,
            "disclosure": draft.declaration.disclosure,
            "answered": draft.declaration.answered,
            "sentence": draft.labels.sentence,
            "stands_in": draft.labels.stands_in,
            "names_ai": draft.labels.names_ai,
            "words": draft.words,
            "policy_version": draft.policy_version,
            "wanted_at": maybe_milliseconds(draft.wanted),
            "drafted_at": milliseconds(now),
            "released_at": maybe_milliseconds(draft.released_at),
            "import_id": draft.import_id,
        },
    )
    if markdown is not None:
        manuscripts.save(tx, draft.id, markdown)


def set_text(tx: Transaction, chapter_id: int, markdown: str, labels: Labels, words: int) -> None:
    """Give a draft or a waiting chapter its text, or another one."""
    tx.run(
        _SET_TEXT,
        chapter=chapter_id,
        sentence=labels.sentence,
        stands_in=labels.stands_in,
        names_ai=labels.names_ai,
        words=words,
    )
    manuscripts.save(tx, chapter_id, markdown)


def relabel(
    tx: Transaction, chapter_id: int, declaration: Declaration, labels: Labels, heading_label: str | None
) -> None:
    """Give a chapter another declaration, and what was seen of its text under it."""
    tx.run(
        _RELABEL,
        chapter=chapter_id,
        ai=declaration.ai,
        disclosure=declaration.disclosure,
        answered=declaration.answered,
        sentence=labels.sentence,
        stands_in=labels.stands_in,
        names_ai=labels.names_ai,
        heading_label=heading_label,
    )


def was_out(tx: Transaction, chapter_id: int, *, since: Instant) -> None:
    """A released chapter has been out for longer than was known."""
    tx.run(_WAS_OUT, chapter=chapter_id, at=milliseconds(since))


def set_reach(tx: Transaction, chapter_id: int, reach: Reach, *, mended_at: Instant | None = None) -> None:
    """L10: how far a released chapter now travels; `mended_at` when that is news."""
    tx.run(_SET_REACH, chapter=chapter_id, reach=reach, mended=maybe_milliseconds(mended_at))


def hand_in(tx: Transaction, draft_id: int, *, slot: Instant, policy_version: int, now: Instant) -> bool:
    """Turn a draft into a waiting chapter with a promise; `False` if it is no draft any more."""
    values = {"slot": milliseconds(slot), "version": policy_version, "now": milliseconds(now)}
    return tx.run(_HAND_IN, chapter=draft_id, **values) == 1


def release(tx: Transaction, chapter_id: int, *, reach: Reach, now: Instant) -> bool:
    """A waiting chapter goes out; `False` if it waits no more."""
    return tx.run(_RELEASE, chapter=chapter_id, reach=reach, now=milliseconds(now)) == 1


def withdraw(tx: Transaction, chapter_id: int, *, now: Instant) -> bool:
    """C10: a waiting chapter is taken back; `False` if it waits no more."""
    return tx.run(_WITHDRAW, chapter=chapter_id, now=milliseconds(now)) == 1


def take_down(tx: Transaction, chapter_id: int, *, counts: bool, now: Instant) -> bool:
    """C11: a released chapter is taken back; with `counts` its slot stays taken. `False` if it is not out any more."""
    return tx.run(_TAKE_DOWN, chapter=chapter_id, counts=counts, now=milliseconds(now)) == 1


def is_withdrawn(tx: Transaction, chapter_id: int) -> bool:
    """Whether a chapter was taken back."""
    return tx.one(_IS_WITHDRAWN, chapter=chapter_id) is not None


def drop_draft(tx: Transaction, draft_id: int) -> bool:
    """Forget a draft and its text; `False` if it was handed in meanwhile."""
    return tx.run(_DROP_DRAFT, chapter=draft_id) == 1


def drop_old_drafts(tx: Transaction, *, before: Instant) -> int:
    """Forget drafts nobody came back to; how many."""
    return tx.run(_DROP_OLD_DRAFTS, before=milliseconds(before))


def of_import(tx: Transaction, import_id: int) -> list[Chapter]:
    """C13: what an import has brought and its author has not withdrawn, by its original dates; those without first."""
    return [_chapter(row) for row in tx.all(_OF_IMPORT, number=import_id)]


def labelled(tx: Transaction, community_id: int, *, limit: int) -> list[Chapter]:
    """Everybody's chapters that wait or are out, newest first: those whose label counts."""
    return [_chapter(row) for row in tx.all(_LABELLED, community=community_id, limit=limit)]


def waiting_in_community(tx: Transaction, community_id: int, *, limit: int = 500) -> list[Chapter]:
    """Everybody's waiting chapters in the order of their slots."""
    return [_chapter(row) for row in tx.all(_WAITING_IN_COMMUNITY, community=community_id, limit=limit)]


def handed_in_in_community(tx: Transaction, community_id: int, *, limit: int = 500) -> list[Chapter]:
    """Everybody's chapters that were ever handed in, whatever has become of them, the newest first."""
    return [_chapter(row) for row in tx.all(_HANDED_IN_IN_COMMUNITY, community=community_id, limit=limit)]


def _chapter(row: Row) -> Chapter:
    ai, answered = Ai(row["ai"]), bool(row["answered"])
    return Chapter(
        id=row["id"],
        community_id=row["community_id"],
        author_id=row["author_id"],
        series_id=row["series_id"],
        series_title=row["series_title"],
        thread_id=row["thread_id"],
        title=row["title"],
        state=ChapterState(row["state"]),
        declaration=Declaration(ai, row["disclosure"], answered=answered),
        labels=Labels(
            ai,
            row["sentence"],
            row["stands_in"],
            names_ai=bool(row["names_ai"]),
            images=images.labels_in(row["images"]),
            answered=answered,
        ),
        words=row["words"],
        policy_version=row["policy_version"],
        wanted=maybe_moment(row["wanted_at"]),
        handed_in_at=maybe_moment(row["handed_in_at"]),
        slot=maybe_moment(row["slot_at"]),
        released_at=maybe_moment(row["released_at"]),
        reach=None if row["reach"] is None else Reach(row["reach"]),
        exception_id=row["exception_id"],
        heading_label=row["heading_label"],
        mended_at=maybe_moment(row["mended_at"]),
        import_id=row["import_id"],
    )
