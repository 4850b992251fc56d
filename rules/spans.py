"""The spans of a block: what each stretch of its Markdown shows, in which styles, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from markdown_it.token import Token
from markdown_it.utils import EnvType

from rules.dialect import END, span_tokens

EMPHASIS, STRONG, STRIKE, CODE = "*", "**", "~~", "`"
"""The styles of a span, each named by its sign."""

INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
"""Characters that take no place on the page: controls, zero-width ones, fillers, marks of direction."""

_STYLES = {"em": EMPHASIS, "strong": STRONG, "s": STRIKE}


class Role(StrEnum):
    """What a span is."""

    TEXT = "text"
    SOFT_BREAK = "soft_break"
    """A line's end that is only a space."""
    HARD_BREAK = "hard_break"
    IMAGE = "image"
    """Its text is the description; no part of the block's text."""
    NOTE = "note"
    """A footnote's mark, its text the label; no part of the block's text."""
    SIGN = "sign"
    """Markup that shows nothing, half of a pair."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a block's content: what it shows, and where it stands. Spans touch and cover the content."""

    role: Role
    text: str
    start: int
    end: int
    styles: frozenset[str] = frozenset()
    href: str = ""
    """Where the link around it leads; an image's own is where the image is."""
    pair: int = 0
    """Both signs of a pair share this number, from 1."""

    @property
    def shown(self) -> str:
        """What it adds to the block's text."""
        return "" if self.role in (Role.IMAGE, Role.NOTE, Role.SIGN) else self.text


def spans_of(content: str, env: EnvType) -> Iterator[Span]:
    """The spans of a block's content, in order; `env` comes with the block's tokens."""
    pen = _Pen(content)
    for token in span_tokens(content, env):
        if token.type != "text" or token.content:
            yield from pen.follow(token)


def literal_spans(text: str) -> Iterator[Span]:
    """The spans of a text that shows as it stands, line by line."""
    at = 0
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Span(Role.HARD_BREAK, "\n", at, at + 1)
            at += 1
        yield Span(Role.TEXT, line, at, at + len(line))
        at += len(line)


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return bool(INVISIBLE.sub("", text).strip())


@dataclass(slots=True)
class _Pen:
    """Walks along a block's content, token by token, and knows where it stands."""

    content: str
    at: int = 0
    pairs: int = 0
    styles: frozenset[str] = frozenset()
    href: str = ""
    opened: list[tuple[int, frozenset[str], str]] = field(default_factory=list)
    """For each sign that waits for its other half: the pair, and the styles and target around it."""

    def follow(self, token: Token) -> Iterator[Span]:
        """The spans of one token."""
        match token.type:
            case "text":
                yield self._span(Role.TEXT, self.at + len(token.content), token.content)
            case "text_special":
                yield self._span(Role.TEXT, self.at + len(token.markup), token.content)
            case "softbreak":
                yield self._span(Role.SOFT_BREAK, self._next_line(), " ")
            case "hardbreak":
                yield self._span(Role.HARD_BREAK, self._next_line(), "\n")
            case "code_inline":
                yield from self._code(token)
            case "image":
                yield replace(
                    self._span(Role.IMAGE, token.meta[END], _description(token)), href=str(token.attrs["src"])
                )
            case "note_mark":
                yield self._span(Role.NOTE, token.meta[END], token.content)
            case _:
                yield self._opening(token) if token.nesting > 0 else self._closing(token)

    def _span(self, role: Role, end: int, text: str = "", *, code: bool = False, pair: int = 0) -> Span:
        """The span from here to `end`, in the styles that are open."""
        start, self.at = self.at, end
        return Span(role, text, start, end, self.styles | {CODE} if code else self.styles, self.href, pair)

    def _next_line(self) -> int:
        end = self.content.index("\n", self.at) + 1
        while self.content[end : end + 1] in (" ", "\t"):
            end += 1
        return end

    def _code(self, token: Token) -> Iterator[Span]:
        self.pairs += 1
        pair, width, end = self.pairs, len(token.markup), token.meta[END]
        margin = (end - self.at - 2 * width - len(token.content)) // 2
        yield self._span(Role.SIGN, self.at + width + margin, pair=pair)
        yield self._span(Role.TEXT, end - width - margin, token.content, code=True)
        yield self._span(Role.SIGN, end, pair=pair)

    def _opening(self, token: Token) -> Span:
        self.pairs += 1
        width = 1 if token.type == "link_open" else len(token.markup)
        sign = self._span(Role.SIGN, self.at + width, pair=self.pairs)
        self.opened.append((self.pairs, self.styles, self.href))
        if style := _STYLES.get(token.tag):
            self.styles |= {style}
        self.href = self.href or str(token.attrs.get("href", ""))
        return sign

    def _closing(self, token: Token) -> Span:
        pair, self.styles, self.href = self.opened.pop()
        return self._span(Role.SIGN, token.meta.get(END, self.at + len(token.markup)), pair=pair)


def _description(image: Token) -> str:
    """An image's description, without markup, on one line."""
    parts = (" " if child.type.endswith("break") else child.content for child in image.children or ())
    return " ".join("".join(parts).split())
