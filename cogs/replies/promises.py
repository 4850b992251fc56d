"""What an author reads about promises: what could come earlier, a new order, a chapter taken down, a series edited."""

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from cogs.replies.cards import (
    GOOD,
    QUIET,
    WAITS,
    Press,
    card,
    countdown,
    counted,
    plain,
    quoted,
    short_time,
    shortened,
    span,
)
from rules.promises import GIVEN_BACK_WITHIN, Cause, Step
from usecases.promises import Offer, Plan
from usecases.replanning import Moved
from usecases.series import Edited, Finished
from usecases.takedowns import TakenDown

_PLANS = {Cause.GAP: ("Close the gap", "gap-plan"), Cause.LOOSER: ("Release earlier", "earlier-plan")}
_MOST_OFFERS = 4
_MOST_LINES = 30
_LONGEST_TITLE = 40
_LONGEST_LABEL = 80
_FIELDS = ("title", "blurb", "tags", "rating")


def offer_presses(offers: Iterable[Offer | None]) -> list[Press]:
    """C9, C10: one button for each offer; several of a kind say which series each is for."""
    made = [offer for offer in offers if offer is not None][:_MOST_OFFERS]
    presses = []
    for offer in made:
        label, verb = _PLANS[offer.cause]
        alone = sum(other.cause is offer.cause for other in made) == 1
        named = label if alone else shortened(f"{label}: {offer.series_title}", _LONGEST_LABEL)
        presses.append(Press(named, verb, offer.number))
    return presses


def offer_line(offer: Offer | None) -> str | None:
    """C9, C10: that something could come earlier, and that nothing does by itself."""
    if offer is None:
        return None
    label, _ = _PLANS[offer.cause]
    return (
        f"What waits of {quoted(offer.series_title)} could come earlier now. It does so only if you want it to: "
        f"**{label}** shows you what would change, before anything does (rule C9)."
    )


def new_times(moved: Sequence[Moved]) -> str:
    """C9: promises that have moved: from, to."""
    lines = [
        f"- {quoted(shortened(one.chapter.title, _LONGEST_TITLE))}: {short_time(one.before)} → "
        f"**{short_time(one.after)}** ({countdown(one.after)})"
        for one in moved
    ]
    return _first(lines)


def gap_plan(plan: Plan, confirm: int, *, changed: bool = False) -> ui.LayoutView:
    """C10: what closing the gap would do."""
    return _plan(plan, f"## The gap in {quoted(plan.series.title)}", ("Close the gap", "gap", confirm), changed=changed)


def earlier_plan(plan: Plan, confirm: int, *, changed: bool = False) -> ui.LayoutView:
    """C9: what releasing earlier would do."""
    head = f"## Earlier slots in {quoted(plan.series.title)}"
    return _plan(plan, head, ("Release earlier", "earlier", confirm), changed=changed)


def _plan(plan: Plan, head: str, confirm: tuple[str, str, int], *, changed: bool) -> ui.LayoutView:
    if not plan.moving:
        return card(
            head,
            "Nothing of it could come earlier now, so nothing was changed. Every promise stands, as your queue shows.",
            presses=[_queue_press(plan)],
        )
    label, verb, number = confirm
    meanwhile = "**Something has changed since I showed you this, so I have done nothing yet.** " if changed else ""
    return card(
        head,
        f"{meanwhile}If you press **{label}**, this changes:",
        _lines(plan),
        "Their order stays, no wish is undercut, and nothing comes later (rules C7, C8, C9). "
        "Nothing is changed yet; if you do nothing, every promise stands.",
        colour=WAITS,
        presses=[Press(label, verb, number, discord.ButtonStyle.success)],
    )


def carried_out(plan: Plan) -> ui.LayoutView:
    """C9, C10: the earlier slots are taken."""
    return card(
        f"## {counted(len(plan.moving), 'chapter')} of {quoted(plan.series.title)} "
        f"{'comes' if len(plan.moving) == 1 else 'come'} earlier",
        _lines(plan),
        "These are promises now: nothing makes them later but you, or a moderator's hold (rule C9). "
        "Nothing more is needed from you.",
        offer_line(plan.offer),
        colour=GOOD,
        presses=[_queue_press(plan), *offer_presses([plan.offer])],
    )


def moved(plan: Plan, chapter_id: int) -> ui.LayoutView:
    """C7 to C9: another order."""
    ids = [step.waiting.chapter_id for step in plan.steps]
    mover = plan.steps[ids.index(chapter_id)].waiting
    if _order_stays(plan):
        return card(
            f"{quoted(mover.title)} is at that place already, so nothing was changed.", presses=[_queue_press(plan)]
        )
    return card(
        f"## {quoted(mover.title)} has its new place",
        _places(plan),
        _pushed(plan.steps),
        "These are promises now; whatever is not listed stays as it was (rule C9). "
        "If you did not mean it, `/chapter move` puts it back.",
        offer_line(plan.offer),
        colour=GOOD,
        presses=[_queue_press(plan), *offer_presses([plan.offer])],
    )


def _order_stays(plan: Plan) -> bool:
    """Whether every chapter is at the place it had."""
    return all(step.place == step.before for step in plan.steps)


def _places(plan: Plan) -> str:
    """Each place that has another chapter now, or another time: before, after."""
    lines = []
    for number, step in enumerate(plan.steps, plan.first):
        if step.place == step.before and not step.moves:
            continue
        title = quoted(shortened(step.waiting.title, _LONGEST_TITLE))
        after = f"**{short_time(step.after)}** ({countdown(step.after)})"
        lines.append(
            f"{number}. {title}: {short_time(step.before)} → {after}"
            if step.moves
            else f"{number}. {title}: stays {after}"
        )
    return _first(lines)


def _pushed(steps: Sequence[Step]) -> str | None:
    """C8: which chapters come later than the slots of their new places, and by how much."""
    pushed = [
        f"- {quoted(shortened(step.waiting.title, _LONGEST_TITLE))} {span(by)} later"
        for step in steps
        if (by := step.pushed_by) is not None
    ]
    if not pushed:
        return None
    return (
        "A wish is never undercut (rule C8), and distances hold (rule C2). "
        "So these come later than the slots of their new places:\n" + _first(pushed)
    )


def taken_down(done: TakenDown) -> ui.LayoutView:
    """C11: a chapter that was out."""
    minutes = round(GIVEN_BACK_WITHIN.total("minutes"))
    if done.chapter.import_id is not None:
        slot = "It is older work and has no slot, so nothing else moves (rule C13)."
    elif not done.counts:
        slot = (
            f"It was out for less than {minutes} minutes and no other server has a copy, so its slot is free again "
            "(rule C11)."
        )
    else:
        why = "other servers may have a copy" if done.copied else f"it was out for more than {minutes} minutes"
        slot = (
            f"Since {why}, its slot stays counted (rule C11): what waits keeps its promises, "
            "and the next chapter counts from it as before."
        )
    posts = "first its announcement, then its posts in its home" if done.announced else "its posts in its home"
    copies = (
        "Its announcement was passed on to servers that follow the network channel. Those copies are not mine to "
        "delete: Discord tells them that the original is gone, and their text may stay readable there."
        if done.copied
        else None
    )
    return card(
        f"## {quoted(done.chapter.title)} is withdrawn",
        f"I am taking it down now: {posts}. If something cannot be removed, the moderators are told.",
        slot,
        copies,
        offer_line(done.offer),
        presses=[Press("See my queue", "queue", done.chapter.id), *offer_presses([done.offer])],
    )


def not_replaced(title: str, why: str) -> ui.LayoutView:
    """A new text that cannot be taken in."""
    return card(f"{why} {quoted(title)} keeps the text it has, its place and its promise.", colour=WAITS)


def edited(done: Edited) -> ui.LayoutView:
    """A series with other words, and what becomes of what was announced."""
    changes = [
        f"- {name}: {plain(shortened(now_said, 300)) if now_said else '*nothing any more*'}"
        for name in _FIELDS
        if (now_said := getattr(done.after, name)) != getattr(done.before, name)
    ]
    return card(
        f"## {quoted(done.after.title)} is edited",
        "\n".join(changes) or "It said so already; I make sure that its home and its announcements do, too.",
        "Its home thread gets the new name and opening message.",
        _announcements(done),
        colour=GOOD,
    )


def _announcements(done: Edited) -> str:
    if not done.corrected:
        return "Nothing of it was announced yet, so there is no announcement to correct."
    made = "Its announcement is" if done.corrected == 1 else f"Its {done.corrected} newest announcements are"
    older = f" {counted(done.left, 'older one')} will keep the old words." if done.left else ""
    return (
        f"{made} corrected.{older} Discord lets announcements be edited only now and then, "
        "so this can take some hours; it goes on by itself."
    )


def finished(done: Finished) -> ui.LayoutView:
    """A series that is complete."""
    waiting = (
        f"{counted(done.waiting, 'chapter')} of it still {'waits' if done.waiting == 1 else 'wait'} and "
        f"{'goes' if done.waiting == 1 else 'go'} out as promised; the last one's announcement says that the series is "
        "complete."
        if done.waiting
        else "Should a chapter of it be announced after this, its announcement says that the series is complete."
    )
    head = f"## {quoted(done.series.title)} is complete" + ("" if done.news else " already")
    return card(
        head,
        waiting,
        "Nothing else changes: its home stays open, its followers stay, no promise moves, and you can still hand in "
        "an epilogue with `/chapter submit`.",
        colour=GOOD if done.news else QUIET,
    )


def _lines(plan: Plan) -> str:
    """Each chapter that changes: from, to."""
    lines = []
    for step in plan.moving:
        title = quoted(shortened(step.waiting.title, _LONGEST_TITLE))
        then = "**at once**" if step.at_once else f"**{short_time(step.after)}** ({countdown(step.after)})"
        counted_from = ", counted from your press" if step.floats and not step.at_once and not plan.done else ""
        lines.append(f"- {title}: {short_time(step.before)} → {then}{counted_from}")
    return _first(lines)


def _first(lines: Sequence[str]) -> str:
    more = f"\n…and {len(lines) - _MOST_LINES} more; `/chapter queue` shows all." if len(lines) > _MOST_LINES else ""
    return "\n".join(lines[:_MOST_LINES]) + more


def _queue_press(plan: Plan) -> Press:
    return Press("See my queue", "queue", plan.series.id)
