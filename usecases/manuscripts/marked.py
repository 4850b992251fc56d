"""Markdown files: kept as typed, without what was never meant to be read; images become blocks of their own.

Google Docs writes each image into the file itself, as a link definition below the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from urllib.parse import unquote

from rules.blocks import Block, BlockKind, read
from rules.spans import Role, Span, is_visible
from usecases.manuscripts.forms import Manuscript
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.markup import escape
from usecases.manuscripts.spans import ATOM

_FRONT_MATTER_LINE = re.compile(r"\s*$|\s+\S|[#\[\]]|- |[^\s:#][^:]*:(?:\s|$)|[\w.\"-]+\s*=")
"""A line of YAML or TOML as people write it above a text: empty, indented, a comment, an item, a table, or a pair."""
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_PAIR = re.compile(r"(?P<key>[\w-]+)\s*[:=]\s*(?P<value>\S.*?)\s*")
_COMMENT_OR_CODE = re.compile(r"<!--|^ {0,3}(?P<fence>`{3,}|~{3,})", re.MULTILINE)


_EMBEDDED = re.compile(r"(?:(?<=[(<])|(?<=\]: ))data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]+")
_PLACE = re.compile(rf"{ATOM}([0-9]{{1,6}})")
"""What stands for an embedded image while we look for images: its address, which is megabytes, has this number."""
_PLACE_LINE = re.compile(rf"^ {{0,3}}\[[^\]\n]*\]:[ \t]*<?{_PLACE.pattern}>?[ \t]*(?:\n|$)", re.MULTILINE)
_NETWORK = re.compile(r"https?://", re.IGNORECASE)


def read_marked(text: str, bounded: Callable[[str], str]) -> Manuscript:
    """A Markdown text without front matter and HTML comments.

    Args:
        text: tidy text (see `decoding.tidy`).
        bounded: refuses a text that is too long; asked when embedded images are out of it.

    Raises:
        UnreadableManuscriptError: `too_many_images`, or what `bounded` raises.
    """
    addresses: list[str] = []

    def placed(address: re.Match[str]) -> str:
        addresses.append(address[0])
        return f"{ATOM}{len(addresses) - 1}"

    text = bounded(_EMBEDDED.sub(placed, text))
    text = _without_comments(without_front_matter(text)).strip("\n")
    gallery = Gallery()
    for _ in range(2 if "![" in text else 0):  # what is taken out may leave a definition behind, and so new images
        text = _edited(text, sorted(_edits(text, gallery, addresses), key=lambda edit: edit[:2]))
    if addresses:
        text = _PLACE_LINE.sub("", text).rstrip("\n")
        text = _PLACE.sub(lambda place: addresses[int(place[1])], text)
    return Manuscript(text, gallery.images, gallery.unshown)


def _edits(text: str, gallery: Gallery, addresses: list[str]) -> Iterator[tuple[int, int, str]]:
    """What takes the place of each image in its paragraph, and where the block goes that shows it.

    That block parts no paragraph: it stands before the one that the image begins, and after any other, outside of
    quotes, lists and notes.

    Yields:
        Start, end and what shall stand there instead.
    """
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    blocks = read(text)
    own = {f"image:{number + 1}" for number in range(len(gallery.images))}
    ends = {block.place.top: starts[block.end_line] - 1 for block in blocks}
    for block in blocks:
        begins = block.place.top == block.first_line and block.kind in (BlockKind.PARAGRAPH, BlockKind.IMAGE)
        for span in block.spans:
            begins = begins and not is_visible(span.shown)
            if span.role is not Role.IMAGE or span.href in own:
                continue
            start, end = (_offset(block, at, lines, starts) for at in (span.start, span.end))
            place = _PLACE.fullmatch(unquote(span.href))
            source = "".join(addresses[int(place[1]) :][:1]) if place else span.href
            shown = gallery.show(source, span.text)
            if not shown and not _NETWORK.match(source):
                gallery.leave_out(source, span.text)
            yield start, end, "" if shown else _without_image(span)
            if shown and begins:
                yield starts[block.place.top], starts[block.place.top], f"{shown}\n\n"
            elif shown:
                yield ends[block.place.top], ends[block.place.top], f"\n\n{shown}\n"


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    kept, last = [], 0
    for start, end, written in edits:
        kept += [text[last:start], written]
        last = end
    return "".join([*kept, text[last:]])


def _without_image(image: Span) -> str:
    """A link to an image on the network, and the alt text of any other."""
    alt = escape(image.text, keep="")
    if _NETWORK.match(image.href):
        return f"[{alt or escape(image.href, keep='')}]({image.href})"
    return alt


def _offset(block: Block, at: int, lines: list[str], starts: list[int]) -> int:
    """Where a place in a block's content is in the whole text."""
    before = block.content[:at].split("\n")
    number = block.first_line + len(before) - 1
    line = block.content.split("\n")[len(before) - 1]
    return starts[number] + lines[number].rfind(line) + len(before[-1])


def front_matter(text: str) -> dict[str, str]:
    """The plain `key: value` and `key = value` lines of a text's front matter, with keys in lower case."""
    kept = without_front_matter(text)
    found = (_PAIR.fullmatch(line) for line in text[: len(text) - len(kept)].split("\n"))
    return {pair["key"].lower(): pair["value"].strip("\"'") for pair in found if pair}


def without_front_matter(text: str) -> str:
    """Only what stands between fences, the first in the very first line, and only if it looks like YAML or TOML."""
    first, *lines = text.split("\n")
    fences = _FENCES.get(first.rstrip(), ())
    for at, line in enumerate(lines if fences else ()):
        if line.rstrip() in fences:
            has_key = any(":" in line or "=" in line for line in lines[:at])
            return "\n".join(lines[at + 1 :]) if has_key or not at else text
        if not _FRONT_MATTER_LINE.match(line):
            return text
    return text


def _without_comments(text: str) -> str:
    """An HTML comment is a note to self. One that never ends is text, and in a code block it is an example."""
    kept: list[str] = []
    at = 0
    while mark := _COMMENT_OR_CODE.search(text, at):
        fence = mark["fence"]
        if fence:
            closing = re.compile(rf"^ {{0,3}}{fence}+[ \t]*$", re.MULTILINE).search(text, mark.end())
            end = closing.end() if closing else len(text)
            kept.append(text[at:end])
            at = end
            continue
        end = text.find("-->", mark.start() + len("<!"))
        if end < 0:
            break
        kept.append(text[at : mark.start()])
        at = end + len("-->")
    return "".join([*kept, text[at:]])
