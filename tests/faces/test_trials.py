"""`/policy try` as an owner lives it: a picture, its numbers, and what it cannot know."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cogs.paper import WIDTH
from tests.faces.owners import SERIES, a_queue, fill, galleries, owner, policy
from tests.faces.stage import buttons_of, stage, text_of


class TestTrying:
    """`/policy try`."""

    async def test_what_is_typed_is_tried_over_the_communitys_own_history(self, tmp_path: Path) -> None:
        """As a picture and in numbers, with what it cannot know; nothing is changed."""
        async with stage(tmp_path) as scene:
            await a_queue(scene)
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            tried = await scene.press(card, "Try it", by=scene.moderator)
            text = text_of(tried)
            assert "**3 earlier**, by 4 days in the middle (median) and 6 days at most" in text
            assert "none later" in text
            assert "1 at the same time" in text
            assert "Of 1 chapter that is out 1 travelled; that would have been the same." in text
            assert "What this cannot know" in text
            assert "Nothing was changed by this." in text
            assert buttons_of(tried)[:2] == ["Confirm", "Back"]
            assert tried.response is not None
            (file,) = tried.response.attachments
            (item,) = galleries(tried)
            assert file.filename == "trial.png"
            image = Image.open(BytesIO(await file.read()))
            assert (image.format, image.width) == ("PNG", WIDTH)
            assert "3 earlier, median 4 days, at most 6 days" in item["description"]
            assert (await policy(scene)).version == 1
            by_command = await owner(scene, "try")
            assert text_of(by_command) == text
            back = await scene.press(tried, "Back", by=scene.moderator)
            assert "Changing the policy" in text_of(back)
            assert back.response is not None
            assert back.response.attachments == []

    async def test_it_is_confirmed_from_the_trial_too_also_after_a_restart(self, tmp_path: Path) -> None:
        """The same button, the same check."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            tried = await scene.press(card, "Try it", by=scene.moderator)
            await scene.restart()
            done = await scene.press(tried, "Confirm", by=scene.moderator)
            assert "Version 2 of the policy holds now" in text_of(done)
            assert (await policy(scene)).chapter_days == 1

    async def test_a_trial_of_what_somebody_else_has_overtaken_says_so(self, tmp_path: Path) -> None:
        """It is tried against what holds now; and what holds now is not tried at all."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            await scene.set_up(zone="Europe/Berlin")
            tried = text_of(await scene.press(card, "Try it", by=scene.moderator))
            assert "The policy has changed since you saw it" in tried
            assert "3 days → **1 day**" in tried
            same = await owner(scene, "try", version=2)
            assert "nothing to try" in text_of(same)

    async def test_with_nothing_typed_it_asks_what_to_try(self, tmp_path: Path) -> None:
        """By the same forms."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            card = await owner(scene, "try")
            assert "What would you try?" in text_of(card)
            card = await fill(scene, card, "Labels", disclosure_paragraphs="1")
            tried = await scene.press(card, "Try it", by=scene.moderator)
            assert "Nothing would have come out differently" in text_of(tried)

    async def test_an_earlier_version_is_tried_without_typing(self, tmp_path: Path) -> None:
        """And cannot be confirmed by a slip."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            await scene.press(card, "Confirm", by=scene.moderator)
            await a_queue(scene)
            tried = await owner(scene, "try", version=1)
            assert "**3 later**" in text_of(tried)
            assert buttons_of(tried) == []
            assert "no version 7" in text_of(await owner(scene, "try", version=7))

    async def test_without_any_history_it_says_so(self, tmp_path: Path) -> None:
        """And sends no picture of nothing."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            tried = await scene.press(card, "Try it", by=scene.moderator)
            assert "Nothing has been handed in here yet" in text_of(tried)
            assert galleries(tried) == []

    async def test_labels_are_tried_by_label_and_rule(self, tmp_path: Path) -> None:
        """L4; and what no trial can show is named."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SERIES)
            text = "The bell rang.\n\nI used AI for all of it.\n\nThen it stopped."
            await scene.submit(SERIES, "One", ai="generated", disclosure="I used AI for all of it.", text=text)
            await scene.pass_time(60)
            card = await fill(scene, await owner(scene, "edit"), "Labels", generated_travels="if_disclosed")
            card = await fill(scene, card, "Challenges and answers", appeal_days="3")
            tried = text_of(await scene.press(card, "Try it", by=scene.moderator))
            assert "0 travelled; it would have been **1**" in tried
            assert "1 labelled `generated` would have travelled (rule L4 kept it home)" in tried
            assert "days to answer an appeal" in tried

    async def test_a_trial_without_its_picture_still_answers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The words are all there."""
        monkeypatch.setattr("cogs.charts.draw_trial", lambda _: 1 / 0)
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            tried = await scene.press(card, "Try it", by=scene.moderator)
            assert "**1 earlier**, by 2 days" in text_of(tried)
            assert galleries(tried) == []
