"""`/chapter submit`, its preview and its buttons; what cannot be read leaves nothing behind."""

import io
import zipfile
from pathlib import Path

import pytest
from simcord.results import InteractionResult

from storage.transaction import Transaction
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, stamp, text_of
from usecases.manuscripts import apart

SAMPLES = Path(__file__).parents[1] / "manuscripts"


def rows(tx: Transaction, table: str) -> int:
    """How many rows a table has."""
    row = tx.one(f"SELECT COUNT(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


def a_bomb() -> bytes:
    """A small .docx that would unpack to half a gigabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b"a" * 200_000_000 + b"</w>")
    return packed.getvalue()


class TestPreview:
    """N4: before anything is committed."""

    async def test_it_shows_opening_words_time_place_and_only_the_buttons_that_apply(self, tmp_path: Path) -> None:
        """And is seen by the author alone."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            shown = await scene.preview("The Salt Road", "One")
            assert shown.ephemeral
            text = text_of(shown)
            assert "The bell rang twice." in text
            assert "14 words" in text
            assert "If you submit now" in text
            assert buttons_of(shown) == ["Submit", "Cancel"]

    @pytest.mark.parametrize("sample", ["libreoffice.docx", "libreoffice.odt", "pandoc.html", "pandoc.epub"])
    async def test_a_real_document_comes_through(self, tmp_path: Path, sample: str) -> None:
        """Made by LibreOffice and by pandoc; read in its process."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            shown = await scene.preview("The Salt Road", "One", file=(sample, (SAMPLES / sample).read_bytes()))
            await scene.press(shown, "Submit")
            posts = "\n".join(message.content for message in scene.thread("The Salt Road").history())
            assert "*" in posts
            assert r"\* \* \*" in posts

    async def test_cancel_forgets_everything(self, tmp_path: Path) -> None:
        """And says so."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            shown = await scene.preview("The Salt Road", "One")
            done = await scene.press(shown, "Cancel")
            assert "cancelled" in text_of(done)
            assert buttons_of(done) == []
            assert await scene.bot.database.read(rows, "chapters") == 0
            assert await scene.bot.database.read(rows, "manuscripts") == 0

    async def test_its_buttons_work_after_a_restart(self, tmp_path: Path) -> None:
        """Nothing is in memory alone."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            shown = await scene.preview("The Salt Road", "One", ai="assisted")
            await scene.restart()
            mended = await scene.press(shown, "Add the label for me")
            await scene.restart()
            done = await scene.press(mended, "Submit")
            assert "is handed in" in text_of(done)
            assert len(scene.network.history()) == 1

    async def test_a_later_wish_is_kept_and_an_earlier_one_explained(self, tmp_path: Path) -> None:
        """C8, as people write it."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            wished = await scene.preview("The Salt Road", "One", wanted="2026-01-05 18:00")
            assert "rule C8" in text_of(wished)
            await scene.submit("The Salt Road", "Now")
            too_soon = await scene.preview("The Salt Road", "Two", wanted="2026-01-02")
            assert stamp(scene.now.add(hours=72)) in text_of(too_soon)
            assert "sooner than the rules allow" in text_of(too_soon)

    async def test_a_wish_nobody_can_read_is_refused_with_examples(self, tmp_path: Path) -> None:
        """Nothing was handed in."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            refused = await scene.preview("The Salt Road", "One", wanted="when pigs fly")
            assert "friday 18:00" in text_of(refused)
            assert await scene.bot.database.read(rows, "chapters") == 0


class TestPasting:
    """Instead of a file: a form."""

    async def paste(self, scene: Stage, *, restart: bool = False) -> InteractionResult:
        """Open the form, fill two of its fields, send it."""
        await scene.start_series("The Salt Road")
        form = await scene.author.slash(scene.lobby, "chapter submit", series="The Salt Road", title="One", ai="none")
        assert form.modal is not None
        if restart:
            await scene.restart()
        return await scene.author.submit_modal(form, {"text0": "First part.\n\nGoes on.", "text1": "Second part."})

    @pytest.mark.parametrize("restart", [False, True])
    async def test_the_form_becomes_a_preview_also_after_a_restart(self, tmp_path: Path, restart: bool) -> None:
        """Its parts in order."""
        async with stage(tmp_path) as scene:
            shown = await self.paste(scene, restart=restart)
            assert shown.ephemeral
            await scene.press(shown, "Submit")
            assert scene.thread("The Salt Road").history()[-1].content == "First part.\n\nGoes on.\n\nSecond part."


class TestUnreadable:
    """One clear sentence, and nothing left behind."""

    @pytest.mark.parametrize(
        ("name", "data", "says"),
        [
            ("story.exe", b"MZ\x90\x00", "`.docx`"),
            ("story.pdf", b"%PDF-1.7", "cannot read a file of this kind"),
            ("story.md", b"", "no text"),
            ("story.md", b" \n\n\t\n", "no text"),
            ("story.md", "\u200b\n\n\ufeff".encode(), "no text"),
            ("story.txt", b"\xff\xfe\x00\xd8 caf\xe9 \x81", "UTF-8"),
            ("story.txt", b"PK\x03\x04 and more", "text"),
            ("story.docx", b"PK\x03\x04 torn", "damaged"),
            ("story.docx", b"just words", "damaged"),
            ("story.odt", b"MZ\x90", "damaged"),
            ("story.html", b"%PDF-1.7", "text"),
            ("story.epub", b"PK\x03\x04 torn", "damaged"),
            ("story.docx", a_bomb(), "unpack"),
            ("story.md", b"a" * (9 * 1024 * 1024), "9.0 MiB"),
        ],
    )
    async def test_what_cannot_be_read_gets_one_clear_sentence(
        self, tmp_path: Path, name: str, data: bytes, says: str
    ) -> None:
        """Wrong type, empty, too large, broken, bomb, not UTF-8."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            refused = await scene.preview("The Salt Road", "One", file=(name, data))
            assert says in text_of(refused)
            assert "Nothing was handed in" in text_of(refused)
            assert refused.ephemeral
            for table in ("chapters", "manuscripts"):
                assert await scene.bot.database.read(rows, table) == 0

    async def test_a_file_that_takes_too_long_is_given_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In a sentence that says what helps; nothing is left behind."""
        monkeypatch.setattr(apart, "LONGEST_WAIT", 0.01)
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            data = (SAMPLES / "pandoc.docx").read_bytes()
            refused = await scene.preview("The Salt Road", "One", file=("story.docx", data))
            assert "gave up" in text_of(refused)
            assert await scene.bot.database.read(rows, "chapters") == 0

    async def test_a_book_of_several_chapters_is_told_to_be_one(self, tmp_path: Path) -> None:
        """And how many it has."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("1.md", "One.")
                archive.writestr("2.md", "Two.")
            refused = await scene.preview("The Salt Road", "One", file=("book.zip", packed.getvalue()))
            assert "2 chapters" in text_of(refused)

    async def test_a_series_nobody_knows_is_told_with_those_there_are(self, tmp_path: Path) -> None:
        """Before anything is read."""
        async with stage(tmp_path) as scene:
            none = await scene.preview("The Salt Road", "One")
            assert "/series start" in text_of(none)
            await scene.start_series("Lanterns")
            unknown = await scene.preview("The Salt Road", "One")
            assert "“Lanterns”" in text_of(unknown)


class TestAfterwards:
    """The queue, taking back, the reasons."""

    async def test_the_queue_shows_each_promise_and_the_next_free_slots(self, tmp_path: Path) -> None:
        """C7, by command and by button."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            began = scene.now
            await scene.submit("The Salt Road", "One")
            notice = await scene.submit("The Salt Road", "Two")
            pressed = await scene.press(notice, "See my queue")
            asked = await scene.author.slash(scene.lobby, "chapter queue")
            assert text_of(pressed) == text_of(asked)
            assert "1 chapter waiting" in text_of(asked)
            for days in (3, 6, 14):
                assert f"<t:{began.add(hours=24 * days).timestamp()}:f>" in text_of(asked)
            listed = await scene.author.slash(scene.lobby, "series list")
            assert "1 chapter waiting" in text_of(listed)

    async def test_a_withdrawn_chapter_never_appears(self, tmp_path: Path) -> None:
        """C10, by command and by button; once."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await scene.submit("The Salt Road", "One")
            two = await scene.submit("The Salt Road", "Two")
            three = await scene.submit("The Salt Road", "Three")
            done = await scene.press(two, "Withdraw")
            assert "“Two” is withdrawn" in text_of(done)
            assert "1 chapter behind it keeps its promised time" in text_of(done)
            again = await scene.press(two, "Withdraw")
            assert "withdrawn already" in text_of(again)
            by_command = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="three")
            assert "“Three” is withdrawn" in text_of(by_command)
            assert three.response is not None
            await scene.pass_time(20 * DAY)
            posts = "\n".join(message.content for message in scene.thread("The Salt Road").history())
            assert "Two" not in posts
            assert "Three" not in posts

    async def test_why_tells_the_rule_the_release_it_counts_from_and_what_would_change_it(self, tmp_path: Path) -> None:
        """N4, before and after the release."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await scene.submit("The Salt Road", "One")
            await scene.submit("The Salt Road", "Two", ai="generated")
            waiting = text_of(await scene.author.slash(scene.lobby, "why", chapter="Two"))
            assert "rule C2" in waiting
            assert "“One”" in waiting
            assert "exception" in waiting
            assert "rule L4" in waiting
            await scene.pass_time(3 * DAY + HOUR)
            out = text_of(await scene.author.slash(scene.lobby, "why", chapter="Two"))
            assert "It came out" in out
            assert f"/{scene.thread('The Salt Road').id}/" in out

    async def test_suggestions_offer_own_titles_and_also_take_what_was_typed(self, tmp_path: Path) -> None:
        """Autocomplete, own ones only."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await scene.start_series("Lanterns")
            choices = await scene.author.autocomplete(scene.lobby, "chapter submit", "series", "salt")
            assert [choice["name"] for choice in choices] == ["The Salt Road"]
            picked = str(choices[0]["value"])
            assert "Preview" in text_of(await scene.preview(picked, "One"))
            others = await scene.reader.autocomplete(scene.lobby, "chapter submit", "series", "")
            assert others == []

    async def test_a_stranger_cannot_press_under_a_notice_that_everybody_sees(self, tmp_path: Path) -> None:
        """Checked at the button, on our side."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await scene.submit("The Salt Road", "One")
            await scene.submit("The Salt Road", "Two")
            (notice,) = scene.notices.history()
            refused = await scene.reader.click(notice, label="Withdraw")
            assert "Only its author" in text_of(refused)
            assert refused.ephemeral
            assert "1 chapter waiting" in text_of(await scene.author.slash(scene.lobby, "chapter queue"))
