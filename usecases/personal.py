"""What is stored about a person: a copy of it, and its deletion."""

import json
import re
from dataclasses import dataclass

from whenever import Instant

from rules.cadence import Earlier, Lane, LaneKind, next_free
from rules.deliveries import Kind
from storage import deliveries, kept_starts, personal
from storage.personal import Holdings
from storage.transaction import Transaction
from usecases.people import Person, community_of
from usecases.refusals import StillPostingError

_LONGEST_NAME = 60
_NOT_IN_NAMES = re.compile(r"[^\w .,'()-]+")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a copy; its name may hold folders."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is stored of a person, and what of it a deletion would keep."""

    holdings: Holdings
    kept_until: Instant | None
    """Until when the date of their last series start is needed (C1)."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted."""

    outlook: Outlook
    removals: int
    """Messages that are being taken down."""


def collect(tx: Transaction, person: Person) -> list[File]:
    """Everything that a community's tables hold of a person, as files that people can read.

    Other people's ids are not in it; what they said to the person is.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    community_of(tx, person)
    whose = (person.community_id, person.id)
    files = []
    for one in personal.rows(tx, *whose):
        files += [_document(f"{one.table}.json", one.own), _document(f"acts/{one.table}.json", one.acts)]
    for number, text in enumerate(personal.texts(tx, *whose), start=1):
        name = _file_name(f"{number:03} {text.series_title} - {text.title}")
        files.append(File(f"texts/{name}.md", text.markdown.encode()))
    for picture in personal.pictures(tx, *whose):
        ending = picture.media_type.partition("/")[2]
        files.append(File(f"images/{picture.chapter_id}-{picture.number}.{ending}", picture.data))
    return [file for file in files if file.data]


def outlook(tx: Transaction, person: Person, *, now: Instant) -> Outlook:
    """What a deletion would concern.

    Raises:
        NotSetUpError: nobody has set the community up.
    """
    holdings = personal.holdings(tx, person.community_id, person.id)
    start = _binding_start(tx, person, now=now)
    return Outlook(holdings, None if start is None else start[1])


def erase(tx: Transaction, person: Person, *, take_down: bool, now: Instant) -> Erased:
    """Delete what is stored of a person, at once and whole; with `take_down` what stands of their chapters, too.

    A series start that still binds them is kept as a date under a keyed hash, so that C1 holds when they come back.
    Pressed twice, it finds nothing more.

    Raises:
        NotSetUpError: nobody has set the community up.
        StillPostingError: something of theirs is on its way to Discord; nothing was changed.
    """
    whose = (person.community_id, person.id)
    found = outlook(tx, person, now=now)
    if personal.is_under_way(tx, *whose):
        raise StillPostingError
    start = _binding_start(tx, person, now=now)
    if start is not None:
        kept_starts.keep(tx, *whose, slot=start[0], lapses=start[1], now=now)
    standing = personal.standing(tx, *whose, everything=take_down)
    personal.erase(tx, *whose)
    for target_id, message_id in standing:
        deliveries.plan(
            tx, Kind.REMOVE, community_id=person.community_id, target_id=target_id, message_id=message_id, now=now
        )
    return Erased(found, len(standing))


def sweep_kept_starts(tx: Transaction, *, now: Instant) -> int:
    """Forget the starts that hold nobody up any more; how many."""
    return kept_starts.drop_lapsed(tx, now=now)


def _binding_start(tx: Transaction, person: Person, *, now: Instant) -> tuple[Instant, Instant] | None:
    """C1: the start that would still delay the person's next one, and until when."""
    policy = community_of(tx, person).policy
    start = personal.last_start(tx, person.community_id, person.id)
    if start is None:
        return None
    lapses = next_free(Lane(LaneKind.SERIES, Earlier(0, "", "", start)), policy)
    return (start, lapses) if lapses is not None and lapses > now else None


def _document(name: str, rows: list[dict[str, object]]) -> File:
    """A table as a file; without rows an empty one."""
    return File(name, json.dumps(rows, ensure_ascii=False, indent=2).encode() if rows else b"")


def _file_name(title: str) -> str:
    return _NOT_IN_NAMES.sub("_", title)[:_LONGEST_NAME].strip(" .")
