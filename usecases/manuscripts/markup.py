"""Our one form of a text: CommonMark with `~~strike~~` and footnotes, and never raw HTML.

Blocks are parted by one blank line, a scene break is `* * *`, a hard line break is a trailing backslash.
"""

import re

LONGEST_MANUSCRIPT = 500_000
"""Characters of a chapter: some 85,000 words, a whole novel, and 250 Discord messages."""

SCENE_BREAK = "* * *"
HARD_BREAK = "\\\n"

_ORNAMENTS = frozenset("*~#✱✳✻✽❋❖⁂⁑❦❧☙※◇◆○●☆★✦✧♦♢✿❀\N{FULLWIDTH ASTERISK}\N{EN DASH}\N{EM DASH}")
_STROKES = frozenset("-_=·•∙")
"""These make a scene break only in company: one alone may be a bullet or a slip."""

_SPECIAL = re.compile(
    r"""
      [\\`*_~]
    | <(?=[A-Za-z/!?])             # a tag, a comment or an autolink
    | &(?=\#?[0-9A-Za-z]+;)        # an entity
    | \](?=[(:\[])                 # a link or a definition
    | \[(?=\^) | (?<=\^)\[         # a footnote
    | [!^](?=\N{OBJECT REPLACEMENT CHARACTER})    # what it would do to a note's bracket
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(
    r"""
    ^ (?: (?P<number>\d{1,9})(?=[.)](?:\s|$))    # 1986. It was a good year
      | (?=\#{1,6}(?:\s|$) | > | [-+*](?:\s|$) | (?:-+|=+)\s*$ | ~~~) )
    """,
    re.VERBOSE,
)


def is_scene_break(line: str) -> bool:
    """Whether a line holds nothing but the ornaments that part scenes, as in `***`, `# # #`, `⁂` or `~`."""
    signs = "".join(line.split())
    return bool(signs) and (
        _ORNAMENTS.issuperset(signs)
        if len(signs) == 1
        else all(sign in _ORNAMENTS or sign in _STROKES for sign in signs)
    )


def special(text: str) -> list[int]:
    """Where a backslash must stand before a character, so that it is only that character."""
    return [match.start() for match in _SPECIAL.finditer(text)]


def escape(text: str, keep: str) -> str:
    """The text with a backslash before each `special` character, but for those of `keep` (from `*_~[]`)."""
    return _SPECIAL.sub(lambda match: match[0] if match[0] in keep else f"\\{match[0]}", text)


def paragraph(markup: str) -> str:
    """Rendered lines as one paragraph with hard breaks; none of them begins a heading, a list or a quote by chance."""
    return HARD_BREAK.join(_LINE_START.sub(r"\g<number>\\", line) for line in _lines(markup))


def _lines(markup: str) -> list[str]:
    """The lines without their margins. An ideographic space is no margin: it is how a Japanese paragraph begins."""
    return [line for line in (line.strip(" \t\N{NO-BREAK SPACE}") for line in markup.split("\n")) if line]
