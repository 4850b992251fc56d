"""Which waiting chapters may go out, and when the next one may."""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Transaction, maybe_moment, milliseconds, moment

# Paused with its series, by itself, or because a chapter ahead of it is (C7 keeps their order).
HELD = """
    EXISTS (SELECT 1 FROM holds h
             WHERE h.series_id = c.series_id AND h.ended_at IS NULL
               AND (h.chapter_id IS NULL
                    OR EXISTS (SELECT 1 FROM chapters x
                                WHERE x.id = h.chapter_id AND x.state = 'waiting'
                                  AND (x.slot_at, x.id) <= (c.slot_at, c.id))))
"""

# When the series' last chapter really went out; older work is in no lane (C13).
_PREVIOUS_AT = """
    (SELECT MAX(p.released_at) FROM chapters p
      WHERE p.series_id = c.series_id AND p.state = 'released' AND p.slot_at IS NOT NULL)
"""

_DUE = f"""
    SELECT c.id, c.series_id, c.slot_at, {_PREVIOUS_AT} AS previous_at
      FROM chapters c
     WHERE c.state = 'waiting' AND c.slot_at <= :now AND NOT ({HELD})
     ORDER BY c.slot_at, c.id
"""  # noqa: S608

_IS_HELD = f"SELECT {HELD} AS held FROM chapters c WHERE c.id = :chapter"  # noqa: S608

_HELD_IN_SERIES = f"SELECT c.id FROM chapters c WHERE c.series_id = :series AND c.state = 'waiting' AND {HELD}"  # noqa: S608

_NEXT_SLOT = "SELECT MIN(slot_at) AS slot_at FROM chapters WHERE state = 'waiting' AND slot_at > :now"


_NEXT_PROMISE = f"""
    SELECT MIN(c.slot_at) AS slot_at FROM chapters c
     WHERE c.series_id = :series AND c.state = 'waiting' AND NOT ({HELD})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Due:
    """A waiting chapter whose slot has come, and when its series' last chapter really went out."""

    chapter_id: int
    series_id: int
    slot: Instant
    previous_release: Instant | None


def due(tx: Transaction, *, now: Instant) -> list[Due]:
    """Waiting chapters whose slot has come and that no hold keeps back, in slot order."""
    return [
        Due(row["id"], row["series_id"], moment(row["slot_at"]), maybe_moment(row["previous_at"]))
        for row in tx.all(_DUE, now=milliseconds(now))
    ]


def is_held(tx: Transaction, chapter_id: int) -> bool:
    """Whether a hold keeps a chapter back."""
    row = tx.one(_IS_HELD, chapter=chapter_id)
    return row is not None and bool(row["held"])


def held_in_series(tx: Transaction, series_id: int) -> frozenset[int]:
    """Which of a series' waiting chapters a hold keeps back; always its last ones (C7)."""
    return frozenset(row["id"] for row in tx.all(_HELD_IN_SERIES, series=series_id))


def next_slot(tx: Transaction, *, now: Instant) -> Instant | None:
    """The next promise that has not come yet, of anybody."""
    row = tx.one(_NEXT_SLOT, now=milliseconds(now))
    return None if row is None else maybe_moment(row["slot_at"])


def next_promise(tx: Transaction, series_id: int) -> Instant | None:
    """R5: when the next chapter of a series comes, if one waits and no hold keeps it back."""
    row = tx.one(_NEXT_PROMISE, series=series_id)
    return None if row is None else maybe_moment(row["slot_at"])
