"""What an image's file says of its own origin: read here, and offered to its author as a suggestion.

Of all that a file tells it is the one thing that stays in it (`restated`), as a word of IPTC's list and no more, so
that the label travels with the picture. Beside the file it is kept nowhere.

Two places are read: the XMP packet (IPTC's *digital source type*) and the C2PA manifest, both as their programs wrote
them. Nothing is asked of anybody, no signature is checked, and no pixel is looked at; that a file says nothing means
nothing. We look for the few words of IPTC's list instead of parsing XML or CBOR: a hostile file finds nothing to
unfold, and all that can come out is one word of that list and a name.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from usecases.image_files import jpeg_segments, media_type, png_chunks, webp_chunks


class SourceType(StrEnum):
    """IPTC's digital source types, as far as they say something that an author is asked here."""

    TRAINED = "trainedAlgorithmicMedia"
    """Made by a model."""
    COMPOSITE_TRAINED = "compositeWithTrainedAlgorithmicMedia"
    """Made of several pieces, some of them by a model."""
    ALGORITHMIC = "algorithmicMedia"
    """Made by a program that learned from nothing, such as a fractal."""
    CAMERA = "digitalCapture"
    DRAWN = "digitalCreation"
    """Made by a person with a program."""


BY_AI = frozenset({SourceType.TRAINED, SourceType.COMPOSITE_TRAINED})
"""Those that say that a model had a part in it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says of itself; whoever edited it may have changed it, so that it proves nothing."""

    source_type: SourceType
    tool: str
    """The program that wrote the statement, as it calls itself; may be empty."""


_MOST_READ = 4 * 1024 * 1024
"""Bytes of metadata that are looked through in one file; a manifest holds a small picture at times."""
_LONGEST_TOOL = 100
_MOST_OF_TOOL = 200
"""Characters and bytes of a program's name; as many are found again where we have written them."""
_XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_IN_PNG = b"XML:com.adobe.xmp\0"
_APP1, _APP11 = 0xE1, 0xEB
_ADDRESS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PACKET = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    "{tool}><Iptc4xmpExt:DigitalSourceType>{address}{word}</Iptc4xmpExt:DigitalSourceType>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)
_MARKUP = frozenset("<>&\"'")
_TYPES = {kind.lower().encode(): kind for kind in SourceType}
_STATED = re.compile(rb"digitalsourcetype(?:/|[\"'>=\s]{1,8})([a-z]{3,60})(?![a-z])", re.IGNORECASE)
_TOOL_IN_XMP = re.compile(rb"CreatorTool(?:=[\"']|>)([^\"'<]{1,200})")
_TOOL_IN_CLAIM = re.compile(rb"claim_generator_info.{0,40}?dname|oclaim_generator", re.DOTALL)
_TEXT, _TEXT_OF_BYTE, _TEXT_OF_TWO = 0x60, 0x78, 0x79
"""CBOR's signs of a text: its length follows in the sign itself, in one byte, or in two."""


def stated_origin(data: bytes) -> Statement | None:
    """What an image's file says of its origin; `None` where it says nothing that we ask about."""
    metadata = _metadata(data)
    stated = [_TYPES[word] for found in _STATED.finditer(metadata) if (word := found[1].lower()) in _TYPES]
    if not stated:
        return None
    return Statement(next((one for one in stated if one in BY_AI), stated[0]), _tool(metadata))


def restated(statement: Statement | None) -> bytes:
    """An XMP packet of our own that says what a file said of its origin, and nothing else; empty where it said nothing.

    The program is named where it says that a model had a part, as an author would have to name it (L5); a camera is
    not, since its maker's words may name its owner.
    """
    if statement is None:
        return b""
    tool = statement.tool if statement.source_type in BY_AI else ""
    said = f' xmp:CreatorTool="{tool}"' if tool else ""
    return _PACKET.format(tool=said, address=_ADDRESS, word=statement.source_type).encode()


def _metadata(data: bytes) -> bytes:
    """The XMP packets and the manifest of a file, one after another."""
    found, room = [], _MOST_READ
    for piece in _pieces(data):
        found.append(piece[:room])
        room -= len(found[-1])
        if room <= 0:
            break
    return b"".join(found)


def _pieces(data: bytes) -> Iterator[bytes]:
    match media_type(data):
        case "image/jpeg":
            for marker, content in jpeg_segments(data):
                if marker == _APP1 and content.startswith(_XMP_IN_JPEG):
                    yield content[len(_XMP_IN_JPEG) :]
                elif marker == _APP11 and content[:2] == b"JP":
                    yield content[8 if content[4:8] == b"\0\0\0\1" else 16 :]  # what is split repeats its box's head
        case "image/png":
            for name, content in png_chunks(data):
                if name == b"caBX":
                    yield content
                elif name == b"iTXt" and content.startswith(_XMP_IN_PNG):
                    yield _text_of_png(content[len(_XMP_IN_PNG) :])
        case "image/webp":
            yield from (content for name, content in webp_chunks(data) if name in (b"XMP ", b"C2PA"))


def _text_of_png(content: bytes) -> bytes:
    """The text of an international text chunk, unpacked no further than we read."""
    _, _, text = content[2:].partition(b"\0")
    _, _, text = text.partition(b"\0")
    if content[:1] != b"\1":
        return text
    try:
        return zlib.decompressobj().decompress(text, _MOST_READ)
    except zlib.error:
        return b""


def _tool(metadata: bytes) -> str:
    """The name of the program that wrote the statement."""
    claim = _TOOL_IN_CLAIM.search(metadata)
    raw = _cbor_text(metadata, claim.end()) if claim else b""
    if not raw and (found := _TOOL_IN_XMP.search(metadata)):
        raw = found[1]
    words = "".join(filter(_is_plain, unescape(raw.decode("utf-8", "ignore")))).split()
    return " ".join(words)[:_LONGEST_TOOL].encode()[:_MOST_OF_TOOL].decode("utf-8", "ignore").rstrip()


def _is_plain(character: str) -> bool:
    """Whether a character means itself wherever it stands, and is seen."""
    return character not in _MARKUP and (character.isprintable() or character.isspace())


def _cbor_text(data: bytes, at: int) -> bytes:
    """The text that begins here, if one does."""
    sign = data[at] if at < len(data) else 0
    if _TEXT <= sign < _TEXT_OF_BYTE:
        start, size = at + 1, sign - _TEXT
    elif sign in (_TEXT_OF_BYTE, _TEXT_OF_TWO):
        start = at + 2 + sign - _TEXT_OF_BYTE
        size = int.from_bytes(data[at + 1 : start], "big")
    else:
        return b""
    return data[start : start + size]
