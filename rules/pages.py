"""The messages in which a chapter appears on Discord (R1)."""

import re
from collections.abc import Collection, Iterable, Iterator

from rules.blocks import Block, BlockKind, read
from rules.breaks import written
from rules.discord_markdown import APART, Piece, size, web_link
from rules.prose import plain
from rules.spans import EMPHASIS, STRONG, Role, Span, is_visible

MESSAGE = 2_000
"""Characters that a message holds (Discord's reference: Create Message)."""
SMALLEST = 100
"""The least limit: room for the deepest list, every style, a link and some text."""

_DEEPEST_HEADING = 3
_WIDEST_INDENT = 20
_LINK_SHARE = 4
"""A link's target takes at most one part in so many of a message; a longer one is left out, its text stays."""

_FENCE = "```"
_LANGUAGE = re.compile(r"[\w+.#-]{1,20}", re.ASCII)
_DANGER_IN_CODE = re.compile(r"`(?=`)|<(?=@)|@(?=everyone|here)")
_KEPT = re.compile(r"image:([1-9][0-9]{0,3})", re.ASCII)
"""The address of an image that is kept beside the manuscript: its number."""

Page = str | int
"""One message of a chapter: a text, or the image of this number."""


def pages(markdown: str, *, title: str = "", images: Collection[int] = (), limit: int = MESSAGE) -> tuple[Page, ...]:
    """R1: the chapter as messages, in order, each text at most `limit` long as Discord counts.

    Nothing of the text is lost, and nothing in it becomes a mention, or markup that its author didn't write. A message
    ends between two blocks where that is possible, and headings stay with what they head. Footnotes come last, and a
    quote within a quote is a quote, since Discord has one level. An image that is kept beside the manuscript is a page
    of its own wherever it stands, or behind the text where it stands nowhere; any other is named where it stands.

    Args:
        markdown: the manuscript.
        title: the chapter's; a first heading that only repeats it is left out, since the title stands above.
        images: the numbers of those that are kept.
        limit: at least `SMALLEST`.
    """
    blocks = sorted(read(markdown), key=lambda block: block.kind is BlockKind.FOOTNOTE)
    if len(blocks) > 1 and blocks[0].kind is BlockKind.HEADING and plain(blocks[0].text) == plain(title) != "":
        blocks = blocks[1:]
    laid: list[Page] = []
    run: list[Block] = []
    for block in blocks:
        if numbers := _kept_images(block, images):
            laid += (*_texts(run, limit), *numbers)
            run = []
        else:
            run.append(block)
    laid += _texts(run, limit)
    return (*laid, *(number for number in sorted(images) if number not in laid))


def _texts(blocks: Iterable[Block], limit: int) -> Iterator[str]:
    """Blocks of text as messages."""
    stripped = (page.strip() for page in _packed(blocks, limit))
    return (page for page in stripped if is_visible(page))


def _kept_images(block: Block, images: Collection[int]) -> tuple[int, ...]:
    """The numbers of the kept images that a block of images shows."""
    if not images or block.kind is not BlockKind.IMAGE:
        return ()
    addresses = [_KEPT.fullmatch(span.href) for span in block.spans if span.role is Role.IMAGE]
    return tuple(number for address in addresses if address and (number := int(address[1])) in images)


def _packed(blocks: Iterable[Block], limit: int) -> Iterator[str]:
    """As many blocks in a message as fit."""
    page, headings, previous = "", 0, None
    for block in blocks:
        gap = _gap(previous, block)
        previous = block
        for number, part in enumerate(_parts(block, limit)):
            if page and (number or size(page + gap + part) > limit):
                kept, carried = page[:headings], page[headings:].lstrip("\n").removeprefix("> \n")
                if number or not kept or not carried or size(carried + gap + part) > limit:
                    kept, carried = page, ""
                yield kept
                page, headings = carried, 0
            page = page + gap + part if page else part
        if block.kind is not BlockKind.HEADING:
            headings = len(page)
    yield page


def _gap(previous: Block | None, block: Block) -> str:
    """What stands between two blocks of one message."""
    if previous is None:
        return ""
    before, place = previous.place, block.place
    if previous.kind is block.kind is BlockKind.FOOTNOTE:
        return "\n"
    if before.group is not None and before.group == place.group:
        return "\n"
    return "\n> \n" if before.quote is not None and before.quote == place.quote else "\n\n"


def _parts(block: Block, limit: int) -> list[str]:
    """A block as Discord's Markdown, in as few parts as fit a message each."""
    if block.kind is BlockKind.CODE:
        return _code_parts(block, limit)
    first, hanging = _prefixes(block)
    room = limit - max(len(first), len(hanging)) - 1
    parts: list[str] = []
    for line in _lines(block, longest_link=limit // _LINK_SHARE):
        for number, text in enumerate(written(line, room) or [""]):
            row = _row(hanging if parts else first, text, block.kind)
            if parts and number == 0 and size(parts[-1]) + size(row) < limit:
                parts[-1] += "\n" + row
            else:
                parts.append(row)
    return parts


def _prefixes(block: Block) -> tuple[str, str]:
    """What the first line of a block begins with, and each other one."""
    if block.kind is BlockKind.FOOTNOTE:
        return "-# ", "-# "
    place = block.place
    margin = ("> " if place.quote is not None else "") + " " * min(place.indent, _WIDEST_INDENT)
    sign = "#" * block.level + " " if 0 < block.level <= _DEEPEST_HEADING else ""
    return margin + place.marker + sign, margin + " " * len(place.marker) + sign


def _row(prefix: str, text: str, kind: BlockKind) -> str:
    if not text:
        return prefix if prefix.startswith(">") else ""
    if kind is BlockKind.HEADING and text.endswith("#"):
        text = text[:-1] + "\\#"  # Discord takes signs at a heading's end away
    return prefix + text


def _lines(block: Block, longest_link: int) -> list[list[Piece]]:
    """The lines of a block, as its author broke them."""
    is_note = block.kind is BlockKind.FOOTNOTE
    lines = [[Piece(block.place.marker)] if is_note else []]
    extra = frozenset((STRONG,)) if block.level > _DEEPEST_HEADING else frozenset()
    for span in block.spans:
        if span.role is Role.HARD_BREAK:
            lines.append([])
        elif span.role is not Role.SIGN:
            lines[-1].append(_piece(span, extra, longest_link))
    return lines


def _piece(span: Span, extra: frozenset[str], longest_link: int) -> Piece:
    match span.role:
        case Role.IMAGE:
            return Piece(f"[image: {span.text}]" if span.text else "[image]", frozenset((EMPHASIS,)))
        case Role.NOTE:
            return Piece(f"[{span.text}]")
    target = web_link(span.href, longest_link)
    return Piece(span.text, span.styles | extra | ({target} if target else set()))


def _code_parts(block: Block, limit: int) -> list[str]:
    """Code in fences, each part in its own."""
    margin = "> " if block.place.quote is not None else ""
    named = _LANGUAGE.match(block.language)
    opening, closing = f"{margin}{_FENCE}{named[0] if named else ''}\n", f"\n{margin}{_FENCE}"
    room = limit - len(opening) - len(closing)
    parts: list[str] = []
    for row in _code_rows(block.text, margin, room):
        if parts and size(parts[-1]) + size(row) < room:
            parts[-1] += "\n" + row
        else:
            parts.append(row)
    return [opening + part.strip("\n") + closing for part in parts if is_visible(part)]


def _code_rows(text: str, margin: str, room: int) -> Iterator[str]:
    step = (room - len(margin)) // 2  # two units for a character are the most
    for line in text.split("\n"):
        safe = _DANGER_IN_CODE.sub(lambda found: found[0] + APART, line)
        for at in range(0, max(len(safe), 1), step):
            yield margin + safe[at : at + step]
