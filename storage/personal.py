"""What all tables together hold of one person in one community, as `storage/belongings.py` says; and its deletion."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whenever import Instant

from storage.belongings import ERASED, MY_SERIES, OF_MY_CHAPTERS, TABLES, Table
from storage.transaction import Row, Transaction, moment


@dataclass(frozen=True, slots=True)
class Rows:
    """What one table holds of a person: columns as they are, for people to read."""

    table: str
    own: list[dict[str, Any]]
    acts: list[dict[str, Any]]
    """Of other people's rows, what the person did there."""


@dataclass(frozen=True, slots=True)
class Text:
    """One manuscript, with what it is called."""

    chapter_id: int
    series_title: str
    title: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of a chapter, as it was handed in."""

    chapter_id: int
    number: int
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Holdings:
    """In numbers, what is stored of a person."""

    series: int
    waiting: int
    coming: int
    """Older chapters that a moderator is asked about, or that are still to be posted (C13)."""
    released: int
    wishes: int
    """Follows and wishes to see less."""
    acts: int
    """What the person decided on other people's work."""
    posts: int
    """Messages with their chapters that the bot has posted."""
    empty: bool
    """Nothing at all is stored."""


_HOLDINGS = f"""
    SELECT (SELECT COUNT(*) FROM series WHERE {TABLES["series"].mine}) AS series,
           (SELECT COUNT(*) FROM chapters WHERE state = 'waiting' AND {TABLES["chapters"].mine}) AS waiting,
           (SELECT COUNT(*) FROM chapters
             WHERE state = 'draft' AND {TABLES["chapters"].mine}
               AND import_id IN (SELECT id FROM imports WHERE state IN ('open', 'confirmed', 'declined'))) AS coming,
           (SELECT COUNT(*) FROM chapters WHERE state = 'released' AND {TABLES["chapters"].mine}) AS released,
           (SELECT COUNT(*) FROM follows WHERE {TABLES["follows"].mine})
             + (SELECT COUNT(*) FROM less WHERE {TABLES["less"].mine}) AS wishes,
           (SELECT COUNT(*) FROM deliveries
             WHERE kind IN ('heading', 'part', 'image', 'announcement') AND state = 'sent'
               AND {TABLES["deliveries"].mine}) AS posts
"""  # noqa: S608

_TEXTS = f"""
    SELECT c.id, s.title AS series_title, c.title, m.markdown
      FROM manuscripts m JOIN chapters c ON c.id = m.chapter_id JOIN series s ON s.id = c.series_id
     WHERE c.series_id IN ({MY_SERIES}) ORDER BY s.id, c.id
"""  # noqa: S608

_PICTURES = f"""
    SELECT i.chapter_id, i.number, i.media_type, f.data FROM images i JOIN image_files f ON f.image_id = i.id
     WHERE i.{OF_MY_CHAPTERS} ORDER BY i.chapter_id, i.number
"""  # noqa: S608

_LAST_START = f"""
    SELECT MAX(slot_at) AS slot_at FROM (
        SELECT MIN(slot_at) AS slot_at FROM chapters
         WHERE series_id IN ({MY_SERIES}) AND (state = 'released' OR counts = 1) GROUP BY series_id)
"""  # noqa: S608

# Of an attempt whose answer was lost something may stand that nobody knows of until it is tried again.
_UNDER_WAY = f"""
    SELECT 1 FROM deliveries
     WHERE (state = 'sending' OR state = 'planned' AND lost_at IS NOT NULL)
       AND ({TABLES["deliveries"].mine} OR {TABLES["deliveries"].about})
"""  # noqa: S608

# Announcements before what they lead to, a home's opening after all that stands in it. What was to be taken down
# already is taken down in any case, and so are cards: they speak of matters that are gone.
_STANDING = f"""
    SELECT d.kind, COALESCE(d.target_id, d.message_id) AS target_id, d.message_id FROM deliveries d
     WHERE {TABLES["deliveries"].mine} AND d.message_id IS NOT NULL AND d.reader_id IS NULL
       AND d.kind NOT IN ('publish', 'edit', 'remove')
       AND (:everything OR d.kind NOT IN ('thread', 'heading', 'part', 'image', 'announcement')
            OR EXISTS (SELECT 1 FROM deliveries r
                        WHERE r.subject_id = d.id AND r.kind = 'remove' AND r.state IN ('planned', 'held')))
     ORDER BY d.kind = 'thread', d.kind <> 'announcement', d.id DESC
"""  # noqa: S608


def holdings(tx: Transaction, community_id: int, person_id: int) -> Holdings:
    """In numbers, what a community's tables hold of a person."""
    whose = {"community": community_id, "person": person_id}
    own = [_count(tx, name, table.mine, whose) for name, table in TABLES.items() if table.mine]
    acts = sum(_count(tx, name, _acts(table), whose) for name, table in TABLES.items() if table.actors)
    (counted,) = tx.all(_HOLDINGS, **whose)
    return Holdings(**dict(counted), acts=acts, empty=not (any(own) or acts))


def rows(tx: Transaction, community_id: int, person_id: int) -> list[Rows]:
    """All that the tables hold of a person, without texts and files, and without other people's ids."""
    whose = {"community": community_id, "person": person_id}
    found = []
    for name, table in TABLES.items():
        if name == "image_files":
            continue
        columns = "chapter_id, unshown" if name == "manuscripts" else "*"
        own = tx.all(f"SELECT {columns} FROM {name} WHERE {table.mine}", **whose) if table.mine else []  # noqa: S608
        acts = tx.all(f"SELECT * FROM {name} WHERE {_acts(table)}", **whose) if table.actors else []  # noqa: S608
        found.append(
            Rows(name, [_own(table, row, person_id) for row in own], [_act(table, row, person_id) for row in acts])
        )
    return found


def texts(tx: Transaction, community_id: int, person_id: int) -> list[Text]:
    """A person's manuscripts."""
    found = tx.all(_TEXTS, community=community_id, person=person_id)
    return [Text(row["id"], row["series_title"], row["title"], row["markdown"]) for row in found]


def pictures(tx: Transaction, community_id: int, person_id: int) -> list[Picture]:
    """A person's images, as far as their files are still kept."""
    found = tx.all(_PICTURES, community=community_id, person=person_id)
    return [Picture(row["chapter_id"], row["number"], row["media_type"], row["data"]) for row in found]


def last_start(tx: Transaction, community_id: int, person_id: int) -> Instant | None:
    """The last series start of an author that counts and is no mere promise (C1, C11)."""
    row = tx.one(_LAST_START, community=community_id, person=person_id)
    return None if row is None or row["slot_at"] is None else moment(row["slot_at"])


def is_under_way(tx: Transaction, community_id: int, person_id: int) -> bool:
    """Whether something of a person's is being carried to Discord right now."""
    return tx.one(_UNDER_WAY, community=community_id, person=person_id) is not None


def standing(tx: Transaction, community_id: int, person_id: int, *, everything: bool) -> list[tuple[int, int]]:
    """The channel and the message of what is to be taken down, in that order; `everything`: their chapters too."""
    found = tx.all(_STANDING, community=community_id, person=person_id, everything=everything)
    return [(row["message_id"] if row["kind"] == "thread" else row["target_id"], row["message_id"]) for row in found]


def erase(tx: Transaction, community_id: int, person_id: int) -> None:
    """Delete what is a person's own or about them, and take their name from what they did to others' work."""
    whose = {"community": community_id, "person": person_id}
    for name, table in reversed(TABLES.items()):
        for condition in (table.mine, table.about):
            if condition is not None:
                tx.run(f"DELETE FROM {name} WHERE {condition}", **whose)  # noqa: S608
    for name, table in TABLES.items():
        for actor in table.actors:
            tx.run(
                f"UPDATE {name} SET {actor} = :erased WHERE {actor} = :person AND {table.here}",  # noqa: S608
                erased=ERASED,
                **whose,
            )


def _acts(table: Table) -> str:
    """Rows of others in which the person did something."""
    did = " OR ".join(f"{actor} = :person" for actor in table.actors)
    return f"({did}) AND {table.here}" + (f" AND ({table.mine}) IS NOT TRUE" if table.mine else "")


def _count(tx: Transaction, name: str, condition: str, whose: Mapping[str, int]) -> int:
    (row,) = tx.all(f"SELECT COUNT(*) AS n FROM {name} WHERE {condition}", **whose)  # noqa: S608
    return int(row["n"])


def _own(table: Table, row: Row, person_id: int) -> dict[str, Any]:
    """A row as its owner reads it: who else acted is told by their part alone."""
    return {
        name: _who(stored, person_id) if name in table.actors else _readable(name, stored)
        for name, stored in dict(row).items()
    }


def _act(table: Table, row: Row, person_id: int) -> dict[str, Any]:
    """What a person did to somebody else's row: their own words, and nothing of the others'."""
    own = {actor for actor in table.actors if row[actor] == person_id}
    hidden = {*table.people, *table.words, *table.actors} - own
    hidden |= {column for column, actor in table.said.items() if actor not in own}
    return {name: stored for name, stored in _own(table, row, person_id).items() if name not in hidden}


def _who(stored: int | None, person_id: int) -> str | None:
    if stored is None:
        return None
    return "you" if stored == person_id else "the bot" if stored == 0 else "somebody else"


def _readable(name: str, stored: Any) -> Any:
    if isinstance(stored, bytes):
        return stored.hex()
    if name.endswith("_at") and stored is not None:
        return str(moment(stored))
    if name in {"inputs", "answer"} and isinstance(stored, str) and stored.startswith("{"):
        return json.loads(stored)
    return stored
