"""Word's .docx: made safe and made plain for mammoth, which reads it as HTML.

Mammoth trusts its input, reads every part into three trees, and does not look at borders, hidden text or the
emphasis of styles. So it gets a new archive of our own: only the parts that hold text, parsed by `archives`,
thinned out, with what it would miss written in the way it does see.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from usecases.manuscripts.archives import parse_xml, unpack
from usecases.manuscripts.decoding import Found
from usecases.manuscripts.forms import Manuscript
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.hypertext import to_manuscript
from usecases.manuscripts.markup import LONGEST_MANUSCRIPT, SCENE_BREAK
from usecases.refusals import Unreadable, UnreadableManuscriptError

_WANTED = re.compile(
    r"\[Content_Types\]\.xml"
    r"|(?:word/)?_rels/[^/]*\.rels"
    r"|word/(?:document|styles|numbering|footnotes|endnotes)\d*\.xml"
)
"""Comments, headers and settings stay packed, and images until they are shown.

Word on the web counts its parts (`document2.xml`).
"""
_IMAGE = re.compile(r".*\.(?:png|jpe?g|jpe|jfif|gif|webp)", re.IGNORECASE)
"""Drawings of other kinds stay packed: Discord does not show them."""
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_STYLES = re.compile(r"word/styles\d*\.xml")
_NOTES = re.compile(r"word/(?:foot|end)notes\d*\.xml")

_RELATIONS = re.compile(r"word/_rels/[^/]*\.rels")
_SHOWN = "shown/"

_TRANSITIONAL = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML_RULE = "{urn:schemas-microsoft-com:office:office}hr"
_VML_RECTANGLE = "{urn:schemas-microsoft-com:vml}rect"
_SKIP = frozenset(
    f"{space}{name}"
    for space in (_TRANSITIONAL, _STRICT)
    for name in (
        *("rFonts", "sz", "szCs", "lang", "color", "kern", "spacing", "bCs", "iCs", "shd", "bdr", "ind"),
        *("proofErr", "lastRenderedPageBreak", "sectPr", "widowControl", "keepNext", "keepLines", "tabs", "jc"),
        *("commentRangeStart", "commentRangeEnd", "commentReference", "tblPr", "tblGrid", "tcPr"),
        *("bookmarkStart", "bookmarkEnd", "latentStyles", "docDefaults", "rPrChange", "pPrChange"),
    )
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"}
"""Looks, helps for the spelling checker, comments, old formatting, and the newer twin of each fallback."""

_STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
r[style-name='Strong'] =>
u => u
"""
"""Mammoth's own map has the headings. LibreOffice says Quotations, pandoc Block Text; emphasis we write out."""
_EMPHASES = ("b", "i", "strike")


def read_word(data: bytes) -> Manuscript:
    """A .docx in our form: changes accepted, comments and hidden text dropped.

    Raises:
        UnreadableManuscriptError: `broken`, `bomb`, `too_long` or `too_many_images`.
    """
    parts = {
        name: parse_xml(content, skip=_SKIP)
        for name, content in unpack(data, lambda name: _WANTED.fullmatch(name) is not None).items()
    }
    if not any(map(_DOCUMENT.fullmatch, parts)):
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ARCHIVE, part="word/document.xml")
    styles = _Styles.of([root for name, root in parts.items() if _STYLES.fullmatch(name)])
    for name, root in parts.items():
        if _DOCUMENT.fullmatch(name) or _NOTES.fullmatch(name):
            _write_out(root, styles)
    targets = list(_name_images(root for name, root in parts.items() if _RELATIONS.fullmatch(name)))
    shown = {target for target in targets if _IMAGE.fullmatch(target)}
    images = unpack(data, shown.__contains__) if shown else {}
    return to_manuscript(_html(parts, targets), Gallery(images.get))


def _name_images(parts: Iterable[Element]) -> Iterator[str]:
    """Let each relation to an image lead to a member of the new archive (`_SHOWN`) that only says where the image is.

    Yields:
        Those places: the name of a member of the file, or an address outside of it.
    """
    images = (relation for root in parts for relation in root if relation.get("Type", "").endswith("/image"))
    for number, relation in enumerate(images):
        target = relation.get("Target", "")
        if relation.attrib.pop("TargetMode", "") != "External":
            target = posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        relation.set("Target", f"/{_SHOWN}{number}")
        yield target


def _html(parts: dict[str, Element], targets: Iterable[str]) -> str:
    """What mammoth makes of the parts. It sees no image, only where each is, and reads no style map of the file."""
    import mammoth  # noqa: PLC0415 - a tenth of a second at start-up, and only Word files need it

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, root in parts.items():
            archive.writestr(name, ET.tostring(root, encoding="utf-8"))
        for number, target in enumerate(targets):
            archive.writestr(f"{_SHOWN}{number}", target)
    try:
        result: Any = mammoth.convert_to_html(
            packed,
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(_place_of),
        )
    except Exception as error:  # mammoth meets a malformed document with whatever fails first
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.UNKNOWN) from error
    return str(result.value)


def _place_of(image: Any) -> dict[str, str]:
    """What the member says that stands for an image in the new archive."""
    with image.open() as member:
        return {"src": member.read().decode()}


@dataclass(frozen=True, slots=True)
class _Styles:
    """What a document's own styles say, and mammoth does not look at."""

    emphases: dict[str, frozenset[str]]
    """By the id of a character style, which of `_EMPHASES` it switches on."""
    rules: frozenset[str]
    """The ids of paragraph styles with a single line above or below: "Horizontal Line" in LibreOffice."""

    @classmethod
    def of(cls, roots: list[Element]) -> "_Styles":
        """Read them from the styles part; a style that is based on another has its emphases too."""
        own: dict[str, frozenset[str]] = {}
        based: dict[str, str] = {}
        rules: set[str] = set()
        for root in roots:
            w = _namespace(root)
            for style in root.iter(f"{w}style"):
                name = style.get(f"{w}styleId", "")
                if style.get(f"{w}type") == "character":
                    own[name] = frozenset(e for e in _EMPHASES if _is_on(style.find(f"{w}rPr/{w}{e}"), w))
                    parent = style.find(f"{w}basedOn")
                    based[name] = "" if parent is None else parent.get(f"{w}val", "")
                elif _rule_side(style, w):
                    rules.add(name)
        return cls({name: own[name] | own.get(based[name], frozenset()) for name in own}, frozenset(rules))


def _write_out(root: Element, styles: _Styles) -> None:
    """Change one part in place: rules become scene breaks, styles plain emphasis, hidden text goes.

    Raises:
        UnreadableManuscriptError: `too_long`.
    """
    w = _namespace(root)
    length = sum(len(element.text or "") for element in root.iter(f"{w}t"))
    if length > LONGEST_MANUSCRIPT:
        raise UnreadableManuscriptError(Unreadable.TOO_LONG, length=length, limit=LONGEST_MANUSCRIPT)
    for parent in list(root.iter()):
        _drop_hidden(parent, w)
        _write_rules(parent, w, styles)
    for run in root.iter(f"{w}r"):
        _emphasise(run, w, styles)
    for image in root.iter(_BLIP):
        if linked := image.attrib.pop(f"{_RELATION}link", ""):  # where the image is also embedded, that counts
            image.attrib.setdefault(f"{_RELATION}embed", linked)
    for drawn in root.iter(f"{w}pict"):
        if any(rectangle.get(_VML_RULE) for rectangle in drawn.iter(_VML_RECTANGLE)):
            _become_text(drawn, w)
    for link in root.iter(f"{w}hyperlink"):
        for properties in link.iter(f"{w}rPr"):  # a link's underline is its look, not the author's stress
            _remove(properties, f"{w}u")


def _drop_hidden(parent: Element, w: str) -> None:
    for run in parent.findall(f"{w}r"):
        if _is_on(run.find(f"{w}rPr/{w}vanish"), w):
            parent.remove(run)


def _emphasise(run: Element, w: str, styles: _Styles) -> None:
    """Switch on what the run's style says and the run itself doesn't."""
    properties = run.find(f"{w}rPr")
    style = None if properties is None else properties.find(f"{w}rStyle")
    if properties is None or style is None:
        return
    for name in styles.emphases.get(style.get(f"{w}val", ""), ()):
        if properties.find(f"{w}{name}") is None:
            ET.SubElement(properties, f"{w}{name}")


def _write_rules(parent: Element, w: str, styles: _Styles) -> None:
    """A single line on an empty paragraph is a scene break; below or above words, one stands after or before them.

    (Word draws the line of a typed `---` as the lower border of the paragraph before it.) Paragraphs with the same
    border share one line, above the first or below the last.
    """
    children = list(parent)
    sides = [_rule_side(child, w) if child.tag == f"{w}p" else "" for child in children]
    if not any(sides) and not styles.rules:
        return
    written: list[Element] = []
    for at, child in enumerate(children):
        side = sides[at]
        if child.tag == f"{w}p" and not _has_words(child, w):
            style = child.find(f"{w}pPr/{w}pStyle")
            is_rule = side or (style is not None and style.get(f"{w}val") in styles.rules)
            written.append(_divider(w) if is_rule else child)
            continue
        if side == "top" and sides[max(at - 1, 0) : at] != ["top"]:
            written.append(_divider(w))
        written.append(child)
        if side == "bottom" and sides[at + 1 : at + 2] != ["bottom"]:
            written.append(_divider(w))
    parent[:] = written


def _divider(w: str) -> Element:
    """A paragraph that holds a scene break."""
    divider = Element(f"{w}p")
    _become_text(ET.SubElement(ET.SubElement(divider, f"{w}r"), f"{w}t"), w)
    return divider


def _rule_side(owner: Element, w: str) -> str:
    """`top` or `bottom`, where a paragraph (or its style) has its only line; empty for none and for boxes."""
    borders = owner.find(f"{w}pPr/{w}pBdr")
    drawn = [
        border.tag.removeprefix(w)
        for border in (() if borders is None else borders)
        if border.get(f"{w}val", "none") not in ("none", "nil")
    ]
    return drawn[0] if drawn in (["top"], ["bottom"]) else ""


def _has_words(paragraph: Element, w: str) -> bool:
    """Whether it shows anything: text, or something drawn."""
    return any((element.text or "").strip() for element in paragraph.iter(f"{w}t")) or any(
        paragraph.find(f".//{w}{drawn}") is not None for drawn in ("drawing", "pict", "object")
    )


def _become_text(element: Element, w: str) -> None:
    """Turn an element of a run into the text of a scene break."""
    element.clear()
    element.tag = f"{w}t"
    element.text = SCENE_BREAK


def _remove(parent: Element, tag: str) -> None:
    for child in parent.findall(tag):
        parent.remove(child)


def _is_on(element: Element | None, w: str) -> bool:
    """A switch of WordprocessingML: there, and not said to be off (ECMA-376, 17.17.4)."""
    return element is not None and element.get(f"{w}val", "true") not in ("false", "0", "off")


def _namespace(root: Element) -> str:
    """WordprocessingML's namespace in this part, in braces: the usual one or the strict one."""
    return _STRICT if root.tag.startswith(_STRICT) else _TRANSITIONAL
