"""Real small pictures of every kind, full of what tells of people and places, as cameras and programs write it."""

import contextlib
import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from tests.images import a_chunk, a_segment, an_xmp

PLACE = "Rua das Flores 12"
"""Stands in everything that has to go."""
_PLACE = PLACE.encode()
_TITLE, _ARTIST, _EXIF_IFD, _GPS_IFD, _SERIAL = 0x010E, 0x013B, 0x8769, 0x8825, 0xA431
ORIENTATION = 0x0112
LOSSLESS_XMP = an_xmp().replace(b"<rdf:RDF>", b"<rdf:RDF><dc:creator>" + _PLACE + b"</dc:creator>")


@dataclass(frozen=True)
class Photograph:
    """A file, and what has to be left of it."""

    data: bytes
    orientation: int = 1
    frames: int = 1


def an_exif(orientation: int) -> bytes:
    """What a camera notes: the way up, who, with which camera, and where."""
    exif = Image.Exif()
    exif[_TITLE], exif[_ARTIST], exif[ORIENTATION] = PLACE, PLACE, orientation
    exif.get_ifd(_EXIF_IFD)[_SERIAL] = PLACE
    exif.get_ifd(_GPS_IFD).update({1: "N", 2: (41.0, 8.0, 40.0), 3: "W", 4: (8.0, 36.0, 54.0), 27: PLACE})
    return exif.tobytes()


def a_profile() -> bytes:
    """A colour profile of a screen, with its owner's name in it; its red and blue are exchanged, so that it shows."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", made, 128)
    for at in range(132, 132 + 12 * count, 12):
        name = bytes(made[at : at + 4])
        made[at : at + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(name, name)
        if name == b"desc":
            start, size = struct.unpack_from(">II", made, at + 4)
            made[start + 28 : start + size] = PLACE.encode("utf-16-be")[: size - 28].ljust(size - 28, b"\0")
    return bytes(made)


@st.composite
def pictures(draw: st.DrawFn, modes: tuple[str, ...]) -> Image.Image:
    """A small picture of any of these modes."""
    mode = draw(st.sampled_from(modes))
    width, height = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    seed = draw(st.randoms(use_true_random=False))
    picture = Image.frombytes("RGBA", (width, height), seed.randbytes(width * height * 4))
    return picture if mode == "RGBA" else picture.convert("RGB").convert(mode)


@st.composite
def jpegs(draw: st.DrawFn) -> Photograph:
    """Baseline and progressive, in grey, colours and inks; with notes before, between and behind the picture."""
    picture, orientation = draw(pictures(("L", "RGB", "CMYK"))), draw(st.integers(1, 8))
    options: dict[str, Any] = {
        "progressive": draw(st.booleans()),
        "quality": draw(st.sampled_from([30, 95])),
        "exif": an_exif(orientation),
        "comment": _PLACE,
        "xmp": LOSSLESS_XMP,
        "icc_profile": a_profile() if picture.mode == "RGB" and draw(st.booleans()) else None,
    }
    if draw(st.booleans()):
        options["restart_marker_blocks"] = 1
    data = _saved(picture, "JPEG", **options)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(_PLACE)) + _PLACE
    told = a_segment(0xED, iptc) + a_segment(0xE2, b"URN\0" + _PLACE) + a_segment(0xEF, _PLACE)
    table = data.index(b"\xff\xdb")
    data = data[:table] + told + data[table:]
    if draw(st.booleans()):
        last = data.rindex(b"\xff\xda")
        data = data[:last] + a_segment(0xFE, _PLACE) + data[last:]
    if draw(st.booleans()):
        data += data  # another picture, as phones and 3D cameras append it
    return Photograph(data + _PLACE, orientation)


@st.composite
def pngs(draw: st.DrawFn) -> Photograph:
    """Of every depth, with a palette, transparency, or several frames."""
    picture, orientation = draw(pictures(("1", "L", "LA", "P", "RGB", "RGBA", "I;16"))), draw(st.integers(1, 8))
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE)
    text.add_text("Description", PLACE, zip=True)
    text.add_itxt("XML:com.adobe.xmp", LOSSLESS_XMP.decode(), zip=draw(st.booleans()))
    options: dict[str, Any] = {"pnginfo": text, "exif": an_exif(orientation)}
    if picture.mode == "RGB" and draw(st.booleans()):
        options["icc_profile"] = a_profile()
    if picture.mode == "P" and draw(st.booleans()):
        options["transparency"] = 3
    frames = draw(st.integers(1, 3)) if picture.mode in {"RGB", "RGBA"} else 1
    if frames > 1:
        options |= {"save_all": True, "append_images": _turned(picture, frames), "duration": 70, "loop": 2}
    data = _saved(picture, "PNG", **options)
    hidden = a_chunk(b"tIME", b"\x07\xea\x0b\x16\x08\0\0") + a_chunk(b"prVt", _PLACE)
    return Photograph(data[:-12] + hidden + data[-12:] + _PLACE, orientation, frames)


@st.composite
def webps(draw: st.DrawFn) -> Photograph:
    """Lossy and lossless, with transparency, or several frames."""
    picture, orientation = draw(pictures(("RGB", "RGBA"))), draw(st.integers(1, 8))
    options: dict[str, Any] = {
        "lossless": draw(st.booleans()),
        "exif": an_exif(orientation),
        "xmp": LOSSLESS_XMP,
        "icc_profile": a_profile() if picture.mode == "RGB" and draw(st.booleans()) else None,
    }
    frames = draw(st.integers(1, 3))
    if frames > 1:
        options |= {"save_all": True, "append_images": _turned(picture, frames), "duration": 70, "loop": 2}
    data = _saved(picture, "WEBP", **options)
    hidden = b"HIDE" + struct.pack("<I", len(_PLACE)) + _PLACE + bytes(len(_PLACE) % 2)
    data = data[:4] + struct.pack("<I", len(data) - 8 + len(hidden)) + data[8:] + hidden
    return Photograph(data + _PLACE, orientation, frames)


@st.composite
def gifs(draw: st.DrawFn) -> Photograph:
    """With palettes of their own, transparency, times and loops."""
    picture = draw(pictures(("L", "P", "RGB")))
    options: dict[str, Any] = {"comment": _PLACE}
    if picture.mode == "P" and draw(st.booleans()):
        options["transparency"] = 3
    frames = draw(st.integers(1, 3))
    if frames > 1:
        options |= {"save_all": True, "append_images": _turned(picture, frames), "duration": 70, "loop": 2}
        options["disposal"] = draw(st.integers(0, 3))
    data = _saved(picture, "GIF", **options)
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    note = bytes([len(_PLACE)]) + _PLACE + b"\0"
    hidden = b"!\xff\x0bXMP DataXMP" + note + b"!\xfe" + note + b"!\xff\x0bNETSCAPE2.0" + note
    return Photograph(data[:at] + hidden + data[at:] + _PLACE, 1, frames)


def a_telephones_photograph() -> bytes:
    """A JPEG with a second picture behind it, to which it points, as telephones and 3D cameras make them."""
    first, second = (Image.linear_gradient("L").rotate(turn).convert("RGB") for turn in (0, 90))
    return _saved(first, "MPO", save_all=True, append_images=[second], exif=an_exif(6))


def samples() -> list[bytes]:
    """One of each kind, always the same."""
    picture = Image.linear_gradient("L").resize((12, 12)).convert("RGB")
    text = PngImagePlugin.PngInfo()
    text.add_text("Description", PLACE, zip=True)
    text.add_itxt("XML:com.adobe.xmp", LOSSLESS_XMP.decode())
    told: dict[str, Any] = {"exif": an_exif(6), "icc_profile": a_profile()}
    several: dict[str, Any] = {"save_all": True, "append_images": _turned(picture, 3), "duration": 70, "loop": 2}
    return [
        a_telephones_photograph(),
        _saved(picture, "JPEG", progressive=True, xmp=LOSSLESS_XMP, comment=_PLACE, **told),
        _saved(picture, "PNG", pnginfo=text, **told, **several),
        _saved(picture, "WEBP", xmp=LOSSLESS_XMP, **told, **several),
        _saved(picture.convert("P"), "GIF", comment=_PLACE, transparency=3, **several),
    ]


def photographs() -> st.SearchStrategy[Photograph]:
    """One of any kind."""
    return st.one_of(jpegs(), pngs(), webps(), gifs())


def seen(data: bytes) -> list[tuple[object, ...]]:
    """All that somebody sees of a picture: each frame's pixels and transparency, its time, and how often."""
    with Image.open(BytesIO(data)) as picture:
        size, loop = picture.size, picture.info.get("loop")
        pages: list[tuple[object, ...]] = []
        for frame in ImageSequence.Iterator(picture):
            pixels = frame.convert("RGBA") if frame.mode in {"P", "PA", "LA"} else frame
            shown = (frame.info.get("duration"), frame.info.get("transparency"), frame.info.get("gamma"))
            pages.append((size, loop, frame.mode, pixels.tobytes(), *shown))
        return pages


def in_its_colours(data: bytes) -> bytes | None:
    """The pixels as a screen would show them by the file's own profile."""
    with Image.open(BytesIO(data)) as picture:
        if not (profile := picture.info.get("icc_profile")):
            return None
        to = ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)), to)
        assert shown is not None
        return shown.tobytes()


def notes(data: bytes) -> dict[int, object]:
    """The EXIF entries of a file."""
    with Image.open(BytesIO(data)) as picture:
        return dict(picture.getexif())


def everything(data: bytes) -> bytes:
    """A file with all that is packed in it."""
    opened = [data]
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        with contextlib.suppress(zlib.error):
            opened.append(zlib.decompressobj().decompress(data[found.start() :], 1_000_000))
    return b"\n".join(opened)


def _turned(picture: Image.Image, frames: int) -> list[Image.Image]:
    """Further frames, each unlike the one before it."""
    return [Image.eval(picture, lambda value, step=step: 255 - value // step) for step in range(1, frames)]  # type: ignore[misc]


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **{name: value for name, value in options.items() if value is not None})
    return file.getvalue()
