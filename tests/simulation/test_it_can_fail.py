"""Planted faults: the simulation finds each within a few seeds, and names the law."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulation import faults, owed_faults, personal_faults
from tests.simulation.history import draw
from tests.simulation.lawbook import Law
from tests.simulation.setting import Setting
from tests.simulation.shrinking import shortest
from tests.simulation.telling import tell
from tests.simulation.trial import Failure, Liver, compare, live

_SEEDS = range(1, 6)


@dataclass(frozen=True)
class Fault:
    """Something to break, and the law that must be named for it."""

    plant: Callable[[pytest.MonkeyPatch], None]
    law: Law
    lives: Liver = live
    authors: int = 24


FAULTS = (
    Fault(faults.a_leap_day_too_early, Law.SLOT),
    Fault(faults.an_hour_off_when_clocks_change, Law.SLOT),
    Fault(faults.a_lane_that_counts_from_the_release, Law.COUNTED),
    Fault(faults.a_lane_that_forgets_what_waits, Law.SLOT),
    Fault(faults.a_start_that_is_never_noted, Law.COUNTED),
    Fault(faults.promises_that_follow_a_policy, Law.PROMISE),
    Fault(faults.a_release_ahead_of_its_slot, Law.EARLY),
    Fault(faults.a_bot_that_oversleeps, Law.PROMPT),
    Fault(faults.no_hour_between_overdue_chapters, Law.CATCH_UP),
    Fault(faults.a_limit_one_too_high, Law.LIMIT),
    Fault(faults.announcements_for_all, Law.REACH),
    Fault(faults.the_policy_of_today, Law.REACH),
    Fault(faults.a_neutral_line_forgotten, Law.REACH),
    Fault(faults.news_a_second_time, Law.ONCE),
    Fault(faults.no_last_day_for_repairs, Law.REPAIR),
    Fault(faults.a_lost_answer_taken_for_done, Law.HELD, authors=32),
    Fault(faults.a_nonce_trusted_for_an_hour, Law.ONCE),
    Fault(faults.a_crash_that_leaves_no_trace, Law.ONCE),
    Fault(faults.one_publish_too_many, Law.BUDGET, authors=60),
    Fault(faults.a_page_forgotten, Law.NOT_LOST),
    Fault(faults.pages_in_any_order, Law.ORDER),
    Fault(faults.a_notice_for_everybody, Law.NOTICE),
    Fault(owed_faults.a_stricter_label_that_leaves_no_notice, Law.NOTICE),
    Fault(faults.a_use_that_is_never_spent, Law.GRANT),
    Fault(faults.a_use_spent_by_time_alone, Law.GRANT),
    Fault(faults.an_exception_kept_for_nobody, Law.GRANT),
    Fault(faults.a_request_decided_twice, Law.DECIDED),
    Fault(faults.excepted_chapters_that_share_a_slot, Law.KEEPS_ORDER),
    Fault(faults.challenge_slots_up_to_the_deadline, Law.CHALLENGE),
    Fault(faults.a_window_that_nobody_sees_open, Law.TIMETABLE),
    Fault(owed_faults.a_window_that_opens_when_the_bot_is_back, Law.CHALLENGE),
    Fault(faults.a_challenge_that_never_ends, Law.ENTERED),
    Fault(faults.a_pause_that_costs_a_minute_more, Law.HOLD),
    Fault(owed_faults.a_paused_chapter_behind_which_all_comes_at_once, Law.HOLD),
    Fault(faults.a_pause_that_is_not_kept, Law.EARLY),
    Fault(faults.a_looser_policy_that_helps_nobody, Law.EARLIER),
    Fault(faults.a_place_that_undercuts_a_wish, Law.MOVED),
    Fault(faults.a_slot_given_back_after_a_day, Law.TAKEN_DOWN),
    Fault(faults.a_hold_that_nobody_hears_of, Law.ANSWERED),
    Fault(owed_faults.a_withdrawal_after_which_nobody_hears_what_fits, Law.ANSWERED),
    Fault(faults.a_record_without_its_place, Law.RECORD),
    Fault(faults.a_home_taken_down_first, Law.ORDER),
    Fault(personal_faults.a_feed_that_forgets_reach, Law.READERS),
    Fault(owed_faults.a_feed_that_forgets_what_was_mended, Law.READERS),
    Fault(personal_faults.messages_without_a_pause, Law.READERS, authors=48),
    Fault(personal_faults.a_reader_who_hurries_a_chapter, Law.READERS),
    Fault(faults.older_work_in_a_lane, Law.IMPORTED),
    Fault(faults.older_work_that_asks_every_minute, Law.RESTLESS),
    Fault(personal_faults.a_deletion_that_resets_a_clock, Law.ERASED),
    Fault(personal_faults.a_deletion_that_waits_for_nothing, Law.ERASED),
    Fault(personal_faults.a_deletion_that_leaves_a_post, Law.ERASED),
    Fault(faults.labels_that_cost_time, Law.SLOT),
    Fault(faults.labels_that_cost_time, Law.INDEPENDENT, compare, authors=8),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.plant.__name__}-{fault.law.name.lower()}")
def test_a_planted_fault_is_found_and_named(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a few years of a small world."""
    fault.plant(monkeypatch)
    found = _find(fault)
    assert found is not None
    assert found.law is fault.law, found.numbers


def _find(fault: Fault) -> Failure | None:
    settings = (Setting(seed, authors=fault.authors) for seed in _SEEDS)
    return next((found for setting in settings if (found := fault.lives(setting, draw(setting)))), None)


def test_the_history_of_a_fault_shrinks_to_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year becomes a few acts, told with the numbers."""
    fault = Fault(faults.an_hour_off_when_clocks_change, Law.SLOT)
    fault.plant(monkeypatch)
    failure = _find(fault)
    assert failure is not None
    found = shortest(failure, seconds=20)
    told = tell(found)
    assert len(found.acts) <= 4
    assert f"--seed {found.setting.seed}" in told
    assert "the rules give" in told
