"""Reading a stranger's file in a process of its own, within limits that the operating system keeps.

What is hostile enough to get past every check of ours costs that process its memory and time, and nobody else's. It
gets the file and gives back what it read; it has no connection, writes no file, and knows nothing of our environment.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from whenever import Date

from usecases.manuscripts import STRUCTURED, extension_of, read_manuscript
from usecases.manuscripts.forms import Book, BookChapter, Image, Manuscript
from usecases.refusals import Unreadable, UnreadableManuscriptError

LONGEST_WAIT = 60
"""Seconds of the clock for one file; its processor's time (`MOST_CPU`) is over long before, unless the machine is."""
MOST_CPU = 20
"""Seconds of a processor for one file; the worst one that is still read takes about six."""
MOST_MEMORY = 512 * 1024 * 1024
"""Bytes of address space for one file; the heaviest that is still read takes less than half."""
MOST_FILES = 32
"""Files the process may have open at a time."""

_ROOT = str(Path(__file__).parents[2])
_KEPT = ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
"""What a Python needs of our environment to start; the token stays here."""


def read_manuscript_apart(filename: str, data: bytes) -> Manuscript:
    """`read_manuscript`, in a process of its own unless it holds nothing but text. Takes long: call in a thread.

    Raises:
        UnreadableManuscriptError: as `read_manuscript`, or `given_up`.
    """
    if extension_of(filename) not in STRUCTURED:
        return read_manuscript(filename, data)
    book = _read({"filename": filename}, data)
    return book.chapters[0].manuscript


def read_book_apart(data: bytes) -> Book:
    """`read_book`, in a process of its own. Takes long: call in a thread.

    Raises:
        UnreadableManuscriptError: as `read_book`, or `given_up`.
    """
    return _read({}, data)


def _read(request: dict[str, str], data: bytes) -> Book:
    command = [sys.executable, "-P", "-m", "usecases.manuscripts"]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONPATH": _ROOT}
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what is a stranger's goes in by its input
            command,
            input=json.dumps(request).encode() + b"\n" + data,
            capture_output=True,
            check=False,
            timeout=LONGEST_WAIT,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableManuscriptError(Unreadable.GIVEN_UP, measure="time") from error
    if done.returncode:
        raise UnreadableManuscriptError(Unreadable.GIVEN_UP, measure="crash", fault=f"exit {done.returncode}")
    return _unpacked(done.stdout)


def packed_book(book: Book) -> bytes:
    """What the process says when it could read the file: a line of JSON, and all images after it."""
    chapters = [
        {
            "title": chapter.title,
            "date": chapter.date.format_iso() if chapter.date else None,
            "markdown": chapter.manuscript.markdown,
            "images": [(len(image.data), image.media_type, image.alt) for image in chapter.manuscript.images],
        }
        for chapter in book.chapters
    ]
    images = b"".join(image.data for chapter in book.chapters for image in chapter.manuscript.images)
    return _line({"title": book.title, "chapters": chapters}) + images


def packed_refusal(error: UnreadableManuscriptError) -> bytes:
    """What the process says when the file cannot be taken in."""
    return _line({"reason": error.reason, "facts": error.facts})


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _unpacked(said: bytes) -> Book:
    line, _, images = said.partition(b"\n")
    told = json.loads(line)
    if "reason" in told:
        raise UnreadableManuscriptError(Unreadable(told["reason"]), **told["facts"])
    at = 0

    def image(size: int, media_type: str, alt: str | None) -> Image:
        nonlocal at
        at += size
        return Image(images[at - size : at], media_type, alt)

    return Book(
        told["title"],
        tuple(
            BookChapter(
                chapter["title"],
                Manuscript(chapter["markdown"], tuple(image(*each) for each in chapter["images"])),
                Date.parse_iso(chapter["date"]) if chapter["date"] else None,
            )
            for chapter in told["chapters"]
        ),
    )
