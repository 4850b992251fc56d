"""HTML from the world: of a page around a chapter the chapter is read, as a browser would show it."""

import pytest

from tests.usecases.test_manuscripts import GIF, PNG, data_uri
from usecases.manuscripts import read_manuscript
from usecases.manuscripts.webpages import read_page, resolve
from usecases.refusals import Unreadable, UnreadableManuscriptError


def page(html: str) -> str:
    """What an HTML file is read as."""
    return read_manuscript("story.html", html.encode()).markdown


GOOGLE_DOCS = """<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">
@import url(https://themes.googleusercontent.com/fonts/css?kit=x);ol.lst-kix_1-0{list-style-type:none}
.c0{font-weight:400;text-decoration:none;font-style:normal}.c1{font-style:italic}.c2{font-weight:700}
.c3{text-decoration:line-through}.c4{color:#1155cc;text-decoration:underline}.c9{display:none}
li:hover .c1{font-weight:700}</style></head><body class="c7 doc-content">
<p class="c5 title" id="h.1"><span class="c0">Tides</span></p><h2 class="c6"><span class="c2">One</span></h2>
<p class="c5"><span class="c0">Maren lit the </span><span class="c1">smallest</span><span class="c0"> lamp, and </span>
<span class="c2">nobody</span><span class="c0"> else </span><span class="c3">did</span>
<span class="c0 c1">saw</span><span class="c9">secret</span><span class="c0">.</span>
<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p>
<p class="c5 c8"><span class="c0"></span></p><hr style="page-break-before:always;display:none;">
<p class="c5"><span class="c4"><a class="c4" href="https://www.google.com/url?q=https://x.org/a&amp;sa=D">tide</a></span>
<span>table.</span></p><p class="c5"><span class="c0">***</span></p><p class="c5"><span>End.</span></p>
<hr class="c10"><div><p class="c11"><a href="#ftnt_ref1" id="ftnt1">[1]</a><span class="c0"> Put out.</span></p></div>
</body></html>"""


def test_google_docs_says_emphasis_in_classes_and_sends_links_over_itself() -> None:
    assert page(GOOGLE_DOCS) == (
        "Tides\n\n## One\n\nMaren lit the *smallest* lamp, and **nobody** else ~~did~~ *saw*. [^1]\n\n"
        "[tide](https://x.org/a) table.\n\n* * *\n\nEnd.\n\n[^1]: Put out."
    )


ARCHIVE = """<!DOCTYPE html><html><head><title>Tides - ines</title></head><body>
<div id="preface"><p class="message"><b>Posted originally on an archive</b></p><div class="meta"><dl class="tags">
<dt>Rating:</dt><dd>General</dd></dl><h1>Tides</h1><div class="byline">by ines</div><p>Summary</p>
<blockquote class="userstuff"><p>A lamp.</p></blockquote></div></div>
<div id="chapters" class="userstuff"><div class="meta group"><h2 class="heading">Chapter 1: Oil</h2>
<p>Chapter Notes</p><blockquote class="userstuff"><p>Thanks to all.</p></blockquote></div>
<div class="userstuff"><p>Maren <em>ran</em>.</p><p></p><hr /><p align="center">Dawn.</p></div></div>
<div id="afterword"><p class="message">Please comment.</p></div></body></html>"""


def test_of_an_archives_download_the_chapter_with_its_authors_notes_is_read() -> None:
    """L6: an author's note is a paragraph where it is shown before the story."""
    assert page(ARCHIVE) == ("## Chapter 1: Oil\n\nChapter Notes\n\n> Thanks to all.\n\nMaren *ran*.\n\n* * *\n\nDawn.")


FICTION_SITE = """<html><head><style>.cjZ{display:none;speak:never}</style></head><body><nav>Home</nav>
<div class="portlet author-note-portlet"><div class="author-note">Vote!</div></div>
<h1>Tides</h1><div class="chapter-inner chapter-content"><p>Maren <span style="font-style: italic">ran</span>.</p>
<p class="cjZ">This story was stolen.</p><p><br></p><div class="table-wrapper"><table><tbody><tr><td><p>Quest!</p>
<p>Run.</p></td></tr></tbody></table></div></div><div class="comments"><p>First!</p></div></body></html>"""


def test_of_a_fiction_sites_page_the_chapter_is_read_without_what_it_hides() -> None:
    assert page(FICTION_SITE) == "Maren *ran*.\n\nQuest!\n\nRun."


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<ul><li>a<li>b</ul><p>c<p>d", "- a\n- b\n\nc\n\nd"),
        ("<table><tr><td>a<td>b</table>", "a | b"),
        ("<p>a<script>x</script><style>y</style><!-- z --></p><textarea>w</textarea>", "a"),
        ("<p hidden>x</p><p style='visibility:hidden'>x</p><p style='mso-hide:all'>x</p><p>a", "a"),
        ("<pre>a\n  b</pre>", "a\\\nb"),
        ("<p>漢<ruby>字<rp>（</rp><rt>じ</rt><rp>）</rp></ruby>", "漢字(じ)"),
        ("<p dir=rtl>مساء <b>الخير</b>", "مساء **الخير**"),
        ("<p>She said <q>no</q>.", "She said “no”."),
        ("<p>a</p><div class='scene-break'><img src=x></div><p>b", "a\n\n* * *\n\nb"),
        ("<p>a</p><p class='separator'> </p><p>b", "a\n\n* * *\n\nb"),
        ("<style>.r{border-top:1px solid}</style><p>a</p><p class=r></p><p class=r>b", "a\n\n* * *\n\nb"),
        ("<p>a</p><hr><hr><p>b</p><hr>", "a\n\n* * *\n\nb"),
        ("<p style='font-style:italic'>a<br>b</p>", "*a\\\nb*"),
        ("<i style='font-style:normal'>a</i>", "*a*"),
        ("<style>/* } */ i{} .x , p.y{font-weight:bold}</style><p class=y>a</p><p class=x>b</p><i class=y>c", None),
        ("<article><p>Teaser</p></article><p>The whole long story of it.", "Teaser\n\nThe whole long story of it."),
        ("<header>Menu</header><main><h1>A</h1><p>The whole long story.</main><footer>Site</footer>", None),
        ("<a href='#top'>a</a> <a href='b.html'>b</a> <a href='javascript:c'>c</a>", "a b c"),
        ("<p>a<img src='https://x.org/a.png' alt='lamp'>", "a[lamp](https://x.org/a.png)"),
        ("<blockquote>a</blockquote>\n<blockquote><p>b</blockquote><p>c<blockquote>d", "> a\n>\n> b\n\nc\n\n> d"),
        ("<input type=checkbox checked> a", "\N{BALLOT BOX WITH CHECK} a"),
    ],
)
def test_html_is_read_as_a_browser_would_show_it(html: str, written: str | None) -> None:
    expected = {"<style>/*": "**a**\n\n**b**\n\n*c*", "<header>": "# A\n\nThe whole long story."}
    assert page(html) == (written or next(text for begins, text in expected.items() if html.startswith(begins)))


def test_notes_are_found_by_leading_back_and_tables_of_contents_are_none() -> None:
    """Also one of several paragraphs, one marked twice, one in a note, and one that only says what it is."""
    contents = "<p><a id=t1 href=#c1>One</a></p><h1 id=c1><a href=#t1>One</a></h1>"
    text = (
        "<p>a<a id=r1 href=#n1>1</a> b<a href=#n1>1</a> c<a role=doc-noteref href=#n2>2</a></p>"
        "<aside id=n1><p><a href=#r1>1</a> x<sup id=r3><a href=#n3>3</a></sup></p><p>y</p></aside>"
        "<p id=n2>z</p><p><a id=n3 href=#r3>3</a> w</p>"
    )
    assert page(contents + text) == ("One\n\n# One\n\na[^1] b[^1] c[^2]\n\n[^1]: x[^3]\n\n    y\n\n[^2]: z\n\n[^3]: w")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("utf-8", "utf-8"), ("hex", "cp1251"), ("utf-8", "cp1251"), ("koi8-r", "koi8-r")],
)
def test_a_page_says_its_encoding_and_is_believed_where_that_fits(declared: str, encoding: str) -> None:
    words = "Она вошла без стука, положила письмо на стол и ушла. Никто не ответил."
    html = f"<html><head><meta charset='{declared}'></head><body><p>{words}</body></html>"
    assert read_manuscript("x.htm", html.encode(encoding)).markdown == words


def test_xhtml_ends_elements_where_they_begin() -> None:
    xhtml = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>'
    assert page(f"{xhtml}<p>a<a id='x'/>b<i/></p><p>c</p></body></html>") == "ab\n\nc"


def test_files_beside_a_page_are_found_and_nothing_outside_of_its_archive() -> None:
    files = {"t/i/a.png": PNG, "s.css": b".i{font-style:italic}"}
    html = (
        "<link rel=stylesheet href=../s.css><p class=i>a<img src=i/a.png alt=t/i/a.png>"
        "<img src='../../../etc/passwd' alt=x><img src='file:///etc/passwd' alt=y>"
        f"<svg><image xlink:href='{data_uri(GIF, 'gif')}'/></svg>"
    )
    read = read_page(html.encode(), "t/p.html", files.get)
    assert read.markdown == "*axy*\n\n![](image:1)\n\n![](image:2)"
    assert [image.data for image in read.images] == [PNG, GIF]


@pytest.mark.parametrize(
    ("path", "reference", "place"),
    [
        ("a/b.html", "../c.png#x", "c.png"),
        ("a/b.html", "#x", "a/b.html"),
        ("a/b.html", "/../../etc/passwd", "etc/passwd"),
        ("", "%2e%2e/a%20b", "a b"),
        ("a", "HTTP://x.org", "HTTP://x.org"),
        ("a", "//x.org/a", "//x.org/a"),
    ],
)
def test_references_stay_within_the_archive(path: str, reference: str, place: str) -> None:
    assert resolve(path, reference) == place


@pytest.mark.parametrize(
    ("html", "reason", "measure"),
    [
        ("<div>" * 100_000 + "x", Unreadable.BOMB, "depth"),
        ("<p>x" * 110_000, Unreadable.BOMB, "elements"),
        ("<p>" + "x" * 600_000, Unreadable.TOO_LONG, None),
        ("".join(f"<img src='{data_uri(PNG + bytes([n % 256, n // 256]))}'>" for n in range(10_000)),
         Unreadable.TOO_MANY_IMAGES, None),
        ("<p> </p><nav>x</nav>", Unreadable.EMPTY, None),
        ("MZ\x90\0<p>x", Unreadable.NOT_TEXT, None),
        ("%PDF-1.7", Unreadable.NOT_TEXT, None),
    ],
    ids=["divs", "elements", "long", "images", "empty", "program", "pdf"],
)  # fmt: skip
def test_hostile_pages_are_refused(html: str, reason: Unreadable, measure: str | None) -> None:
    with pytest.raises(UnreadableManuscriptError) as caught:
        read_page(html.encode("latin-1")) if reason is not Unreadable.EMPTY else page(html)
    assert (caught.value.reason, caught.value.facts.get("measure")) == (reason, measure)
