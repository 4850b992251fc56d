"""The process of `apart`: reads a file from its input and says on its output what it holds, or cleans images."""

import contextlib
import json
import os
import sys
import traceback

from usecases.cleaning import clean_image
from usecases.manuscripts import extension_of, read_book, read_manuscript
from usecases.manuscripts.apart import (
    MOST_CPU,
    MOST_FILES,
    MOST_MEMORY,
    packed_book,
    packed_images,
    packed_refusal,
)
from usecases.manuscripts.clean import book_with_clean_images, with_clean_images
from usecases.manuscripts.forms import Book, BookChapter
from usecases.refusals import UnacceptableImageError, Unreadable, UnreadableManuscriptError

_HARMLESS = ("os.listdir", "os.scandir")
_FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "tempfile.", "ctypes.", "urllib.", "webbrowser.", "pty.")


def main() -> None:
    """Read a line that says what is wanted, and the files after it; answer."""
    request = json.loads(sys.stdin.buffer.readline())
    if "images" not in request:
        _load(extension_of(request.get("filename", ".zip")))
    _limit()
    sys.addaudithook(_refuse)
    try:
        if "images" in request:
            answer = packed_images([clean_image(sys.stdin.buffer.read(size), name) for name, size in request["images"]])
        else:
            answer = packed_book(_read(request, sys.stdin.buffer.read()))
    except (UnreadableManuscriptError, UnacceptableImageError) as error:
        answer = packed_refusal(error)
    except (MemoryError, RecursionError):
        answer = packed_refusal(UnreadableManuscriptError(Unreadable.GIVEN_UP, measure="memory"))
    except Exception as error:  # noqa: BLE001 - a fault of ours is told where it can be logged, without anybody's text
        at = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {at.filename}:{at.lineno}"
        answer = packed_refusal(UnreadableManuscriptError(Unreadable.GIVEN_UP, measure="crash", fault=fault))
    sys.stdout.buffer.write(answer)


def _read(request: dict[str, str], data: bytes) -> Book:
    if "filename" not in request:
        return book_with_clean_images(read_book(data))
    name = request["filename"]
    return Book("", (BookChapter("", with_clean_images(read_manuscript(name, data), name)),))


def _load(extension: str) -> None:
    """Import what this kind needs while that is still like any import, and may be kept as byte code."""
    if extension in (".docx", ".zip"):
        import mammoth  # noqa: F401, PLC0415 - see above
    if extension not in (".docx", ".odt"):
        import usecases.manuscripts.epub  # noqa: F401, PLC0415 - see above


def _limit() -> None:
    """Let the operating system end this process when it takes too much; Windows has no such limits."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 - see above

        for kind, limit in (
            (resource.RLIMIT_AS, MOST_MEMORY),
            (resource.RLIMIT_CPU, MOST_CPU),
            (resource.RLIMIT_NOFILE, MOST_FILES),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # a lower one holds already
                resource.setrlimit(kind, (limit, limit))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse whatever no reader has to do: connections, processes, and changes to the disk."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or (event.startswith(_FORBIDDEN) and event not in _HARMLESS):
        raise PermissionError(event)


if __name__ == "__main__":
    main()
