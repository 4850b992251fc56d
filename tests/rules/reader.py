"""A small reading of Discord's Markdown, made without ours: what does a message show, and in which styles?"""

import re
from collections.abc import Iterator

Shown = tuple[str, frozenset[str]]
"""A visible character and its styles; a link's style is its target."""

_LINE = re.compile(r"(> )?( *)(- |\d{1,9}\. )?(#{1,3} |-# )?(.*)")
_STARS = {1: ("*",), 2: ("**",), 3: ("*", "**")}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def shown(message: str) -> list[Shown]:
    """The visible characters of a message, without the signs of its lists, quotes and headings.

    Raises:
        AssertionError: a style or a fence is left open at the end of its line or message.
    """
    return list(_characters(message))


def letters(message: str) -> str:
    """The visible characters alone."""
    return "".join(character for character, _ in _characters(message))


def _characters(message: str) -> Iterator[Shown]:
    fenced = False
    for line in message.split("\n"):
        bare = line.removeprefix("> ")
        if bare.startswith("```"):
            fenced = not fenced
        elif fenced:
            yield from ((sign, frozenset("`")) for sign in bare if _is_visible(sign))
        else:
            found = _LINE.match(line)
            assert found
            yield from ((sign, styles) for sign, styles in _in_line(found[5]) if _is_visible(sign))
    assert not fenced, message


def _is_visible(sign: str) -> bool:
    return not sign.isspace() and sign not in _INVISIBLE


def _in_line(line: str) -> Iterator[Shown]:
    styles: set[str] = set()
    at = 0
    while at < len(line):
        rest = line[at:]
        if escaped := re.match(r"\\([^0-9A-Za-z\s])", rest):
            yield escaped[1], frozenset(styles)
            at += 2
        elif code := re.match(r"`([^`]+)`", rest):
            yield from ((sign, frozenset({*styles, "`"})) for sign in code[1])
            at += code.end()
        elif address := re.match(r"<(https?://[^ >]+)>", rest):
            yield from ((sign, frozenset(styles)) for sign in address[1])
            at += address.end()
        elif link := re.match(r"\[(?=[^\[\]]*\]\(<([^>]*)>\))", rest):
            assert not any("/" in style for style in styles), line
            styles.add(link[1])
            at += 1
        elif target := re.match(r"\]\(<([^>]*)>\)", rest):
            styles.remove(target[1])
            at += target.end()
        elif stars := re.match(r"\*+", rest):
            styles ^= set(_STARS[stars.end()])
            at += stars.end()
        elif rest.startswith("~~"):
            styles ^= {"~~"}
            at += 2
        else:
            assert not rest.startswith(("_", "`", "||")), line
            yield rest[0], frozenset(styles)
            at += 1
    assert not styles, line
