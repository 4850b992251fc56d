"""Manuscripts: what authors hand in comes out as one Markdown text, and nothing they hand in hurts."""

import base64
import io
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from usecases.manuscripts import ACCEPTED, LARGEST_FILE, LONGEST_MANUSCRIPT, read_manuscript, read_pasted
from usecases.manuscripts.archives import MOST_MEMBERS
from usecases.manuscripts.forms import Image
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.hypertext import to_manuscript
from usecases.refusals import RefusalError, Unreadable, UnreadableManuscriptError

SAMPLES = Path(__file__).parent.parent / "manuscripts"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_docx(body: str, *, prolog: str = "", **parts: str) -> bytes:
    """A Word file around the inside of its body; other parts by their name in `word/`."""
    document = f'<?xml version="1.0"?>{prolog}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{content}</w:{name}>")
    return packed.getvalue()


def p(text: str = "", *, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def as_text(filename: str, data: bytes) -> str:
    """The text of a file."""
    return read_manuscript(filename, data).markdown


def docx(body: str, **parts: str) -> str:
    """What a Word file of this body is read as."""
    return as_text("story.docx", a_docx(body, **parts))


def from_html(html: str) -> str:
    """What HTML without images is read as."""
    return to_manuscript(html, Gallery()).markdown


def txt(text: str) -> str:
    """What a text file is read as."""
    return as_text("story.txt", text.encode())


def refusal(filename: str, data: bytes) -> UnreadableManuscriptError:
    """How a file is refused."""
    with pytest.raises(UnreadableManuscriptError) as caught:
        as_text(filename, data)
    return caught.value


def visible(markdown: str) -> str:
    """What a reader sees of a Markdown text, without white space."""

    def texts(tokens: list[Token]) -> list[str]:
        return [
            text
            for token in tokens
            for text in (texts(token.children) if token.children is not None else [token.content])
        ]

    return re.sub(r"\s+", "", "".join(texts(MarkdownIt("commonmark").enable("strikethrough").parse(markdown))))


# What word processors really write


KEEPER = (
    "# The Keeper of Small Lights\n\n"
    "## Chapter One: Oil\n\n"
    "Maren lit the *smallest* lamp first. “It’s only fair,” she said; “**nobody** else will.”\n\n"
    "The harbour was ~~empty~~ asleep.\\\nSo was the sea.\n\n"
    "* * *\n\n"
    "On the third step sat a stranger who greeted her in every tongue he had:\n\n"
    "> Καλημέρα, μικρό φως.\n>\n> 「小さな灯りよ、こんばんは。」\n>\n> مساء الخير أيها النور الصغير.\n\n"
    "![](image:1)\n\n"
    "He wanted three things:\n\n"
    "- a match,\n- a *dry* match,\n- the [tide table](https://example.org/tides).\n\n"
    "* * *\n\n"
    "“We close at dawn”,\N{NO-BREAK SPACE}she said[^1].\n\n"
    "[^1]: The lights of that coast are put out, not blown out."
)
ORCHARD = (
    "# The Orchard Ledger\n\n"
    "## Chapter Seven\n\n"
    "Ilse counted the trees *twice*. “Forty-one”, she told the ledger, and the ledger — being honest — wrote "
    "**forty**.[^1]\n\n"
    "![The old ledger](image:1)\n\n"
    "The old ledger\n\n"
    "Somewhere between the rows a voice was ~~singing~~ humming:\n\n"
    "> Άνθη της μηλιάς,\n>\n> 林檎の花が咲く。\n>\n> زهر التفاح.\n\n"
    "* * *\n\n"
    "1. She began again.\n2. She began *again*.\n   - By lantern, this time.\n\n"
    "Roses lie\\\nand ledgers don’t.\n\n"
    "[^1]: One of them was a pear, and *knew it*."
)
DESCRIBED = ("![](image:1)", "![A lamp no bigger than a thumb](image:1)")
ELSEWHERE = ("![](image:1)", "A lamp no bigger than a thumb")
UNDESCRIBED = ("![The old ledger](image:1)\n\nThe", "![](image:1)\n\n*The")


@pytest.mark.parametrize(
    ("sample", "written"),
    [
        ("libreoffice.docx", KEEPER),
        ("libreoffice.odt", KEEPER.replace(*DESCRIBED)),
        ("libreoffice.html", KEEPER.replace(*ELSEWHERE)),
        ("pandoc.docx", ORCHARD),
        ("pandoc.odt", ORCHARD.replace(*UNDESCRIBED).replace("old ledger\n\nS", "old ledger*\n\nS")),
        ("pandoc.html", ORCHARD),
        ("pandoc.epub", ORCHARD),
    ],
)
def test_a_real_file_comes_through_with_everything_a_story_has(sample: str, written: str) -> None:
    assert as_text(f"The Keeper.{sample.upper()}", (SAMPLES / sample).read_bytes()) == written


def test_libreoffice_makes_epubs_of_looks_alone_and_emphasis_rules_and_notes_are_found_in_them() -> None:
    """Its headings, quotes and lists are paragraphs to everybody."""
    text = as_text("x.epub", (SAMPLES / "libreoffice.epub").read_bytes())
    plain = KEEPER.replace("# The Keeper of Small Lights", "**The Keeper of Small Lights**")
    plain = plain.replace("## Chapter One: Oil", "**Chapter One: Oil**").replace("\n>\n", "\n\n")
    assert text == re.sub(r"\n- ", "\n\n", re.sub(r"^> |(?<=:\n\n)- ", "", plain, flags=re.MULTILINE))


BORDER = '<w:pBdr><w:bottom w:val="single"/></w:pBdr>'
GOOGLE_RULE = '<w:p><w:r><w:pict><v:rect style="width:0;height:1.5pt" o:hr="t" o:hrstd="t"/></w:pict></w:r></w:p>'


@pytest.mark.parametrize(
    "between",
    [
        p("***", properties='<w:jc w:val="center"/>'),
        p("* * *"),
        p("#"),
        p("⁂"),
        p("~"),
        p("– – –"),
        GOOGLE_RULE,
        p(properties=BORDER),
        p("***") + p() + p("***"),
    ],
)
def test_every_usual_scene_break_in_word_and_google_docs_is_one(between: str) -> None:
    assert docx(p("Dusk.") + between + p("Dawn.")) == "Dusk.\n\n* * *\n\nDawn."


def test_a_typed_rule_that_word_draws_under_the_paragraph_before_it_is_a_scene_break() -> None:
    """Paragraphs with the same border share one line; a box around a paragraph is none."""
    box = '<w:pBdr><w:top w:val="single"/><w:bottom w:val="single"/></w:pBdr>'
    body = p("One.") + p("Two.", properties=BORDER) + p("Three.", properties=BORDER) + p("Four.", properties=box)
    assert docx(body) == "One.\n\nTwo.\n\nThree.\n\n* * *\n\nFour."


def test_tracked_changes_are_accepted_and_comments_and_hidden_text_dropped() -> None:
    body = (
        '<w:p><w:r><w:t xml:space="preserve">She </w:t></w:r>'
        '<w:del w:id="1"><w:r><w:delText>walked</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>ran</w:t></w:r></w:ins>'
        '<w:commentRangeStart w:id="9"/><w:r><w:t>.</w:t></w:r><w:commentRangeEnd w:id="9"/>'
        '<w:r><w:commentReference w:id="9"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>'
    )
    comment = f'<w:comment w:id="9" w:author="Ed">{p("Why?")}</w:comment>'
    assert docx(body, comments=comment) == "She ran."


def test_styles_mean_what_they_say() -> None:
    """A quote is a quote, a title a heading, and the emphasis of a character style (or of one below it) is emphasis."""
    styles = (
        '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="IQ"><w:name w:val="Intense Quote"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="character" w:styleId="Th"><w:name w:val="Thought"/><w:rPr><w:i/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Th2"><w:name w:val="Loud"/><w:basedOn w:val="Th"/></w:style>'
    )
    body = (
        p("Tides", properties='<w:pStyle w:val="T"/>')
        + p("One", properties='<w:pStyle w:val="H2"/>', run="<w:b/>")
        + p("Said.", properties='<w:pStyle w:val="Q"/>')
        + p("Shouted.", properties='<w:pStyle w:val="IQ"/>')
        + p("Well.", run='<w:rStyle w:val="Th2"/>')
    )
    assert docx(body, styles=styles) == "# Tides\n\n## One\n\n> Said.\n>\n> Shouted.\n\n*Well.*"


def test_underlined_words_are_stressed_as_in_a_typescript() -> None:
    assert docx(p("So", run='<w:u w:val="single"/>')) == "*So*"


def test_cells_of_a_row_share_a_line_and_a_box_keeps_its_paragraphs() -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in ("Strength", "12")) + "</w:tr>"
    box = f"<w:tbl><w:tr><w:tc>{p('Quest!')}{p('Find the pear.')}</w:tc></w:tr></w:tbl>"
    assert docx(f"<w:tbl>{row}</w:tbl>{box}") == "Strength | 12\n\nQuest!\n\nFind the pear."


def test_two_soft_line_breaks_part_paragraphs_and_one_does_not() -> None:
    text = "<w:t>One</w:t><w:br/><w:t>line.</w:t><w:br/><w:br/><w:t>Next.</w:t>"
    assert docx(f"<w:p><w:r>{text}</w:r></w:p>") == "One\\\nline.\n\nNext."


def test_words_own_text_never_turns_into_structure() -> None:
    """A typed `1986.`, `- No` or `<b>` is what it looks like, also at the start of a line."""
    lines = ["1986. It was", "- No", "# one", "&gt; so", "&lt;b&gt;", "*not* _so_", "a [b](c)", "\\*", "`x`"]
    text = docx("".join(map(p, lines)))
    assert visible(text) == "".join(lines).replace(" ", "").replace("&gt;", ">").replace("&lt;", "<")
    assert {token.type for token in MarkdownIt("commonmark").parse(text)} == {
        "paragraph_open",
        "inline",
        "paragraph_close",
    }


# Images


PNG = b"\x89PNG\r\n\x1a\n" + b"gold"
GIF = b"GIF89a" + b"silver"


def a_document_with_an_image(blip: str, target: str, mode: str = "", **members: bytes) -> bytes:
    """A Word file that shows one image and says where it is; members of `word/media/` by name."""
    drawing = (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="A [lamp]"/><a:graphic><a:graphicData>'
        f"<pic:pic><pic:blipFill><a:blip {blip}/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATION}/image" Target="{target}" {mode}/></Relationships>'
    )
    words = "<w:r><w:t>Lit{}</w:t></w:r>"
    packed = io.BytesIO(a_docx(f"<w:p>{words.format('.')}{drawing}{words.format('!')}</w:p>{p('Out.')}"))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("word/_rels/document.xml.rels", relations)
        for name, content in members.items():
            archive.writestr(f"word/media/{name}.png", content)
    return packed.getvalue()


def test_an_image_in_a_word_file_stands_after_the_paragraph_it_is_in() -> None:
    """L6: it parts no paragraph and is none."""
    read = read_manuscript("x.docx", a_document_with_an_image('r:embed="r1"', "media/a.png", a=PNG, b=GIF))
    assert read.markdown == "Lit.Lit!\n\n![A \\[lamp\\]](image:1)\n\nOut."
    assert read.images == (Image(PNG, "image/png", "A [lamp]"),)


def test_the_images_of_real_word_files_are_taken_as_they_are() -> None:
    for sample in ("libreoffice.docx", "libreoffice.odt", "libreoffice.epub", "pandoc.docx", "pandoc.epub"):
        (image,) = read_manuscript(sample, (SAMPLES / sample).read_bytes()).images
        assert image.media_type == "image/png"
        assert image.data.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize(
    ("blip", "target", "mode", "stands"),
    [
        ('r:embed="r1"', "media/gone.png", "", "A [lamp]"),
        ('r:embed="r1"', "media/drawing.png", "", "A [lamp]"),
        (
            'r:link="r1"',
            "http://127.0.0.1:9/lamp.png",
            'TargetMode="External"',
            "[A \\[lamp\\]](http://127.0.0.1:9/lamp.png)",
        ),
        ('r:link="r1"', "file:///etc/passwd", 'TargetMode="External"', "A [lamp]"),
        ('r:link="r1"', "../../../../etc/passwd", 'TargetMode="External"', "A [lamp]"),
        ('r:embed="r1"', "../../../../etc/passwd", "", "A [lamp]"),
    ],
)
def test_an_image_elsewhere_leaves_a_link_or_its_alt_text_and_nobody_opens_it(
    blip: str, target: str, mode: str, stands: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the disk nor the network is asked; what Discord does not show is as good as elsewhere."""
    opened: list[object] = []
    monkeypatch.setattr("builtins.open", lambda *arguments, **_options: opened.append(arguments))
    monkeypatch.setattr("socket.socket.connect", lambda _socket, to: opened.append(to))
    read = read_manuscript("x.docx", a_document_with_an_image(blip, target, mode, drawing=b"<svg/>"))
    assert (read.markdown, read.images, opened) == (f"Lit.{stands}Lit!\n\nOut.", (), [])


def data_uri(image: bytes, kind: str = "png") -> str:
    """An address that is the image itself."""
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p><img src=1 alt=a> b</p>", "![a](image:1)\n\nb"),
        ("<p>a <img src=1> b</p><p>c", "a b\n\n![](image:1)\n\nc"),
        ("<p>a<br><br><img src=1>b<br><br>c</p>", "a\n\n![](image:1)\n\nb\n\nc"),
        ("<h2>a<img src=1></h2><p>b", "## a\n\n![](image:1)\n\nb"),
        ("<p>a<img src=1></p><img src=2><p><img src=1>", "a\n\n![](image:1)\n\n![](image:2)\n\n![](image:1)"),
        ("<blockquote><p>a</p><img src=1><p>b</p></blockquote>", "> a\n\n![](image:1)\n\n> b"),
        ("<ol><li>a<img src=1></li><li>b</li></ol>", "1. a\n\n![](image:1)\n\n2. b"),
        ("<table><tr><td>a</td><td><img src=1></td></tr></table>", "a\n\n![](image:1)"),
        (
            "<p>a<a href='#footnote-1'>1</a></p><ol><li id='footnote-1'><p>b</p><img src=1><p>c</p></li></ol>",
            "a[^1]\n\n![](image:1)\n\n[^1]: b\n\n    c",
        ),
        ("<p>a <img src='https://x.org/a b' alt=c> <img src='https://x.org/(d)'></p>", None),
        ("<title><img src=1></title><p>a", "a"),
        (f"<img src='{data_uri(PNG)}' alt=' a  b '>", "![a b](image:1)"),
        ("<img src='data:image/png;base64,%%%' alt=a>", "a"),
    ],
)
def test_images_of_html_are_blocks_outside_of_all_others(html: str, written: str | None) -> None:
    """L6: what stands around them stays as it is."""
    read = to_manuscript(html, Gallery({"1": PNG, "2": GIF}.get))
    assert read.markdown == (written or "a c [https://x.org/(d)](https://x.org/%28d%29)")
    assert len(read.images) == len(set(re.findall(r"image:\d", read.markdown)))


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("A ![one][i] b.\n\n![][i]\n\nc\n\n[i]: <URI>", "A  b.\n\n![one](image:1)\n\n![](image:1)\n\nc"),
        ("![a](URI) ![b](URI) c\nd\n\ne", "![a](image:1)\n\n![b](image:1)\n\n  c\nd\n\ne"),
        ("> a ![*b*](URI)\n> c\n\nd", "> a\n> c\n\n![b](image:1)\n\nd"),
        ("- a\n- b ![](URI)\n- c", "- a\n- b\n- c\n\n![](image:1)"),
        ("a[^1]\n\n[^1]: b ![](URI)\n    c", "a[^1]\n\n[^1]: b\n    c\n\n![](image:1)"),
        ("![a](https://x.org/b) ![](https://x.org/b)", "[a](https://x.org/b) [https://x.org/b](https://x.org/b)"),
        ("![a](b.png)![c](image:1)![d](%EF%BF%BC7)", "acd"),
        ("[i]: a ![b](URI)\n\n![c][i]", "[i]: a\n\n![b](image:1)\n\nc"),
        ("`![a](b.png)`\n\n```\n![a](b.png)\n```", None),
        ("a <data:image/png,x> data:image/png;base64,x", None),
    ],
)
def test_images_of_markdown_are_blocks_outside_of_all_others(markdown: str, written: str | None) -> None:
    """As Google Docs embeds them; what is not in the file is a link or its alt text."""
    read = read_manuscript("x.md", markdown.replace("URI", data_uri(PNG)).encode())
    kept = re.sub(r" +$", "", re.sub(r"\n[ \n]*\n", "\n\n", read.markdown), flags=re.MULTILINE).strip()
    assert kept == (written or markdown)
    assert [image.data for image in read.images] == [PNG] * ("image:1)" in kept and "c](" not in kept)


def test_an_embedded_image_is_no_text_and_does_not_make_it_too_long() -> None:
    large = PNG + bytes(1_000_000)
    read = read_manuscript("x.md", f"Lit.\n\n![][i]\n\n[i]: <{data_uri(large)}>\n".encode())
    assert (read.markdown, read.images) == ("Lit.\n\n![](image:1)", (Image(large, "image/png", None),))


def test_too_many_images_are_refused_and_one_shown_often_is_one() -> None:
    each = "".join(f"<img src='{data_uri(PNG + bytes([number]))}'>" for number in range(61))
    with pytest.raises(UnreadableManuscriptError) as caught:
        to_manuscript(each, Gallery())
    assert caught.value.reason is Unreadable.TOO_MANY_IMAGES
    assert len(to_manuscript("<p><img src=1></p>" * 1000, Gallery({"1": PNG}.get)).images) == 1
    with pytest.raises(UnreadableManuscriptError):
        to_manuscript("<img src=1><img src=2>", Gallery({"1": PNG + bytes(9 << 20), "2": PNG + bytes(8 << 20)}.get))


# What must not get in


@pytest.mark.parametrize(
    ("filename", "data", "reason", "facts"),
    [
        ("story.pdf", b"%PDF-1.7", Unreadable.WRONG_TYPE, {"extension": ".pdf", "accepted": ACCEPTED}),
        ("story", b"Once", Unreadable.WRONG_TYPE, {"extension": "", "accepted": ACCEPTED}),
        ("story.docx", b"%PDF-1.7\n", Unreadable.BROKEN, {"found": "pdf"}),
        ("story.docx", b"MZ\x90\0", Unreadable.BROKEN, {"found": "program"}),
        ("story.docx", b"Once upon a time", Unreadable.BROKEN, {"found": "unknown"}),
        ("story.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), Unreadable.BROKEN, {"found": "old_word"}),
        (
            "story.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
            Unreadable.BROKEN,
            {"found": "encrypted"},
        ),
        ("story.docx", b"PK\x03\x04" + bytes(99), Unreadable.BROKEN, {"found": "unknown"}),
        ("story.txt", b"PK\x03\x04" + bytes(99), Unreadable.NOT_TEXT, {"found": "archive"}),
        ("story.md", b"{\\rtf1 Once}", Unreadable.NOT_TEXT, {"found": "rich_text"}),
        ("story.txt", b"<!DOCTYPE html><p>Once", Unreadable.NOT_TEXT, {"found": "html"}),
        ("story.txt", b"Once\0upon", Unreadable.NOT_TEXT, {"found": "unknown"}),
        ("story.md", b"\xff\xfeO\0n\0\0\0", Unreadable.NOT_TEXT, {"found": "unknown"}),
        ("story.txt", b"", Unreadable.EMPTY, {}),
        ("story.txt", " \n\u00a0\u200b\u2800\n***\n".encode(), Unreadable.EMPTY, {}),
        ("story.md", b"---\ntitle: x\n---\n<!-- soon -->\n", Unreadable.EMPTY, {}),
        ("story.docx", a_docx(p() + p("  ")), Unreadable.EMPTY, {}),
        (
            "story.txt",
            bytes(LARGEST_FILE + 1),
            Unreadable.TOO_LARGE,
            {"size": LARGEST_FILE + 1, "limit": LARGEST_FILE},
        ),
        (
            "story.txt",
            b"a" * (LONGEST_MANUSCRIPT + 1),
            Unreadable.TOO_LONG,
            {"length": LONGEST_MANUSCRIPT + 1, "limit": LONGEST_MANUSCRIPT},
        ),
        (
            "story.docx",
            a_docx(p("a" * (LONGEST_MANUSCRIPT + 1))),
            Unreadable.TOO_LONG,
            {"length": LONGEST_MANUSCRIPT + 1, "limit": LONGEST_MANUSCRIPT},
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_facts(
    filename: str, data: bytes, reason: Unreadable, facts: dict[str, object]
) -> None:
    error = refusal(filename, data)
    assert (error.reason, error.facts) == (reason, facts)
    assert isinstance(error, RefusalError)


def an_archive(**members: bytes) -> bytes:
    """A zip of these files in `word/`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"word/{name}.xml", content)
    return packed.getvalue()


def with_a_lying_size(data: bytes, size: int) -> bytes:
    """The archive, with another unpacked size in its directory."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


LAUGHS = '<!DOCTYPE lolz [<!ENTITY l "ha">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1 or str()};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip
FILLED = f"<w:document {NAMESPACES}><w:body>".encode() + b" " * (40 << 20) + b"</w:body></w:document>"


@pytest.mark.parametrize(
    ("data", "reason", "fact"),
    [
        (a_docx(p("&l9;"), prolog=LAUGHS), Unreadable.BOMB, ("measure", "entities")),
        (a_docx(p("x"), prolog="<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x'>"), Unreadable.BOMB, ("measure", "entities")),
        (a_docx("<w:p>" * 5000 + "</w:p>" * 5000), Unreadable.BOMB, ("measure", "depth")),
        (a_docx("<w:p/>" * 200_000), Unreadable.BOMB, ("measure", "elements")),
        (a_docx("<w:jc/>" * 520_000), Unreadable.BOMB, ("measure", "elements")),
        (an_archive(document=FILLED), Unreadable.BOMB, ("measure", "bytes")),
        (an_archive(document=FILLED[: 20 << 20]), Unreadable.BOMB, ("measure", "ratio")),
        (with_a_lying_size(an_archive(document=FILLED), 1000), Unreadable.BROKEN, ("found", "unknown")),
        (an_archive(**{f"m{n}": b"" for n in range(MOST_MEMBERS + 1)}), Unreadable.BOMB, ("measure", "members")),
        (an_archive(workbook=b"<x/>"), Unreadable.BROKEN, ("part", "word/document.xml")),
        (an_archive(document=b"<w:document"), Unreadable.BROKEN, ("found", "unknown")),
        (an_archive(document=f"<w:tabs {NAMESPACES}/>".encode()), Unreadable.BROKEN, ("found", "unknown")),
        (an_archive(document=b"<story>Once</story>"), Unreadable.BROKEN, ("found", "unknown")),
        (a_docx(p("Cut."))[:-40], Unreadable.BROKEN, ("found", "unknown")),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bombs_and_broken_archives_are_refused(data: bytes, reason: Unreadable, fact: tuple[str, str]) -> None:
    error = refusal("story.docx", data)
    assert (error.reason, error.facts[fact[0]]) == (reason, fact[1])


def test_heavy_libraries_wait_until_somebody_hands_in_what_needs_them() -> None:
    """Start-up time is a figure of the product."""
    code = (
        "import sys, usecases.manuscripts.apart\n"
        "sys.exit(not {'mammoth', 'selectolax', 'charset_normalizer'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code


# Markdown files


def test_markdown_is_kept_as_typed_but_for_what_nobody_reads() -> None:
    data = (
        b"\xef\xbb\xbf---\r\ntitle: Tides\r\ntags:\r\n  - sea\r\n---\r\n\r\n# Tides\r\n\r\n"
        b"Maren *ran*.<!-- check\r\nthis --> So_did I.\r\n\r\n- - -\r\n\r\n```\r\n<!-- kept -->\r\n```\r\n"
    )
    assert as_text("tides.markdown", data) == ("# Tides\n\nMaren *ran*. So_did I.\n\n- - -\n\n```\n<!-- kept -->\n```")


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_front_matter_may_be_toml_and_stand_above_plain_text(ending: str) -> None:
    for matter in ('+++\ntitle = "Tides"\n[extra]\ndraft = true\n+++', "---\ntitle: Tides\n---"):
        assert as_text(f"a.{ending}", f"{matter}\nMaren.".encode()) == "Maren."


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nHe left.\n\n---\n\nEnd.",
        "---\nHe said: no.\nNothing else\n---\nEnd.",
        "Wait <!-- what?",
        "---"[:2] + "x",
    ],
)
def test_a_divider_on_top_is_no_front_matter_and_an_open_comment_is_text(text: str) -> None:
    assert as_text("a.md", text.encode()) == text


UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
LETTERS = [
    ("Übermut und Größe. „Fürs Erste genügt das“, sagte Müller und schloß die Tür.", ["cp1252", "mac_roman"]),
    ("“It’s over,” he said…", ["cp1252"]),
    (
        "Elle s’en alla. « C’est fini », dit-elle à voix basse. L’été suivant, le café brûla.",
        ["cp1252"],
    ),
    ("Zażółć gęślą jaźń, powiedział król i spojrzał na świecę. Później poszli spać.", ["cp1250", "iso8859-2"]),
    ("Она вошла без стука, положила письмо на стол и ушла. Никто не ответил.", ["cp1251", "koi8-r", "cp866"]),
    ("Μπήκε χωρίς να χτυπήσει, άφησε το γράμμα στο τραπέζι και έφυγε.", ["cp1253"]),
    ("היא נכנסה בלי לדפוק, הניחה את המכתב על השולחן והלכה. איש לא ענה לה.", ["cp1255"]),
    ("دخلت دون أن تطرق الباب، ووضعت الرسالة على الطاولة ثم مضت.", ["cp1256"]),
    ("彼女はノックもせずに入ってきて、手紙を机の上に置いて去っていった。", ["shift_jis", "euc_jp", "iso2022_jp"]),
    ("她没有敲门就走了进来，把信放在桌上，然后离开了。没有人回答。", ["gb18030", "gb2312"]),
    ("她沒有敲門就走了進來，把信放在桌上，然後離開了。沒有人回答。", ["big5"]),
    ("그녀는 노크도 없이 들어와 편지를 탁자 위에 놓고 떠났다.", ["euc_kr"]),
]


@pytest.mark.parametrize("ending", ["txt", "md"])
@pytest.mark.parametrize(
    ("text", "encoding"), [(text, encoding) for text, old in LETTERS for encoding in [*UNICODE, *old]]
)
def test_a_text_is_read_in_any_encoding_that_its_language_was_written_in(text: str, encoding: str, ending: str) -> None:
    twice = f"{text}\r\n\r\n{text}\r\n"
    assert as_text(f"a.{ending}", twice.encode(encoding)).replace("\\", "") == f"{text}\n\n{text}"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_any_newline_ends_a_line_and_a_form_feed_does_too(newline: str) -> None:
    assert txt(f"Dusk.{newline}{newline}Night.\f{newline}Dawn.") == "Dusk.\n\nNight.\n\nDawn."


def test_noise_is_no_text_in_any_encoding() -> None:
    noise = random.Random(1).randbytes(5000)
    assert refusal("a.txt", noise).reason is Unreadable.NOT_TEXT
    assert refusal("a.txt", noise.replace(b"\0", b"")).reason is Unreadable.NOT_TEXT


# Plain text


@pytest.mark.parametrize("mark", ["***", "* * *", "---", "#", "###", "⁂", "~", "~~~", "___", "  * * *  ", "-*-"])
def test_scene_breaks_of_plain_text_are_scene_breaks(mark: str) -> None:
    assert txt(f"Dusk.\n\n{mark}\n\nDawn.") == "Dusk.\n\n* * *\n\nDawn."
    assert txt(f"Dusk.\n{mark}\nDawn.") == "Dusk.\n\n* * *\n\nDawn."


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("    Indented, not code.", "Indented, not code."),
        ("#hash", "#hash"),
        ("# not a heading", "\\# not a heading"),
        ("1986. It was a year.", "1986\\. It was a year."),
        ("- No, she said.", "\\- No, she said."),
        ("+ one", "\\+ one"),
        ("* two", "\\* two"),
        ("> three", "\\> three"),
        ("<tag> and <3", "\\<tag> and <3"),
        ("&amp; & co", "\\&amp; & co"),
        ("`Hello'", "\\`Hello'"),
        ("~~~ whisper", "\\~~~ whisper"),
        ("[Skill](see below)", "[Skill\\](see below)"),
        ("[^1]: no note", "\\[^1\\]: no note"),
        ("*so* _so_ **so** ~~so~~", "*so* _so_ **so** ~~so~~"),
        ("C:\\stories\\", "C:\\\\stories\\\\"),
        ("…?!", "…?!"),
    ],
)
def test_plain_text_stays_text_and_stress_stays_stress(line: str, written: str) -> None:
    assert txt(line) == written


WRAPPED = """It was the last week of the herring, and the harbour smelled of salt
and rope and the thing that everybody called luck. Maren counted the
lamps on the quay twice, because the first time there had been one too
many."""


def test_wrapped_lines_are_joined_and_verse_between_them_is_not() -> None:
    verse = "    Lamp, lamp,\n    who lit you?"
    joined = WRAPPED.replace("\n", " ")
    assert txt(f"{WRAPPED}\n\n{verse}\n\n{WRAPPED}\n") == f"{joined}\n\nLamp, lamp,\\\nwho lit you?\n\n{joined}"


def test_indented_first_lines_part_the_paragraphs_of_an_old_typescript() -> None:
    joined = WRAPPED.replace("\n", " ")
    assert txt(f"   {WRAPPED}\n   {WRAPPED}") == f"{joined}\n\n{joined}"


def test_a_wrapped_hyphen_and_a_wrapped_japanese_line_get_no_space() -> None:
    long = "この港では夜になると小さな灯りがひとつずつともされていくのだと祖母はいつもそう言っていたものだったが、"
    assert txt(f"{long}\n{long}\nおわり") == f"{long}{long}おわり"
    assert "of salt-and rope" in txt(WRAPPED.replace("of salt\n", "of salt-\n"))


@pytest.mark.parametrize(
    "text",
    [
        "She left.\nHe stayed.\nNobody wrote.",
        "She left, and " + "walked " * 20 + "home.\nHe stayed.\n\nNobody wrote.",
        "One.\n\n“No.”\n“Yes.”\n“No!”",
    ],
)
def test_lines_are_paragraphs_where_nothing_else_parts_them(text: str) -> None:
    """No empty lines at all; a line no one would wrap at; a run of short speeches."""
    assert txt(text) == re.sub(r"\n+", "\n\n", text)


# Pasted text


def test_pasted_text_keeps_what_discord_shows_as_heading_and_quote() -> None:
    pasted = "## Chapter 2\nMaren ran.\n> Who goes\n> there?\n- No one.\n#1 fan"
    assert read_pasted(pasted) == "## Chapter 2\n\nMaren ran.\n\n> Who goes\\\n> there?\n\n\\- No one.\n\n#1 fan"


def test_pasted_control_characters_and_half_surrogates_are_dropped() -> None:
    assert read_pasted("So\0 it\x1b goes\ud800.\u2028On.") == "So it goes.\n\nOn."


def test_a_pasted_nothing_is_empty() -> None:
    with pytest.raises(UnreadableManuscriptError) as caught:
        read_pasted("\n ** \n")
    assert caught.value.reason is Unreadable.EMPTY


@given(st.text(st.sampled_from("ab .,'\"-+#>123.)\n<&;=!?_ü語\\[]()`:"), max_size=120))
def test_a_pasted_text_keeps_all_that_is_visible_in_it(text: str) -> None:
    """But for the marks of Discord's headings and quotes, and scene breaks, which it shows otherwise."""
    lines = [line for line in text.split("\n") if not re.match(r"\s*(#|>|[-_=#\s]+$)", line)]
    kept = "\n\n".join(["Word", *lines])
    if "__" in kept or re.search(r"_\S.*\S?_", kept, re.DOTALL):
        kept = kept.replace("_", "")
    assert visible(read_pasted(kept)) == re.sub(r"\s+", "", kept)


# HTML


TAGS = ["em", "strong", "s", "u", "a href='https://x.org/(y)'"]


@st.composite
def inline_html(draw: st.DrawFn, depth: int = 3) -> str:
    """Words and signs under nested, touching and intraword marks."""
    pieces = draw(
        st.lists(st.text(st.sampled_from("ab ,.—“”*_[]!~`\\语"), min_size=1, max_size=4), min_size=1, max_size=4)
    )
    html = ""
    for piece in pieces:
        inner = draw(inline_html(depth - 1)) if depth and draw(st.booleans()) else piece
        tag = draw(st.sampled_from([*TAGS, ""]))
        html += f"<{tag}>{inner}</{tag.split()[0]}>" if tag else inner
    return html


@given(inline_html())
@settings(max_examples=400, deadline=None)
def test_marks_anywhere_leave_no_stray_sign_and_lose_no_word(html: str) -> None:
    """What a reader sees of the Markdown is the text of the HTML, whatever was marked in it."""
    text = re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", html))
    assert visible(from_html(f"<p>a {html} b</p>")) == f"a{text}b"


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>a<em> b </em>c</p>", "a *b* c"),
        ("<p>un<em>be</em>lievable</p>", "un*be*lievable"),
        ("<p>wait<em>—no</em></p>", "wait—*no*"),
        ("<p><strong>「強い」</strong>風</p>", "**「強い**」風"),
        ("<p><em>a<strong>b</strong></em></p>", "*a**b***"),
        ("<p><em>a</em><em>b</em></p>", "*ab*"),
        ("<p><a href='javascript:x()'>x</a></p>", "x"),
        ("<p><a href='https://x.org/a b'>x</a></p>", "x"),
        ("<p>a<br>b<br>***<br>c</p>", "a\\\nb\n\n* * *\n\nc"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>d</p>", "- a\n  - b\n- c\n\nd"),
        ("<blockquote><p>a</p><ol><li>b</li></ol></blockquote>", "> a\n>\n> 1. b"),
        ("<script>x</script><p>a", "a"),
        ("</p></em><p>a</i></p>", "a"),
        ("<li>" * 50 + "a", "- - - - - - - - a"),
    ],
)
def test_html_becomes_our_one_form(html: str, written: str) -> None:
    assert from_html(html) == written


# Robustness


@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode), ending=st.sampled_from(ACCEPTED))
@settings(deadline=None)
def test_any_bytes_are_a_text_or_a_refusal(data: bytes, ending: str) -> None:
    try:
        text = as_text(f"x{ending}", data)
    except UnreadableManuscriptError:
        return
    assert text.encode()
    assert "\0" not in text


@given(at=st.integers(0, 11_000), with_=st.binary(min_size=1, max_size=8))
@settings(deadline=None)
def test_any_damage_to_a_word_file_is_read_over_or_refused(at: int, with_: bytes) -> None:
    data = (SAMPLES / "pandoc.docx").read_bytes()
    try:
        assert as_text("x.docx", data[:at] + with_ + data[at + len(with_) :])
    except UnreadableManuscriptError:
        return


XML = st.recursive(
    st.sampled_from(["<w:t>x</w:t>", "<w:br/>", "<w:tab/>", "<w:pict/>", "<w:vanish/>", "<w:footnoteReference/>"]),
    lambda inner: st.tuples(
        st.sampled_from([*"prbiu", "tbl", "tr", "tc", "pPr", "rPr", "hyperlink", "numPr", "pBdr", "sdt", "ins", "sym"]),
        st.lists(inner, max_size=4),
    ).map(lambda pair: f"<w:{pair[0]}>{''.join(pair[1])}</w:{pair[0]}>"),
)


@given(XML)
@settings(deadline=None)
def test_any_shape_of_document_is_a_text_or_a_refusal(body: str) -> None:
    try:
        docx(body)
    except UnreadableManuscriptError:
        return
