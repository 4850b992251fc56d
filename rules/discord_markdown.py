"""One line of text in Discord's Markdown: what was literal stays literal, what was styled stays styled.

Discord reads Markdown with patterns of its own. What matters here: a backslash before punctuation makes it literal,
but not in code; block signs count at the beginning of a line, with a space behind; a masked link wants `](`;
mentions, times and custom emoji want `<` and their sign side by side.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from rules.spans import CODE, EMPHASIS, STRIKE, STRONG, is_visible

APART = "\N{ZERO WIDTH SPACE}"
"""Stands where two signs must not meet."""

_SIGNS = frozenset((EMPHASIS, STRONG, STRIKE, CODE))
_PLAIN = frozenset[str]()

_URL = r"(?P<url>https?://[^\s<>]+(?<![.,;:!?'\")\]}\u2019\u201d\u2026]))"
_SPECIAL = r"""
      [\\`*_<]
    | (?<=<)@                                 # mentions, also for whoever searches the raw text
    | (?<=])\(                                # the middle of a masked link
    | ~(?=~) | (?<=~)~ | \A~ | ~\Z            # strikes
    | \|(?=\|) | (?<=\|)\|                    # spoilers
    | :(?![0-9]{1,2}:)(?=[\w+-]{1,64}:)       # :emoji:, but not 10:30:45
"""
_IN_TEXT = re.compile(f"{_URL} | {_SPECIAL}", re.VERBOSE)
_BESIDE_LINKS = re.compile(rf"{_URL} | {_SPECIAL} | \[", re.VERBOSE)
_IN_ODD_URL = re.compile(rf"{_SPECIAL} | \[", re.VERBOSE)
_IN_CODE = re.compile(r"<(?=@)|](?=\()")
_ODD_IN_URL = re.compile(r"[*\\`]|~~|\|\||@(?:everyone|here)")
"""What an address in the text may not hold, to be left as it is."""

_WEB_LINK = re.compile(r"https?://[^\s<>]+\Z", re.IGNORECASE)
_NO_LINK_TEXT = re.compile(r"[\[\]]|://")
"""Discord shows no link whose text has brackets or looks like a link itself."""
_CROWD = re.compile(r"@(?=everyone|here)")
_LINE_SIGN = re.compile(r"(\d{1,9})(?=[.)](?:\s|\Z))|(?=#{1,3}(?:\s|\Z)|-#?(?:\s|\Z)|\+(?:\s|\Z)|>|(?:=+|-+)\Z)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text in one set of styles; a link's style is its target."""

    text: str
    styles: frozenset[str] = _PLAIN


def size(text: str) -> int:
    """How long a text is to Discord, at most: some of it counts UTF-16 units, which are never fewer than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def web_link(href: str, longest: int) -> str:
    """The target as it can stand in a masked link; empty where it is not for the web, or too long."""
    if not _WEB_LINK.match(href):
        return ""
    target = quote(href, safe="%/:=&?#+!$,;'@", errors="replace").replace("~~", "%7E%7E")
    target = _CROWD.sub("%40", target)
    return target if len(target) <= longest else ""


def with_live_links(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """A line whose links are those that Discord shows as such; the others become their text."""
    for target, group in groupby(pieces, key=lambda piece: piece.styles - _SIGNS):
        linked = list(group)
        dead = target if _NO_LINK_TEXT.search("".join(piece.text for piece in linked)) else _PLAIN
        yield from (Piece(piece.text, piece.styles - dead) for piece in linked)


def write(pieces: Iterable[Piece]) -> str:
    """One line of Discord's Markdown; the pieces hold no line breaks. Every sign that is opened is closed."""
    tidy = list(_tidied(pieces))
    special = _IN_TEXT if all(_SIGNS.issuperset(piece.styles) for piece in tidy) else _BESIDE_LINKS
    line, opened, closed = "", list[str](), False
    for at, piece in enumerate(tidy):
        while opened and (opened[-1] == CODE or not piece.styles.issuperset(opened)):
            line, closed = _closed(line, opened.pop()), True
        missing = _PLAIN if piece.text.isspace() else piece.styles.difference(opened)
        for style in _opening_order(tidy, at, missing):
            sign = style if style in _SIGNS else "["
            line += APART + sign if closed and line[-1] == sign[0] else sign
            closed = False
            opened.append(style)
        line, closed = line + _literal(piece, special), False
    line = reduce(_closed, reversed(opened), line).lstrip(" \t").rstrip()
    if _LINE_SIGN.match(line):
        line = _LINE_SIGN.sub(r"\1\\", line, count=1)
    return _CROWD.sub("@" + APART, line)


def _opening_order(pieces: Sequence[Piece], at: int, styles: Iterable[str]) -> list[str]:
    """What ends last is opened first; code is always innermost."""

    def reach(style: str) -> int:
        end = at
        while end < len(pieces) and style in pieces[end].styles:
            end += 1
        return end

    return sorted(styles, key=lambda style: (style == CODE, -reach(style), style))


def _closed(line: str, style: str) -> str:
    if style == STRIKE and line.endswith("~"):  # Discord knows no backslash in there
        line += APART
    return line + (style if style in _SIGNS else f"](<{style}>)")


def _literal(piece: Piece, special: re.Pattern[str]) -> str:
    """A piece's text, so that Discord shows just that."""
    if CODE in piece.styles:
        return _IN_CODE.sub(rf"\g<0>{APART}", piece.text)
    return special.sub(_escaped, piece.text)


def _escaped(found: re.Match[str]) -> str:
    url = found.groupdict().get("url")
    if not url:
        return "\\" + found[0]
    return _IN_ODD_URL.sub(_escaped, url) if _ODD_IN_URL.search(url) else f"<{url}>"


def _tidied(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours in the same styles become one, and space moves out of the styles that begin or end beside it."""
    writable = (piece for piece in map(_writable, pieces) if piece.text)
    before, space = _PLAIN, ""
    for styles, group in groupby(writable, key=attrgetter("styles")):
        text = "".join(piece.text for piece in group)
        core = text if CODE in styles else text.strip()
        if not core:
            space += text
            continue
        left, _, right = text.partition(core)
        if space + left:
            yield Piece(space + left, before & styles)
        yield Piece(core, styles)
        before, space = styles, right


def _writable(piece: Piece) -> Piece:
    """A piece in the styles that Discord can show of it: in code there are none, and code holds no backticks."""
    if CODE not in piece.styles:
        return piece
    is_code = "`" not in piece.text and is_visible(piece.text)
    return Piece(piece.text, piece.styles - {EMPHASIS, STRONG, STRIKE} - (set() if is_code else {CODE}))
