"""A database that is full while the bot runs: said so, nothing half done, everything goes on afterwards."""

from pathlib import Path

from storage.transaction import Transaction
from tests.faces.stage import stage, text_of


def limit(tx: Transaction, pages: int) -> None:
    """Let the database grow to so many pages and no further."""
    tx.all(f"PRAGMA max_page_count = {pages}")


async def test_a_full_disk_is_admitted_and_nothing_is_half_done(tmp_path: Path) -> None:
    """With room again, the same command works."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.bot.database.write(limit, 1)
        long = "A long paragraph.\n\n" * 3000
        refused = await scene.preview("The Salt Road", "One", text=long)
        assert "nothing was changed" in text_of(refused)
        assert refused.ephemeral
        await scene.bot.database.write(limit, 1_000_000)
        shown = await scene.preview("The Salt Road", "One", text=long)
        done = await scene.press(shown, "Submit")
        assert "is handed in" in text_of(done)
        assert len(scene.network.history()) == 1
