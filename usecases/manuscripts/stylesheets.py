"""The little of CSS that changes what a story says: emphasis, what is hidden, and lines that part scenes.

Google Docs and Calibre write no `<em>`: a class is italic, and the style sheet says which.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto

LARGEST_SHEET = 1024 * 1024
"""Characters of a style sheet that are looked at; Calibre's have some ten thousand."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?", re.IGNORECASE)
"""A tag, a class, or both. Anything longer styles links under the pointer and the like."""
_BOLD = re.compile(r"bold|[6-9]00")
_DRAWN = re.compile(r"\b(?:solid|double|dashed|dotted|groove|ridge)\b")


class Trait(Enum):
    """What a style says of a text, or says not to be so."""

    ITALIC = auto()
    BOLD = auto()
    STRUCK = auto()
    UNDERLINED = auto()
    HIDDEN = auto()
    RULED = auto()
    """It has a line above or below and no other: on an empty paragraph that parts scenes."""


Look = dict[Trait, bool]


class StyleSheet:
    """The looks of tags and classes, as simple selectors give them."""

    def __init__(self) -> None:
        self._looks: dict[tuple[str, str], Look] = {}

    def add(self, css: str) -> None:
        """Take in a style sheet; a later rule is stronger."""
        for rule in _COMMENT.sub("", css[:LARGEST_SHEET]).split("}"):
            before, _, declarations = rule.rpartition("{")
            look = declared(declarations)
            for selector in before.rpartition("{")[2].split(",") if look else ():
                if found := _SELECTOR.fullmatch(selector.strip()):
                    key = ((found[1] or "").lower(), found[2] or "")
                    self._looks[key] = self._looks.get(key, {}) | look

    def look(self, tag: str, classes: Iterable[str], style: str) -> Look:
        """How an element looks by its tag, its classes and its own style, the last of which is strongest."""
        look = self._looks.get((tag, ""), {})
        for name in classes:
            look = look | self._looks.get(("", name), {}) | self._looks.get((tag, name), {})
        return look | declared(style) if style else look


def declared(declarations: str) -> Look:
    """What `property: value; …` says."""
    said: dict[str, str] = {}
    for declaration in declarations.split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip().lower()] = value.strip().lower()
    look: Look = {}
    if shape := said.get("font-style"):
        look[Trait.ITALIC] = shape.startswith(("italic", "oblique"))
    if weight := said.get("font-weight"):
        look[Trait.BOLD] = _BOLD.match(weight) is not None
    if line := said.get("text-decoration-line", said.get("text-decoration")):
        look |= {Trait.STRUCK: "line-through" in line, Trait.UNDERLINED: "underline" in line}
    if said.get("display") == "none" or said.get("visibility") == "hidden" or said.get("mso-hide") == "all":
        look[Trait.HIDDEN] = True
    lines = [side for side in ("top", "bottom", "left", "right") if _DRAWN.search(said.get(f"border-{side}", ""))]
    if lines in (["top"], ["bottom"]):
        look[Trait.RULED] = True
    return look
