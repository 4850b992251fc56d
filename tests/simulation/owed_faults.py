"""Faults to plant in what people are told, and in what is owed them where something or somebody is late."""

from typing import Any

import pytest

import storage.chapters
import storage.feeds
import usecases.chapters
import usecases.holds
import usecases.labels
import usecases.turns


def a_window_that_opens_when_the_bot_is_back(patch: pytest.MonkeyPatch) -> None:
    """C5 undone: a late bot costs the authors of a challenge days."""
    real = usecases.turns.replan
    patch.setattr(
        usecases.turns, "replan", lambda tx, series_id, **facts: real(tx, series_id, **(facts | {"at": None}))
    )


def a_paused_chapter_behind_which_all_comes_at_once(patch: pytest.MonkeyPatch) -> None:
    """C9 undone: once it is withdrawn, what waited behind it comes hour after hour."""
    real = usecases.holds._let_go

    def hasty(tx: Any, hold: Any, kept_back: Any, **facts: Any) -> Any:
        gone = hold.chapter_id is not None and storage.chapters.is_withdrawn(tx, hold.chapter_id)
        return real(tx, hold, () if gone else kept_back, **facts)

    patch.setattr(usecases.holds, "_let_go", hasty)


def a_withdrawal_after_which_nobody_hears_what_fits(patch: pytest.MonkeyPatch) -> None:
    """H4 undone, for what authors hand in and take back."""
    patch.setattr(usecases.chapters, "tell", lambda *_, **__: None)


def a_stricter_label_that_leaves_no_notice(patch: pytest.MonkeyPatch) -> None:
    """N2 undone for what is out: its author sees it once, in an answer that goes away."""
    patch.setattr(usecases.labels, "renew_notice", lambda *_, **__: None)


def a_feed_that_forgets_what_was_mended(patch: pytest.MonkeyPatch) -> None:
    """L10 undone for readers: what comes to everybody late stands where it first came out."""
    patch.setattr(storage.feeds, "_OUT", storage.feeds._OUT.replace(storage.feeds._MENDED, "0"))
