"""The blocks of a manuscript, as L6 counts them and as pages show them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from markdown_it.token import Token
from markdown_it.utils import EnvType

from rules.dialect import LABEL, block_tokens
from rules.spans import INVISIBLE, Role, Span, is_visible, literal_spans, spans_of

SCENE_BREAK = "* * *"
"""What a rule shows."""

_LINE = r"[-\u2013\u2014=~*+.\u00b7\u2022\u25e6<>|/\\\s]+"
_ORNAMENT = re.compile(rf"{_LINE}(?:[0ox]|o[0o]o|xxx){_LINE}|o[0o]o|xxx", re.IGNORECASE)


class BlockKind(StrEnum):
    """What a block is to a reader."""

    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    """A paragraph in a quote."""
    ITEM = "item"
    """A paragraph in a list."""
    HEADING = "heading"
    DIVIDER = "divider"
    """A rule, a heading without words, or a paragraph of ornaments: nothing in it is a letter or a digit."""
    IMAGE = "image"
    """A paragraph of images, and ornaments at most."""
    CODE = "code"
    """Text in a fence, shown as typed."""
    FOOTNOTE = "footnote"
    """Any block of a footnote's text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands among quotes, lists and notes."""

    top: int
    """First line of the outermost quote, list or note around it, or its own."""
    quote: int | None = None
    """First line of the outermost quote around it."""
    group: int | None = None
    """First line of the outermost list around it."""
    indent: int = 0
    """Columns before its marker, or before its text where it has none."""
    marker: str = ""
    """What an item or note begins with, such as `- `, `3. ` or `[1] `; empty after its first block."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the manuscript; one that shows nothing is none."""

    kind: BlockKind
    text: str
    """What a reader sees, without images and note marks; hard breaks are newlines."""
    first_line: int
    end_line: int
    """The line after its last; lines count from 0."""
    content: str
    """Its Markdown without the signs of the block itself; its lines are the ends of the source's lines."""
    spans: tuple[Span, ...]
    place: Place
    level: int = 0
    """A heading's level, 1 to 6."""
    language: str = ""
    """What a code block says it is."""


def read(markdown: str) -> tuple[Block, ...]:
    """The blocks of a manuscript, in order. Every visible character is in exactly one of them."""
    return tuple(_blocks(*block_tokens(markdown)))


def is_prose(text: str) -> bool:
    """L6: whether it has a letter or a digit, and is no ornament that borrows one, such as `-o-` or `oOo`."""
    seen = INVISIBLE.sub("", text).strip()
    return any(map(str.isalnum, seen)) and not _ORNAMENT.fullmatch(seen)


@dataclass(slots=True)
class _List:
    """An open list."""

    line: int
    number: int | None = None
    """The next item's; `None` without numbers."""
    width: int = 0
    """Columns of the last item's marker."""


@dataclass(slots=True)
class _Nest:
    """The quotes, lists and notes that are open while walking through the tokens."""

    top: int = 0
    quotes: list[int] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    in_note: bool = False
    label: str = ""
    marker: str = ""

    def follow(self, token: Token) -> None:
        """Take one token's step in or out."""
        line = token.map[0] if token.map else 0
        match token.type:
            case "blockquote_open":
                self.quotes.append(line)
            case "blockquote_close":
                self.quotes.pop()
            case "bullet_list_open":
                self.lists.append(_List(line))
            case "ordered_list_open":
                self.lists.append(_List(line, int(token.attrs.get("start", 1))))
            case "list_item_open":
                self._begin_item(self.lists[-1])
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
                self.marker = ""
            case "note_open" | "note_close":
                self.in_note = token.type == "note_open"
                self.label = f"[{token.meta[LABEL]}] " if self.in_note else ""

    def _begin_item(self, around: _List) -> None:
        if around.number is None:
            self.marker = "- "
        else:
            self.marker = f"{around.number}. "
            around.number += 1
        around.width = len(self.marker)

    def take(self) -> Place:
        """The place of the next block, which uses up the marker."""
        marker, self.label, self.marker = self.label + self.marker, "", ""
        return Place(
            top=self.top,
            quote=self.quotes[0] if self.quotes else None,
            group=self.lists[0].line if self.lists else None,
            indent=sum(around.width for around in (self.lists[:-1] if marker else self.lists)),
            marker=marker,
        )


def _blocks(tokens: Sequence[Token], env: EnvType) -> Iterator[Block]:
    nest = _Nest()
    for index, token in enumerate(tokens):
        if token.level == 0 and token.map:
            nest.top = token.map[0]
        match token.type:
            case "paragraph_open" | "heading_open":
                block = _written(token, tokens[index + 1].content, nest, env)
            case "hr":
                block = _literal(BlockKind.DIVIDER, token, SCENE_BREAK, nest)
            case "fence":
                block = _literal(BlockKind.CODE, token, token.content.removesuffix("\n"), nest)
            case _:
                nest.follow(token)
                continue
        if is_visible(block.text) or any(span.role in (Role.IMAGE, Role.NOTE) for span in block.spans):
            yield block


def _written(token: Token, content: str, nest: _Nest, env: EnvType) -> Block:
    """A paragraph or a heading."""
    level = int(token.tag[1:]) if token.type == "heading_open" else 0
    if level and not content:
        return _literal(BlockKind.DIVIDER, token, token.markup, nest)
    spans = tuple(spans_of(content, env))
    text = "".join([span.shown for span in spans])
    place = nest.take()
    kind = BlockKind.HEADING if level else _kind(text, spans, place)
    return Block(BlockKind.FOOTNOTE if nest.in_note else kind, text, *_lines(token), content, spans, place, level)


def _kind(text: str, spans: Sequence[Span], place: Place) -> BlockKind:
    if not is_prose(text):
        return BlockKind.IMAGE if any(span.role is Role.IMAGE for span in spans) else BlockKind.DIVIDER
    if place.quote is not None:
        return BlockKind.QUOTE
    return BlockKind.PARAGRAPH if place.group is None else BlockKind.ITEM


def _literal(kind: BlockKind, token: Token, text: str, nest: _Nest) -> Block:
    """A rule or a fence."""
    kind = BlockKind.FOOTNOTE if nest.in_note else kind
    spans, language = tuple(literal_spans(text)), token.info.strip()
    return Block(kind, text, *_lines(token), text, spans, nest.take(), language=language)


def _lines(token: Token) -> tuple[int, int]:
    return (token.map[0], token.map[1]) if token.map else (0, 0)
