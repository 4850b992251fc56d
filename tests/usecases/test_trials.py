"""`/policy try` over a real database: the same policy changes nothing, another one is told, nothing is written."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rules.amendments import Change, changes
from rules.labels import Ai
from rules.policy import GeneratedTravels, Policy
from rules.tallies import Tally, Trial
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.simulation.history import draw
from tests.simulation.setting import Setting
from tests.simulation.trial import a_world
from tests.usecases.build import GUILD, RUI, a_community, a_database, a_series, handed_in
from tests.usecases.test_releases import release_all
from usecases import trials
from usecases.audits import audit_database
from usecases.chapters import withdraw_chapter
from usecases.people import Person
from usecases.trials import Plan, count, decided, plan_trial

OWNER = Person(GUILD, 1)


def try_out(tx: Transaction, *changed: Change, person: Person = OWNER) -> Trial:
    """A trial from its plan to its numbers."""
    plan = plan_trial(tx, person, changed)
    return run(tx, plan)


def run(tx: Transaction, plan: Plan) -> Trial:
    """Piece by piece, as the bot does it."""
    tally = Tally(plan.zone)
    for piece in plan.pieces:
        count(plan, piece, decided(tx, piece), tally)
    return tally.trial()


def pace(days: int) -> tuple[Change, ...]:
    """Another number of days between chapters."""
    return changes(Policy(), Policy(chapter_days=days))


def test_another_pace_is_told_chapter_by_chapter_and_nothing_is_written(tmp_path: Path) -> None:
    """Two authors; one has one chapter, which waits for nothing."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        series = a_series(tx)
        for number in range(4):
            handed_in(tx, series, title=str(number))
        handed_in(tx, a_series(tx, "Rui's", person=RUI), person=RUI)
        before = tx.one("SELECT total_changes() AS number")
        trial = try_out(tx, *pace(1))
        assert tx.one("SELECT total_changes() AS number")["number"] == before["number"]  # type: ignore[index]
        assert trial.earlier is not None
        assert (trial.chapters, trial.earlier.count, trial.same, trial.later) == (5, 3, 2, None)
        assert trial.earlier.largest.total("hours") == 24 * 6
        assert try_out(tx).changes_nothing


def test_labels_are_tried_on_what_is_out_and_withdrawn_chapters_are_left_out(tmp_path: Path) -> None:
    """L4: generated text that says so in its second paragraph."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        text = "The bell rang.\n\nI used AI for it all.\n\nThen it stopped."
        series = a_series(tx)
        out = handed_in(tx, series, ai=Ai.GENERATED, disclosure="I used AI for it all.", text=text)
        release_all(tx, NEW_YEAR)
        waits = handed_in(tx, series, ai=Ai.GENERATED, title="Two", text=text)
        assert out.chapter.id != waits.chapter.id
        travels = changes(Policy(), Policy(generated_travels=GeneratedTravels.IF_DISCLOSED))
        trial = try_out(tx, *travels)
        assert (trial.chapters, trial.out, trial.travelled, trial.would_travel) == (2, 1, 0, 1)
        assert [(one.ai, one.rule, one.travels) for one in trial.others] == [(Ai.GENERATED, "L4", True)]
        withdraw_chapter(tx, Person(GUILD, 100), waits.chapter.id, now=NEW_YEAR)
        assert try_out(tx, *travels).chapters == 1


def test_it_goes_back_so_many_chapters_and_says_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest; a lane that counts from what is left out keeps its slot."""
    monkeypatch.setattr(trials, "MOST_CHAPTERS", 2)
    with a_database(tmp_path) as tx:
        a_community(tx)
        series = a_series(tx)
        for number in range(3):
            handed_in(tx, series, title=str(number))
        plan = plan_trial(tx, OWNER, pace(1))
        assert plan.cut
        trial = run(tx, plan)
        assert (trial.chapters, trial.earlier and trial.earlier.largest.total("hours")) == (2, 24 * 4)


@pytest.mark.parametrize("seed", [3, 11])
def test_a_whole_simulated_year_tried_with_its_own_policies_changes_nothing(seed: int) -> None:
    """Exceptions, holds, challenges, imports, mended labels, policies that come and go: law 5 as a whole."""
    setting = Setting(seed, authors=40, days=150)
    with a_world(setting) as world:
        world.live(draw(setting))
        bot = world.bot()
        assert not bot.read(audit_database).different
        for community in world.model.communities:
            owner = Person(community.id, 1)
            same = bot.read(try_out, person=owner)
            assert same.changes_nothing, community.id
            assert same.chapters > 10
            faster: Any = bot.read(try_out, *pace(1), person=owner)
            assert faster.later is None or faster.later.count < faster.chapters
            slower = bot.read(try_out, *pace(60), person=owner)
            assert slower.later is not None
            assert replace(slower, later=None) != replace(same, later=None)
