"""Copies of the database: what marks a file as one, and what its bot no longer knows once it runs.

Whoever makes a copy marks it. The first start on a marked file takes it up: from then on it is known that, from the
moment of the copy until that start, things may have been done to Discord of which the file says nothing.
"""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which a database knows nothing: from the moment of its copy until it was taken up."""

    begin: Instant
    end: Instant


_HAS_TABLE = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'copies'"

_MARK = "INSERT INTO copies (copied_at) VALUES (:at)"

_MARKED = "SELECT MIN(copied_at) AS copied_at FROM copies WHERE taken_up_at IS NULL"

# Of whatever the bot may tell by itself later on.
_KNOWN = " UNION ALL ".join(
    f"SELECT MAX(id) AS id FROM {table}"  # noqa: S608 - our own names
    for table in ("chapters", "imports", "questions", "holds", "rulings", "appeals", "challenges")
)

_TAKE_UP = f"""
    UPDATE copies SET taken_up_at = :now, knows_up_to = (SELECT COALESCE(MAX(id), 0) FROM ({_KNOWN}))
     WHERE taken_up_at IS NULL
"""  # noqa: S608

_LAST_KNOWN = """
    SELECT MAX(at) AS at FROM (
        SELECT MAX(made_at) AS at FROM decisions
         UNION ALL SELECT MAX(drafted_at) FROM chapters
         UNION ALL SELECT MAX(claimed_at) FROM deliveries
         UNION ALL SELECT MAX(sent_at) FROM deliveries)
"""

# What was under way may have been attempted before the copy already.
_DOUBT_OPEN = """
    UPDATE deliveries
       SET lost_at = COALESCE(lost_at, CASE WHEN state = 'sending' THEN claimed_at END, :copied)
     WHERE state IN ('planned', 'sending', 'held')
"""

_GAP_AFTER = """
    SELECT MIN(copied_at) AS begin_at, MAX(taken_up_at) AS end_at FROM copies WHERE taken_up_at > :since
"""

_GAP_OF = "SELECT MIN(copied_at) AS begin_at, MAX(taken_up_at) AS end_at FROM copies WHERE knows_up_to >= :known"


def mark(tx: Transaction, at: Instant) -> None:
    """Mark a file as a copy of a moment, if it knows of copies at all."""
    if tx.one(_HAS_TABLE) is not None:
        tx.run(_MARK, at=milliseconds(at))


def marked(tx: Transaction) -> Instant | None:
    """The moment of the copy that a file is and that no bot has taken up yet; `None` if it is none."""
    row = None if tx.one(_HAS_TABLE) is None else tx.one(_MARKED)
    return None if row is None else maybe_moment(row["copied_at"])


def last_known(tx: Transaction) -> Instant | None:
    """The last moment of which a file knows anything: no copy was made of it before."""
    row = tx.one(_LAST_KNOWN)
    return None if row is None else maybe_moment(row["at"])


def take_up(tx: Transaction, *, now: Instant) -> None:
    """A bot runs on the copy from now on."""
    tx.run(_TAKE_UP, now=milliseconds(now))


def doubt_open(tx: Transaction, copied: Instant) -> int:
    """R2: each delivery that is not done by the copy's word may be done since; how many."""
    return tx.run(_DOUBT_OPEN, copied=milliseconds(copied))


def gap_after(tx: Transaction, since: Instant) -> Gap | None:
    """The time of which nothing is known and in which something that began at `since` may have been done."""
    return _gap(tx.one(_GAP_AFTER, since=milliseconds(since)))


def gap_of(tx: Transaction, known_id: int) -> Gap | None:
    """The same for what is told of a chapter, a question, … by its id; `None` for one that stood in no copy."""
    return _gap(tx.one(_GAP_OF, known=known_id))


def _gap(row: Row | None) -> Gap | None:
    return None if row is None or row["end_at"] is None else Gap(moment(row["begin_at"]), moment(row["end_at"]))
