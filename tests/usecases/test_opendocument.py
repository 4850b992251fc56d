"""LibreOffice's files: what its styles mean, and what must not get in."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from tests.usecases.test_manuscripts import PNG, refusal
from usecases.manuscripts import Manuscript, read_manuscript
from usecases.refusals import Unreadable

NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing")),
        *(("fo", "xsl-fo-compatible"), ("svg", "svg-compatible")),
    )
)


def an_odt(body: str, styles: str = "", *, prolog: str = "", members: Mapping[str, bytes] | None = None) -> bytes:
    """An .odt around the inside of its text; images by their name in `Pictures/`."""
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {NAMESPACES} '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        for name, member in (members or {}).items():
            archive.writestr(f"Pictures/{name}.png", member)
    return packed.getvalue()


def odt(body: str, styles: str = "", **members: bytes) -> Manuscript:
    """What an .odt of this text is read as."""
    return read_manuscript("story.odt", an_odt(body, styles, members=members))


def p(text: str, style: str = "") -> str:
    """A paragraph."""
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def span(text: str, style: str) -> str:
    """A stretch of text in a style."""
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def a_style(name: str, parent: str = "", family: str = "text", **properties: str) -> str:
    """A style with properties of its text; `__` stands for the colon of their names."""
    said = " ".join(f'{key.replace("__", ":").replace("_", "-")}="{value}"' for key, value in properties.items())
    return (
        f'<style:style style:name="{name}" style:parent-style-name="{parent}" style:family="{family}">'
        f"<style:text-properties {said}/></style:style>"
    )


def test_emphasis_comes_from_styles_and_the_styles_they_are_based_on() -> None:
    styles = (
        a_style("I", fo__font_style="italic")
        + a_style("B", "I", fo__font_weight="bold")
        + a_style("N", "B", fo__font_style="normal")
        + a_style("S", style__text_line_through_style="solid")
        + a_style("U", style__text_underline_style="solid")
        + a_style("H", text__display="none")
        + a_style("Loop", "Loop", fo__font_style="italic")
        + a_style("P", family="paragraph", fo__font_style="italic")
    )
    marked = " ".join(span(name.lower(), name) for name in ("I", "B", "N", "S", "U", "H", "Loop"))
    assert odt(p(marked) + p("all", "P"), styles).markdown == "*i* ***b*** **n** ~~s~~ *u* *loop*\n\n*all*"


def test_headings_quotes_and_lines_go_by_the_names_of_styles() -> None:
    """Also of those they are based on."""
    styles = a_style("P1", "Quotations", "paragraph") + a_style(
        "P2", "Heading_20_3", "paragraph", fo__font_style="italic"
    )
    body = (
        p("Tides", "Title")
        + '<text:h text:outline-level="2">One</text:h>'
        + p("Two", "P2")
        + p("Said.", "P1")
        + p("Again.", "Quotations")
        + p("", "Horizontal_20_Line")
        + p("End.")
    )
    assert odt(body, styles).markdown == "# Tides\n\n## One\n\n### Two\n\n> Said.\n>\n> Again.\n\n* * *\n\nEnd."


def test_a_new_page_between_paragraphs_parts_scenes() -> None:
    page = (
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>'
        "</style:style>"
    )
    heading = '<text:h text:style-name="P">Two</text:h>'
    assert odt(p("Dusk.") + p("Dawn.", "P") + heading, page).markdown == "Dusk.\n\n* * *\n\nDawn.\n\n# Two"


def test_lists_count_where_their_style_does_and_those_around_headings_are_none() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/>'
        '<text:list-level-style-bullet text:level="2"/></text:list-style>'
    )
    inner = f"<text:list><text:list-item>{p('b')}</text:list-item></text:list>"
    item = "<text:list-item>{}</text:list-item>"
    listed = f'<text:list text:style-name="L">{item.format(p("a") + inner)}{item.format(p("c"))}</text:list>'
    numbered = f"<text:list>{item.format('<text:h>One</text:h>')}</text:list>"
    assert odt(numbered + listed, styles).markdown == "# One\n\n1. a\n   - b\n2. c"


def test_changes_are_accepted_comments_and_fields_of_the_document_dropped() -> None:
    body = (
        f"<text:tracked-changes>{p('walked')}</text:tracked-changes>"
        + p(
            "She <office:annotation>why?</office:annotation>ran"
            '<text:s text:c="2"/>on<text:tab/>.<text:soft-page-break/>'
        )
        + "<text:table-of-content><text:index-body><text:p>One 1</text:p></text:index-body></text:table-of-content>"
    )
    assert odt(body).markdown == "She ran\N{NO-BREAK SPACE} on ."


def test_notes_links_glosses_tables_and_images_stand_where_they_belong() -> None:
    """L6: an image is a block of its own."""
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('n')}</text:note-body></text:note>"
    frame = "<draw:frame><draw:image xlink:href='{}'/><svg:title>t</svg:title><svg:desc>A lamp</svg:desc></draw:frame>"
    row = "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in "xy")
    ruby = "<text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>じ</text:ruby-text></text:ruby>"
    read = odt(
        p(f"a{note}<text:a xlink:href='https://x.org'>b</text:a>{frame.format('Pictures/i.png')}{ruby}")
        + p(frame.format("https://x.org/i.png") + frame.format("../../etc/passwd"))
        + f"<table:table><table:table-row>{row}</table:table-row></table:table>"
        + p(f"<draw:frame><draw:text-box>{p('boxed')}</draw:text-box></draw:frame>"),
        i=PNG,
    )
    assert read.markdown == (
        "a[^1][b](https://x.org)字(じ)\n\n![A lamp](image:1)\n\n[A lamp](https://x.org/i.png)A lamp\n\n"
        "x | y\n\nboxed\n\n[^1]: n"
    )
    assert [image.data for image in read.images] == [PNG]


def a_zip(**members: str) -> bytes:
    """An archive of texts; `__` stands for a slash, `_x` for the dot before an ending."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "/").replace("_x", "."), member)
    return packed.getvalue()


LOCKED = "<manifest:encryption-data/>"


@pytest.mark.parametrize(
    ("data", "reason", "fact"),
    [
        (an_odt(p("&a;"), prolog='<!DOCTYPE x [<!ENTITY a "ha">]>'), Unreadable.BOMB, ("measure", "entities")),
        (an_odt("<text:section>" * 200 + "</text:section>" * 200), Unreadable.BOMB, ("measure", "depth")),
        (an_odt("<text:p/>" * 120_000), Unreadable.BOMB, ("measure", "elements")),
        (an_odt(p("x" * 500_001)), Unreadable.TOO_LONG, ("limit", 500_000)),
        (an_odt(p(" ")), Unreadable.EMPTY, ("", None)),
        (a_zip(content_xxml="<x/>"), Unreadable.BROKEN, ("part", "content.xml")),
        (a_zip(styles_xxml="<x/>"), Unreadable.BROKEN, ("part", "content.xml")),
        (a_zip(content_xxml="\0", **{"META-INF__manifest_xxml": LOCKED}), Unreadable.BROKEN, ("found", "encrypted")),
        (b"MZ\x90", Unreadable.BROKEN, ("found", "program")),
    ],
    ids=["entities", "depth", "elements", "long", "empty", "other", "no text", "locked", "program"],
)
def test_hostile_files_are_refused(data: bytes, reason: Unreadable, fact: tuple[str, object]) -> None:
    error = refusal("story.odt", data)
    assert (error.reason, error.facts.get(fact[0])) == (reason, fact[1])
