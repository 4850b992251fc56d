"""HTML from the world, and the documents of a book: what a browser would show of them, told to a `Composer`.

A parser that reads as browsers do makes the tree. Of a page that a story site wraps around a chapter, only the
chapter is read. Classes and styles become emphasis; what `notes` finds becomes footnotes.
"""

import contextlib
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from usecases.manuscripts.decoding import Found, decode, sniff, tidy
from usecases.manuscripts.forms import Manuscript
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.hypertext import DEEPEST_TAGS, Composer
from usecases.manuscripts.notes import Notes, find_notes
from usecases.manuscripts.stylesheets import Look, StyleSheet, Trait
from usecases.refusals import Unreadable, UnreadableManuscriptError

Find = Callable[[str], bytes | None]
"""The bytes of a file beside this one, by its path; `None` when there is none."""

MOST_NODES = 200_000
"""Elements and texts of what is read as one; a long novel from Google Docs has a quarter of them."""

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_HEAD = 2048
"""Bytes within which a document says its encoding (HTML, 4.2.5.4 has 1024)."""
_ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_ALIASES |= {"shift_jis": "cp932", "shift-jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs"}
_ENCODING = re.compile(r"cp\d+|windows-\d+|iso-8859-\d+|koi8-[ru]|euc-jp|iso-2022-jp|gb18030|big5hkscs|macintosh")

_CHAPTERS = ("#chapters", ".chapter-inner", ".chapter-content", "#chapter-content", "#storytext")
"""Where Archive of Our Own, Royal Road and their like put the chapter itself."""
_WRAPPED = ("article", "main")
"""Where other sites may, if it holds most of the text."""
_FRAME = "#preface, #afterword, .landmark"
"""What an archive's download says about a work, and not its author in it."""

_UNSEEN = {"head", "script", "style", "noscript", "template", "nav", "button", "select", "textarea", "iframe", "object"}
_UNSEEN |= {"embed", "audio", "video", "canvas", "map", "dialog", "rp", "svg", "math", "title", "datalist", "meter"}
_MARKS = {Trait.ITALIC: "em", Trait.BOLD: "strong", Trait.STRUCK: "s", Trait.UNDERLINED: "u"}
_DIVIDER = re.compile(r"(?:scene|section|chapter)[-_ ]?(?:break|divider)|asterism|separator|fleuron", re.IGNORECASE)
"""How classes call what parts scenes, where it is empty or a picture."""
_XHTML = "http://www.w3.org/1999/xhtml"
_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-z][\w:-]*)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
"""An element of XHTML that ends where it begins; as HTML it would go on."""
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
"""How an address begins that says its own scheme or host."""
_AROUND = {"q": ("“", "”"), "rt": ("(", ")")}
"""What a browser adds by itself; a gloss over a word is shown behind it."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_LOOSE = {"p", "li", "td", "th", "tr", "dd", "dt", "option", "colgroup", "thead", "tbody", "tfoot", "area", "base"}
_LOOSE |= {"br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
"""Elements whose end is often not written."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document, and the part of it that is read."""

    path: str
    """Its own, within the archive that it comes in; empty for a file alone."""
    tree: LexborHTMLParser
    root: LexborNode
    sheet: StyleSheet


def read_page(data: bytes, path: str = "", find: Find = lambda _path: None) -> Manuscript:
    """An HTML file as a manuscript.

    Args:
        data: the whole file.
        path: its own, within the archive that it comes in.
        find: files beside it, for images and style sheets.

    Raises:
        UnreadableManuscriptError: `not_text`, `bomb`, `too_long` or `too_many_images`.
    """
    pages = [parse_page(data, path, find)]
    return compose(pages, notes_of(pages), find)


def parse_page(data: bytes, path: str, find: Find) -> Document:
    """One document, parsed; its style sheets are looked for, nothing else."""
    text = _decoded(data)
    if _XHTML in text[:_HEAD]:
        text = _CLOSED.sub(r"<\1\2></\1>", text)
    _refuse_masses(text)
    tree = LexborHTMLParser(text)
    sheet = StyleSheet()
    for node in tree.css("style, link[rel=stylesheet][href]"):
        if node.tag == "style":
            sheet.add(node.text())
        elif linked := find(resolve(path, node.attributes.get("href") or "")):
            sheet.add(linked.decode("utf-8", "replace"))
    for node in tree.css(_FRAME):
        node.decompose()
    return Document(path, tree, _chapter(tree), sheet)


def notes_of(documents: Iterable[Document]) -> Notes:
    """The notes of documents that may refer to each other."""
    return find_notes(((each.path, each.root) for each in documents), resolve)


def compose(
    documents: Sequence[Document], notes: Notes, find: Find, shelf: Mapping[str, Document] | None = None
) -> Manuscript:
    """Documents as one manuscript, in order, with the notes that are marked in them below.

    Args:
        documents: what is read.
        notes: what `notes_of` found in these, and perhaps in more of the same archive.
        find: the images beside them.
        shelf: all documents of the archive by path, if notes may stand in others.
    """
    teller = _Teller(Composer(Gallery(find)), notes)
    for each in documents:
        teller.tell(each)
    teller.tell_notes(shelf or {each.path: each for each in documents})
    return teller.composer.finish()


class _Teller:
    """Tells a composer what there is to see in one document after another."""

    def __init__(self, composer: Composer, notes: Notes) -> None:
        self.composer = composer
        self._notes = notes
        self._marked: dict[str, None] = {}
        self._seen = 0

    def tell(self, document: Document) -> None:
        """A document's text, without its notes."""
        self._children(document, document.root, 0)

    def tell_notes(self, shelf: Mapping[str, Document]) -> None:
        """The notes that were marked on the way, and those marked in them."""
        told = 0
        while told < len(self._marked):
            key = [*self._marked][told]
            path, node = self._notes.texts[key]
            self.composer.handle_starttag("li", [("id", key)])
            self._children(shelf[path], node, 0)
            self.composer.handle_endtag("li")
            told += 1

    def _children(self, document: Document, node: LexborNode, depth: int) -> None:
        if depth > DEEPEST_TAGS:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="depth", limit=DEEPEST_TAGS)
        child = node.first_child
        while child is not None:
            self._seen += 1
            if self._seen > MOST_NODES:
                raise UnreadableManuscriptError(Unreadable.BOMB, measure="elements", limit=MOST_NODES)
            if child.is_text_node:
                self._text(child)
            elif child.is_element_node:
                self._element(document, child, depth + 1)
            child = child.next

    def _text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if "\n" in text and node.parent is not None and node.parent.tag == "pre":
            first, *lines = text.split("\n")
            self.composer.handle_data(first)
            for line in lines:
                self.composer.handle_starttag("br", [])
                self.composer.handle_data(line)
        else:
            self.composer.handle_data(text)

    def _element(self, document: Document, node: LexborNode, depth: int) -> None:
        tag = str(node.tag)
        given = {name: value or "" for name, value in node.attributes.items()}
        look = document.sheet.look(tag, given.get("class", "").split(), given.get("style", ""))
        if key := self._notes.marks.get(node.mem_id):
            self._marked[key] = None
            self.composer.handle_starttag("a", [("href", f"#{key}")])
            self.composer.handle_endtag("a")
        elif node.mem_id in self._notes.bodies:
            return
        elif tag in ("img", "svg"):
            self._image(document, node)
        elif tag in _UNSEEN or "hidden" in given or look.get(Trait.HIDDEN) or node.mem_id in self._notes.returns:
            return
        elif _parts_scenes(tag, given, look, node):
            self.composer.handle_starttag("hr", [])
        else:
            before, after = _AROUND.get(tag, ("", ""))
            opened = [tag, *_marks(look, node)]
            for name in opened:
                self.composer.handle_starttag(name, _kept(name, given))
            self.composer.handle_data(before)
            self._children(document, node, depth)
            self.composer.handle_data(after)
            for name in reversed(opened):
                self.composer.handle_endtag(name)

    def _image(self, document: Document, node: LexborNode) -> None:
        """An image, also one in a drawing that only holds it, as the covers of books are."""
        for image in node.css("img, image"):
            given = image.attributes
            source = resolve(document.path, given.get("src") or given.get("href") or given.get("xlink:href") or "")
            alt = given.get("alt") or ""
            self.composer.handle_starttag("img", [("src", source), ("alt", "" if alt == source else alt)])


def _marks(look: Look, node: LexborNode) -> list[str]:
    """The tags of emphasis that a look stands for; a link's underline is its look, not the author's stress."""
    marks = [mark for trait, mark in _MARKS.items() if look.get(trait)]
    if "u" in marks and (node.tag == "a" or node.css_first("a") or (node.parent and node.parent.tag == "a")):
        marks.remove("u")
    return marks


def _kept(tag: str, given: dict[str, str]) -> list[tuple[str, str | None]]:
    """The attributes that mean something to a composer; links within a page don't."""
    if tag == "a":
        return [("href", _unwrapped(given.get("href", "")))]
    return [("checked", "")] if tag == "input" and "checked" in given else []


def _unwrapped(address: str) -> str:
    """Where a link leads; Google Docs sends each over a page of its own."""
    if address.startswith("#"):
        return ""
    if address.startswith("https://www.google.com/url?"):
        return (parse_qs(urlsplit(address).query).get("q") or [address])[0]
    return address


def _parts_scenes(tag: str, given: dict[str, str], look: Look, node: LexborNode) -> bool:
    """Whether an element without words parts scenes: by its name, by a line, or by its class."""
    if tag == "hr":
        return True
    divides = look.get(Trait.RULED) or _DIVIDER.search(given.get("class", ""))
    return bool(divides) and tag in ("p", "div") and not (node.text() or "").strip()


def _chapter(tree: LexborHTMLParser) -> LexborNode:
    """The element that holds the story."""
    for selector in _CHAPTERS:
        if len(found := tree.css(selector)) == 1:
            return found[0]
    body = tree.body or tree.root
    if body is None:
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    for selector in _WRAPPED:
        if len(found := tree.css(selector)) == 1 and 2 * len(found[0].text()) > len(body.text()):
            return found[0]
    return body


def resolve(path: str, reference: str) -> str:
    """The path of what a document refers to; a reference to the world outside stays as it is."""
    if _ELSEWHERE.match(reference):
        return reference
    target = unquote(urldefrag(reference).url)
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(path), target)).lstrip("/") if target else path


def _decoded(data: bytes) -> str:
    """The text of a document, in the encoding it says or any other."""
    said = _CHARSET.search(data[:_HEAD])
    name = said[1].decode("ascii", "replace").lower() if said else ""
    name = _ALIASES.get(name, name)
    if _ENCODING.fullmatch(name) and sniff(data) in (None, Found.HTML):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return tidy(data.decode(name))
    return decode(data, Found.HTML)


def _refuse_masses(text: str) -> None:
    """Refuse what is nested so deeply, or has so many elements, that the parser would take minutes for it.

    Raises:
        UnreadableManuscriptError: `bomb`.
    """
    depth = 0
    for number, tag in enumerate(_TAG.finditer(text)):
        closing, name = tag.groups()
        if number > 4 * MOST_NODES:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="elements", limit=MOST_NODES)
        if name.lower() not in _LOOSE:
            depth += -1 if closing else 1
        if depth > DEEPEST_TAGS * 10:  # sloppy pages leave many open that are not within each other
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="depth", limit=DEEPEST_TAGS)
