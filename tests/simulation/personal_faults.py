"""Faults to plant in what readers ask for, and in what becomes of somebody's data."""

from typing import Any

import pytest

import storage.kept_starts
import storage.personal
import usecases.feeds
import usecases.follows
import usecases.news


def a_feed_that_forgets_reach(patch: pytest.MonkeyPatch) -> None:
    """R6 undone: what stays in its home is shown to everybody."""
    patch.setattr(usecases.feeds, "_may_show", lambda _one, **_facts: True)


def messages_without_a_pause(patch: pytest.MonkeyPatch) -> None:
    """Direct messages as fast as they come."""
    patch.setattr(usecases.news, "direct_turn", lambda *, due, last: due)  # noqa: ARG005


def a_reader_who_hurries_a_chapter(patch: pytest.MonkeyPatch) -> None:
    """R6 undone: what is followed comes out earlier."""
    real = usecases.follows._standing

    def hurrying(tx: Any, request: Any, **facts: Any) -> Any:
        tx.run("UPDATE chapters SET slot_at = slot_at - 1 WHERE state = 'waiting'")
        return real(tx, request, **facts)

    patch.setattr(usecases.follows, "_standing", hurrying)


def a_deletion_that_resets_a_clock(patch: pytest.MonkeyPatch) -> None:
    """C1 undone: who has everything deleted starts anew at once."""
    patch.setattr(storage.kept_starts, "keep", lambda *_, **__: None)


def a_deletion_that_waits_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """What is on its way at that moment comes to stand, and nobody knows of it."""
    patch.setattr(storage.personal, "is_under_way", lambda *_: False)


def a_deletion_that_leaves_a_post(patch: pytest.MonkeyPatch) -> None:
    """One message is forgotten where everything was to be taken down."""
    real = storage.personal.standing
    patch.setattr(storage.personal, "standing", lambda *given, **facts: real(*given, **facts)[1:])
