"""Valid things by default; a test changes the one detail it is about."""

from typing import Any

from whenever import Date, Instant, PlainDateTime, Time

from rules.cadence import Earlier, Lane, LaneKind
from rules.labels import Ai, Labels
from rules.policy import Policy
from rules.verdict import Case

NEW_YEAR = Instant.from_utc(2026, 1, 1)


def at(text: str, zone: str = "UTC") -> Instant:
    """A local time as it is written, such as `2026-03-28 18:00`; a doubled one is its first."""
    local = PlainDateTime.parse_iso(text.replace(" ", "T"))
    return local.assume_tz(zone, disambiguation="earlier").to_instant()


def midnight(text: str, zone: str) -> Instant:
    """Local midnight of a date."""
    return Date.parse_iso(text).at(Time(0)).assume_tz(zone, disambiguation="earlier").to_instant()


def a_policy(**changes: Any) -> Policy:
    """The default policy."""
    return Policy(**changes)


def a_lane(last_slot: Instant | None = None, kind: LaneKind = LaneKind.CHAPTER) -> Lane:
    """A chapter lane; empty unless it has a last slot."""
    return Lane(kind, None if last_slot is None else Earlier(1, "One", "The Salt Road", last_slot))


def some_labels(ai: Ai = Ai.NONE, *, stands_in: int | None = None, names_ai: bool | None = None) -> Labels:
    """Labels of a text without AI; with it, of one whose sentence names it."""
    names = ai is not Ai.NONE if names_ai is None else names_ai
    return Labels(ai, "I used AI to find the names.", stands_in, names_ai=names)


def a_case(**changes: Any) -> Case:
    """A chapter without AI for an empty lane, handed in at the new year."""
    given: dict[str, Any] = {
        "now": NEW_YEAR,
        "wanted": None,
        "lane": a_lane(),
        "labels": some_labels(),
        "policy": a_policy(),
    }
    return Case(**(given | changes))
