"""Every column that names a person or holds somebody's words: whose it is, and what becomes of it.

A column that is not here fails a test, so that whoever adds one decides whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ERASED = -1
"""Stands where somebody did something whose name was deleted; nobody on Discord has it."""

MY_SERIES = "SELECT id FROM series WHERE community_id = :community AND author_id = :person"
MY_CHAPTERS = f"SELECT id FROM chapters WHERE series_id IN ({MY_SERIES})"  # noqa: S608
MY_EXCEPTIONS = "SELECT id FROM exceptions WHERE community_id = :community AND author_id = :person"
OF_MY_CHAPTERS = f"chapter_id IN ({MY_CHAPTERS})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Whose a table's rows and columns are."""

    mine: str | None = None
    """Which rows are a person's own: exported to them, deleted with them."""
    about: str | None = None
    """Which rows are other people's and name the person all the same: deleted with them, not exported to them."""
    here: str = "community_id = :community"
    """Which rows are of the community; only where somebody acts on other people's rows."""
    people: tuple[str, ...] = ()
    """Columns with a person's id, of those whom `mine` and `about` mean."""
    actors: tuple[str, ...] = ()
    """Columns that say who did it: exported as their act; the act stays, the name goes."""
    words: tuple[str, ...] = ()
    """Words of those whose row it is, or about them alone."""
    said: Mapping[str, str] = field(default_factory=dict)
    """Words of who acted: column and actor. They stay: they were said to somebody else."""
    plain: tuple[str, ...] = ()
    """Neither names anybody nor holds anybody's words; ids of ours that the schema links need not stand here."""


TABLES: dict[str, Table] = {
    "communities": Table(
        here="id = :community",
        actors=("set_up_by",),
        plain=("home_id", "network_id", "moderators_id", "notices_id"),
    ),
    "policies": Table(actors=("made_by",), plain=("document",)),
    "copies": Table(),
    "amendments": Table(
        mine="community_id = :community AND owner_id = :person", people=("owner_id",), words=("typed",)
    ),
    "kept_starts": Table(plain=("key", "author_hash")),
    "series": Table(
        mine="community_id = :community AND author_id = :person",
        people=("author_id",),
        words=("title", "blurb", "tags", "rating"),
        plain=("thread_id", "request_id"),
    ),
    "exceptions": Table(
        mine="community_id = :community AND author_id = :person",
        people=("author_id",),
        actors=("granted_by", "revoked_by"),
        said={"reason": "granted_by", "revoke_reason": "revoked_by"},
        plain=("lane",),
    ),
    "imports": Table(
        mine=f"series_id IN ({MY_SERIES})",
        actors=("decided_by",),
        said={"answer": "decided_by"},
        plain=("state",),
    ),
    "chapters": Table(
        mine=f"series_id IN ({MY_SERIES})",
        people=("author_id",),
        words=("title", "disclosure", "sentence", "heading_label"),
        plain=("state", "ai", "reach"),
    ),
    "manuscripts": Table(mine=OF_MY_CHAPTERS, words=("markdown", "unshown")),
    "proposals": Table(mine=OF_MY_CHAPTERS, words=("disclosure",), plain=("ai", "cure")),
    "images": Table(
        mine=OF_MY_CHAPTERS,
        words=("sha256", "caption", "source", "alt"),
        plain=("media_type", "origin"),
    ),
    "image_files": Table(
        mine=f"image_id IN (SELECT id FROM images WHERE {OF_MY_CHAPTERS})",  # noqa: S608
        words=("data",),
    ),
    "requests": Table(
        mine=OF_MY_CHAPTERS,
        people=("author_id",),
        actors=("decided_by",),
        words=("reason",),
        said={"answer": "decided_by"},
        plain=("state",),
    ),
    "holds": Table(
        mine=f"series_id IN ({MY_SERIES})",
        actors=("held_by", "ended_by"),
        said={"reason": "held_by"},
    ),
    "questions": Table(
        mine=OF_MY_CHAPTERS,
        actors=("asked_by", "closed_by"),
        words=("answer",),
        said={"question": "asked_by"},
        plain=("corrected", "outcome"),
    ),
    "rulings": Table(
        mine=OF_MY_CHAPTERS,
        actors=("read_by", "confirmed_by"),
        said={"reason": "read_by", "note": "read_by"},
        plain=("ai", "state", "before_id"),
    ),
    "appeals": Table(
        mine=f"{OF_MY_CHAPTERS} OR import_id IN (SELECT id FROM imports WHERE series_id IN ({MY_SERIES}))",  # noqa: S608
        actors=("decided_by",),
        words=("reason",),
        said={"answer": "decided_by"},
        plain=("state",),
    ),
    "challenges": Table(
        actors=("made_by", "closed_by"),
        said={"name": "made_by", "about": "made_by"},
        plain=("state", "zone"),
    ),
    "challenge_moves": Table(
        here="challenge_id IN (SELECT id FROM challenges WHERE community_id = :community)",
        actors=("made_by",),
        plain=("zone",),
    ),
    "challenge_entries": Table(mine=f"series_id IN ({MY_SERIES})"),
    "decisions": Table(
        mine=f"""
            community_id = :community
            AND ({OF_MY_CHAPTERS} OR json_extract(inputs, '$.series') IN ({MY_SERIES})
                 OR json_extract(inputs, '$.exception') IN ({MY_EXCEPTIONS}))
        """,
        actors=("actor_id",),
        words=("inputs", "answer"),
        plain=("kind",),
    ),
    "takes": Table(
        mine="community_id = :community AND taken_by = :person",
        people=("taken_by",),
        plain=("matter_id",),
    ),
    "follows": Table(
        mine="community_id = :community AND reader_id = :person",
        about="community_id = :community AND author_id = :person",
        people=("reader_id", "author_id"),
        plain=("how",),
    ),
    "memberships": Table(
        mine="reader_id = :person AND series_id IN (SELECT id FROM series WHERE community_id = :community)",
        about=f"series_id IN ({MY_SERIES})",
        people=("reader_id",),
        plain=("state",),
    ),
    "less": Table(
        mine="community_id = :community AND reader_id = :person",
        about="community_id = :community AND kind = 'author' AND value = CAST(:person AS TEXT)",
        people=("reader_id", "value"),
        plain=("kind",),
    ),
    "doubts": Table(
        mine="community_id = :community AND reader_id = :person",
        about=OF_MY_CHAPTERS,
        people=("reader_id",),
        actors=("read_by",),
        words=("words",),
        said={"answer": "read_by"},
        plain=("ai", "outcome"),
    ),
    "readers": Table(mine="community_id = :community AND reader_id = :person", people=("reader_id",)),
    "deliveries": Table(
        mine=f"""
            community_id = :community
            AND (reader_id = :person
                 OR reader_id IS NULL AND (series_id IN ({MY_SERIES}) OR exception_id IN ({MY_EXCEPTIONS})))
        """,
        about=f"series_id IN ({MY_SERIES})",
        people=("reader_id",),
        words=("body",),
        plain=("kind", "state", "target_id", "message_id", "problem"),
    ),
    "news": Table(
        mine="""
            delivery_id IN (SELECT id FROM deliveries WHERE community_id = :community AND reader_id = :person)
        """,
        about=OF_MY_CHAPTERS,
    ),
}
"""In the order in which they can be exported; a row goes before the one it belongs to, in the opposite order."""
