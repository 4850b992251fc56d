"""Deadlines and their zones, as people write them (H1): "sunday AoE", "2026-03-01 23:59 Europe/Berlin"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from whenever import Instant

from usecases.communities import known_zone
from usecases.moments import read_moment

ANYWHERE_ON_EARTH = "Etc/GMT+12"
"""IANA's name of UTC-12 (its signs are turned round): what is over there is over everywhere."""

_ANYWHERE = re.compile(r"[\s,(]*\b(?:aoe|anywhere[\s-]+on[\s-]+earth)\b\)?", re.IGNORECASE)
_UTC = re.compile(r"[\s,(]+(?:utc|gmt)\)?\s*$", re.IGNORECASE)
_NAMED = re.compile(r"[\s,(]+(?P<zone>[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)\)?\s*$")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as it was understood, to be shown in full before it counts."""

    at: Instant
    zone: str
    """The zone it was said in, an IANA name."""
    whole_day: bool
    """No time of day was said, so that it is the end of that day."""


def read_deadline(text: str, *, now: Instant, zone: str, languages: Sequence[str] = ("en",)) -> Deadline:
    """H1: the deadline that somebody's words name; it may lie in the past, which the caller judges.

    Args:
        text: as typed; a zone in it ("AoE", an IANA name at its end) goes before `zone`.
        now: what "friday" and "in 5 days" count from.
        zone: the zone it is meant in otherwise, an IANA name.
        languages: codes such as `de` or `en-GB`, the person's own first.

    Raises:
        UnreadableMomentError: nothing we understand, or more than one thing.
        UnknownZoneError: it ends in the name of a zone that there is not.
    """
    said, zone = _split_zone(unicodedata.normalize("NFKC", text), zone)
    at = read_moment(said, now=now, zone=zone, languages=languages, ends=True)
    from_its_beginning = read_moment(said, now=now, zone=zone, languages=languages)
    return Deadline(at, zone, whole_day=at != from_its_beginning)


def read_zone(text: str) -> str:
    """A zone's IANA name, as it is written or as "AoE".

    Raises:
        UnknownZoneError: there is no such zone.
    """
    return ANYWHERE_ON_EARTH if _ANYWHERE.fullmatch(text.strip()) else known_zone(text)


def _split_zone(text: str, zone: str) -> tuple[str, str]:
    """What is left of a text without its zone, and that zone."""
    if _ANYWHERE.search(text):
        return _ANYWHERE.sub(" ", text).strip(), ANYWHERE_ON_EARTH
    if _UTC.search(text):
        return _UTC.sub("", text), "UTC"
    if named := _NAMED.search(text):
        return text[: named.start()], known_zone(named["zone"])
    return text, zone
