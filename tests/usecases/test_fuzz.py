"""The fuzzing by command (`tests/fuzz`): it runs, each reader stands some of it, and it would notice."""

import contextlib

import pytest

from tests.fuzz import __main__ as fuzz
from usecases.manuscripts import Image, Manuscript, read_book, read_manuscript
from usecases.refusals import UnacceptableImageError, UnreadableManuscriptError


@pytest.mark.parametrize("reader", fuzz.READERS)
def test_changed_files_are_read_or_refused(reader: str) -> None:
    assert [fuzz.failure(reader, seed) for seed in range(8)] == [None] * 8


def test_a_seed_makes_the_same_file_again_and_its_file_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuzz.case("docx", 7) == fuzz.case("docx", 7) != fuzz.case("docx", 8)
    monkeypatch.setattr(fuzz, "read_manuscript", lambda _name, _data: 1 / 0)
    monkeypatch.setattr("resource.setrlimit", lambda *_limits: None)
    assert fuzz.main(["txt", "--seed", "7"]) == 1
    assert "txt --seed 7: ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.parametrize("reader", fuzz.READERS)
def test_many_of_the_changed_files_are_still_read(reader: str) -> None:
    """Else it would only try the doors."""
    came_out = 0
    for seed in range(12):
        with contextlib.suppress(UnreadableManuscriptError, UnacceptableImageError):
            data = fuzz.case(reader, seed)
            if reader == "image":
                fuzz.read_image(data)
            else:
                _ = read_book(data) if reader in ("epub", "zip") else read_manuscript(f"x.{reader}", data)
            came_out += 1
    assert came_out >= 3


@pytest.mark.parametrize(
    "manuscript",
    [
        Manuscript("a\0"),
        Manuscript("a\ud800"),
        Manuscript("![a](image:1)"),
        Manuscript("a ![a](image:1)", (Image(b"x", "image/png", None),)),
        Manuscript("a", (Image(b"x", "image/png", None),)),
    ],
)
def test_what_cannot_be_kept_or_shown_is_noticed(manuscript: Manuscript) -> None:
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        fuzz.check_manuscript(manuscript)
