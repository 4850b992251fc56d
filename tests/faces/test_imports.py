"""Older work comes in, as its author, the moderators and the readers meet it (C13)."""

import io
import zipfile
from base64 import b64encode
from pathlib import Path

import discord
import pytest
from simcord.results import InteractionResult

from demo import mischief
from tests.faces.stage import DAY, HOUR, STORY, Stage, buttons_of, custom_id_of, stage, text_of
from tests.faces.test_exceptions import another_moderator
from tests.faces.test_images import OWN, describe
from tests.faces.test_matters import listed, opened
from tests.images import a_png

MINUTE = 60
TEXTS = {
    "2024-03-05 The Bell.md": STORY,
    "2024-04-05 The Baker.md": STORY,
    "2024-05-05 The Bread.md": STORY,
}


def a_zip(texts: dict[str, str]) -> bytes:
    """An archive of such files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return file.getvalue()


async def brought(
    scene: Stage, texts: dict[str, str] | None = None, *, name: str = "old.zip", ai: str = "none"
) -> InteractionResult:
    """An author runs `/series import`."""
    file = (name, a_zip(TEXTS if texts is None else texts))
    return await scene.author.slash(scene.lobby, "series import", series="The Salt Road", file=file, ai=ai)


async def asked(scene: Stage) -> discord.Message:
    """A moderator is asked; the card."""
    await scene.start_series("The Salt Road")
    sent = await scene.press(await brought(scene), "Submit")
    assert "nothing is posted" in text_of(sent)
    return scene.moderation.history()[-1]


def headings(scene: Stage) -> list[str]:
    """The titles that stand in the home, in order."""
    posts = [message.content for message in scene.thread("The Salt Road").history()]
    return [post.splitlines()[0].removeprefix("## ") for post in posts if post.startswith("## ")]


async def test_older_chapters_come_in_through_restarts_one_by_one_and_are_announced_once(tmp_path: Path) -> None:
    """From the file to the announcement; a restart between each two steps, and in the middle of posting."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        shown = await brought(scene)
        assert shown.ephemeral
        for fact in ("3 older chapters", "The Bell", "<t:1709640000:D>", "All of them", "rule C13"):
            assert fact in text_of(shown), fact
        assert buttons_of(shown) == ["Submit", "Mend dates", "Cancel"]
        await scene.restart()
        await scene.press(shown, "Submit")
        assert headings(scene) == []
        await scene.restart()
        card = scene.moderation.history()[-1]
        for fact in ("May 3 older chapters of “The Salt Road” come in?", scene.author.mention, "The Baker", "Written"):
            assert fact in text_of(card), fact
        assert "“The Salt Road”" in text_of(await listed(scene))
        await scene.moderator.click(card, label="Confirm")
        assert "**Confirmed** by" in text_of(scene.moderation.history()[-1])
        assert buttons_of(scene.moderation.history()[-1]) == []
        (answer,) = [one for one in scene.notices.history() if "come in" in text_of(one)]
        assert scene.author.mention in text_of(answer)
        assert headings(scene) == ["The Bell"]
        await scene.pass_time(MINUTE)
        assert headings(scene) == ["The Bell", "The Baker"]
        assert scene.network.history() == []
        await scene.restart(offline=HOUR)
        await scene.pass_time(3 * MINUTE)
        assert headings(scene) == ["The Bell", "The Baker", "The Bread"]
        (announcement,) = scene.network.history()
        for fact in ("The Salt Road: 3 older chapters", "Written without AI", "<t:1709640000:D>", "42 words"):
            assert fact in announcement.content, fact
        assert buttons_of(announcement) == ["Follow", "Show less like this", "Why am I seeing this?"]
        await scene.pass_time(HOUR)
        assert len(scene.network.history()) == 1
        why = text_of(await scene.author.slash(scene.lobby, "why", chapter="The Bell"))
        for fact in ("**First out <t:1709640000:D>**", "no lane", "rule C13"):
            assert fact in why, fact
        done = await scene.submit("The Salt Road", "New")
        assert "Out at once" in text_of(done)


async def test_dates_are_asked_for_and_mended_in_one_form(tmp_path: Path) -> None:
    """Without them nothing can be submitted; a wrong one is named and changes nothing."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        shown = await brought(
            scene, {"2099-01-01 The Bell.md": STORY, "The Baker.md": "---\ndate: 2024-01-01\n---\nA."}
        )
        assert "1 chapter has no date yet" in text_of(shown)
        assert buttons_of(shown) == ["Mend dates", "Cancel"]
        form = await scene.press(shown, "Mend dates")
        wrong = await scene.author.submit_modal(form, {"dates0": "1. 2099-02-02 | The Bell"})
        assert "I cannot take the date" in text_of(wrong)
        form = await scene.press(shown, "Mend dates")
        mended = await scene.author.submit_modal(form, {"dates0": "1. 2020-01-01 | The Bell\n2. 2020-02-02 | x"})
        assert "no date" not in text_of(mended)
        assert buttons_of(mended) == ["Submit", "Mend dates", "Cancel"]


async def test_declined_with_words_and_nothing_is_posted(tmp_path: Path) -> None:
    """From the list; the author reads the words."""
    async with stage(tmp_path) as scene:
        await asked(scene)
        item = await opened(scene, "Older work")
        assert item.response is not None
        form = await scene.moderator.click(item.response, label="Decline")
        await scene.moderator.submit_modal(form, {"reason": "These are somebody else's."})
        told = scene.notices.history()[-1]
        for fact in ("These are somebody else's.", "you can appeal once, until", "then I forget them"):
            assert fact in text_of(told), fact
        assert "**Declined** by" in text_of(scene.moderation.history()[-1])
        await scene.pass_time(HOUR)
        assert headings(scene) == []
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
        assert "older work of “The Salt Road” declined" in log
        await scene.pass_time(8 * DAY)
        late = await scene.author.click(told, label="Appeal")
        assert "is over, and I have forgotten their texts" in text_of(late)


async def declined(scene: Stage) -> discord.Message:
    """The moderator has declined; what the author reads."""
    form = await scene.moderator.click(await asked(scene), label="Decline")
    await scene.moderator.submit_modal(form, {"reason": "Whose are these?"})
    return scene.notices.history()[-1]


@pytest.mark.parametrize("restart", [False, True])
async def test_l12_declined_appealed_and_let_in_by_another_moderator(tmp_path: Path, restart: bool) -> None:
    """On the notice's button, through restarts, from the card to the announcement."""
    async with stage(tmp_path) as scene:
        told, marge = await declined(scene), another_moderator(scene)
        if restart:
            await scene.restart()
        form = await scene.author.click(told, label="Appeal")
        if restart:
            await scene.restart()
        receipt = await scene.author.submit_modal(form, {"reason": "They are mine, look at my site."})
        for fact in ("Your appeal about older chapters of “The Salt Road”", "I keep the texts until then", "rule L12"):
            assert fact in text_of(receipt), fact
        assert buttons_of(receipt) == ["Cancel"]
        assert buttons_of(scene.notices.history()[-1]) == []
        card = scene.moderation.history()[-1]
        facts = ("appeal about older chapters of “The Salt Road”", "Whose are these?", "look at my site", "The Baker")
        for fact in facts:
            assert fact in text_of(card), fact
        assert "Appeal: “The Salt Road”" in text_of(await listed(scene))
        refused = await scene.moderator.click(card, label="Grant the appeal")
        assert "another moderator" in text_of(refused)
        form = await marge.click(card, label="Grant the appeal")
        await marge.submit_modal(form, {"reason": "Seen on the site; welcome."})
        assert "**Granted** by" in text_of(scene.moderation.history()[-1])
        first, answer = (text_of(one) for one in scene.notices.history()[-2:])
        assert "were declined at first" in first
        for fact in ("You have won your appeal", "Seen on the site; welcome.", "announced once, as a whole"):
            assert fact in answer, fact
        await scene.pass_time(5 * MINUTE)
        assert headings(scene) == ["The Bell", "The Baker", "The Bread"]
        (announcement,) = scene.network.history()
        assert "The Salt Road: 3 older chapters" in announcement.content
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
        for fact in ("appeal about “The Salt Road” made", "appeal about “The Salt Road” granted", "3 chapters"):
            assert fact in log, fact


async def test_l12_appealed_by_command_and_kept(tmp_path: Path) -> None:
    """Suggested before all chapters; what was read is forgotten, and nothing is posted."""
    async with stage(tmp_path) as scene:
        await declined(scene)
        marge = another_moderator(scene)
        (choice,) = await scene.author.autocomplete(scene.lobby, "appeal", "chapter", "salt", reason="x")
        assert choice["name"] == "3 older chapters · The Salt Road"
        await scene.author.slash(scene.lobby, "appeal", chapter=choice["value"], reason="Please look again.")
        form = await marge.click(scene.moderation.history()[-1], label="Keep it")
        await marge.submit_modal(form, {"reason": "I find no trace of them."})
        answer = text_of(scene.notices.history()[-1])
        for fact in ("it stays as decided", "I find no trace of them.", "forgotten the texts"):
            assert fact in answer, fact
        await scene.pass_time(HOUR)
        assert headings(scene) == []
        again = await scene.author.slash(scene.lobby, "appeal", chapter="The Salt Road", reason="x")
        assert "is called" in text_of(again)


async def test_l12_an_appeal_is_taken_back_with_what_was_read(tmp_path: Path) -> None:
    """By **Cancel** under its receipt; the card says so, and the next import can begin."""
    async with stage(tmp_path) as scene:
        form = await scene.author.click(await declined(scene), label="Appeal")
        receipt = await scene.author.submit_modal(form, {"reason": "Please."})
        refused = await brought(scene)
        assert "a moderator is asked about them" in text_of(refused)
        assert "is cancelled" in text_of(await scene.press(receipt, "Cancel"))
        card = scene.moderation.history()[-1]
        assert "**Taken back** by its author" in text_of(card)
        assert buttons_of(card) == []
        assert buttons_of(await brought(scene)) == ["Submit", "Mend dates", "Cancel"]


async def test_two_moderators_at_once_give_one_decision_and_the_other_is_told(tmp_path: Path) -> None:
    """One polite answer; its author cannot press at all."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        marge = another_moderator(scene)
        confirm = custom_id_of(card, "Confirm")
        await mischief.click_together(scene.env, scene.moderation, card.id, [scene.moderator, marge], confirm)
        told = [
            text
            for person in (scene.moderator, marge)
            for message in scene.moderation.history(viewer=person)
            if "has confirmed this already" in (text := text_of(message))
        ]
        assert len(told) == 1
        assert headings(scene) == ["The Bell"]


async def test_nobody_but_a_moderator_decides_and_nobody_about_their_own(tmp_path: Path) -> None:
    """Checked at the press."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        refused = await scene.reader.click(card, label="Confirm")
        assert "Only moderators" in text_of(refused)
        await scene.start_series("Mine", author=scene.moderator)
        given = {"series": "Mine", "file": ("a.zip", a_zip(TEXTS)), "ai": "none"}
        shown = await scene.moderator.slash(scene.lobby, "series import", **given)
        await scene.press(shown, "Submit", by=scene.moderator)
        own = await scene.moderator.click(scene.moderation.history()[-1], label="Confirm")
        assert "Nobody confirms their own" in text_of(own)


async def test_l8_one_press_adds_the_label_everywhere(tmp_path: Path) -> None:
    """And the preview says what changes."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        shown = await brought(scene, ai="assisted")
        assert "None of them" in text_of(shown)
        mended = await scene.press(shown, "Add the label for me")
        assert "All of them" in text_of(mended)


@pytest.mark.parametrize(
    ("name", "texts", "says"),
    [
        ("old.docx", {"a.md": STORY}, "`.zip` with a file for each chapter"),
        ("old.zip", {}, "no text in it"),
        ("old.zip", {"__MACOSX/a.md": STORY, ".b.md": STORY}, "no text in it"),
        ("old.zip", {f"{n}.md": "A." for n in range(1, 402)}, "more than 400 chapters"),
        ("old.zip", {f"{n}/x.bin": "" for n in range(10_000)}, "unpack to far more"),
        ("old.zip", {"a.md": STORY, "b.md": " "}, "In “b.md”"),
    ],
)
async def test_a_file_that_is_no_book_is_refused_in_a_sentence(
    tmp_path: Path, name: str, texts: dict[str, str], says: str
) -> None:
    """And nothing is kept."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        assert says in text_of(await brought(scene, texts, name=name))


async def test_images_that_readers_will_not_see_are_told_with_their_chapters(tmp_path: Path) -> None:
    """By title, before anybody is asked."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        shown = await brought(scene, {"Salt.md": f"![A map](map.svg)\n\n![b](b.png)\n\n{STORY}", "Dusk.md": STORY})
        assert "**2 images of the file will not be seen by readers** (2 in “Salt”)" in text_of(shown)
        assert "Save them as PNG and put them into the file; then hand the file in again." in text_of(shown)


async def test_cancelled_by_its_author_the_card_says_so(tmp_path: Path) -> None:
    """Until a moderator has decided."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        sent = await scene.press(await brought(scene), "Submit")
        assert "is cancelled" in text_of(await scene.press(sent, "Cancel"))
        assert "**Cancelled** by its author" in text_of(scene.moderation.history()[-1])
        assert "Nothing waits for you" in text_of(await listed(scene))


async def test_l8_images_of_all_chapters_are_described_in_the_preview(tmp_path: Path) -> None:
    """From image to image, through a restart, back to the preview; they come in with the rest."""
    picture = f"<p>A bell.</p><img src='data:image/png;base64,{b64encode(a_png()).decode()}'>"
    texts = {"2024-03-05 The Bell.html": picture, "2024-04-05 The Baker.html": picture, "2024-05-05 Bread.md": STORY}
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        shown = await brought(scene, texts)
        for fact in ("home only (L5)", "**1 of 3**"):
            assert fact in text_of(shown), fact
        assert buttons_of(shown) == ["Submit", "Mend dates", "Describe images", "Cancel"]
        first = await scene.press(shown, "Describe images")
        for fact in ("Image 1 of 1: “The Bell”", "The other chapters have 1 image"):
            assert fact in text_of(first), fact
        assert buttons_of(first) == ["Describe", "All mine", "Next image", "Done"]
        await scene.restart()
        second = await describe(scene, first, OWN)
        assert "Image 1 of 1: “The Baker”" in text_of(second)
        back = await scene.press(second, "Done")
        assert "**2 of 3**" in text_of(back)
        done = await scene.press(await scene.press(back, "Describe images"), "All mine")
        assert "**All of them**" in text_of(done)
        await scene.press(done, "Submit")
        await scene.moderator.click(scene.moderation.history()[-1], label="Confirm")
        await scene.pass_time(3 * MINUTE)
        (announcement,) = scene.network.history()
        assert "3 older chapters" in announcement.content


async def says(scene: Stage, command: str, **options: str) -> str:
    """What its author reads."""
    return text_of(await scene.author.slash(scene.lobby, command, **options))


async def test_every_list_says_what_is_true_of_older_work(tmp_path: Path) -> None:
    """From *not begun* to *running*: asked, coming in, at home; it waits in no queue and is on no calendar."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        assert "not begun · 3 older chapters with the moderators" in await says(scene, "series list")
        assert "3 older chapters with the moderators (rule C13)" in await says(scene, "chapter queue")
        await scene.moderator.click(card, label="Confirm")
        assert "1 older chapter, no new one yet · 2 older chapters coming in" in await says(scene, "series list")
        assert "2 older chapters coming in (rule C13)" in await says(scene, "chapter queue")
        await scene.pass_time(3 * MINUTE)
        for command in ("series list", "chapter queue"):
            shown = await says(scene, command)
            for untrue in ("not begun", "coming in", "with the moderators"):
                assert untrue not in shown, (command, untrue)
        assert "3 older chapters, no new one yet" in await says(scene, "series list")
        queue = await scene.author.slash(scene.lobby, "chapter queue")
        assert "Nothing is waiting" in text_of(queue)
        assert queue.response is not None
        assert queue.response.attachments == []
        why = await says(scene, "why", chapter="The Bell")
        for fact in ("Brought in as older work", "It came to its home"):
            assert fact in why, fact
        assert "Handed in" not in why
        feed = text_of(await scene.reader.slash(scene.lobby, "feed"))
        assert "first out <t:1709640000:R>" in feed
        await scene.submit("The Salt Road", "New")
        assert "running" in await says(scene, "series list")
        gone = await says(scene, "chapter withdraw", chapter="The Salt Road · The Bell")
        assert "It is older work and has no slot" in gone
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit", chapter="The Bell"))
        assert "“The Bell” withdrawn" in log
        assert "its slot" not in log


async def test_l10_why_tells_until_when_older_work_can_be_mended(tmp_path: Path) -> None:
    """From when it came to its home, not from when it was first out."""
    picture = f"<p>A bell.</p><img src='data:image/png;base64,{b64encode(a_png()).decode()}'>"
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.press(await brought(scene, {"2024-03-05 The Bell.html": picture}), "Submit")
        await scene.moderator.click(scene.moderation.history()[-1], label="Confirm")
        assert "Mended until" in await says(scene, "why", chapter="The Bell")
        await scene.pass_time(15 * DAY)
        assert "Mended until" not in await says(scene, "why", chapter="The Bell")
