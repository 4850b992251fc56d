"""N5: the log speaks in words, whatever was decided."""

import json

import pytest

from cogs.replies.audits import log
from rules.cadence import Because
from storage.decisions import Decision, DecisionKind, Logged
from tests.faces.stage import text_of_view
from tests.rules.build import NEW_YEAR

FACTS = {
    "name": "Winter",
    "deadline": 1_770_000_000_000,
    "window_days": 7,
    "lane": "chapter",
    "uses": 2,
    "ends": 1_770_000_000_000,
    "until": 1_770_000_000_000,
    "reason": "a *question* of rights",
    "series": 5,
}


def said(kind: DecisionKind, *, answer: str = "{}", title: str | None = "Two") -> str:
    """What a moderator reads of one decision."""
    decision = Decision(1, 2, kind, 100, NEW_YEAR, 3, json.dumps(FACTS), answer)
    return text_of_view(log([Logged(decision, title, "The Salt Road", 200)]))


@pytest.mark.parametrize("kind", DecisionKind)
def test_every_kind_of_decision_is_told_in_words(kind: DecisionKind) -> None:
    """With who did it, and its reason as it was typed; a new kind needs its words."""
    text = said(kind)
    assert str(kind) not in text or "_" not in kind
    assert "by <@100>" in text
    assert "“a \\*question\\* of rights”" in text
    assert "policy 3" in text
    assert "{" not in text


@pytest.mark.parametrize("because", Because)
def test_every_cause_of_a_slot_is_told_in_words(because: Because) -> None:
    """With the reach and what was wrong with a label."""
    answer = {"slot": 0, "because": because, "reach": "personal", "findings": [["L3", "not_disclosed", None, None]]}
    text = said(DecisionKind.SUBMITTED, answer=json.dumps(answer))
    assert "out <t:0:f> by " in text
    assert "home only · L3: not disclosed" in text


def test_what_is_about_no_chapter_names_its_series_or_its_challenge() -> None:
    """And a grant, its author."""
    assert "“The Salt Road” paused" in said(DecisionKind.HELD, title=None)
    assert "an exception granted to <@200>" in said(DecisionKind.EXCEPTION_GRANTED)
    assert "lifts rule C2 2 times" in said(DecisionKind.EXCEPTION_GRANTED)


def test_a_log_that_is_too_long_for_a_card_ends_with_a_whole_line() -> None:
    """The newest first."""
    facts = json.dumps(FACTS | {"reason": "x" * 500})
    decision = Decision(1, 2, DecisionKind.HELD, 100, NEW_YEAR, 3, facts, "{}")
    text = text_of_view(log([Logged(decision, "T" * 100, "The Salt Road", 200)] * 15))
    assert len(text) <= 4000
    assert text.endswith("policy 3")
