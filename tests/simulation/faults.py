"""Faults to plant: each breaks one thing in the code under test, as somebody might one day."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from whenever import Instant, TimeDelta

import rules.cadence
import rules.challenges
import rules.deliveries
import rules.promises
import rules.verdict
import storage.chapters
import storage.decisions
import storage.exceptions
import storage.imports
import storage.lanes
import storage.posts
import storage.releases
import storage.series
import storage.transaction
import usecases.challenges
import usecases.chapters
import usecases.deliveries
import usecases.drafts
import usecases.holds
import usecases.labels
import usecases.promises
import usecases.releases
import usecases.replanning
import usecases.requests
import usecases.takedowns
import usecases.timetable
from rules.civil import days_later
from rules.deliveries import Event, Kind, State
from rules.labels import Ai, Reach
from rules.policy import Measure
from rules.verdict import Case
from storage import communities
from tests.simulation import plans
from usecases.cards import plan_for_author


def a_leap_day_too_early(patch: pytest.MonkeyPatch) -> None:
    """Whoever counts days without the 29th of February."""
    leap = Instant.from_utc(2028, 2, 29)

    def forgetful(start: Instant, days: int, *, zone: str, measure: Measure = Measure.CIVIL) -> Instant:
        end = days_later(start, days, zone=zone, measure=measure)
        return end.subtract(hours=24) if start < leap.add(hours=24) <= end else end

    patch.setattr(rules.cadence, "days_later", forgetful)


def an_hour_off_when_clocks_change(patch: pytest.MonkeyPatch) -> None:
    """N times 24 hours."""

    def in_hours(start: Instant, days: int, *, zone: str, measure: Measure = Measure.CIVIL) -> Instant:
        return days_later(start, days, zone=zone, measure=Measure.ELAPSED if measure is Measure.CIVIL else measure)

    patch.setattr(rules.cadence, "days_later", in_hours)


def a_lane_that_counts_from_the_release(patch: pytest.MonkeyPatch) -> None:
    """C5 undone: a late bot costs its authors days."""
    sql = storage.lanes._LAST_IN_SERIES
    late = sql.replace("c.slot_at", "COALESCE(c.released_at, c.slot_at) AS slot_at", 1)
    patch.setattr(storage.lanes, "_LAST_IN_SERIES", late)


def a_lane_that_forgets_what_waits(patch: pytest.MonkeyPatch) -> None:
    """C7 undone: only what is out is counted."""
    sql = storage.lanes._LAST_IN_SERIES
    patch.setattr(storage.lanes, "_LAST_IN_SERIES", sql.replace("('waiting', 'released')", "('released')"))


def a_start_that_is_never_noted(patch: pytest.MonkeyPatch) -> None:
    """C1 undone after a withdrawal: a withdrawn start goes on counting."""
    patch.setattr(storage.series, "set_start", lambda _tx, _series_id: None)


def promises_that_follow_a_policy(patch: pytest.MonkeyPatch) -> None:
    """C9 undone: a new policy moves what waits."""
    real = communities.save_policy

    def moving(tx: Any, community_id: int, policy: Any, **facts: Any) -> None:
        real(tx, community_id, policy, **facts)
        tx.run(
            "UPDATE chapters SET slot_at = slot_at + 1 WHERE community_id = :id AND state = 'waiting'", id=community_id
        )

    patch.setattr(communities, "save_policy", moving)


def a_release_ahead_of_its_slot(patch: pytest.MonkeyPatch) -> None:
    """A schedule that looks five seconds ahead, and a release that does not check."""
    real, release = usecases.releases.release_schedule, usecases.releases.release_chapter

    def ahead(tx: Any, *, now: Instant) -> Any:
        schedule = real(tx, now=now.add(seconds=5))
        return schedule if schedule.next_at is None else replace(schedule, next_at=schedule.next_at.subtract(seconds=5))

    patch.setattr(usecases.releases, "release_schedule", ahead)
    patch.setattr(
        usecases.releases, "release_chapter", lambda tx, request, *, now: release(tx, request, now=now.add(seconds=5))
    )


def a_bot_that_oversleeps(patch: pytest.MonkeyPatch) -> None:
    """The next slot is seen an hour late."""
    real = storage.releases.next_slot

    def late(tx: Any, *, now: Instant) -> Instant | None:
        found = real(tx, now=now)
        return None if found is None else found.add(hours=1)

    patch.setattr(storage.releases, "next_slot", late)


def no_hour_between_overdue_chapters(patch: pytest.MonkeyPatch) -> None:
    """C14 undone."""
    patch.setattr(rules.cadence, "CATCH_UP_GAP", TimeDelta(minutes=59))


def a_limit_one_too_high(patch: pytest.MonkeyPatch) -> None:
    """C7's number."""
    real = storage.lanes.room

    def roomier(tx: Any, series_id: int, **facts: Any) -> tuple[int, bool]:
        waiting, slack = real(tx, series_id, **facts)
        return waiting - 1, slack

    patch.setattr(storage.lanes, "room", roomier)


def announcements_for_all(patch: pytest.MonkeyPatch) -> None:
    """Reach is decided rightly, and then not heeded, neither where it is planned nor where it is sent."""
    real: Callable[..., None] = usecases.releases._plan_posts

    def everywhere(*given: Any, **facts: Any) -> None:
        real(*(Reach.NETWORK if one is Reach.PERSONAL else one for one in given), **facts)

    patch.setattr(usecases.releases, "_plan_posts", everywhere)
    patch.setattr(usecases.deliveries.Errand, "moot", False)


def a_neutral_line_forgotten(patch: pytest.MonkeyPatch) -> None:
    """L10: what was made stricter stays announced as it was."""
    patch.setattr(usecases.labels, "correct_posts", lambda *_, **__: None)


def news_a_second_time(patch: pytest.MonkeyPatch) -> None:
    """L10: what is put back is announced anew."""
    patch.setattr(usecases.labels, "put_back", lambda *_, **__: False)


def no_last_day_for_repairs(patch: pytest.MonkeyPatch) -> None:
    """L10: news, however old."""
    patch.setattr(rules.verdict, "repair_findings", lambda *_: ())


def the_policy_of_today(patch: pytest.MonkeyPatch) -> None:
    """L9 undone: judged at release by the policy then in force."""
    real = usecases.replanning.present_case

    def today(tx: Any, chapter: Any) -> Case:
        found = communities.find(tx, chapter.community_id)
        assert found is not None
        case, labels = real(tx, chapter), found.policy
        policy = replace(
            case.policy,
            generated_travels=labels.generated_travels,
            disclosure_paragraphs=labels.disclosure_paragraphs,
        )
        return replace(case, policy=policy)

    patch.setattr(usecases.releases, "present_case", today)


def a_lost_answer_taken_for_done(patch: pytest.MonkeyPatch) -> None:
    """`settle` loses a message."""
    patch.setitem(rules.deliveries.LIFE, (State.SENDING, Event.LOST), State.SENT)


def a_nonce_trusted_for_an_hour(patch: pytest.MonkeyPatch) -> None:
    """R2 undone: Discord has long forgotten it."""
    patch.setattr(rules.deliveries, "NONCE_WINDOW", TimeDelta(hours=1))


def a_crash_that_leaves_no_trace(patch: pytest.MonkeyPatch) -> None:
    """An attempt that died with its process is taken for one that never was."""
    real = rules.deliveries.approach
    patch.setattr(usecases.deliveries, "approach", lambda kind, **facts: real(kind, **(facts | {"attempted_at": None})))


def one_publish_too_many(patch: pytest.MonkeyPatch) -> None:
    """R4's number."""
    patch.setattr(usecases.deliveries, "PUBLISHES_AN_HOUR", 11)


def older_work_in_a_lane(patch: pytest.MonkeyPatch) -> None:
    """C13 undone: it has a slot like any other."""
    real = storage.imports.release

    def with_a_slot(tx: Any, chapter_id: int, *, now: Instant, **facts: Any) -> bool:
        done = real(tx, chapter_id, now=now, **facts)
        tx.run("UPDATE chapters SET slot_at = handed_in_at WHERE id = :chapter", chapter=chapter_id)
        return done

    patch.setattr(storage.imports, "release", with_a_slot)


def older_work_that_asks_every_minute(patch: pytest.MonkeyPatch) -> None:
    """What waits for a moderator, or for a pause to end, is looked at again and again."""
    real = storage.imports.next_turn

    def restless(tx: Any, *, now: Instant) -> Instant | None:
        waits = tx.one("SELECT 1 FROM imports WHERE next_at <= :now", now=storage.transaction.milliseconds(now))
        return now.add(minutes=1) if waits else real(tx, now=now)

    patch.setattr(storage.imports, "next_turn", restless)


def a_page_forgotten(patch: pytest.MonkeyPatch) -> None:
    """R1 undone: the last page is never planned."""
    real = usecases.releases._plan_posts

    def short(tx: Any, chapter: Any, pages: tuple[str, ...], *given: Any, **facts: Any) -> None:
        real(tx, chapter, pages[:-1] if len(pages) > 2 else pages, *given, **facts)

    patch.setattr(usecases.releases, "_plan_posts", short)


def pages_in_any_order(patch: pytest.MonkeyPatch) -> None:
    """R1 undone: the pages backwards."""
    real = usecases.releases._plan_posts

    def backwards(tx: Any, chapter: Any, pages: tuple[str, ...], *given: Any, **facts: Any) -> None:
        real(tx, chapter, pages[::-1], *given, **facts)

    patch.setattr(usecases.releases, "_plan_posts", backwards)


def a_notice_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """N1, N2: whoever goes out at once wants no notice."""
    record = storage.decisions.record

    def noted(tx: Any, kind: Any, *, chapter_id: int | None, now: Instant, **facts: Any) -> None:
        record(tx, kind, chapter_id=chapter_id, now=now, **facts)
        chapter = None if chapter_id is None else storage.chapters.find(tx, chapter_id)
        if chapter is not None:
            plan_for_author(tx, Kind.NOTICE, chapter, now=now)

    patch.setattr(storage.decisions, "record", noted)


def labels_that_cost_time(patch: pytest.MonkeyPatch) -> None:
    """C12 undone: generated text waits an hour longer."""
    real = usecases.drafts.load_case

    def slower(tx: Any, draft: Any, policy: Any, *, now: Instant) -> Case:
        case = real(tx, draft, policy, now=now)
        wish = max(now, case.wanted or now).add(hours=1)
        return replace(case, wanted=wish) if case.labels.ai is Ai.GENERATED else case

    for module in (usecases.drafts, usecases.chapters):
        patch.setattr(module, "load_case", slower)


def a_use_that_is_never_spent(patch: pytest.MonkeyPatch) -> None:
    """E3 undone: one use moves chapter after chapter."""
    patch.setattr(storage.exceptions, "spend", lambda _tx, _exception_id: None)


def a_use_spent_by_time_alone(patch: pytest.MonkeyPatch) -> None:
    """E3 undone: whatever goes out has used up its exception."""
    patch.setattr(usecases.releases, "is_spent", lambda **_: True)


def an_exception_kept_for_nobody(patch: pytest.MonkeyPatch) -> None:
    """E2 undone: nothing looks at open exceptions again when promises change."""
    for module in (usecases.chapters, usecases.promises, usecases.takedowns, usecases.holds):
        patch.setattr(module, "apply_grants", lambda *_, **__: [])


def a_request_decided_twice(patch: pytest.MonkeyPatch) -> None:
    """E6 undone: whoever presses last has decided."""
    patch.setattr(
        usecases.requests, "check_decidable", lambda tx, _, request: storage.exceptions.find_request(tx, request)
    )


def excepted_chapters_that_share_a_slot(patch: pytest.MonkeyPatch) -> None:
    """C7 undone, and the model with it: the order then hangs on numbers that nobody sees."""
    patch.setattr(rules.cadence, "NEXT_MOMENT", TimeDelta())
    patch.setattr(plans, "NEXT_MOMENT", 0)


def challenge_slots_up_to_the_deadline(patch: pytest.MonkeyPatch) -> None:
    """H3's half hour."""
    patch.setattr(rules.challenges, "SPARE", TimeDelta())


def a_window_that_nobody_sees_open(patch: pytest.MonkeyPatch) -> None:
    """H2 undone."""
    patch.setattr(usecases.timetable, "windows_are_due", lambda _tx, **_: (False, None))


def a_challenge_that_never_ends(patch: pytest.MonkeyPatch) -> None:
    """H1 undone: what is over is moved, closed and entered all the same."""
    patch.setattr(usecases.challenges, "_check_running", lambda _challenge, **_: None)


def a_pause_that_costs_a_minute_more(patch: pytest.MonkeyPatch) -> None:
    """C9 undone: what was paused counts from later than its end."""
    real = usecases.holds._replan

    def late(tx: Any, kept_back: Any, *, ended: Instant, by: int, now: Instant) -> Any:
        return real(tx, kept_back, ended=ended.add(minutes=1), by=by, now=now)

    patch.setattr(usecases.holds, "_replan", late)


def a_pause_that_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    """C9 undone: what a moderator holds goes out."""
    patch.setattr(storage.releases, "_DUE", storage.releases._DUE.replace(f"AND NOT ({storage.releases.HELD})", ""))
    patch.setattr(storage.releases, "is_held", lambda _tx, _chapter_id: False)


def a_looser_policy_that_helps_nobody(patch: pytest.MonkeyPatch) -> None:
    """C9 undone: *Release earlier* counts by the policy of the day it was handed in."""
    patch.setattr(rules.promises, "at_pace_of", lambda policy, _other: policy)


def a_place_that_undercuts_a_wish(patch: pytest.MonkeyPatch) -> None:
    """C8 undone: a moved chapter takes its place's slot, whatever its author wanted."""
    real = rules.promises.reordered

    def heedless(lane: Any, waiting: Any, chapter_id: int, position: int) -> Any:
        return real(lane, [replace(one, wanted=None) for one in waiting], chapter_id, position)

    patch.setattr(usecases.promises, "reordered", heedless)


def a_slot_given_back_after_a_day(patch: pytest.MonkeyPatch) -> None:
    """C11's number."""
    patch.setattr(rules.promises, "GIVEN_BACK_WITHIN", TimeDelta(hours=24))


def a_hold_that_nobody_hears_of(patch: pytest.MonkeyPatch) -> None:
    """N5 undone."""
    patch.setattr(usecases.holds, "_tell_author", lambda *_, **__: None)


def a_record_without_its_place(patch: pytest.MonkeyPatch) -> None:
    """Law 5 undone: where an author has moved a chapter to is not written down."""
    real = storage.decisions.inputs_of
    patch.setattr(storage.decisions, "inputs_of", lambda case, *more: real(replace(case, place=None), *more))


def a_home_taken_down_first(patch: pytest.MonkeyPatch) -> None:
    """C11 undone: for a while announcements lead nowhere."""
    real = storage.posts.of_chapter

    def alike(tx: Any, chapter_id: int) -> Any:
        return [replace(one, kind=Kind.PART) for one in real(tx, chapter_id)[::-1]]

    patch.setattr(storage.posts, "of_chapter", alike)
