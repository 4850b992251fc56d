"""Plain text to our one form: what looks like Markdown by chance stays what the author wrote.

`*so*`, `_so_` and `~~so~~` keep their meaning, since that is how people stress a word where they can't make it
italic. Everything else is text. How lines become paragraphs is decided by how the text was made (`_Layout`):

- A line longer than anybody wraps at, in a stanza of several: an editor with soft wrap; each line is a paragraph.
- No empty lines but around scene breaks: each line is a paragraph too, unless the text was wrapped.
- Wrapped (nearly every line ends where its next word had no room): lines are joined; an indented one begins anew.
- Else a stanza is verse, a list of names or an address, and keeps its lines; where each of its lines ends a
  sentence, it is a run of short paragraphs, as in dialogue.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from usecases.manuscripts.markup import SCENE_BREAK, escape, is_scene_break, paragraph

NARROWEST_WRAP = 50
WIDEST_WRAP = 100
"""Columns between which programs and people break lines by hand: mail at 72, old terminals at 80, code at 100."""
_FULL_SHARE = 0.8
"""Of the widest line, what a stanza must reach to be asked at all: verse between prose is narrower."""
_WRAPPED_SHARE = 0.8
"""Of all line ends within such stanzas, how many must be forced, before a text counts as wrapped."""

_STRESS = "*_~"
_ENDS_SENTENCE = re.compile(r"[.!?…:。！？؟।][\"'”’»«“)\]*_」』]*$")  # noqa: RUF001 - these are the signs meant
_CHAT_HEADING = re.compile(r"(?P<level>#{1,3})\s+(?P<title>.*\S)")
_CHAT_QUOTE = re.compile(r">(?:>>)?\s(?P<words>.*)")


class _Kind(Enum):
    TEXT = auto()
    BREAK = auto()
    HEADING = auto()
    QUOTE = auto()


@dataclass(frozen=True, slots=True)
class _Stanza:
    """Lines without an empty one between them; `parted` when an empty one stands before, and text before that."""

    kind: _Kind
    lines: tuple[str, ...]
    parted: bool


def read_plain(text: str, *, chat: bool = False) -> str:
    """A plain text as our form.

    Args:
        text: tidy text (see `decoding.tidy`).
        chat: it was typed or pasted into Discord, where `# ` makes a heading and `> ` a quote; both then do.
    """
    stanzas = list(_stanzas(text, chat=chat))
    layout = _Layout.of(stanzas)
    blocks: list[str] = []
    for stanza in stanzas:
        match stanza.kind:
            case _Kind.TEXT:
                blocks += [paragraph(escape(lines, _STRESS)) for lines in layout.paragraphs(stanza.lines)]
            case _Kind.QUOTE:
                quoted = paragraph(escape("\n".join(stanza.lines), _STRESS))
                blocks.append("\n".join(f"> {line}" for line in quoted.split("\n")))
            case _Kind.HEADING:
                blocks.append(escape(stanza.lines[0], _STRESS))
            case _Kind.BREAK if blocks[-1:] != [SCENE_BREAK]:
                blocks.append(SCENE_BREAK)
    return "\n\n".join(block for block in blocks if block)


def _stanzas(text: str, *, chat: bool) -> Iterator[_Stanza]:
    """The text cut at empty lines, scene breaks and, in a chat, headings and quotes."""
    lines: list[str] = []
    kind = before = _Kind.BREAK
    empty = False
    for line in [*text.split("\n"), ""]:
        meant, content = _meaning(line, chat=chat)
        if lines and (not content or meant is not kind or kind in (_Kind.BREAK, _Kind.HEADING)):
            yield _Stanza(kind, tuple(lines), parted=empty and kind is before is _Kind.TEXT)
            lines, before, empty = [], kind, False
        if content:
            kind = meant
            lines.append(content)
        else:
            empty = True


def _meaning(line: str, *, chat: bool) -> tuple[_Kind, str]:
    """What kind of stanza a line belongs to, and the line without its marks and its right margin."""
    if is_scene_break(line):
        return _Kind.BREAK, line
    if chat and (heading := _CHAT_HEADING.fullmatch(line.strip())):
        return _Kind.HEADING, f"{heading['level']} {heading['title']}"
    if chat and (quote := _CHAT_QUOTE.fullmatch(line.strip())):
        return _Kind.QUOTE, quote["words"].strip()
    return _Kind.TEXT, line.rstrip()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of one text were made."""

    by_line: bool
    """Each line is a paragraph."""
    width: int
    """The column at which lines were wrapped; 0 when they were not."""

    @classmethod
    def of(cls, stanzas: Iterable[_Stanza]) -> "_Layout":
        """Guess it from the whole text."""
        texts = [stanza for stanza in stanzas if stanza.kind is _Kind.TEXT]
        several = [stanza.lines for stanza in texts if len(stanza.lines) > 1]
        width = max((len(line) for lines in several for line in lines), default=0)
        if width > WIDEST_WRAP:
            return cls(by_line=True, width=0)
        prose = [lines for lines in several if max(map(len, lines)) > width * _FULL_SHARE]
        ends = [(line, _is_forced(line, after, width)) for lines in prose for line, after in pairwise(lines)]
        wrapped = (
            width >= NARROWEST_WRAP
            and sum(forced for _, forced in ends) >= _WRAPPED_SHARE * len(ends)
            and any(forced and not _ENDS_SENTENCE.search(line) for line, forced in ends)
        )
        if wrapped:
            return cls(by_line=False, width=width)
        return cls(by_line=not any(stanza.parted for stanza in texts), width=0)

    def paragraphs(self, lines: tuple[str, ...]) -> list[str]:
        """The paragraphs of one stanza, with a newline wherever a line shall end."""
        if self.by_line:
            return list(lines)
        ends = pairwise(lines)
        if self.width and all(_is_forced(line, after, self.width) or _begins_anew(line, after) for line, after in ends):
            return list(_joined(lines))
        if all(_ENDS_SENTENCE.search(line) for line in lines):
            return list(lines)
        return ["\n".join(lines)]


def _is_forced(line: str, after: str, width: int) -> bool:
    """Whether a line ends where it does because the next word had no room."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width


def _begins_anew(line: str, after: str) -> bool:
    """Whether an indented line follows one that isn't, as the first of a paragraph does."""
    return after.startswith((" ", "\t")) and not line.startswith((" ", "\t"))


def _joined(lines: tuple[str, ...]) -> Iterator[str]:
    """Wrapped lines put together again; an indented line begins a paragraph."""
    text = lines[0].strip()
    for before, line in pairwise(lines):
        if _begins_anew(before, line):
            yield text
            text = line.strip()
        else:
            text += _glue(text, line) + line.strip()
    yield text


def _glue(text: str, line: str) -> str:
    """What stood between two lines before they were wrapped: a space, but for a hyphen, a dash or a script without."""
    first, last = line.lstrip()[0], text[-1]
    if last in "-\N{EM DASH}" and text[-2:-1].isalnum():
        return ""
    wide = all(unicodedata.east_asian_width(sign) in "WF" for sign in (first, last))
    return "" if wide and "HANGUL" not in unicodedata.name(first, "") else " "
