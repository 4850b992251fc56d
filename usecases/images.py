"""The images of a chapter: taken in, kept until they are posted, forgotten afterwards (L5)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules.images import ImageLabel
from storage import images
from storage.transaction import Transaction
from usecases.image_files import is_whole, media_type, other_kind
from usecases.refusals import UnacceptableImageError, Unfit

LARGEST_IMAGE = 24 * 1024 * 1024
"""Bytes; a request to Discord holds 25 MiB in all, whatever a server's boosts let through."""
MOST_IMAGES = 64
"""Of a chapter; each is a message of its own."""
LONGEST_ALT = 1024
"""Characters that Discord takes as the description of an image."""
LARGEST_CHAPTER = 96 * 1024 * 1024
"""Bytes of all images of a chapter."""
LARGEST_COMMUNITY = 2 * 1024 * 1024 * 1024
"""Bytes of all images that are kept for a community until they are posted."""
KEPT_AFTER_RELEASE = TimeDelta(hours=14 * 24)
"""How long the files stay after the release, for labels to be mended (L10); then Discord alone has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """An image as it was handed in, ready to be kept."""

    data: bytes
    media_type: str
    alt: str = ""
    embedded: bool = False
    """It came in the manuscript's file, whose text says where it stands."""


def take_in(
    data: bytes, name: str, *, alt: str | None = None, embedded: bool = False, limit: int = LARGEST_IMAGE
) -> NewImage:
    """Look at a file that was handed in: is it an image that Discord shows, whole, and not too large?

    Args:
        data: the whole file, clean (`usecases.cleaning`).
        name: what its author calls it, for the refusal; it decides nothing.
        alt: what the manuscript says it shows.
        embedded: whether it came in the manuscript's file.
        limit: bytes that Discord takes in this community.

    Raises:
        UnacceptableImageError: it is not; nothing else, whatever the bytes.
    """
    if len(data) > min(limit, LARGEST_IMAGE):
        raise UnacceptableImageError(Unfit.TOO_LARGE, name, size=len(data), limit=min(limit, LARGEST_IMAGE))
    kind = media_type(data)
    if kind is None:
        raise UnacceptableImageError(Unfit.NO_IMAGE, name, kind=other_kind(data, name))
    if not is_whole(data, kind):
        raise UnacceptableImageError(Unfit.CUT_OFF, name)
    return NewImage(data=data, media_type=kind, alt=" ".join((alt or "").split())[:LONGEST_ALT], embedded=embedded)


def keep(tx: Transaction, chapter_id: int, community_id: int, new: Collection[NewImage], *, now: Instant) -> None:
    """Keep further images of a chapter, behind those it has; nobody has said yet where they are from.

    Raises:
        UnacceptableImageError: they are too many, or together too large; none is kept then.
    """
    if not new:
        return
    there = images.of_chapter(tx, chapter_id)
    _check_room(tx, community_id, sizes=[*(one.size for one in there), *map(_size, new)], more=sum(map(_size, new)))
    for number, one in enumerate(new, start=len(there) + 1):
        _add(tx, chapter_id, one, ImageLabel(number), one.alt, now=now)


def replace_embedded(
    tx: Transaction, chapter_id: int, community_id: int, new: Collection[NewImage], *, now: Instant
) -> None:
    """Give a chapter the images of its new file in place of those of its old one; what is attached stays behind them.

    What its author has said of an image stays said wherever the same file comes again.

    Raises:
        UnacceptableImageError: they are too many, or together too large; nothing is changed then.
    """
    there = images.of_chapter(tx, chapter_id)
    old, attached = [one for one in there if one.embedded], [one for one in there if not one.embedded]
    _check_room(
        tx,
        community_id,
        sizes=[*map(_size, new), *(one.size for one in attached)],
        more=sum(map(_size, new)) - sum(one.size for one in old),
    )
    for gone in old:
        images.drop(tx, gone.id)
    for number, stays in enumerate(attached, start=len(new) + 1):
        images.set_number(tx, stays.id, number)
    known = {one.sha256: one for one in old}
    for number, one in enumerate(new, start=1):
        same = known.get(_sha256(one))
        label = ImageLabel(number) if same is None else replace(same.label, number=number)
        _add(tx, chapter_id, one, label, one.alt if same is None else same.alt, now=now)


def image_file(tx: Transaction, image_id: int) -> bytes | None:
    """An image's bytes; `None` if they are no longer kept."""
    return images.file(tx, image_id)


def sweep_images(tx: Transaction, *, now: Instant) -> int:
    """Forget the files that nobody needs any more; how many."""
    return images.drop_files(tx, released_before=now - KEPT_AFTER_RELEASE)


def _add(tx: Transaction, chapter_id: int, one: NewImage, label: ImageLabel, alt: str, *, now: Instant) -> None:
    images.add(
        tx,
        chapter_id,
        label,
        one.data,
        embedded=one.embedded,
        media_type=one.media_type,
        sha256=_sha256(one),
        alt=alt,
        now=now,
    )


def _check_room(tx: Transaction, community_id: int, *, sizes: Collection[int], more: int) -> None:
    if len(sizes) > MOST_IMAGES:
        raise UnacceptableImageError(Unfit.TOO_MANY, "", number=len(sizes), limit=MOST_IMAGES)
    if sum(sizes) > LARGEST_CHAPTER:
        raise UnacceptableImageError(Unfit.CHAPTER_FULL, "", size=sum(sizes), limit=LARGEST_CHAPTER)
    if more > 0 and images.kept(tx, community_id) + more > LARGEST_COMMUNITY:
        raise UnacceptableImageError(Unfit.COMMUNITY_FULL, "", limit=LARGEST_COMMUNITY)


def _size(new: NewImage) -> int:
    return len(new.data)


def _sha256(new: NewImage) -> bytes:
    return hashlib.sha256(new.data).digest()
