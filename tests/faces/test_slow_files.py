"""Files that take long to be read: everybody gets a fair turn, and whoever waits is told."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from cogs import places
from demo import mischief
from tests.faces.stage import Stage, stage, text_of
from tests.images import a_png
from tests.usecases.test_manuscripts import a_docx, p
from usecases.manuscripts import Manuscript
from usecases.manuscripts.apart import clean_images_apart, read_manuscript_apart

SLOW = a_docx(p("A slow one."))


class Shelf:
    """A reader of Word files that keeps each until it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self._go_on: dict[str, threading.Event] = {}

    def read(self, filename: str, data: bytes) -> Manuscript:
        """Really read it, once it is let go."""
        self._go_on[filename] = threading.Event()
        self.begun.append(filename)
        assert self._go_on[filename].wait(30)
        return read_manuscript_apart(filename, data)

    def let_go(self, filename: str) -> None:
        """Let a file be read to its end."""
        self._go_on[filename].set()


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """In the place of the real reader."""
    planted = Shelf()
    monkeypatch.setattr("cogs.manuscripts.read_manuscript_apart", planted.read)
    return planted


async def until(condition: Callable[[], bool]) -> None:
    """Give the bot time until something holds."""
    for _ in range(3_000):
        if condition():
            return
        await asyncio.to_thread(threading.Event().wait, 0.001)
    pytest.fail("it never held")


def in_one_line(answer: InteractionResult) -> str:
    """What somebody reads, as they would read it aloud."""
    return " ".join(text_of(answer).split())


async def hand_in(scene: Stage, name: str, author: MemberActor) -> InteractionResult:
    """Somebody hands a Word file in."""
    series = f"Of {author.name}"
    return await scene.preview(series, name, author=author, file=(f"{name}.docx", SLOW))


async def test_one_author_has_one_place_others_go_on_and_whoever_waits_is_told(tmp_path: Path, shelf: Shelf) -> None:
    """What comes of each file appears in the place of what was told."""
    async with stage(tmp_path) as scene:
        ines, rui, mo = scene.author, scene.reader, scene.moderator
        for author in (ines, rui, mo):
            await scene.start_series(f"Of {author.name}", author)
        with mischief.at_once(scene.env):
            first = await hand_in(scene, "a", ines)
            await until(lambda: shelf.begun == ["a.docx"])
            second, third = await hand_in(scene, "b", ines), await hand_in(scene, "c", ines)
            await until(lambda: "waits its turn" in text_of(third))
            assert in_one_line(second) == (
                "“b.docx” waits its turn to be read. I read one file of a person at a time, and another of yours comes "
                "first. That is mostly soon; should its turn not come within 10 minutes, I tell you here. You need not "
                "do anything: what comes of it appears here."
            )
            assert "2 others of yours come first" in text_of(third)

            of_rui = await hand_in(scene, "r", rui)
            await until(lambda: shelf.begun == ["a.docx", "r.docx"])
            assert text_of(of_rui) == "", "it is being read"
            of_mo = await hand_in(scene, "m", mo)
            await until(lambda: "waits its turn" in text_of(of_mo))
            assert in_one_line(of_mo) == (
                "“m.docx” waits its turn to be read. I am reading other people's files just now, as many as I can at a "
                "time. Its turn comes within 1 minute, and mostly much sooner. You need not do anything: what comes of "
                "it appears here."
            )
            pasted = await scene.preview("Of mo", "t", author=mo, text="Only text.", image1=("1.png", a_png()))
            await until(lambda: "Preview" in text_of(pasted))

            shelf.let_go("a.docx")
            await until(lambda: "Preview: “a”" in text_of(first))
            await until(lambda: shelf.begun[2:] == ["m.docx"])  # who had no turn comes before who had one
            for name, answer in (("r", of_rui), ("b", second), ("m", of_mo), ("c", third)):
                await until(lambda name=name: f"{name}.docx" in shelf.begun)  # type: ignore[misc]
                shelf.let_go(f"{name}.docx")
                await until(lambda answer=answer: "Preview" in text_of(answer))  # type: ignore[misc]
        await scene.env.settle()
        assert "A slow one." in text_of(third)
        assert "waits its turn" not in text_of(third)


async def test_a_form_that_comes_back_before_its_images_waits_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its author would hand in a chapter without them."""
    go_on, begun = threading.Event(), threading.Event()

    def slow(images: list[tuple[str, bytes]]) -> tuple[bytes, ...]:
        begun.set()
        assert go_on.wait(30)
        return clean_images_apart(images)

    monkeypatch.setattr("cogs.manuscripts.clean_images_apart", slow)
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        given = {"series": "The Salt Road", "title": "One", "ai": "none", "image1": ("1.png", a_png())}
        with mischief.at_once(scene.env):
            form = await scene.author.slash(scene.lobby, "chapter submit", **given)
            await until(begun.is_set)
            shown = await scene.author.submit_modal(form, {"text0": "Pasted."})
            await until(lambda: shown.acknowledged)
            assert text_of(shown) == ""
            go_on.set()
            await until(lambda: "Preview" in text_of(shown))
        await scene.env.settle()
        assert "With 1 image, after the text" in text_of(shown)


async def test_too_many_files_at_once_are_refused_in_a_sentence(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are taken are still read."""
    monkeypatch.setattr(places, "MOST_MINUTES", 1)
    async with stage(tmp_path) as scene:
        await scene.start_series("Of ines")
        with mischief.at_once(scene.env):
            first = await hand_in(scene, "a", scene.author)
            await until(lambda: shelf.begun == ["a.docx"])
            second, third = await hand_in(scene, "b", scene.author), await hand_in(scene, "c", scene.author)
            await until(lambda: "I have not taken it" in text_of(third))
            assert in_one_line(third) == (
                "I read one file of a person at a time, and 2 others of yours come first, so this one would wait for "
                "more than 1 minute. I have not taken it; please hand it in again when the others are done."
            )
            for name in ("a", "b"):
                await until(lambda name=name: f"{name}.docx" in shelf.begun)  # type: ignore[misc]
                shelf.let_go(f"{name}.docx")
            await until(lambda: "Preview" in text_of(second))
        await scene.env.settle()
        assert "Preview" in text_of(first)
