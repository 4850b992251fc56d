"""A deletion of an author's data: what it must find, and what it may leave, in the tables and in the model.

It is read from the tables themselves, not from the registry that the deletion is made of.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass

from rules.deliveries import Kind
from storage import kept_starts
from storage.transaction import Transaction
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.model import Community, Model, Series, State
from usecases.people import Person

_NAMES = re.compile(r"author_id|reader_id|\w+_by")
_POSTS = frozenset({Kind.THREAD, Kind.HEADING, Kind.PART, Kind.IMAGE, Kind.ANNOUNCEMENT})
_NO_MESSAGE = frozenset({Kind.PUBLISH, Kind.EDIT, Kind.REMOVE})
_OF_CHAPTER = "chapter_id IN (SELECT id FROM chapters WHERE series_id IN (SELECT value FROM json_each(:series)))"
_OF_SERIES = "series_id IN (SELECT value FROM json_each(:series))"
_MATTERS = {
    "request": f"SELECT id FROM requests WHERE {_OF_CHAPTER}",
    "question": f"SELECT id FROM questions WHERE {_OF_CHAPTER}",
    "ruling": f"SELECT id FROM rulings WHERE {_OF_CHAPTER}",
    "hold": f"SELECT id FROM holds WHERE {_OF_SERIES}",
    "import": f"SELECT id FROM imports WHERE {_OF_SERIES}",
    "exception": "SELECT id FROM exceptions WHERE community_id = :community AND author_id = :author",
    "appeal": f"""
        SELECT id FROM appeals WHERE {_OF_CHAPTER} OR import_id IN (SELECT id FROM imports WHERE {_OF_SERIES})
    """,
}
_DELIVERIES = f"""
    SELECT id, kind, state, message_id, lost_at, chapter_id FROM deliveries
     WHERE reader_id IS NULL AND ({_OF_SERIES} OR exception_id IN ({_MATTERS["exception"]}))
"""
_BEING_REMOVED = """
    SELECT 1 FROM deliveries WHERE subject_id = :id AND kind = 'remove' AND state IN ('planned', 'held')
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one author in one community, before it is deleted."""

    deliveries: frozenset[int]
    on_its_way: int
    """Deliveries that are being carried out, or that may have been and are tried again."""
    to_go: frozenset[int]
    """Messages that must not stand any more in the end."""
    may_stay: frozenset[int]
    """Deliveries whose messages may stay: posts that are not taken down, or of which nobody knows if they stand."""
    matters: frozenset[tuple[str, int]]
    """What moderators decided, was asked or granted, as `Community.answers` has it."""


def what_is_kept_of(tx: Transaction, person: Person, own: Collection[Series], *, take_down: bool) -> Kept:
    """All that a deletion is about."""
    facts = {
        "series": json.dumps([one.id for one in own]),
        "community": person.community_id,
        "author": person.id,
    }
    rows = tx.all(_DELIVERIES, **facts)
    to_go = {
        row["message_id"]
        for row in rows
        if row["message_id"] is not None and row["kind"] not in _NO_MESSAGE
        if take_down or row["kind"] not in _POSTS or tx.one(_BEING_REMOVED, id=row["id"])
    }
    return Kept(
        frozenset(row["id"] for row in rows),
        sum(row["state"] == "sending" or (row["state"] == "planned" and row["lost_at"] is not None) for row in rows),
        frozenset(to_go),
        frozenset(
            row["id"]
            for row in rows
            if (row["state"] == "held" and row["lost_at"] is not None) or (row["kind"] in _POSTS and not take_down)
        ),
        frozenset((name, row["id"]) for name, sql in _MATTERS.items() for row in tx.all(sql, **facts)),
    )


def erase(model: Model, community: Community, author: int, *, now: int) -> None:
    """All that is an author's is gone; of their last start, the date stays as long as it binds (C1)."""
    own = community.of_author(author)
    out = ([one.slot for one in series.chapters if one.state is State.RELEASED or one.counts] for series in own)
    last = max((min(slots) for slots in out if slots), default=None)
    if last is not None and (lapses := community.book.after(last, "series")) > now:
        community.kept.setdefault(author, []).append((last, lapses))
    for series in own:
        community.series.remove(series)
        del model.series[series.id]
        model.erased.add(series.id)
        for chapter in series.chapters:
            chapter.state = State.WITHDRAWN
            model.waiting.pop(chapter.id, None)
            del model.chapters[chapter.id]
    model.holds = [hold for hold in model.holds if hold.series not in own]
    community.grants = [grant for grant in community.grants if grant.author != author]
    for challenge in community.challenges:
        challenge.entries = [series for series in challenge.entries if series not in own]
        for key in [key for key in challenge.told if key[0] in model.erased]:
            del challenge.told[key]


def forget_starts(model: Model, now: int) -> None:
    """C1: what was kept of starts goes when it binds nobody any more."""
    for community in model.communities:
        community.kept = {
            author: left
            for author, starts in community.kept.items()
            if (left := [one for one in starts if one[1] > now])
        }


def nobody_is_named(tx: Transaction, person: Person) -> None:
    """No row of a community names who was deleted there.

    Raises:
        BrokenLawError: one does.
    """
    for (table,) in map(tuple, tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")):
        columns = {row["name"] for row in tx.all(f"PRAGMA table_info({table})")}
        for column in columns if "community_id" in columns else ():
            sql = f"SELECT 1 FROM {table} WHERE community_id = :community AND {column} = :person"
            if _NAMES.fullmatch(column) and tx.one(sql, community=person.community_id, person=person.id):
                raise BrokenLawError(Law.ERASED, f"{table}.{column} still names them", person.id)


def start_is_kept(tx: Transaction, person: Person, slots: Collection[int]) -> None:
    """C1: the last start that still binds is known to who asks with the same id.

    Raises:
        BrokenLawError: another one is, or none.
    """
    found = kept_starts.latest(tx, person.community_id, person.id)
    right = max(slots, default=None)
    if (found and found.timestamp(unit="millisecond")) != right:
        raise BrokenLawError(Law.ERASED, f"C1 counts from {found}, by the rules from {right}", person.id)
