"""Hand changed files to a reader until the time is up: `python -m tests.fuzz [reader] --minutes N --seed S`.

Whatever the bytes, a text we can keep and show comes out, or an image as it would be kept, or a refusal, within the
limits of one file. A failure
prints its reader and seed, which make the same file again.
"""

import argparse
import contextlib
import itertools
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence

from rules.blocks import BlockKind, read
from rules.pages import pages
from rules.spans import Role
from tests.fuzz.mutations import changed, samples
from usecases.cleaning import clean_image, cleaned
from usecases.manuscripts import Manuscript, read_book, read_manuscript
from usecases.manuscripts.apart import MOST_CPU, MOST_MEMORY
from usecases.refusals import UnacceptableImageError, UnreadableManuscriptError

READERS = ("md", "txt", "docx", "odt", "html", "epub", "zip", "image")
_SHOWN = 20_000
"""Characters of a text that are also cut into messages, which is tested elsewhere and takes its time."""


def case(reader: str, seed: int) -> bytes:
    """The file of a seed."""
    rng = random.Random(f"{reader}{seed}")
    return changed(rng.choice(samples(reader)), rng)


def check(reader: str, data: bytes) -> None:
    """Read a file, and look at what came out; raises whatever is not a refusal."""
    began = time.process_time()
    with contextlib.suppress(UnreadableManuscriptError, UnacceptableImageError):
        if reader == "image":
            clean = read_image(data)
            assert cleaned(clean) == clean, "a clean file is not clean"
        else:
            _check_text(reader, data)
    taken = time.process_time() - began
    assert taken < MOST_CPU / 2, f"{taken:.1f} s of a processor"


def _check_text(reader: str, data: bytes) -> None:
    if reader in ("epub", "zip"):
        for chapter in read_book(data).chapters:
            check_manuscript(chapter.manuscript)
    check_manuscript(read_manuscript(f"x.{reader}", data))


def read_image(data: bytes) -> bytes:
    """An image's file as it would be kept."""
    return clean_image(data, "x.png")


def check_manuscript(manuscript: Manuscript) -> None:
    """L6: a text that can be kept and shown, in which each image is a block of its own and belongs to the file."""
    assert manuscript.markdown.encode()
    assert "\0" not in manuscript.markdown
    shown: dict[str, None] = {}
    for block in read(manuscript.markdown):
        images = [span.href for span in block.spans if span.role is Role.IMAGE]
        assert not images or (block.kind is BlockKind.IMAGE and len(images) == 1), block
        shown |= dict.fromkeys(images)
    assert [*shown] == [f"image:{number}" for number in range(1, len(manuscript.images) + 1)], (
        shown,
        manuscript.images,
    )
    if len(manuscript.markdown) < _SHOWN:
        pages(manuscript.markdown)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, and go on until the time is up; 0 if nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("reader", nargs="?", choices=READERS, help="one of them; all by default")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, help="read the file of this seed alone")
    asked = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (2 * MOST_MEMORY, 2 * MOST_MEMORY))  # this process holds more than a reader
    readers = [asked.reader] if asked.reader else READERS
    first = random.SystemRandom().randrange(10**9) if asked.seed is None else asked.seed
    ends = time.monotonic() + asked.minutes * 60
    places: Counter[str] = Counter()
    read_ones = 0
    for seed in itertools.count(first):
        for reader in readers:
            read_ones += 1
            if place := failure(reader, seed):
                places[place] += 1
        if asked.seed is not None or time.monotonic() > ends:
            break
    sys.stdout.write(f"{read_ones} files read, {places.total()} failures in {len(places)} places\n")
    return 1 if places else 0


def failure(reader: str, seed: int) -> str | None:
    """Where the file of a seed fails, and tells it; `None` when it does not."""
    try:
        check(reader, case(reader, seed))
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        at = traceback.extract_tb(error.__traceback__)[-1]
        sys.stdout.write(
            f"{reader} --seed {seed}: {type(error).__name__} in {at.filename}:{at.lineno}: {error!s:.200}\n"
        )
        return f"{at.filename}:{at.lineno}"
    return None


if __name__ == "__main__":
    sys.exit(main())
