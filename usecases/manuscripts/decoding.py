"""Bytes to text, and what bytes are when they are not text."""

import codecs
import contextlib
from enum import StrEnum

from usecases.refusals import Unreadable, UnreadableManuscriptError


class Found(StrEnum):
    """What a file really is, when it is not what its name says."""

    ARCHIVE = "archive"
    """A zip: also a .docx, .odt or .epub under another name."""
    ENCRYPTED = "encrypted"
    """An Office document behind a password."""
    OLD_WORD = "old_word"
    """A .doc of Word 97 to 2003, or another Office file of its time."""
    RICH_TEXT = "rich_text"
    PDF = "pdf"
    HTML = "html"
    IMAGE = "image"
    PROGRAM = "program"
    OTHER_ENCODING = "other_encoding"
    """Perhaps text, but in no encoding that we can tell."""
    UNKNOWN = "unknown"


_SIGNATURES = (
    (b"PK\x03\x04", Found.ARCHIVE),
    (b"PK\x05\x06", Found.ARCHIVE),  # an empty one
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Found.OLD_WORD),
    (b"{\\rtf", Found.RICH_TEXT),
    (b"%PDF-", Found.PDF),
    (b"<!doctype html", Found.HTML),
    (b"<html", Found.HTML),
    (b"\x89PNG", Found.IMAGE),
    (b"\xff\xd8\xff", Found.IMAGE),
    (b"GIF8", Found.IMAGE),
    (b"MZ\x90", Found.PROGRAM),
    (b"\x7fELF", Found.PROGRAM),
)
_LONGEST_SIGNATURE = 64
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a document that asks for a password ([MS-OFFCRYPTO] 2.3)."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be")
"""The only encodings in which text has zero bytes."""
_OLD = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "koi8_r", "koi8_u", "cp866", "mac_roman", "mac_cyrillic"),
    *("cp932", "euc_jp", "gb18030", "big5", "big5hkscs", "cp949"),
)
"""What editors wrote before UTF-8: Windows' own, and those of the web's first years."""
_LIKELIER = ("cp1252", "cp1254")
"""Of encodings that fit equally well, the one in which most was written."""
_WESTERN, _FEW = "cp1252", 0.03
"""With so few letters beyond ASCII (quotation marks, a café), there is too little to tell anything else from."""
_ASCII = bytes(range(0x80))
_JAPANESE_MAIL = b"\x1b$"
"""ISO-2022-JP shifts with it, and has no byte beyond ASCII."""
_NEWLINES = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
_CONTROLS = dict.fromkeys([*range(1, 9), *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F])
_JUNK = dict.fromkeys([*range(9), *range(0x0E, 0x1C), 0x1F, 0x7F, 0xFEFF, 0xFFFC, *range(0xD800, 0xE000)])
"""Control characters, stray byte order marks, our own placeholder, and half surrogates, which no database takes."""


def sniff(data: bytes) -> Found | None:
    """What the first bytes say this is; `None` when they don't."""
    head = data[:_LONGEST_SIGNATURE].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for signature, found in _SIGNATURES:
        if head.startswith(signature.lower()):
            encrypted = found is Found.OLD_WORD and _ENCRYPTED_STREAM in data
            return Found.ENCRYPTED if encrypted else found
    return None


def decode(data: bytes, expected: Found | None = None) -> str:
    """A text in any encoding, with tidy newlines.

    A byte order mark says which; else it is UTF-8 if it can be. What is neither, old editors wrote in an encoding of
    their language: which one is told from how its letters follow each other, and the author sees in the preview
    whether that was right.

    Args:
        data: the whole text.
        expected: what it may look like all the same, such as HTML.

    Raises:
        UnreadableManuscriptError: `not_text`.
    """
    found = sniff(data)
    if found is not None and found is not expected:
        raise UnreadableManuscriptError(Unreadable.NOT_TEXT, found=found)
    mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if not mark and ("\0" in text or _JAPANESE_MAIL in data):
        text = _guessed(data)
    if "\0" in text or _is_noise(text):
        found = Found.UNKNOWN if b"\0" in data else Found.OTHER_ENCODING
        raise UnreadableManuscriptError(Unreadable.NOT_TEXT, found=found)
    return tidy(text)


def _guessed(data: bytes) -> str:
    """The text in the encoding that its letters speak for; a zero character when none does."""
    import charset_normalizer  # noqa: PLC0415 - a twentieth of a second, and nearly all is UTF-8

    few = len(data.translate(None, _ASCII)) < len(data) * _FEW
    for likely in ("iso2022_jp",) if _JAPANESE_MAIL in data else (_WESTERN,) if few and b"\0" not in data else ():
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(likely)
    matches = list(charset_normalizer.from_bytes(data, cp_isolation=[*(_WIDE if b"\0" in data else _OLD)]))
    if not matches:
        return "\0"
    best = matches[0]
    equal = [each.encoding for each in matches if (each.chaos, each.coherence) == (best.chaos, best.coherence)]
    return data.decode(next((name for name in _LIKELIER if name in equal), best.encoding), "replace")


def _is_noise(text: str) -> bool:
    """Whether there are more control characters than a slip of an editor explains."""
    controls = len(text) - len(text.translate(_CONTROLS))
    return controls > max(2, len(text) // 1000)


def tidy(text: str) -> str:
    """One kind of newline, the line feed, and none of the characters that nobody can see, type or store."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEWLINES).translate(_JUNK)
