"""Reading a stranger's file in a process of its own, within limits that the operating system keeps.

What is hostile enough to get past every check of ours costs that process its memory and time, and nobody else's. It
gets the file and gives back what it read; it has no connection, writes no file, and knows nothing of our environment.
There too, images lose what they tell of a person or a place (`usecases.cleaning`): none comes back as it was.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from whenever import Date

from rules.images import Unshown
from usecases.manuscripts import STRUCTURED, extension_of, read_manuscript
from usecases.manuscripts.clean import embedded_name
from usecases.manuscripts.forms import Book, BookChapter, Image, Manuscript
from usecases.refusals import UnacceptableImageError, Unfit, Unreadable, UnreadableManuscriptError

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
    """`read_manuscript`, in a process of its own as far as it is more than text. Takes long: call in a thread.

    Raises:
        UnreadableManuscriptError: as `read_manuscript`, or `given_up`.
        UnacceptableImageError: one of its images is broken.
    """
    if extension_of(filename) in STRUCTURED:
        return _book(_answer_of({"filename": filename}, data)).chapters[0].manuscript
    return clean_manuscript_apart(filename, read_manuscript(filename, data))


def clean_manuscript_apart(filename: str, read: Manuscript) -> Manuscript:
    """What was read of a text file, with its images clean; only those take a process of its own, and long.

    Raises:
        UnacceptableImageError: one of them is broken.
    """
    named = [(embedded_name(number, filename), one.data) for number, one in enumerate(read.images, start=1)]
    clean = clean_images_apart(named)
    images = (replace(one, data=data) for one, data in zip(read.images, clean, strict=True))
    return replace(read, images=tuple(images))


def read_book_apart(data: bytes) -> Book:
    """`read_book`, in a process of its own. Takes long: call in a thread.

    Raises:
        UnreadableManuscriptError: as `read_book`, or `given_up`.
        UnacceptableImageError: one of its images is broken.
    """
    return _book(_answer_of({}, data))


def clean_images_apart(images: Sequence[tuple[str, bytes]]) -> tuple[bytes, ...]:
    """`clean_image` of each, in a process of its own. Takes long: call in a thread.

    Args:
        images: what each is called, and its file.

    Raises:
        UnacceptableImageError: one of them is no image that Discord shows, or broken; or it is `given_up`.
    """
    if not images:
        return ()
    request = {"images": [(name, len(data)) for name, data in images]}
    try:
        answer = _answer_of(request, b"".join(data for _, data in images))
    except UnreadableManuscriptError as error:
        name = images[0][0] if len(images) == 1 else ""
        raise UnacceptableImageError(Unfit.GIVEN_UP, name) from error
    line, _, clean = answer.partition(b"\n")
    return tuple(_split(clean, json.loads(line)["sizes"]))


def _answer_of(request: dict[str, Any], data: bytes) -> bytes:
    """What the process says, if it is no refusal."""
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
    told = json.loads(done.stdout.partition(b"\n")[0])
    if "unfit" in told:
        raise UnacceptableImageError(Unfit(told["unfit"]), told["name"], **told["facts"])
    if "reason" in told:
        raise UnreadableManuscriptError(Unreadable(told["reason"]), **told["facts"])
    return done.stdout


def packed_book(book: Book) -> bytes:
    """What the process says when it could read the file: a line of JSON, and all images after it."""
    chapters = [
        {
            "title": chapter.title,
            "date": chapter.date.format_iso() if chapter.date else None,
            "markdown": chapter.manuscript.markdown,
            "images": [(len(image.data), image.media_type, image.alt) for image in chapter.manuscript.images],
            "unshown": [astuple(one) for one in chapter.manuscript.unshown],
        }
        for chapter in book.chapters
    ]
    images = b"".join(image.data for chapter in book.chapters for image in chapter.manuscript.images)
    return _line({"title": book.title, "chapters": chapters}) + images


def packed_images(clean: Sequence[bytes]) -> bytes:
    """What the process says when all images are clean."""
    return _line({"sizes": [len(one) for one in clean]}) + b"".join(clean)


def packed_refusal(error: UnreadableManuscriptError | UnacceptableImageError) -> bytes:
    """What the process says when the file cannot be taken in."""
    if isinstance(error, UnacceptableImageError):
        return _line({"unfit": error.reason, "name": error.name, "facts": error.facts})
    return _line({"reason": error.reason, "facts": error.facts})


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _split(data: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size


def _book(said: bytes) -> Book:
    line, _, data = said.partition(b"\n")
    told = json.loads(line)
    files = _split(data, (size for chapter in told["chapters"] for size, _, _ in chapter["images"]))
    return Book(
        told["title"],
        tuple(
            BookChapter(
                chapter["title"],
                Manuscript(
                    chapter["markdown"],
                    tuple(Image(next(files), media_type, alt) for _, media_type, alt in chapter["images"]),
                    tuple(Unshown(*one) for one in chapter["unshown"]),
                ),
                Date.parse_iso(chapter["date"]) if chapter["date"] else None,
            )
            for chapter in told["chapters"]
        ),
    )
