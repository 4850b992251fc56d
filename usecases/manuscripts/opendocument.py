"""LibreOffice's .odt, told to a `Composer`.

Emphasis is nowhere in the text: a span names a style of the document's own, which may be based on another. So styles
are read first.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from usecases.manuscripts.archives import parse_xml, unpack
from usecases.manuscripts.decoding import Found
from usecases.manuscripts.forms import Manuscript
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.hypertext import Composer
from usecases.refusals import Unreadable, UnreadableManuscriptError

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_ENCRYPTED = b"encryption-data"
_IMAGE = re.compile(r"(?:\./)?Pictures/.*\.(?:png|jpe?g|jpe|jfif|gif|webp)", re.IGNORECASE)

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _STYLE, _TABLE, _DRAW, _OFFICE = (_NAMESPACE % name for name in ("text", "style", "table", "drawing", "office"))
_FO, _SVG = (_NAMESPACE % f"{name}-compatible" for name in ("xsl-fo", "svg"))
_LINK = "{http://www.w3.org/1999/xlink}href"

_UNSEEN = {
    *(f"{_OFFICE}{name}" for name in ("annotation", "annotation-end", "forms", "event-listeners")),
    *(f"{_TEXT}{name}" for name in ("tracked-changes", "note-citation", "hidden-text", "hidden-paragraph")),
    *(f"{_TEXT}{name}" for name in ("table-of-content", "alphabetical-index", "illustration-index", "ruby-text")),
    *(f"{_TEXT}{name}" for name in ("bibliography", "sequence-decls", "variable-decls", "user-field-decls", "meta")),
    *(f"{_SVG}{name}" for name in ("title", "desc")),
}
_TAGS = {
    f"{_TEXT}list-item": "li",
    f"{_TEXT}list-header": "div",
    f"{_TEXT}section": "div",
    f"{_DRAW}text-box": "div",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-row": "tr",
    f"{_TABLE}table-cell": "td",
}
"""Elements that have a twin in HTML."""
_QUOTES = {"Quotations", "Quote", "Intense_20_Quote", "Block_20_Text", "Block_20_Quotation"}
_TITLES = {"Title": 1, "Subtitle": 2}
_HEADING = re.compile(r"Heading(?:_20_(\d))?")
_RULE = "Horizontal_20_Line"
_MOST_SPACES = 100
_EMPHASES = ((f"{_FO}font-style", "em", "italic"), (f"{_FO}font-weight", "strong", "bold"))
_LINES = ((f"{_STYLE}text-line-through-style", "s"), (f"{_STYLE}text-underline-style", "u"))


def read_opendocument(data: bytes) -> Manuscript:
    """An .odt as a manuscript: changes accepted, comments and hidden text dropped.

    Raises:
        UnreadableManuscriptError: `broken`, `bomb`, `too_long` or `too_many_images`.
    """
    parts = unpack(data, {_CONTENT, _STYLES, _MANIFEST, "encrypted-package"}.__contains__)
    if _ENCRYPTED in parts.get(_MANIFEST, b"") or "encrypted-package" in parts:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ENCRYPTED)
    if _CONTENT not in parts:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ARCHIVE, part=_CONTENT)
    content = parse_xml(parts[_CONTENT])
    text = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ARCHIVE, part=_CONTENT)
    styles = [content] + [parse_xml(parts[name]) for name in (_STYLES,) if name in parts]
    shown = {_member(image) for image in text.iter(f"{_DRAW}image") if _IMAGE.fullmatch(_member(image))}
    gallery = Gallery((unpack(data, shown.__contains__) if shown else {}).get)
    teller = _Teller(Composer(gallery), _Styles.of(styles))
    teller.tell(text)
    return teller.composer.finish()


def _member(image: Element) -> str:
    """Where an image is: the name of a member of the file, or an address outside of it."""
    target = image.get(_LINK, "")
    return target if ":" in target else posixpath.normpath(unquote(target))


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of its text, with what it is based on."""

    emphases: dict[str, bool] = field(default_factory=dict)
    """By tag (`em`, …), whether it is switched on."""
    names: tuple[str, ...] = ()
    """Its own, and those it is based on."""
    hidden: bool = False
    breaks: bool = False
    """It begins a new page."""


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles of a document."""

    by_name: dict[tuple[str, str], _Style]
    """By family (`text`, `paragraph`) and name."""
    numbered: dict[str, frozenset[int]]
    """By the name of a list style, its levels that count."""

    @classmethod
    def of(cls, roots: Iterable[Element]) -> "_Styles":
        """Those of the content and of the styles part, the first of a name."""
        found: dict[tuple[str, str], Element] = {}
        numbered: dict[str, frozenset[int]] = {}
        for root in roots:
            for style in root.iter(f"{_STYLE}style"):
                found.setdefault((style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")), style)
            for style in root.iter(f"{_TEXT}list-style"):
                levels = style.findall(f"{_TEXT}list-level-style-number[@{_STYLE}num-format]")
                counted = (each.get(f"{_TEXT}level", "") for each in levels if each.get(f"{_STYLE}num-format"))
                numbered.setdefault(style.get(f"{_STYLE}name", ""), frozenset(_number(level) for level in counted))
        return cls({key: _style(key, found) for key in found}, numbered)

    def style(self, element: Element, family: str) -> _Style:
        """The style that an element names."""
        return self.by_name.get((family, element.get(f"{_TEXT}style-name", "")), _Style())


def _style(key: tuple[str, str], found: dict[tuple[str, str], Element]) -> _Style:
    """A style with what it inherits; one that is based on itself ends there."""
    names: list[str] = []
    emphases: dict[str, bool] = {}
    hidden = breaks = False
    while key in found and key[1] not in names:
        style = found[key]
        names.append(key[1])
        for properties in style.iter(f"{_STYLE}text-properties"):
            emphases = dict(_emphases(properties)) | emphases
            hidden = hidden or properties.get(f"{_TEXT}display") == "none"
        for properties in style.iter(f"{_STYLE}paragraph-properties") if len(names) == 1 else ():
            breaks = properties.get(f"{_FO}break-before") == "page"
        key = (key[0], style.get(f"{_STYLE}parent-style-name", ""))
    names.append(key[1])
    return _Style(emphases, tuple(names), hidden, breaks)


def _emphases(properties: Element) -> Iterator[tuple[str, bool]]:
    for name, tag, word in _EMPHASES:
        if value := properties.get(name):
            yield tag, value.startswith(word) or value in ("oblique", "600", "700", "800", "900")
    for name, tag in _LINES:
        if value := properties.get(name):
            yield tag, value != "none"


class _Teller:
    """Tells a composer what there is to see, element by element."""

    def __init__(self, composer: Composer, styles: _Styles) -> None:
        self.composer = composer
        self._styles = styles
        self._lists: list[str] = []
        self._notes: list[Element] = []

    def tell(self, text: Element) -> None:
        """The whole document: its text, and its notes below."""
        self._inside(text, seen=False)
        for number, note in enumerate(self._notes):  # a note in a note joins the end
            self.composer.handle_starttag("li", [("id", f"footnote-{number}")])
            self._inside(note, seen=False)
            self.composer.handle_endtag("li")

    def _inside(self, parent: Element, *, seen: bool = True) -> None:
        """What is within an element; the white space between elements is `seen` only in paragraphs."""
        self.composer.handle_data(parent.text or "" if seen else "")
        for child in parent:
            if child.tag not in _UNSEEN:
                self._element(child, seen=seen)
            self.composer.handle_data(child.tail or "" if seen else "")

    def _element(self, element: Element, *, seen: bool) -> None:  # noqa: C901, PLR0912 - one case an element, flat
        match element.tag.removeprefix(_TEXT):
            case "p" | "h":
                self._paragraph(element)
            case "span":
                style = self._styles.style(element, "text")
                if not style.hidden:
                    self._wrapped([tag for tag, is_on in style.emphases.items() if is_on], element, seen=seen)
            case "a":
                self._link(element, seen=seen)
            case "s":
                count = min(_number(element.get(f"{_TEXT}c", "1")), _MOST_SPACES)
                self.composer.handle_data("\N{NO-BREAK SPACE}" * (count - 1) + " ")
            case "tab":
                self.composer.handle_data(" ")
            case "line-break":
                self.composer.handle_starttag("br", [])
            case "list":
                self._list(element)
            case "note":
                self._note(element)
            case "ruby":
                self._ruby(element)
            case _ if element.tag == f"{_DRAW}frame":
                self._frame(element)
            case _ if element.tag in _TAGS:
                self._wrapped([_TAGS[element.tag]], element, seen=False)
            case _:
                self._inside(element, seen=seen)

    def _wrapped(self, tags: Iterable[str], element: Element, *, seen: bool) -> None:
        opened = list(tags)
        for tag in opened:
            self.composer.handle_starttag(tag, [])
        self._inside(element, seen=seen)
        for tag in reversed(opened):
            self.composer.handle_endtag(tag)

    def _paragraph(self, element: Element) -> None:
        style = self._styles.style(element, "paragraph")
        names = style.names or (element.get(f"{_TEXT}style-name", ""),)
        level = _number(element.get(f"{_TEXT}outline-level", "1")) if element.tag == f"{_TEXT}h" else _level(names)
        if style.hidden:
            return
        if _RULE in names:
            self.composer.handle_starttag("hr", [])
        elif level:
            self._wrapped([f"h{min(level, 6)}"], element, seen=True)
        else:
            if style.breaks:
                self.composer.handle_starttag("hr", [])
            around = ["blockquote"] if _QUOTES.intersection(names) else []
            self._wrapped([*around, "p", *(tag for tag, is_on in style.emphases.items() if is_on)], element, seen=True)

    def _link(self, element: Element, *, seen: bool) -> None:
        self.composer.handle_starttag("a", [("href", element.get(_LINK, ""))])
        self._inside(element, seen=seen)
        self.composer.handle_endtag("a")

    def _list(self, element: Element) -> None:
        """A list, which counts if its style does at this level; one that only numbers headings is none."""
        self._lists.append(element.get(f"{_TEXT}style-name", "") or "".join(self._lists[-1:]))
        counts = len(self._lists) in self._styles.numbered.get(self._lists[-1], ())
        if element.find(f"{_TEXT}list-item/{_TEXT}h") is not None:
            for item in element:
                self._inside(item, seen=False)
        else:
            self._wrapped(["ol" if counts else "ul"], element, seen=False)
        self._lists.pop()

    def _note(self, element: Element) -> None:
        body = element.find(f"{_TEXT}note-body")
        if body is not None:
            self.composer.handle_starttag("a", [("href", f"#footnote-{len(self._notes)}")])
            self.composer.handle_endtag("a")
            self._notes.append(body)

    def _ruby(self, element: Element) -> None:
        """A word with its gloss behind it."""
        self._inside(element)
        if gloss := "".join("".join(text.itertext()) for text in element.iter(f"{_TEXT}ruby-text")):
            self.composer.handle_data(f"({gloss})")

    def _frame(self, frame: Element) -> None:
        """An image with its description, the first of its forms that can be shown; or a box with text in it."""
        images = frame.findall(f"{_DRAW}image")
        if not images:
            self._inside(frame, seen=False)
            return
        image = next((one for one in images if self.composer.can_show(_member(one))), images[0])
        said = (frame.find(f"{_SVG}{name}") for name in ("desc", "title"))
        alt = next((each.text for each in said if each is not None and each.text), "")
        self.composer.handle_starttag("img", [("src", _member(image)), ("alt", alt)])


def _level(names: Iterable[str]) -> int:
    """The level of a heading by the names of its style; 0 when it is none."""
    for name in names:
        if found := _HEADING.fullmatch(name):
            return _number(found[1] or "1")
        if name in _TITLES:
            return _TITLES[name]
    return 0


def _number(text: str) -> int:
    """A small number, at least 1."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004
