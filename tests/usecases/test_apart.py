"""Reading in a process of its own: the same answers, within limits, and nothing left behind."""

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.usecases.test_books import LABELS, LONG, PAGES, a_zip, an_epub, xhtml
from tests.usecases.test_manuscripts import SAMPLES, a_document_with_an_image, a_docx, p
from usecases.manuscripts import apart, read_book, read_manuscript
from usecases.manuscripts.apart import read_book_apart, read_manuscript_apart
from usecases.refusals import Unreadable, UnreadableManuscriptError

RUN = '<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">ten chars </w:t></w:r>'
HEAVY = a_docx(f"<w:p>{RUN * 10}</w:p>" * 2300)
"""About the most elements and text that are still read."""


@pytest.mark.parametrize("sample", ["libreoffice.docx", "libreoffice.odt", "pandoc.epub", "pandoc.html"])
def test_what_is_read_apart_is_what_is_read_here(sample: str) -> None:
    data = (SAMPLES / sample).read_bytes()
    assert read_manuscript_apart(sample, data) == read_manuscript(sample, data)


def test_a_book_comes_back_whole_with_titles_dates_and_images() -> None:
    for data in ((SAMPLES / "pandoc.epub").read_bytes(), an_epub(PAGES, LABELS), a_zip({"2024-03-05 A.md": "a"})):
        assert read_book_apart(data) == read_book(data)


def test_a_refusal_comes_back_with_its_reason_and_facts() -> None:
    for name, data in (("a.docx", b"MZ\x90"), ("a.epub", an_epub(PAGES, LABELS)), ("a.pdf", b"x"), ("a.odt", b"")):
        with pytest.raises(UnreadableManuscriptError) as here:
            read_manuscript(name, data)
        with pytest.raises(UnreadableManuscriptError) as there:
            read_manuscript_apart(name, data)
        assert (there.value.reason, there.value.facts) == (here.value.reason, here.value.facts)


def gives_up(name: str, data: bytes) -> object:
    """What was too much in a file."""
    with pytest.raises(UnreadableManuscriptError) as caught:
        read_manuscript_apart(name, data)
    assert caught.value.reason is Unreadable.GIVEN_UP
    return caught.value.facts["measure"]


def limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Let the process run this before anything else."""
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(code))
    monkeypatch.setattr(apart, "_ROOT", f"{tmp_path}{os.pathsep}{apart._ROOT}")


def test_the_heaviest_file_is_read_within_the_limits() -> None:
    assert len(read_manuscript_apart("x.docx", HEAVY).markdown) > 2300 * 100


def test_the_operating_system_ends_what_takes_too_much_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    limited(
        monkeypatch, tmp_path, "import usecases.manuscripts as m; m._READERS['.docx'] = lambda _data: bytes(2 << 30)"
    )
    assert gives_up("x.docx", b"x") == "memory"


def test_the_operating_system_ends_what_takes_too_much_of_a_processor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limited(monkeypatch, tmp_path, "import usecases.manuscripts.apart as a; a.MOST_CPU = 1")
    assert gives_up("x.docx", HEAVY) == "crash"


def test_what_takes_too_long_by_the_clock_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST_WAIT", 0.05)
    assert gives_up("x.docx", HEAVY) == "time"


def test_a_fault_of_ours_is_a_refusal_that_says_where_and_nothing_of_the_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limited(monkeypatch, tmp_path, "import usecases.manuscripts as m; m._READERS['.docx'] = lambda data: 1 / 0")
    with pytest.raises(UnreadableManuscriptError) as caught:
        read_manuscript_apart("x.docx", a_docx(p("secret")))
    assert str(caught.value.facts["fault"]).startswith("ZeroDivisionError in ")


FORBIDDEN = {
    "connects": "import socket; socket.create_connection(('127.0.0.1', {port}), 1)",
    "resolves": "import socket; socket.getaddrinfo('localhost', 80)",
    "starts": "import subprocess; subprocess.run(['true'])",
    "forks": "import os; os.fork()",
    "writes": "open({file!r}, 'w')",
    "removes": "import os; os.remove({file!r})",
}


_REFUSED = """
import sys, usecases.manuscripts.__main__ as m
m._limit()
sys.addaudithook(m._refuse)
try:
    {}
except PermissionError:
    sys.exit(7)
"""


@pytest.mark.parametrize("act", FORBIDDEN)
def test_a_reader_reaches_neither_network_nor_disk(act: str, tmp_path: Path) -> None:
    """Whatever a converter may be talked into."""
    kept = tmp_path / "kept"
    kept.write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        code = FORBIDDEN[act].format(port=server.getsockname()[1], file=str(kept))
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", _REFUSED.format(code)], check=False
        )
        with pytest.raises(BlockingIOError):
            server.accept()
    assert done.returncode == 7
    assert kept.read_text() == "x"


def test_the_process_gets_no_secret_no_descriptor_and_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLOPHON_TOKEN", "secret")
    monkeypatch.chdir(tmp_path)
    fault = "sorted(os.environ) + sorted(os.listdir('/proc/self/fd'))"
    limited(
        monkeypatch,
        tmp_path,
        f"""
        import os
        import usecases.manuscripts as m
        from usecases.manuscripts.forms import Manuscript
        m._READERS['.docx'] = lambda data: Manuscript(' '.join({fault}))
        """,
    )
    with socket.create_server(("127.0.0.1", 0)):
        seen = read_manuscript_apart("x.docx", b"x").markdown.split()
    assert "COLOPHON_TOKEN" not in seen
    assert len([number for number in seen if number.isdigit()]) <= 4
    assert [file.name for file in tmp_path.iterdir() if file.name != "__pycache__"] == ["sitecustomize.py"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<div>" * 1_600_000),
        ("a.html", b"<p>x" * 2_000_000),
        ("a.html", b"<table><tr><td>" * 500_000),
        ("a.html", b"<a href=#a id=a>" * 200_000),
        ("a.html", b"<style>" + b".a{b:c} " * 900_000),
        ("a.html", b"<!--" * 2_000_000),
        ("a.html", b"<p style='" + b";" * 8_000_000 + b"'>x"),
        ("a.html", b"&amp" * 2_000_000),
        ("a.docx", a_document_with_an_image('r:embed="r1"', "media/a.png", a=b"\x89PNG\r\n\x1a\n" + bytes(30 << 20))),
        ("a.epub", an_epub({f"{n}.xhtml": xhtml(f"<p>{LONG * 20}") for n in range(390)})),
    ],
    ids=["divs", "paragraphs", "tables", "links", "styles", "comments", "declarations", "entities", "image", "book"],
)
def test_hostile_files_are_done_with_within_the_limits(name: str, data: bytes) -> None:
    """With an answer, whichever; the limits of processor and memory hold for each."""
    try:
        assert read_manuscript_apart(name, data).markdown
    except UnreadableManuscriptError as error:
        assert error.reason is not Unreadable.GIVEN_UP  # noqa: PT017 - either is well
