"""Bytes to text, and what bytes are when they are not text."""

import codecs
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
    """Perhaps text, but neither UTF-8 nor UTF-16 with its mark."""
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
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEWLINES = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
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


def decode(data: bytes) -> str:
    """UTF-8, or UTF-8 or UTF-16 after its byte order mark, with tidy newlines.

    Raises:
        UnreadableManuscriptError: `not_text`.
    """
    found = sniff(data)
    if found is not None:
        raise UnreadableManuscriptError(Unreadable.NOT_TEXT, found=found)
    mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        found = Found.UNKNOWN if b"\0" in data else Found.OTHER_ENCODING
        raise UnreadableManuscriptError(Unreadable.NOT_TEXT, found=found) from error
    if "\0" in text:
        raise UnreadableManuscriptError(Unreadable.NOT_TEXT, found=Found.UNKNOWN)
    return tidy(text)


def tidy(text: str) -> str:
    """One kind of newline, the line feed, and none of the characters that nobody can see, type or store."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEWLINES).translate(_JUNK)
