"""Imports: older work that comes in with its original dates (C13)."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.labels import Reach
from storage.transaction import Row, Transaction, maybe_milliseconds, maybe_moment, milliseconds, moment


class ImportState(StrEnum):
    """Where an import stands."""

    DRAFT = "draft"
    """Shown as a preview to its author alone."""
    OPEN = "open"
    """A moderator is asked."""
    CONFIRMED = "confirmed"
    """Its chapters are posted, one after another."""
    DECLINED = "declined"
    CANCELLED = "cancelled"
    """Its author has thought better of it."""
    DONE = "done"
    """Everything stands in its home, and it was announced as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Several older chapters of one series; they are kept as chapters."""

    id: int
    community_id: int
    author_id: int
    series_id: int
    series_title: str
    state: ImportState
    chapters: int
    """How many came in the file."""
    drafted_at: Instant
    asked_at: Instant | None = None
    decided_by: int | None = None
    decided_at: Instant | None = None
    answer: str | None = None
    """What its author is told where a moderator has declined."""
    kept_until: Instant | None = None
    """Declined: until when its chapters are kept, so that its author can appeal (L12)."""


@dataclass(frozen=True, slots=True)
class OlderWork:
    """How much older work a series has, and how much is on its way."""

    out: int
    """At home."""
    coming: int
    """Let in, and still to be posted."""
    asked: int
    """With the moderators, first or on appeal (L12)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an import has next."""

    import_id: int
    chapter_id: int | None
    """The oldest of its chapters that is not out yet; `None` if all stand in their home."""


_COLUMNS = """
    m.id, m.community_id, s.author_id, m.series_id, s.title AS series_title, m.state, m.chapters,
    m.drafted_at, m.asked_at, m.decided_by, m.decided_at, m.answer, m.kept_until
"""
_FROM = "FROM imports m JOIN series s ON s.id = m.series_id"

_IMPORT = f"SELECT {_COLUMNS} {_FROM} WHERE m.id = :number"

_APPEALED = """
    m.state = 'declined' AND EXISTS (SELECT 1 FROM appeals a WHERE a.import_id = m.id AND a.state = 'open')
"""

_UNDER_WAY = f"""
    SELECT {_COLUMNS} {_FROM}
     WHERE m.series_id = :series AND (m.state IN ('open', 'confirmed') OR {_APPEALED})
"""

_APPEALABLE = f"""
    SELECT {_COLUMNS} {_FROM}
     WHERE s.community_id = :community AND s.author_id = :author AND m.state = 'declined' AND m.kept_until > :now
     ORDER BY m.id DESC
"""

_OLDER = f"""
    SELECT COALESCE(SUM(c.state = 'released'), 0) AS out,
           COALESCE(SUM(c.state = 'draft' AND m.state = 'confirmed'), 0) AS coming,
           COALESCE(SUM(c.state = 'draft' AND (m.state = 'open' OR ({_APPEALED}))), 0) AS asked
      FROM imports m JOIN chapters c ON c.import_id = m.id WHERE m.series_id = :series
"""  # noqa: S608

# Whose turn has come, unless something of its last chapter is still to be posted or its series is paused: both end
# with an event of their own, after which it is looked at again.
_DUE = """
    SELECT m.id,
           (SELECT c.id FROM chapters c WHERE c.import_id = m.id AND c.state = 'draft'
             ORDER BY c.released_at, c.id LIMIT 1) AS chapter_id
      FROM imports m
     WHERE m.next_at <= :now
       AND NOT EXISTS (SELECT 1 FROM chapters c JOIN deliveries d ON d.chapter_id = c.id
                        WHERE c.import_id = m.id AND d.kind IN ('heading', 'part', 'image')
                          AND d.state IN ('planned', 'sending', 'held'))
       AND NOT EXISTS (SELECT 1 FROM holds h
                        WHERE h.series_id = m.series_id AND h.chapter_id IS NULL AND h.ended_at IS NULL)
     ORDER BY m.next_at, m.id
"""

_NEXT_TURN = "SELECT MIN(next_at) AS next_at FROM imports WHERE next_at > :now"

_ASK = "UPDATE imports SET state = 'open', asked_at = :now WHERE id = :number AND state = 'draft'"

_DECIDE = """
    UPDATE imports
       SET state = :state, decided_by = :person, decided_at = :now, answer = :answer, next_at = :next,
           kept_until = :kept
     WHERE id = :number AND state = 'open'
"""

_OVERTURN = "UPDATE imports SET state = 'confirmed', next_at = :next WHERE id = :number AND state = 'declined'"

_KEEP = "UPDATE imports SET kept_until = NULL WHERE id = :number"

_DROP_KEPT = """
    DELETE FROM chapters
     WHERE state = 'draft' AND import_id IN (SELECT id FROM imports WHERE kept_until <= :now)
"""

_KEPT_NO_MORE = "UPDATE imports SET kept_until = NULL WHERE kept_until <= :now"

_CANCEL = f"""
    UPDATE imports AS m SET state = 'cancelled'
     WHERE m.id = :number AND (m.state IN ('draft', 'open') OR {_APPEALED})
"""  # noqa: S608

_SET_TURN = "UPDATE imports SET next_at = :next WHERE id = :number AND state = 'confirmed'"

_FINISH = "UPDATE imports SET state = 'done', next_at = NULL WHERE id = :number AND state = 'confirmed'"

_DROP_OLD = "DELETE FROM imports WHERE state = 'draft' AND drafted_at < :before"

_SET_DATE = "UPDATE chapters SET released_at = :at WHERE id = :chapter AND import_id = :number AND state = 'draft'"

_TRAVELS = """
    SELECT 1 FROM chapters WHERE import_id = :number AND state = 'released' AND reach = 'network' LIMIT 1
"""

_RELEASE = """
    UPDATE chapters SET state = 'released', handed_in_at = :now, reach = :reach
     WHERE id = :chapter AND state = 'draft' AND import_id IS NOT NULL
"""

_JUDGE = "UPDATE chapters SET policy_version = :version WHERE id = :chapter AND state = 'draft'"

_DROP_CHAPTERS = "DELETE FROM chapters WHERE import_id = :number AND state = 'draft'"


def find(tx: Transaction, import_id: int) -> Import | None:
    """One import."""
    row = tx.one(_IMPORT, number=import_id)
    return None if row is None else _import(row)


def under_way(tx: Transaction, series_id: int) -> Import | None:
    """The import of a series that waits for a moderator, first or on appeal (L12), or is being posted."""
    row = tx.one(_UNDER_WAY, series=series_id)
    return None if row is None else _import(row)


def older(tx: Transaction, series_id: int) -> OlderWork:
    """What older work a series has, and what of it is on its way."""
    (row,) = tx.all(_OLDER, series=series_id)
    return OlderWork(row["out"], row["coming"], row["asked"])


def appealable(tx: Transaction, community_id: int, author_id: int, *, now: Instant) -> list[Import]:
    """L12: an author's declined imports that there is still time to appeal against, newest first."""
    rows = tx.all(_APPEALABLE, community=community_id, author=author_id, now=milliseconds(now))
    return [_import(row) for row in rows]


def due(tx: Transaction, *, now: Instant) -> list[Turn]:
    """The imports whose next turn has come, and that nothing keeps waiting."""
    return [Turn(row["id"], row["chapter_id"]) for row in tx.all(_DUE, now=milliseconds(now))]


def next_turn(tx: Transaction, *, now: Instant) -> Instant | None:
    """The next turn of any import that has not come yet."""
    row = tx.one(_NEXT_TURN, now=milliseconds(now))
    return None if row is None else maybe_moment(row["next_at"])


def add(tx: Transaction, new: Import) -> None:
    """Keep a new import; its chapters are kept by themselves."""
    tx.insert(
        "imports",
        {
            "id": new.id,
            "community_id": new.community_id,
            "series_id": new.series_id,
            "state": new.state,
            "chapters": new.chapters,
            "drafted_at": milliseconds(new.drafted_at),
        },
    )


def ask(tx: Transaction, import_id: int, *, now: Instant) -> bool:
    """A moderator is asked; `False` if one was already."""
    return tx.run(_ASK, now=milliseconds(now), number=import_id) == 1


def decide(
    tx: Transaction,
    import_id: int,
    state: ImportState,
    *,
    by: int,
    answer: str | None,
    next_at: Instant | None = None,
    kept_until: Instant | None = None,
    now: Instant,
) -> bool:
    """A moderator decides; `False` if somebody else was faster."""
    times = {"next": maybe_milliseconds(next_at), "kept": maybe_milliseconds(kept_until), "now": milliseconds(now)}
    return tx.run(_DECIDE, state=state, person=by, answer=answer, **times, number=import_id) == 1


def overturn(tx: Transaction, import_id: int, *, next_at: Instant) -> bool:
    """L12: an appeal was won: what was declined comes in; `False` if it was not declined."""
    return tx.run(_OVERTURN, next=milliseconds(next_at), number=import_id) == 1


def keep(tx: Transaction, import_id: int) -> None:
    """L12: an appeal is open, so that its chapters are kept until that is answered."""
    tx.run(_KEEP, number=import_id)


def drop_kept(tx: Transaction, *, now: Instant) -> int:
    """Forget the chapters of declined imports against which nobody can appeal any more; of how many imports."""
    at = milliseconds(now)
    tx.run(_DROP_KEPT, now=at)
    return tx.run(_KEPT_NO_MORE, now=at)


def cancel(tx: Transaction, import_id: int) -> bool:
    """Its author wants it no more; `False` if it is decided or cancelled already."""
    return tx.run(_CANCEL, number=import_id) == 1


def set_turn(tx: Transaction, import_id: int, at: Instant) -> None:
    """When it is looked at again."""
    tx.run(_SET_TURN, next=milliseconds(at), number=import_id)


def finish(tx: Transaction, import_id: int) -> bool:
    """Everything of it is posted; `False` if that is known already."""
    return tx.run(_FINISH, number=import_id) == 1


def drop_old(tx: Transaction, *, before: Instant) -> int:
    """Forget the previews nobody came back to, with their chapters; how many."""
    return tx.run(_DROP_OLD, before=milliseconds(before))


def set_date(tx: Transaction, import_id: int, chapter_id: int, at: Instant) -> None:
    """When one of its chapters first came out."""
    tx.run(_SET_DATE, chapter=chapter_id, at=milliseconds(at), number=import_id)


def travels(tx: Transaction, import_id: int) -> bool:
    """Whether any of its chapters that are out may be told of in the network."""
    return tx.one(_TRAVELS, number=import_id) is not None


def release(tx: Transaction, chapter_id: int, *, reach: Reach, now: Instant) -> bool:
    """One of its chapters is out, and keeps its original date; `False` if it was already."""
    return tx.run(_RELEASE, chapter=chapter_id, reach=reach, now=milliseconds(now)) == 1


def judge(tx: Transaction, chapter_id: int, *, policy_version: int) -> None:
    """L9: which policy one of its chapters is judged by."""
    tx.run(_JUDGE, chapter=chapter_id, version=policy_version)


def drop_chapters(tx: Transaction, import_id: int) -> None:
    """Forget what is not posted of it."""
    tx.run(_DROP_CHAPTERS, number=import_id)


def _import(row: Row) -> Import:
    return Import(
        id=row["id"],
        community_id=row["community_id"],
        author_id=row["author_id"],
        series_id=row["series_id"],
        series_title=row["series_title"],
        state=ImportState(row["state"]),
        chapters=row["chapters"],
        drafted_at=moment(row["drafted_at"]),
        asked_at=maybe_moment(row["asked_at"]),
        decided_by=row["decided_by"],
        decided_at=maybe_moment(row["decided_at"]),
        answer=row["answer"],
        kept_until=maybe_moment(row["kept_until"]),
    )
