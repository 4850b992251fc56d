"""Images of a file that readers will not see: noted for their author, of each kind of file, and kept with the text."""

import json
from urllib.parse import quote

import pytest

from rules.images import Unshown
from storage import manuscripts
from storage.transaction import Transaction
from tests.images import a_png
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, STORY, a_draft, a_series
from tests.usecases.test_books import a_zip
from tests.usecases.test_manuscripts import a_document_with_an_image
from tests.usecases.test_opendocument import an_odt
from usecases.drafts import prepare, preview, set_text
from usecases.image_files import other_kind
from usecases.manuscripts import Manuscript, read_book, read_manuscript
from usecases.manuscripts.apart import read_manuscript_apart
from usecases.manuscripts.gallery import MOST_UNSHOWN

SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>"
FRAME = "<text:p>Lit.<draw:frame>{}<svg:title>A lamp</svg:title></draw:frame></text:p>"
FORM = "<draw:image xlink:href='Pictures/{}'/>"


def read(name: str, text: str) -> Manuscript:
    """A text file."""
    return read_manuscript(name, text.encode())


def test_a_word_file_with_a_drawing_of_windows() -> None:
    """By its name, since such files are never unpacked."""
    data = a_document_with_an_image('r:embed="r1"', "media/image1.emf", a=b"x")
    assert read_manuscript("x.docx", data).unshown == (Unshown(1, "image1.emf", "EMF", "A [lamp]"),)
    assert read_manuscript_apart("x.docx", data) == read_manuscript("x.docx", data)


def test_of_several_forms_of_an_image_the_one_is_taken_that_can_be_shown() -> None:
    """LibreOffice keeps a picture of each drawing beside it."""
    both = an_odt(FRAME.format(FORM.format("a.svg") + FORM.format("a.png")), members={"a": a_png()})
    shown = read_manuscript("x.odt", both)
    assert (len(shown.images), shown.unshown) == (1, ())
    alone = read_manuscript("x.odt", an_odt(FRAME.format(FORM.format("a.svg")), members={}))
    assert alone.unshown == (Unshown(1, "a.svg", "SVG", "A lamp"),)
    assert alone.markdown == "Lit.A lamp"


def test_a_web_page_says_which_of_its_images_it_does_not_hold() -> None:
    """Those on the network stay links, and count where they stand."""
    page = (
        "<p>One.<img src='https://example.org/a.png'><img src='page_files/door.png' alt='The door'>"
        f"<img src='data:image/svg+xml,{quote(SVG)}'><img src='data:image/png;base64,AAAA'><img>"
    )
    assert read("x.html", page).unshown == (
        Unshown(2, "door.png", "", "The door", there=False),
        Unshown(3, "", "SVG", ""),
        Unshown(4, "", "", ""),
    )


def test_a_markdown_file_that_names_images_beside_it() -> None:
    """As editors write them; what is on the network is a link."""
    found = read("x.md", "One.\n\n![The map](maps/map.png)\n\n![](b.tiff) ![c](https://example.org/c.png)\n")
    assert found.unshown == (
        Unshown(1, "map.png", "", "The map", there=False),
        Unshown(2, "b.tiff", "TIFF", ""),
    )
    assert "The map" in found.markdown


def test_a_book_says_it_of_each_chapter() -> None:
    """And no more of one than anybody reads."""
    many = "".join(f"![{n}]({n}.heic)\n\n" for n in range(MOST_UNSHOWN + 5))
    first, second = read_book(a_zip({"1.md": "![a](a.svg)\n\nA.", "2.md": f"{many}B."})).chapters
    assert first.manuscript.unshown == (Unshown(1, "a.svg", "SVG", "a"),)
    assert len(second.manuscript.unshown) == MOST_UNSHOWN


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SVG, "", "SVG"),
        (b"II*\0", "", "TIFF"),
        (bytes(40) + b" EMF", "", "EMF"),
        (b"\0\0\0\x18ftypheic", "x.jpg", "HEIC"),
        (b"\0\0\0\x18ftypavif", "", "AVIF"),
        (b"", "a.WMF", "WMF"),
        (b"", "a.png", ""),
        (b"?", "Object 1", ""),
    ],
)
def test_a_kind_is_named_by_bytes_or_by_name(data: bytes, name: str, kind: str) -> None:
    """Whatever its name says, its bytes win."""
    assert other_kind(data, name) == kind


def test_what_is_not_shown_is_kept_with_the_text_and_goes_with_the_next_file(tx: Transaction) -> None:
    """A cure of the label changes nothing about it."""
    draft = a_draft(tx, a_series(tx))
    assert preview(tx, INES, draft, now=NEW_YEAR).unshown == ()
    left_out = (Unshown(2, "map.svg", "SVG", "A map"), Unshown(3, "door.png", "", "", there=False))
    manuscripts.set_unshown(tx, draft, left_out)
    shown = preview(tx, INES, draft, now=NEW_YEAR)
    set_text(tx, INES, draft, prepare(STORY, shown.draft.declaration, shown.policy))
    assert preview(tx, INES, draft, now=NEW_YEAR).unshown == left_out
    row = tx.one("SELECT unshown FROM manuscripts WHERE chapter_id = :draft", draft=draft)
    assert row is not None
    assert json.loads(row["unshown"])[0] == [2, "map.svg", "SVG", "A map", True]
