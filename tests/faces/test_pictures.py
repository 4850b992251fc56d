"""The queue as a picture: with the text, never instead of it."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import pytest
from PIL import Image
from simcord.results import InteractionResult

from cogs.paper import WIDTH
from tests.faces.stage import DAY, Stage, stage, text_of
from usecases.calendars import Calendar


def galleries(shown: InteractionResult) -> list[dict[str, Any]]:
    """The pictures that an answer shows."""
    assert shown.response is not None
    kind = discord.ComponentType.media_gallery.value
    return [item for one in shown.response.components if one["type"] == kind for item in one["items"]]


async def asked(scene: Stage, **options: Any) -> InteractionResult:
    """The author runs `/chapter queue`."""
    return await scene.author.slash(scene.lobby, "chapter queue", **options)


async def test_the_queue_comes_with_a_calendar_that_says_in_words_what_it_shows(tmp_path: Path) -> None:
    """By command and by button, seen by the author alone."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        notice = await scene.submit("The Salt Road", "Two")
        for shown in (await asked(scene), await scene.press(notice, "See my queue")):
            assert shown.ephemeral
            assert shown.response is not None
            (file,) = shown.response.attachments
            (item,) = galleries(shown)
            assert file.filename == "queue.png"
            image = Image.open(BytesIO(await file.read()))
            assert (image.format, image.width) == ("PNG", WIDTH)
            assert file.description == item["description"]
            assert "The Salt Road: out 1 January; promised 4 January; next free 7 January" in item["description"]
            assert "1 chapter waiting" in text_of(shown)


async def test_several_series_go_by_letters_that_the_text_explains(tmp_path: Path) -> None:
    """The picture needs few words, and no script that it cannot draw."""
    async with stage(tmp_path) as scene:
        for title in ("The Salt Road", "塩の道"):
            await scene.start_series(title)
            await scene.submit(title, "One")
        shown = await asked(scene)
        assert "**A · 塩の道**" in text_of(shown)
        assert "**B · The Salt Road**" in text_of(shown)
        (item,) = galleries(shown)
        assert "A, 塩の道: promised 15 January" in item["description"]
        alone = await asked(scene, series="The Salt Road")
        assert "**The Salt Road**" in text_of(alone)


async def test_without_anything_on_its_days_no_picture_is_sent(tmp_path: Path) -> None:
    """A series that has not begun, and one that went out long ago."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        before = await asked(scene)
        await scene.submit("The Salt Road", "One")
        lately = await asked(scene)
        await scene.pass_time(15 * DAY)
        after = await asked(scene)
        assert [len(galleries(shown)) for shown in (before, lately, after)] == [0, 1, 0]
        assert "Nothing is waiting" in text_of(lately)
        assert before.response is not None
        assert before.response.attachments == []


async def test_the_same_calendar_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks again on the same day sees it at once; on another day it is another one."""
    drawn: list[Calendar] = []

    def draw(calendar: Calendar) -> bytes:
        drawn.append(calendar)
        return b"\x89PNG"

    monkeypatch.setattr("cogs.pictures.draw_calendar", draw)
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        await asked(scene)
        again = await asked(scene)
        assert len(galleries(again)) == 1
        assert len(drawn) == 1
        await scene.pass_time(DAY)
        await asked(scene)
        assert len(drawn) == 2


@pytest.mark.parametrize("trouble", ["not installed", "broken"])
async def test_a_queue_without_its_picture_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Pillow is missing, or fails."""
    if trouble == "not installed":
        for module in ("cogs.pictures", "cogs.paper"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.setitem(sys.modules, "PIL", None)
    else:
        monkeypatch.setattr("cogs.pictures.draw_calendar", lambda _: 1 / 0)
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        await scene.submit("The Salt Road", "Two")
        shown = await asked(scene)
        assert "1 chapter waiting" in text_of(shown)
        assert galleries(shown) == []
