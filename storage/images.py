"""The images of chapters, and their files in a table of their own until they are posted."""

import json
from dataclasses import dataclass

from whenever import Instant

from rules.images import ImageLabel, Origin
from storage.transaction import Row, Transaction, milliseconds, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image of a chapter; its file is kept beside it."""

    id: int
    chapter_id: int
    embedded: bool
    """It came in the manuscript's file, whose text says where it stands; an attached one follows the text."""
    media_type: str
    size: int
    """In bytes."""
    sha256: bytes
    label: ImageLabel
    alt: str
    """What it shows, for who does not see it."""


LABELS_OF_CHAPTER = """
    (SELECT json_group_array(json_array(i.number, i.origin, i.caption, i.source, i.names_ai))
       FROM images i WHERE i.chapter_id = c.id)
"""
"""A column of `chapters c`: what its author says of its images, for `labels_in`."""

_COLUMNS = """
    i.id, i.chapter_id, i.number, i.embedded, i.media_type, i.size, i.sha256,
    i.origin, i.caption, i.source, i.names_ai, i.alt
"""

_IMAGE = f"SELECT {_COLUMNS} FROM images i WHERE i.id = :image"  # noqa: S608

_OF_CHAPTER = f"SELECT {_COLUMNS} FROM images i WHERE i.chapter_id = :chapter ORDER BY i.number"  # noqa: S608

_FILE = "SELECT data FROM image_files WHERE image_id = :image"

_SET_LABEL = """
    UPDATE images SET origin = :origin, caption = :caption, source = :source, names_ai = :names_ai
     WHERE chapter_id = :chapter AND number = :number
"""

_SET_ALT = "UPDATE images SET alt = :alt WHERE id = :image"

_SET_NUMBER = "UPDATE images SET number = :number WHERE id = :image"

_DROP = "DELETE FROM images WHERE id = :image"

_KEPT = """
    SELECT COALESCE(SUM(i.size), 0) AS kept
      FROM image_files f JOIN images i ON i.id = f.image_id JOIN chapters c ON c.id = i.chapter_id
     WHERE c.community_id = :community
"""

# Needed by nobody: its chapter was taken back, or has been out so long that its labels are no more to be mended,
# and no delivery is still to bring it to Discord.
_DROP_FILES = """
    DELETE FROM image_files WHERE image_id IN (
        SELECT i.id FROM image_files f JOIN images i ON i.id = f.image_id JOIN chapters c ON c.id = i.chapter_id
         WHERE (c.state = 'withdrawn' OR (c.state = 'released' AND MAX(c.released_at, c.handed_in_at) < :before))
           AND NOT EXISTS (SELECT 1 FROM deliveries d
                            WHERE d.image_id = i.id AND d.state IN ('planned', 'sending', 'held')))
"""


def add(
    tx: Transaction,
    chapter_id: int,
    label: ImageLabel,
    data: bytes,
    *,
    embedded: bool,
    media_type: str,
    sha256: bytes,
    alt: str,
    now: Instant,
) -> None:
    """Keep an image of a chapter, and its file."""
    image_id = new_id(now)
    tx.insert(
        "images",
        {
            "id": image_id,
            "chapter_id": chapter_id,
            "number": label.number,
            "embedded": embedded,
            "media_type": media_type,
            "size": len(data),
            "sha256": sha256,
            "origin": label.origin,
            "caption": label.caption,
            "source": label.source,
            "names_ai": label.names_ai,
            "alt": alt,
        },
    )
    tx.insert("image_files", {"image_id": image_id, "data": data})


def find(tx: Transaction, image_id: int) -> Image | None:
    """One image, if it exists."""
    row = tx.one(_IMAGE, image=image_id)
    return None if row is None else _image(row)


def of_chapter(tx: Transaction, chapter_id: int) -> list[Image]:
    """The images of a chapter, by their numbers."""
    return [_image(row) for row in tx.all(_OF_CHAPTER, chapter=chapter_id)]


def file(tx: Transaction, image_id: int) -> bytes | None:
    """An image's bytes; `None` if they are no longer kept."""
    row = tx.one(_FILE, image=image_id)
    return None if row is None else bytes(row["data"])


def set_label(tx: Transaction, chapter_id: int, label: ImageLabel) -> None:
    """L5: what the author now says of the image of this number."""
    tx.run(
        _SET_LABEL,
        chapter=chapter_id,
        number=label.number,
        origin=label.origin,
        caption=label.caption,
        source=label.source,
        names_ai=label.names_ai,
    )


def set_alt(tx: Transaction, image_id: int, alt: str) -> None:
    """What an image shows, for who does not see it."""
    tx.run(_SET_ALT, image=image_id, alt=alt)


def set_number(tx: Transaction, image_id: int, number: int) -> None:
    """Give an image another place among those of its chapter."""
    tx.run(_SET_NUMBER, image=image_id, number=number)


def drop(tx: Transaction, image_id: int) -> None:
    """Forget an image and its file."""
    tx.run(_DROP, image=image_id)


def kept(tx: Transaction, community_id: int) -> int:
    """Bytes of all files that are kept for a community."""
    row = tx.one(_KEPT, community=community_id)
    return 0 if row is None else int(row["kept"])


def drop_files(tx: Transaction, *, released_before: Instant) -> int:
    """Forget the files that nobody needs any more; how many."""
    return tx.run(_DROP_FILES, before=milliseconds(released_before))


def labels_in(column: str) -> tuple[ImageLabel, ...]:
    """What `LABELS_OF_CHAPTER` holds, by number."""
    return tuple(
        ImageLabel(number, None if origin is None else Origin(origin), caption, source, names_ai=bool(names_ai))
        for number, origin, caption, source, names_ai in sorted(json.loads(column))
    )


def _image(row: Row) -> Image:
    return Image(
        id=row["id"],
        chapter_id=row["chapter_id"],
        embedded=bool(row["embedded"]),
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        label=ImageLabel(
            row["number"],
            None if row["origin"] is None else Origin(row["origin"]),
            row["caption"],
            row["source"],
            names_ai=bool(row["names_ai"]),
        ),
        alt=row["alt"],
    )
