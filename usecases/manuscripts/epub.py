"""EPUB: a zip of web pages, with a list of what belongs to the book and in which order.

Which page begins a chapter is what the table of contents says. Covers, title pages, tables of contents and what an
archive adds of its own are no chapters.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from usecases.manuscripts.archives import parse_xml, unpack
from usecases.manuscripts.books import check_size
from usecases.manuscripts.decoding import Found
from usecases.manuscripts.forms import Book, BookChapter
from usecases.manuscripts.webpages import Document, compose, notes_of, parse_page, resolve
from usecases.refusals import Unreadable, UnreadableManuscriptError

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_TEXTS = re.compile(r".*\.(?:xhtml|html?|xml|opf|ncx|css)", re.IGNORECASE)
_IMAGES = re.compile(r".*\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)
_PAGES = ("application/xhtml+xml", "text/html", "application/xml")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]{0,500}>")
"""One that declares nothing, as in tables of contents; any other is refused."""
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Fonts are often disguised; that hides no text."""

_CONTAINERS = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XENC = "{http://www.w3.org/2001/04/xmlenc#}"
_APART = {"cover", "toc", "titlepage", "title-page", "copyright-page", "copyright", "landmarks", "loi", "lot", "index"}
"""What pages are that are no part of the story, as guides and `epub:type` say."""
_APART_NAME = re.compile(r"(?:cover|title|toc|nav|contents|copyright|jacket)[-_ ]?(?:page|image)?", re.IGNORECASE)
_SHORTEST = 80
"""Characters of a page that may be a chapter; a shorter one heads the next, as "Part Two" does."""


def read_epub(data: bytes) -> Book:
    """An EPUB as a book.

    Raises:
        UnreadableManuscriptError: `broken` (also behind a lock), `bomb`, `empty`, `too_long` or `too_many_images`.
    """
    files = unpack(data, lambda name: bool(_TEXTS.fullmatch(name) or _IMAGES.fullmatch(name)))
    _refuse_locked(files)
    path = _package_path(files)
    package = _parsed(files[path])
    contents = _Contents.of(package, path, files)
    shelf = {page: parse_page(files[page], page, files.get) for page in contents.pages if page in files}
    story = [page for page in shelf.values() if not contents.is_apart(page)]
    notes = notes_of(shelf.values())
    chapters: list[BookChapter] = []
    for pages in _grouped(story, contents.labels):
        manuscript = compose(pages, notes, files.get, shelf)
        if manuscript.markdown:
            chapters.append(BookChapter(_title(pages, contents.labels), manuscript))
            check_size(chapters)
    if not chapters:
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    title = package.findtext(f"{_OPF}metadata/{_DC}title") or package.findtext(f".//{_DC}title") or ""
    return Book(" ".join(title.split()), tuple(chapters))


def _refuse_locked(files: dict[str, bytes]) -> None:
    """Refuse a book whose text is encrypted.

    Raises:
        UnreadableManuscriptError: `broken`.
    """
    if _ENCRYPTION in files:
        methods = _parsed(files[_ENCRYPTION]).iter(f"{_XENC}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONT_ALGORITHMS for method in methods):
            raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ENCRYPTED)


def _package_path(files: dict[str, bytes]) -> str:
    """Where the list of the book's parts is."""
    roots = _parsed(files[_CONTAINER]).iter(f"{_CONTAINERS}rootfile") if _CONTAINER in files else ()
    said = (posixpath.normpath(unquote(root.get("full-path", ""))) for root in roots)
    found = next((path for path in said if path in files), "")
    found = found or next((path for path in sorted(files) if path.lower().endswith(".opf")), "")
    if not found:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ARCHIVE, part=_CONTAINER)
    return found


def _parsed(content: bytes) -> Element:
    return parse_xml(_DOCTYPE.sub(b"", content, count=1))


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the package says of its pages."""

    pages: tuple[str, ...]
    """Their paths, in reading order."""
    labels: dict[str, str]
    """Titles by path, as the table of contents has them; a page without one goes on with the chapter before it."""
    apart: frozenset[str]
    """Pages that are no part of the story."""

    @classmethod
    def of(cls, package: Element, path: str, files: dict[str, bytes]) -> "_Contents":
        """Read from the package document and the table of contents it names."""
        items = {item.get("id", ""): item for item in package.iter(f"{_OPF}item")}
        places = {name: resolve(path, item.get("href", "")) for name, item in items.items()}
        spine = [ref for ref in package.iter(f"{_OPF}itemref") if ref.get("linear", "yes") != "no"]
        names = [ref.get("idref", "") for ref in spine if ref.get("idref") in items]
        pages = dict.fromkeys(places[name] for name in names if items[name].get("media-type") in _PAGES)
        navigation = [places[name] for name, item in items.items() if "nav" in item.get("properties", "").split()]
        apart = {
            resolve(path, each.get("href", ""))
            for each in package.iter(f"{_OPF}reference")
            if each.get("type", "").lower() in _APART
        }
        labels: dict[str, str] = {}
        for place in navigation:
            if place in files:
                _note_first(labels, _labels_of_navigation(parse_page(files[place], place, files.get), apart))
        for name in () if labels else (name for name in places.values() if name.lower().endswith(".ncx")):
            if name in files:
                _note_first(labels, _labels_of_ncx(_parsed(files[name]), name))
        return cls(tuple(pages), labels, frozenset({*apart, *navigation}))

    def is_apart(self, page: Document) -> bool:
        """Whether a page is no part of the story."""
        body = page.tree.body
        kinds = str((body.attributes if body else {}).get("epub:type") or "").split()
        stem = posixpath.splitext(posixpath.basename(page.path))[0]
        return page.path in self.apart or not _APART.isdisjoint(kinds) or _APART_NAME.fullmatch(stem) is not None


def _note_first(labels: dict[str, str], found: Iterable[tuple[str, str]]) -> None:
    """Keep the first label of each page: those after it are of its parts."""
    for place, label in found:
        labels.setdefault(place, label)


def _labels_of_navigation(page: Document, apart: set[str]) -> Iterator[tuple[str, str]]:
    """The labels of an EPUB 3's table of contents; its landmarks add to what stands apart."""
    for link in page.tree.css("nav a[href]"):
        place = resolve(page.path, link.attributes.get("href") or "")
        around = link.parent
        while around is not None and around.tag != "nav":
            around = around.parent
        kind = str(around.attributes.get("epub:type") if around else "")
        if kind == "landmarks":
            if not _APART.isdisjoint(str(link.attributes.get("epub:type")).split()):
                apart.add(place)
        elif kind in ("toc", "None"):
            yield place, " ".join(link.text().split())


def _labels_of_ncx(root: Element, path: str) -> Iterator[tuple[str, str]]:
    """The labels of an EPUB 2's table of contents."""
    for point in root.iter(f"{_NCX}navPoint"):
        content = point.find(f"{_NCX}content")
        if content is not None:
            yield resolve(path, content.get("src", "")), " ".join(point.findtext(f".//{_NCX}text", "").split())


def _grouped(pages: list[Document], labels: dict[str, str]) -> Iterator[list[Document]]:
    """The pages of each chapter."""
    group: list[Document] = []
    for page in pages:
        begins = page.path in labels or not labels
        if begins and sum(len(each.root.text().strip()) for each in group) > _SHORTEST:
            yield group
            group = []
        group.append(page)
    if group:
        yield group


def _title(pages: list[Document], labels: dict[str, str]) -> str:
    """What the table of contents calls the last page of a chapter that it names, or the first heading."""
    named = [labels[page.path] for page in pages if labels.get(page.path)]
    headings = (page.root.css_first("h1, h2, h3") for page in pages)
    heading = next((" ".join(each.text().split()) for each in headings if each is not None), "")
    return named[-1] if named else heading
