"""Books: an .epub, and a zip of files that are a chapter each."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.usecases.test_manuscripts import GIF, PNG, SAMPLES, refusal
from usecases.manuscripts import Book, read_book, read_manuscript
from usecases.refusals import Unreadable, UnreadableManuscriptError

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NCX = (
    '<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://127.0.0.1:9/ncx.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{}</navMap></ncx>'
)
LONG = "The tide came in and nobody was there to see it but Maren, who counted the lamps. " * 2


def a_zip(members: Mapping[str, str | bytes], date: tuple[int, int, int] = (1980, 1, 1)) -> bytes:
    """An archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (*date, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def xhtml(body: str, kind: str = "") -> str:
    """One document of a book."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>'
        f'<link rel="stylesheet" href="s.css"/></head><body epub:type="{kind}">{body}</body></html>'
    )


def an_epub(pages: dict[str, str], labels: dict[str, str] | None = None, **members: Any) -> bytes:
    """An EPUB 2 as Calibre makes them: documents by their name in reading order, and a table of contents."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    guide = '<guide><reference type="cover" href="front.xhtml"/></guide>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tide  Tables</dc:title></metadata><manifest>'
        f'<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>{items}</manifest>'
        f"<spine>{spine}</spine>{guide}</package>"
    )
    points = "".join(
        f'<navPoint><navLabel><text>{label}</text></navLabel><content src="{name}"/></navPoint>'
        for name, label in (labels or {}).items()
    )
    texts = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/content.opf": package}
    texts |= {"OEBPS/toc.ncx": NCX.format(points)} | {f"OEBPS/{name}": page for name, page in pages.items()}
    return a_zip(texts | {name.replace("__", "/"): content for name, content in members.items()})


def told(book: Book) -> list[tuple[str, str, str | None]]:
    """Title, text and date of each chapter."""
    return [
        (chapter.title, chapter.manuscript.markdown, chapter.date.format_iso() if chapter.date else None)
        for chapter in book.chapters
    ]


PAGES = {
    "front.xhtml": xhtml("<svg><image xlink:href='c.png'/></svg>"),
    "titlepage.xhtml": xhtml("<h1>Tide Tables</h1><p>by Ines</p>"),
    "rights.xhtml": xhtml("<p>All rights</p>", "copyright-page"),
    "part.xhtml": xhtml("<h1>Part One</h1>"),
    "a.xhtml": xhtml(f"<h2>Oil</h2><p class='calibre3'>a</p><p>{LONG}<a id='m' href='notes.xhtml#n'>1</a></p>"),
    "a_split_001.xhtml": xhtml("<p>goes on<img src='c.png' alt='lamp'/></p>"),
    "b.xhtml": xhtml(f"<h2>Wick</h2><p>{LONG}</p>"),
    "notes.xhtml": xhtml("<p id='n'><a href='a.xhtml#m'>1</a> A note.</p>"),
}
LABELS = {"part.xhtml": "Part One", "a.xhtml#x": "Oil", "b.xhtml": "Wick", "notes.xhtml": "Notes"}
BESIDE: dict[str, Any] = {"OEBPS__c.png": PNG, "OEBPS__s.css": ".calibre3{font-style:italic}"}


def test_a_book_is_cut_where_its_contents_say_and_without_what_is_around_the_story() -> None:
    """Covers, title pages and notes are no chapters; a part's title heads its first one; a split page goes on."""
    book = read_book(an_epub(PAGES, LABELS, **BESIDE))
    assert book.title == "Tide Tables"
    assert told(book) == [
        (
            "Oil",
            f"# Part One\n\n## Oil\n\n*a*\n\n{LONG.strip()} [^1]\n\ngoes on\n\n![lamp](image:1)\n\n[^1]: A note.",
            None,
        ),
        ("Wick", f"## Wick\n\n{LONG.strip()}", None),
    ]
    assert [image.data for image in book.chapters[0].manuscript.images] == [PNG]


def test_a_book_of_several_chapters_is_no_chapter_and_one_of_a_single_chapter_is() -> None:
    error = refusal("x.epub", an_epub(PAGES, LABELS, **BESIDE))
    assert (error.reason, error.facts) == (Unreadable.SEVERAL, {"chapters": 2})
    alone = {name: page for name, page in PAGES.items() if name != "b.xhtml"}
    assert read_manuscript("x.epub", an_epub(alone, LABELS, **BESIDE)).markdown.startswith("# Part One")


def test_without_contents_each_document_is_a_chapter_by_its_heading() -> None:
    pages = {"a.xhtml": xhtml(f"<h1>Oil</h1><p>{LONG}"), "b.xhtml": xhtml(f"<p>{LONG}")}
    assert [chapter.title for chapter in read_book(an_epub(pages)).chapters] == ["Oil", ""]


def test_a_real_book_of_one_chapter_is_one(tmp_path: Path) -> None:
    for sample, title in (("pandoc.epub", "The Orchard Ledger"), ("libreoffice.epub", "The Keeper of Small Lights")):
        book = read_book((SAMPLES / sample).read_bytes())
        assert (book.title, [chapter.title for chapter in book.chapters]) == (title, [title])
    assert not list(tmp_path.iterdir())


LOCK = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/></e:EncryptedData></encryption>'
)
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("data", "reason", "fact"),
    [
        (
            an_epub(PAGES, {}, **{"META-INF__encryption.xml": LOCK.format("aes")}),
            Unreadable.BROKEN,
            ("found", "encrypted"),
        ),
        (a_zip({"META-INF/container.xml": "<x/>"}), Unreadable.BROKEN, ("part", "META-INF/container.xml")),
        (a_zip({"META-INF/container.xml": BOMB}), Unreadable.BOMB, ("measure", "entities")),
        (an_epub({}), Unreadable.EMPTY, ("", None)),
        (an_epub({"../../etc/passwd": "x"}), Unreadable.EMPTY, ("", None)),
        (an_epub(PAGES)[:-50], Unreadable.BROKEN, ("found", "unknown")),
        (an_epub({f"{n}.xhtml": xhtml(f"<p>{LONG}") for n in range(401)}), Unreadable.BOMB, ("measure", "chapters")),
        (a_zip({"a.epub": an_epub(PAGES), "b.zip": a_zip({"a.md": "x"})}), Unreadable.EMPTY, ("", None)),
        (a_zip({"__MACOSX/a.md": "x", ".b.md": "x", "c/.d.md": "x", "e.exe": "x"}), Unreadable.EMPTY, ("", None)),
        (a_zip({f"{n}.md": "x" for n in range(2001)}), Unreadable.BOMB, ("measure", "members")),
        (a_zip({"a.md": b"x" * (33 << 20)}), Unreadable.BOMB, ("measure", "bytes")),
        (a_zip({"a.md": "x", "b.docx": "x"}), Unreadable.BROKEN, ("member", "b.docx")),
        (a_zip({"a.md": "x", "b.md": " "}), Unreadable.EMPTY, ("member", "b.md")),
        (b"%PDF-1.7", Unreadable.BROKEN, ("found", "pdf")),
        (b"", Unreadable.EMPTY, ("", None)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_hostile_books_are_refused(data: bytes, reason: Unreadable, fact: tuple[str, object]) -> None:
    with pytest.raises(UnreadableManuscriptError) as caught:
        read_book(data)
    assert (caught.value.reason, caught.value.facts.get(fact[0])) == (reason, fact[1])


def test_disguised_fonts_lock_nothing() -> None:
    lock = LOCK.format("http://www.idpf.org/2008/embedding")
    assert len(read_book(an_epub(PAGES, LABELS, **{"META-INF__encryption.xml": lock})).chapters) == 2


def test_a_zip_is_a_book_in_the_order_of_its_names_with_what_each_file_says_of_itself() -> None:
    """A title and a date of its own, or of its name; else the day the archive has."""
    book = read_book(
        a_zip(
            {
                "10 - Third.txt": "c",
                "2_Second.md": '---\ntitle: "The Second"\ndate: 2020-05-06T12:00:00Z\n---\nb',
                "2024-03-05 First.html": "a",
                "1999-99-99.md": "d",
                "pictures/a.png": GIF,
            },
            (2021, 2, 3),
        )
    )
    assert told(book) == [
        ("The Second", "b", "2020-05-06"),
        ("Third", "c", "2021-02-03"),
        ("1999-99-99", "d", "2021-02-03"),
        ("First", "a", "2024-03-05"),
    ]


def test_google_docs_zipped_web_page_is_a_chapter_with_its_images() -> None:
    data = a_zip({"Tides.html": "<p>a</p><img src=images/image1.png alt=lamp>", "images/image1.png": PNG})
    read = read_manuscript("Tides.zip", data)
    assert (read.markdown, [image.data for image in read.images]) == ("a\n\n![lamp](image:1)", [PNG])
    assert told(read_book(data))[0][2] is None
