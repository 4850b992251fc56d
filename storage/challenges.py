"""Challenges, from the draft a preview is made of to their end, and the series entered in them."""

import json
from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.challenges import Challenge
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


class ChallengeState(StrEnum):
    """Where a challenge stands; one whose deadline has passed is over without another state."""

    DRAFT = "draft"
    """Shown as a preview; nobody can enter."""
    OPEN = "open"
    CLOSED = "closed"
    """Ended by a moderator before its deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityChallenge:
    """H1: a challenge with what its community sees of it."""

    terms: Challenge
    community_id: int
    about: str | None
    state: ChallengeState
    made_by: int
    closed_by: int | None = None
    closed_at: Instant | None = None
    moved_by: int | None = None
    """Who moved its deadline last; `None` while it has its first one."""

    @property
    def ends_at(self) -> Instant:
        """When it is over: at its deadline, or when a moderator closed it."""
        return self.closed_at or self.terms.deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """H7: another deadline for a challenge, until it is confirmed."""

    id: int
    challenge_id: int
    deadline: Instant
    zone: str
    made_by: int


_COLUMNS = """
    c.id, c.community_id, c.name, c.about, c.state, c.opens_at, c.deadline_at, c.zone, c.window_days, c.made_by,
    c.closed_by, c.closed_at,
    (SELECT m.made_by FROM challenge_moves m
      WHERE m.challenge_id = c.id AND m.moved_at IS NOT NULL ORDER BY m.moved_at DESC, m.id DESC LIMIT 1) AS moved_by
"""

_CHALLENGE = f"SELECT {_COLUMNS} FROM challenges c WHERE c.id = :challenge"  # noqa: S608

_OF_COMMUNITY = f"""
    SELECT {_COLUMNS} FROM challenges c
     WHERE c.community_id = :community AND c.state <> 'draft'
     ORDER BY c.deadline_at DESC, c.id DESC LIMIT :limit
"""  # noqa: S608

_ENTRY = f"""
    SELECT {_COLUMNS} FROM challenge_entries e JOIN challenges c ON c.id = e.challenge_id
     WHERE e.series_id = :series AND c.state = 'open' AND c.deadline_at > :now
"""  # noqa: S608

_OPEN = """
    UPDATE challenges SET state = 'open', window_due_at = :window WHERE id = :challenge AND state = 'draft'
"""

_CLOSE = """
    UPDATE challenges SET state = 'closed', closed_by = :person, closed_at = :now, window_due_at = NULL
     WHERE id = :challenge AND state = 'open'
"""

_DROP_DRAFT = "DELETE FROM challenges WHERE id = :challenge AND state = 'draft'"

_DROP_OLD_DRAFTS = "DELETE FROM challenges WHERE state = 'draft' AND made_at < :before"

_DROP_OLD_MOVES = "DELETE FROM challenge_moves WHERE moved_at IS NULL AND made_at < :before"

_MOVE = "SELECT id, challenge_id, deadline_at, zone, made_by FROM challenge_moves WHERE id = :move AND moved_at IS NULL"

_CONFIRM_MOVE = "UPDATE challenge_moves SET moved_at = :now WHERE id = :move AND moved_at IS NULL"

_DROP_MOVE = "DELETE FROM challenge_moves WHERE id = :move AND moved_at IS NULL"

_SET_DEADLINE = """
    UPDATE challenges SET deadline_at = :deadline, zone = :zone, window_due_at = :window
     WHERE id = :challenge AND state = 'open'
"""

_WINDOWS_DUE = f"SELECT {_COLUMNS} FROM challenges c WHERE c.window_due_at <= :now ORDER BY c.window_due_at, c.id"  # noqa: S608

_NEXT_WINDOW = "SELECT MIN(window_due_at) AS window_due_at FROM challenges WHERE window_due_at > :now"

_WINDOW_DONE = "UPDATE challenges SET window_due_at = NULL WHERE id = :challenge"

_ENTERED = "SELECT series_id FROM challenge_entries WHERE challenge_id = :challenge ORDER BY entered_at, series_id"

_ENTERED_AT = """
    SELECT entered_at FROM challenge_entries WHERE challenge_id = :challenge AND series_id = :series
"""

_CHAPTERS_OF_ENTRIES = """
    SELECT c.handed_in_at, c.slot_at FROM challenge_entries e JOIN chapters c ON c.series_id = e.series_id
     WHERE e.challenge_id = :challenge AND c.state IN ('waiting', 'released') AND c.slot_at IS NOT NULL
"""


def find(tx: Transaction, challenge_id: int) -> CommunityChallenge | None:
    """One challenge or draft."""
    row = tx.one(_CHALLENGE, challenge=challenge_id)
    return None if row is None else _challenge(row)


def of_community(tx: Transaction, community_id: int, *, limit: int = 200) -> list[CommunityChallenge]:
    """A community's challenges that were ever opened, the latest deadline first."""
    return [_challenge(row) for row in tx.all(_OF_COMMUNITY, community=community_id, limit=limit)]


def entry(tx: Transaction, series_id: int, *, now: Instant) -> CommunityChallenge | None:
    """H1: the one challenge a series is in that is neither closed nor past its deadline."""
    row = tx.one(_ENTRY, series=series_id, now=milliseconds(now))
    return None if row is None else _challenge(row)


def add_draft(tx: Transaction, draft: CommunityChallenge, *, now: Instant) -> None:
    """Keep what a preview is made of, so that its buttons work after a restart."""
    terms = draft.terms
    tx.insert(
        "challenges",
        {
            "id": terms.id,
            "community_id": draft.community_id,
            "name": terms.name,
            "about": draft.about,
            "state": draft.state,
            "opens_at": milliseconds(terms.opens),
            "deadline_at": milliseconds(terms.deadline),
            "zone": terms.zone,
            "window_days": terms.window_days,
            "made_by": draft.made_by,
            "made_at": milliseconds(now),
        },
    )


def open_draft(tx: Transaction, draft: CommunityChallenge, *, now: Instant) -> bool:
    """Turn a draft into a challenge; `False` if it is no draft any more."""
    return tx.run(_OPEN, challenge=draft.terms.id, window=_still_to_come(draft.terms, now)) == 1


def close(tx: Transaction, challenge_id: int, *, by: int, now: Instant) -> bool:
    """End a challenge before its deadline; `False` if it was closed already."""
    return tx.run(_CLOSE, challenge=challenge_id, person=by, now=milliseconds(now)) == 1


def drop_draft(tx: Transaction, draft_id: int) -> bool:
    """Forget a draft; `False` if there is none."""
    return tx.run(_DROP_DRAFT, challenge=draft_id) == 1


def drop_old_drafts(tx: Transaction, *, before: Instant) -> int:
    """Forget the challenges and moves that nobody confirmed; how many."""
    stored = milliseconds(before)
    return tx.run(_DROP_OLD_DRAFTS, before=stored) + tx.run(_DROP_OLD_MOVES, before=stored)


def add_move(tx: Transaction, move: Move, *, now: Instant) -> None:
    """Keep another deadline until it is confirmed."""
    tx.insert(
        "challenge_moves",
        {
            "id": move.id,
            "challenge_id": move.challenge_id,
            "deadline_at": milliseconds(move.deadline),
            "zone": move.zone,
            "made_by": move.made_by,
            "made_at": milliseconds(now),
        },
    )


def find_move(tx: Transaction, move_id: int) -> Move | None:
    """A move that is not confirmed yet."""
    row = tx.one(_MOVE, move=move_id)
    if row is None:
        return None
    return Move(
        id=row["id"],
        challenge_id=row["challenge_id"],
        deadline=moment(row["deadline_at"]),
        zone=row["zone"],
        made_by=row["made_by"],
    )


def confirm_move(tx: Transaction, move: Move, after: Challenge, *, now: Instant) -> bool:
    """H7: the challenge has another deadline; `False` if it is closed, or the move was confirmed already.

    `after` is the challenge with it: a window that opens only now is due once more.
    """
    confirmed = tx.run(_CONFIRM_MOVE, move=move.id, now=milliseconds(now)) == 1
    values = {
        "deadline": milliseconds(after.deadline),
        "zone": after.zone,
        "window": _still_to_come(after, now),
    }
    return confirmed and tx.run(_SET_DEADLINE, challenge=after.id, **values) == 1


def drop_move(tx: Transaction, move_id: int) -> bool:
    """Forget a move; `False` if it was confirmed already, or forgotten."""
    return tx.run(_DROP_MOVE, move=move_id) == 1


def enter(tx: Transaction, challenge_id: int, series_id: int, *, now: Instant) -> None:
    """H1: a series takes part."""
    tx.insert(
        "challenge_entries", {"challenge_id": challenge_id, "series_id": series_id, "entered_at": milliseconds(now)}
    )


def entered(tx: Transaction, challenge_id: int) -> list[int]:
    """The series that take part, in the order in which they entered."""
    return [row["series_id"] for row in tx.all(_ENTERED, challenge=challenge_id)]


def entered_at(tx: Transaction, challenge_id: int, series_id: int) -> Instant | None:
    """H1: since when a series takes part."""
    row = tx.one(_ENTERED_AT, challenge=challenge_id, series=series_id)
    return None if row is None else moment(row["entered_at"])


def entered_chapters(tx: Transaction, challenge_id: int) -> list[tuple[Instant, Instant]]:
    """H6: when each chapter of the entered series was handed in, and its slot."""
    rows = tx.all(_CHAPTERS_OF_ENTRIES, challenge=challenge_id)
    return [(moment(row["handed_in_at"]), moment(row["slot_at"])) for row in rows]


def windows_due(tx: Transaction, *, now: Instant) -> list[CommunityChallenge]:
    """H2: the challenges whose window has opened, and for which nothing is planned yet on that account."""
    return [_challenge(row) for row in tx.all(_WINDOWS_DUE, now=milliseconds(now))]


def next_window(tx: Transaction, *, now: Instant) -> Instant | None:
    """When the next window of any challenge opens."""
    row = tx.one(_NEXT_WINDOW, now=milliseconds(now))
    return None if row is None else maybe_moment(row["window_due_at"])


def window_done(tx: Transaction, challenge_id: int) -> None:
    """H2: what waits is planned for the window that has opened."""
    tx.run(_WINDOW_DONE, challenge=challenge_id)


def _still_to_come(challenge: Challenge, now: Instant) -> int | None:
    """When its window opens; `None` if it is open, since whatever enters then is planned for it at once."""
    return milliseconds(challenge.window_opens) if challenge.window_opens > now else None


def _challenge(row: Row) -> CommunityChallenge:
    return CommunityChallenge(
        terms=Challenge(
            id=row["id"],
            name=row["name"],
            opens=moment(row["opens_at"]),
            deadline=moment(row["deadline_at"]),
            zone=row["zone"],
            window_days=row["window_days"],
        ),
        community_id=row["community_id"],
        about=row["about"],
        state=ChallengeState(row["state"]),
        made_by=row["made_by"],
        closed_by=row["closed_by"],
        closed_at=maybe_moment(row["closed_at"]),
        moved_by=row["moved_by"],
    )


def facts_of(challenge: CommunityChallenge, *, series_id: int | None = None) -> str:
    """A challenge as it is recorded beside an act on it; with the series that was entered."""
    terms = challenge.terms
    return json.dumps(
        {
            "challenge": terms.id,
            "name": terms.name,
            "opens": milliseconds(terms.opens),
            "deadline": milliseconds(terms.deadline),
            "zone": terms.zone,
            "window_days": terms.window_days,
            "series": series_id,
        },
        ensure_ascii=False,
    )
