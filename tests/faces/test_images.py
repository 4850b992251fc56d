"""Images: handed in, described, judged, posted with their alt text (L5, L8), through restarts."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult

from demo import mischief
from tests import photographs
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, text_of
from tests.images import a_jpeg_with_xmp, a_png, an_xmp
from tests.photographs import ORIENTATION, PLACE, everything, in_its_colours, notes, seen
from usecases.statements import stated_origin

OWN = {"origin": "own", "caption": "", "source": "", "alt": "A lantern in the rain"}
BY_AI = {
    "origin": "ai",
    "caption": "Cover made with AI",
    "source": "Firefly 3, asked by Ines",
    "alt": "A salt road at dusk",
}


async def with_images(scene: Stage, *images: bytes, **options: Any) -> InteractionResult:
    """A series, and the preview of a chapter with images."""
    await scene.start_series("The Salt Road")
    attached: dict[str, Any] = {
        f"image{number}": (f"{number}.png", data) for number, data in enumerate(images, start=1)
    }
    return await scene.preview("The Salt Road", "One", **(attached | options))


async def describe(scene: Stage, card: InteractionResult, answers: dict[str, str]) -> InteractionResult:
    """Fill the form behind **Describe**."""
    form = await scene.press(card, "Describe")
    assert form.modal is not None
    return await scene.author.submit_modal(form, answers | {"origin": [answers["origin"]]})


def home(scene: Stage) -> list[discord.Message]:
    """What stands in the home, without its first message."""
    return scene.thread("The Salt Road").history()[1:]


@pytest.mark.parametrize("restart", [False, True])
async def test_described_images_travel_and_stand_behind_the_text_with_caption_and_alt(
    tmp_path: Path, restart: bool
) -> None:
    """From preview to home, form after form, whatever happens between two presses."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_png("a"), a_png("b"))
        assert "With 2 images, after the text" in text_of(shown)
        assert "Images 1 and 2 do not say yet where they are from (rule L5)" in text_of(shown)
        assert buttons_of(shown) == ["Submit", "Describe images", "Cancel"]
        card = await scene.press(shown, "Describe images")
        assert card.response is not None
        assert card.response.ephemeral
        assert "Image 1 of 2" in text_of(card)
        assert buttons_of(card) == ["Describe", "All mine", "Next image", "Done"]
        if restart:
            await scene.restart()
        second = await describe(scene, card, OWN)
        assert "Image 2 of 2" in text_of(second)
        if restart:
            await scene.restart()
        done = await describe(scene, second, BY_AI)
        assert "In its home thread and in the network channel" in text_of(done)
        assert "1 image made by AI: “Cover made with AI”" in text_of(done)
        if restart:
            await scene.restart()
        await scene.press(done, "Submit")

        heading, text, own, by_ai = home(scene)
        assert "1 image made by AI: “Cover made with AI”" in heading.content
        assert text.content.startswith("The bell rang twice.")
        assert own.content == "-# The author's own image"
        assert by_ai.content == "Cover made with AI\n-# Image made by AI: Firefly 3, asked by Ines"
        for message, alt, data in ((own, OWN["alt"], a_png("a")), (by_ai, BY_AI["alt"], a_png("b"))):
            (file,) = message.attachments
            assert file.description == alt
            assert await file.read() == data
        (announcement,) = scene.network.history()
        assert "1 image made by AI" in announcement.content
        assert announcement.attachments == []


async def test_one_image_without_an_answer_keeps_its_chapter_home_and_only_that_chapter(tmp_path: Path) -> None:
    """L5; the notice names the image and the press that mends it."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_png("a"), a_png("b"))
        second = await describe(scene, await scene.press(shown, "Describe images"), OWN)
        back = await scene.press(second, "Done")
        assert "Image 2 does not say yet where it is from (rule L5)" in text_of(back)
        await scene.press(back, "Submit")
        assert scene.network.history() == []
        assert home(scene)[-1].content == "-# Its author has not said where this image is from"
        assert "1 image without a label" in home(scene)[0].content
        await scene.submit("The Salt Road", "Two")
        await scene.pass_time(3 * DAY)
        (announcement,) = scene.network.history()
        assert "Two" in announcement.content


async def test_all_mine_in_one_press(tmp_path: Path) -> None:
    """Of those that nobody has described yet."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_png("a"), a_png("b"), a_png("c"))
        second = await describe(scene, await scene.press(shown, "Describe images"), BY_AI)
        done = await scene.press(second, "All mine")
        assert "2 your own" in text_of(done)
        assert "1 made by AI" in text_of(done)
        assert "network channel" in text_of(done)
        again = await scene.press(done, "Describe images")
        assert buttons_of(again) == ["Describe", "Next image", "Done"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (BY_AI | {"caption": "My cover"}, "no caption says so in words that name AI"),
        (BY_AI | {"source": " "}, "no source names the tool or model"),
        (OWN | {"origin": "others"}, "no source says whose"),
    ],
)
async def test_what_an_answer_lacks_is_said_on_the_card(tmp_path: Path, answers: dict[str, str], says: str) -> None:
    """L5: the answers stay, and the same image asks again."""
    async with stage(tmp_path) as scene:
        card = await scene.press(await with_images(scene, a_png()), "Describe images")
        again = await describe(scene, card, answers)
        assert "Image 1 of 1" in text_of(again)
        assert says in text_of(again)
        done = await scene.press(again, "Done")
        assert says in text_of(done)
        assert "rule L5" in text_of(done)


async def test_what_a_file_says_of_itself_is_offered_and_nothing_more(tmp_path: Path) -> None:
    """A suggestion to its author, filled in; the author's answer counts."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_jpeg_with_xmp(an_xmp()))
        assert "made by AI" not in text_of(shown)
        card = await scene.press(shown, "Describe images")
        assert "This file says of itself that it was made by AI, written by “Firefly 3”. Is that so?" in text_of(card)
        form = await scene.press(card, "Describe")
        assert form.modal is not None
        assert re.search("'default': True[^{}]*'value': 'ai'|'value': 'ai'[^{}]*'default': True", str(form.modal))
        assert "'value': 'Firefly 3'" in str(form.modal)
        done = await scene.author.submit_modal(form, OWN | {"origin": ["own"]})
        assert "1 your own" in text_of(done)
        assert "network channel" in text_of(done)
        await scene.press(done, "Submit")
        assert "AI" not in home(scene)[-1].content


@pytest.mark.parametrize("sample", range(5))
async def test_no_posted_image_tells_where_it_was_taken_and_each_looks_as_it_did(tmp_path: Path, sample: int) -> None:
    """Attached or embedded; what the file says of its origin is asked all the same."""
    photograph = photographs.samples()[sample]
    assert PLACE.encode() in everything(photograph)
    async with stage(tmp_path) as scene:
        text = f"One.\n\n![A road](data:image/png;base64,{b64encode(photograph).decode()})\n\nTwo."
        card = await scene.press(await with_images(scene, photograph, text=text), "Describe images")
        assert "its file told of a person, a camera or a place is taken out" in text_of(card)
        assert ("This file says of itself" in text_of(card)) is (stated_origin(photograph) is not None)
        await scene.press(await scene.press(card, "All mine"), "Submit")
        posted = [await file.read() for message in home(scene) for file in message.attachments]
        assert len(posted) == 2
        for data in posted:
            assert PLACE.encode() not in everything(data)
            assert in_its_colours(data) == in_its_colours(photograph)
            assert seen(data) == seen(photograph)[: len(seen(data))], "a second picture behind the first one goes"
            assert set(notes(data)) <= {ORIENTATION}


async def test_an_image_whose_file_cannot_be_followed_is_not_passed_on(tmp_path: Path) -> None:
    """Nobody knows what it tells; its author is told what to do."""
    async with stage(tmp_path) as scene:
        broken = a_png("", (b"ODDX", b"nobody knows"))
        refused = await with_images(scene, broken)
        assert "The file of “1.png” is damaged" in text_of(refused)
        assert "save it once more as PNG or JPEG" in text_of(refused)
        text = f"One.\n\n![A road](data:image/png;base64,{b64encode(broken).decode()})\n\nTwo."
        embedded = await scene.preview("The Salt Road", "Two", text=text)
        assert "The file of “Image 1 of Two.md” is damaged" in text_of(embedded)
        assert "Nothing is waiting" in text_of(await scene.author.slash(scene.lobby, "chapter queue"))


SVG = "data:image/svg+xml;base64," + b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()


async def test_an_image_that_discord_does_not_show_is_named_in_the_preview_with_what_helps(tmp_path: Path) -> None:
    """And it stays there, through presses and a restart, until another file comes."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        page = f"<p>One.<img src='a.png' alt='Sea'><p>Two.<img src='{SVG}' alt='A map'><p>Three.<img src='{SVG}'>"
        shown = await scene.preview("The Salt Road", "One", file=("one.html", page.encode()), image1=("1.png", a_png()))
        cure = "Save them as PNG and put them into the file, or attach them (`image1` to `image4`);"
        says = [
            "**3 images of the file will not be seen by readers:**",
            "- the 1st in the file, “a.png”: the file names it and does not hold it; its alt text, “Sea”, stands there",
            "- the 2nd in the file: it is SVG, which Discord does not show; its alt text, “A map”, stands there",
            "- the 3rd in the file: it is SVG, which Discord does not show; nothing stands in its place",
            f"{cure} then hand the file in again.",
        ]
        assert "\n".join(says) in text_of(shown)
        await scene.restart()
        done = await scene.press(await scene.press(shown, "Describe images"), "All mine")
        assert "\n".join(says) in text_of(done)
        await scene.press(done, "Submit")
        assert all("SVG" not in message.content for message in home(scene))

        await scene.preview("The Salt Road", "Two", text="Two.")
        await scene.submit("The Salt Road", "Two")
        again = await scene.author.slash(
            scene.lobby, "chapter replace", chapter="Two", file=("two.md", b"Two.\n\n![A map](map.svg)")
        )
        assert "**1 image of the file will not be seen by readers:**" in text_of(again)
        assert "Save it as PNG and put it into the file; then hand the file in again." in text_of(again)


async def test_a_waiting_chapter_is_described_from_its_notice_by_its_author_alone(tmp_path: Path) -> None:
    """N2: the cure stands under the lasting copy too, and works after a restart."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        await scene.submit("The Salt Road", "Two", image1=("1.png", a_png()))
        notice = scene.notices.history()[-1]
        assert "Image 1 does not say yet where it is from (rule L5)" in text_of(notice)
        await scene.restart()
        refused = await scene.reader.click(notice, label="Describe images")
        assert "Only its author" in text_of(refused)
        card = await scene.author.click(notice, label="Describe images")
        assert card.ephemeral
        await scene.restart()
        done = await scene.press(card, "All mine")
        assert "is handed in" in text_of(done)
        assert "network channel" in text_of(done)
        await scene.pass_time(3 * DAY)
        assert len(scene.network.history()) == 2


async def test_images_come_with_a_pasted_text_too(tmp_path: Path) -> None:
    """The form opens at once; the images are fetched meanwhile."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        given = {"series": "The Salt Road", "title": "One", "ai": "none", "image1": ("1.png", a_png())}
        form = await scene.author.slash(scene.lobby, "chapter submit", **given)
        shown = await scene.author.submit_modal(form, {"text0": "Pasted."})
        assert "With 1 image, after the text" in text_of(shown)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"MZ\x90\x00 a program", "is no image that Discord shows"),
        (b"<svg onload='alert(1)'/>", "“2.png” is SVG, which Discord does not show. Please save it as PNG or JPEG"),
        (b"\0\0\0\x18ftypheic", "“2.png” is HEIC, which Discord does not show. Please save it as PNG or JPEG"),
        (a_png()[:-30], "ends before the image does"),
        (a_png("x" * 11_000_000), "here an image may have up to 10.0 MiB"),
    ],
)
async def test_what_is_no_image_is_refused_in_a_sentence_and_leaves_nothing(
    tmp_path: Path, data: bytes, says: str
) -> None:
    """By its bytes, whatever its name says."""
    async with stage(tmp_path) as scene:
        refused = await with_images(scene, a_png(), data)
        assert "“2.png”" in text_of(refused)
        assert says in text_of(refused)
        assert "Preview" not in text_of(refused)
        assert "Nothing is waiting" in text_of(await scene.author.slash(scene.lobby, "chapter queue"))


async def test_a_refused_image_beside_the_form_is_told_and_the_form_still_works(tmp_path: Path) -> None:
    """The refusal comes beside what the author sees."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        given = {"series": "The Salt Road", "title": "One", "ai": "none", "image1": ("1.png", b"no image")}
        form = await scene.author.slash(scene.lobby, "chapter submit", **given)
        assert "no image that Discord shows" in text_of(form)
        shown = await scene.author.submit_modal(form, {"text0": "Pasted."})
        assert buttons_of(shown) == ["Submit", "Cancel"]


async def test_a_picture_of_a_hundred_million_pixels_costs_nothing(tmp_path: Path) -> None:
    """Pixels are never looked at."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_png(width=10_000, height=10_000))
        assert "With 1 image" in text_of(await scene.press(await scene.press(shown, "Describe images"), "Done"))


@pytest.mark.parametrize("hours", [0, 5])
async def test_an_image_whose_answer_was_lost_is_known_again(tmp_path: Path, hours: int) -> None:
    """R2: by its nonce within minutes, by its file's name afterwards; two like images are two messages."""
    async with stage(tmp_path) as scene:
        shown = await with_images(scene, a_png("a"), a_png("a"))
        done = await scene.press(await scene.press(shown, "Describe images"), "All mine")
        mischief.lose_answers(scene.bot, files_only=True)
        await scene.press(done, "Submit")
        assert len(home(scene)) == 3, "the first image stands, and its answer is lost"
        await scene.restart(offline=hours * HOUR)
        await scene.pass_time(90)
        names = [message.attachments[0].filename for message in home(scene) if message.attachments]
        assert len(names) == len(set(names)) == 2
        assert [name.split("-")[1] for name in names] == ["1", "2"]
        assert len(home(scene)) == 4
        assert len(scene.network.history()) == 1


async def test_a_released_chapter_is_described_from_its_notice_and_announced_after_all(tmp_path: Path) -> None:
    """L10: the notice's button holds after the release and a restart; the posted image says what now holds."""
    async with stage(tmp_path) as scene:
        await scene.press(await with_images(scene, a_png()), "Submit")
        assert scene.network.history() == []
        (notice,) = scene.notices.history()
        await scene.restart()
        card = await scene.author.click(notice, label="Describe images")
        done = await describe(scene, card, BY_AI)
        assert "came out" in text_of(done)
        assert "network channel" in text_of(done)
        (announcement,) = scene.network.history()
        assert "1 image made by AI: “Cover made with AI”" in announcement.content
        assert home(scene)[-1].content == "Cover made with AI\n-# Image made by AI: Firefly 3, asked by Ines"
        assert "made by AI" in home(scene)[0].content
        assert len(home(scene)[-1].attachments) == 1


def in_a_file(*words: str) -> str:
    """A Markdown text with an image between its paragraphs for each word."""
    shown = (f"![A {word}](data:image/png;base64,{b64encode(a_png(word)).decode()})" for word in words)
    return "\n\n".join(["First.", *(f"{image}\n\nThen {number}." for number, image in enumerate(shown, start=1))])


async def test_embedded_images_stand_in_their_places_and_keep_their_answers_in_another_file(tmp_path: Path) -> None:
    """An attached one comes last; the same image in a new text needs no new answer."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        given: dict[str, Any] = {"text": in_a_file("map", "door"), "image1": ("1.png", a_png("cover"))}
        shown = await scene.preview("The Salt Road", "Two", **given)
        assert "With 3 images, 2 in their places, 1 after the text" in text_of(shown)
        done = await scene.press(await scene.press(shown, "Describe images"), "All mine")
        await scene.press(done, "Submit")
        text = in_a_file("key", "map").encode()
        replaced = await scene.author.slash(scene.lobby, "chapter replace", chapter="Two", file=("two.md", text))
        assert "Image 1 does not say yet where it is from" in text_of(replaced)
        await scene.press(await scene.press(replaced, "Describe images"), "All mine")
        await scene.pass_time(3 * DAY)
        first, key, then_1, known, then_2, cover = home(scene)[-6:]
        assert [first.content, then_1.content, then_2.content] == ["First.", "Then 1.", "Then 2."]
        for message, word in ((key, "key"), (known, "map"), (cover, "cover")):
            assert await message.attachments[0].read() == a_png(word)
        assert known.attachments[0].description == "A map"
        assert len(scene.network.history()) == 2
