"""Taking out of an image's file what tells of a person or a place; the picture stays as it is, to the last bit.

A file is followed piece by piece to where its picture ends, and put together anew from the pieces that draw it. Each
kind has a list of what stays, and none of what goes: what nobody has thought of goes too, and so does whatever stands
behind the picture. Nothing is decoded, so that nothing can lose quality.

We write two things anew: which way up the picture is, and the one word in which a file says how it was made, if it
says one that we know (`usecases.statements`). All that surrounded them is gone.
"""

from collections.abc import Callable

from usecases.cleaning.gif import clean_gif
from usecases.cleaning.jpeg import clean_jpeg
from usecases.cleaning.pieces import BrokenImageError
from usecases.cleaning.png import clean_png
from usecases.cleaning.webp import clean_webp
from usecases.image_files import is_whole, media_type, other_kind
from usecases.refusals import UnacceptableImageError, Unfit
from usecases.statements import restated, stated_origin

__all__ = ["BrokenImageError", "clean_image", "cleaned"]

_CLEANERS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "image/jpeg": clean_jpeg,
    "image/png": clean_png,
    "image/webp": clean_webp,
    "image/gif": lambda data, _packet: clean_gif(data),
}


def cleaned(data: bytes) -> bytes:
    """The same picture in a file that says no more than it has to; of a clean file, that file itself.

    Raises:
        BrokenImageError: the file cannot be followed to where its picture ends; nothing else, whatever the bytes.
    """
    kind = media_type(data)
    if kind is None:
        raise BrokenImageError
    return _CLEANERS[kind](data, restated(stated_origin(data)))


def clean_image(data: bytes, name: str) -> bytes:
    """`cleaned`, of a file that was handed in.

    Args:
        data: the whole file.
        name: what its author calls it, for the refusal; it decides nothing.

    Raises:
        UnacceptableImageError: it is no image that Discord shows, or a broken one.
    """
    kind = media_type(data)
    if kind is None:
        raise UnacceptableImageError(Unfit.NO_IMAGE, name, kind=other_kind(data, name))
    try:
        return cleaned(data)
    except BrokenImageError as error:
        raise UnacceptableImageError(Unfit.BROKEN if is_whole(data, kind) else Unfit.CUT_OFF, name) from error
