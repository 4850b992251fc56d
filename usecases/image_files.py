"""Files of images: which kind they are, by their bytes; nothing here decodes a pixel, so there is nothing to unpack.

A kind is known by how its file begins, and a file is whole if its own frame says so. How large a picture it would
become does not matter to us: we keep the bytes and hand them to Discord.
"""

import re
from collections.abc import Callable, Iterator

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""The kinds of images that Discord shows to everybody, and how their files' names end."""

_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWING = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_DRAWING_WITHIN = 4096
"""Bytes within which a drawing begins, behind what its program says of itself."""
_OTHERS = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (0, b"\xd7\xcd\xc6\x9a", "WMF"),
    (0, b"\x01\0\x09\0", "WMF"),
    (40, b" EMF", "EMF"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    *((4, b"ftyp" + brand, "HEIC") for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (0, b"8BPS", "Photoshop"),
    (0, b"%PDF", "PDF"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"VCLMTF", "SVM"),
)
"""Where other kinds have which bytes, and what they are called."""
_OTHER_ENDINGS = {
    "svg": "SVG",
    "svgz": "SVG",
    "tif": "TIFF",
    "tiff": "TIFF",
    "bmp": "BMP",
    "dib": "BMP",
    "wmf": "WMF",
    "wmz": "WMF",
    "emf": "EMF",
    "emz": "EMF",
    "svm": "SVM",
    "heic": "HEIC",
    "heif": "HEIC",
    "avif": "AVIF",
    "jxl": "JPEG XL",
    "jp2": "JPEG 2000",
    "psd": "Photoshop",
    "pdf": "PDF",
    "eps": "EPS",
    "ico": "ICO",
    "pict": "PICT",
    "pct": "PICT",
}
_SHOWN_ENDINGS = frozenset((*ENDINGS.values(), "jpeg", "jpe", "jfif"))
_MOST_CHUNKS = 10_000
"""Chunks of a file that are walked through; a real one has some dozens, a long animation some thousand."""


def media_type(data: bytes) -> str | None:
    """The kind of an image, by how its file begins; `None` for anything else."""
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def other_kind(data: bytes, name: str = "") -> str:
    """What an image that Discord does not show is called, by its bytes, or else by its name; empty if we don't know."""
    if _DRAWING.search(data, 0, _DRAWING_WITHIN):
        return "SVG"
    by_bytes = next((kind for at, sign, kind in _OTHERS if data.startswith(sign, at)), "")
    return by_bytes or _OTHER_ENDINGS.get(_ending(name), "")


def has_shown_name(name: str) -> bool:
    """Whether a file is called as images are that Discord shows."""
    return _ending(name) in _SHOWN_ENDINGS


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def is_whole(data: bytes, kind: str) -> bool:
    """Whether a file of this kind reaches its end, as its own frame has it; one that was cut off does not."""
    return _WHOLE[kind](data)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk of a PNG, as far as they are there."""
    at = len(_PNG)
    for _ in range(_MOST_CHUNKS):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 8 + size
        if end + 4 > len(data):
            return
        yield name, data[at + 8 : end]
        at = end + 4


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk of a WebP, as far as they are there."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        size, name = int.from_bytes(data[at + 4 : at + 8], "little"), data[at : at + 4]
        end = at + 8 + size
        if not name or end > len(data):
            return
        yield name, data[at + 8 : end]
        at = end + size % 2


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment of a JPEG before its picture begins, as far as they are there."""
    at = 2
    for _ in range(_MOST_CHUNKS):
        start = data[at : at + 4]
        size = int.from_bytes(start[2:], "big")
        if len(start) < 4 or start[0] != 0xFF or start[1] in (0xD9, 0xDA) or size < 2 or at + 2 + size > len(data):  # noqa: PLR2004
            return
        yield start[1], data[at + 4 : at + 2 + size]
        at += 2 + size


def _is_whole_png(data: bytes) -> bool:
    return b"IEND" in data[-4096:] or any(name == b"IEND" for name, _ in png_chunks(data))


def _is_whole_webp(data: bytes) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 <= len(data)


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "image/png": _is_whole_png,
    "image/jpeg": lambda data: data.rfind(b"\xff\xd9") > 0,
    "image/gif": lambda data: data.rstrip(b"\0").endswith(b";"),
    "image/webp": _is_whole_webp,
}
