"""What a changed policy would have done, in words: all that the picture shows, and what no trial can know."""

import discord
from discord import ui

from cogs.replies.calendars import MOST_ALT
from cogs.replies.cards import QUIET, WAITS, Press, card, counted, shortened, span
from cogs.replies.policies import form_presses, meanwhile
from cogs.replies.policy_words import TITLES, change_lines
from rules.amendments import Change, moves_reach, moves_slots
from rules.labels import Ai
from rules.tallies import Other, Shift, Trial, Week
from usecases.amendments import AmendmentView
from usecases.trials import MOST_CHAPTERS

PICTURE = "trial.png"
"""What the picture is called among an answer's files."""
MOST_WEEKS = 18
"""What a phone still shows wide enough to tell two bars from each other; the newest are shown."""
_MOST_CHANGES = 1200
_LABELS = {Ai.NONE: "`none`", Ai.ASSISTED: "`assisted`", Ai.GENERATED: "`generated`"}


def nothing_to_try(amendment_id: int) -> ui.LayoutView:
    """`/policy try` before anything was typed."""
    return card(
        "## What would you try?",
        "Change what you like in one of these forms, then press **Try it**: I run it over what was handed in here and "
        "show what would have come out differently. Nothing is changed by that.",
        "`/policy try` with `version` tries an earlier version without typing.",
        presses=form_presses(amendment_id),
    )


def tried(
    trial: Trial,
    changed: tuple[Change, ...],
    *,
    cut: bool,
    view: AmendmentView | None = None,
    picture: discord.File | None = None,
) -> ui.LayoutView:
    """What would have come out differently, in numbers; with a `view` of what was typed, it can be confirmed here."""
    return card(
        "## What would have come out differently",
        meanwhile(view) if view else None,
        f"**Tried, as if it had always been so:**\n{shortened(change_lines(changed), _MOST_CHANGES)}"
        if changed
        else "This version says the same as what holds, so there is nothing to try.",
        *(numbers(trial) if changed else ()),
        _weeks(trial) if changed else None,
        _not_known(trial, changed, cut=cut) if changed else None,
        "-# Nothing was changed by this.",
        colour=QUIET if trial.changes_nothing else WAITS,
        picture=picture,
        presses=_presses(view) if view else (),
    )


def numbers(trial: Trial) -> list[str]:
    """When, how far, and how many may wait."""
    if not (trial.chapters or trial.out):
        return ["Nothing has been handed in here yet, so there is nothing to try it on."]
    said = ["Nothing would have come out differently."] if trial.changes_nothing else []
    if trial.chapters:
        said.append(_when(trial))
    if trial.out:
        said.append(_far(trial))
    if trial.refused:
        said.append(
            f"**How many wait?** {counted(trial.refused, 'chapter')} would have been refused when handed in, since too "
            "many of the series waited (rule C7). Here they are counted all the same."
        )
    return said


def alt_text(trial: Trial) -> str:
    """What the picture shows, in short."""
    parts = ["What would have come out."]
    if trial.chapters:
        parts.append(f"Of {counted(trial.chapters, 'chapter')}: {_shifts(trial)}.")
    if trial.out:
        parts.append(
            f"Of {trial.out:,} that are out {trial.travelled:,} travelled; it would be {trial.would_travel:,}."
        )
    shown = trial.weeks[-MOST_WEEKS:]
    if shown:
        parts.append(f"Each week, as it is and as tried: {_week_list(shown)}.")
    return shortened(" ".join(parts), MOST_ALT)


def _presses(view: AmendmentView) -> list[Press]:
    number = view.amendment.id
    ready = [Press("Confirm", "policy-confirm", number, discord.ButtonStyle.success)] if view.confirmable else []
    return [*ready, Press("Back", "policy-edit", number), *form_presses(number)]


def _when(trial: Trial) -> str:
    lines = [
        f"**When?** Of {counted(trial.chapters, 'chapter')} that are out or wait:",
        _shift_line(trial.earlier, "earlier"),
        _shift_line(trial.later, "later"),
        f"- {trial.same:,} at the same time",
    ]
    return "\n".join(lines)


def _shift_line(shift: Shift | None, words: str) -> str:
    if shift is None:
        return f"- none {words}"
    if shift.count == 1:
        return f"- **1 {words}**, by {span(shift.largest)}"
    median, largest = span(shift.median), span(shift.largest)
    return f"- **{shift.count:,} {words}**, by {median} in the middle (median) and {largest} at most"


def _shifts(trial: Trial) -> str:
    both = ((trial.earlier, "earlier"), (trial.later, "later"))
    parts = [
        f"{shift.count:,} {words}, median {span(shift.median)}, at most {span(shift.largest)}"
        for shift, words in both
        if shift
    ]
    return "; ".join([*parts, f"{trial.same:,} at the same time"])


def _far(trial: Trial) -> str:
    head = f"**How far?** Of {counted(trial.out, 'chapter')} that {'is' if trial.out == 1 else 'are'} out"
    if not trial.others:
        return f"{head} {trial.travelled:,} travelled; that would have been the same."
    lines = [f"{head} {trial.travelled:,} travelled; it would have been **{trial.would_travel:,}**:"]
    return "\n".join([*lines, *(_other_line(other) for other in trial.others)])


def _other_line(other: Other) -> str:
    which = f"{other.count:,} labelled {_LABELS[other.ai]}"
    if other.travels:
        return f"- {which} would have travelled (rule {other.rule} kept {'it' if other.count == 1 else 'them'} home)"
    return f"- {which} would have stayed home (rule {other.rule})"


def _weeks(trial: Trial) -> str | None:
    shown = trial.weeks[-MOST_WEEKS:]
    if not shown:
        return None
    came, would = max(week.came for week in trial.weeks), max(week.would for week in trial.weeks)
    return (
        f"**Each week** (weeks of {trial.zone}): {counted(came, 'chapter')} in the fullest one, as tried {would:,}. "
        f"{'That week' if len(shown) == 1 else 'Week by week'}, as it is → as tried:\n-# {_week_list(shown)}"
    )


def _week_list(shown: tuple[Week, ...]) -> str:
    """Weeks by their Mondays, the month told where it changes."""
    parts: list[str] = []
    month = None
    for week in shown:
        day = str(week.monday.day) if week.monday.month == month else f"{week.monday.day} {week.monday:%b}"
        month = week.monday.month
        parts.append(f"{day}: {week.came}→{week.would}")
    return " · ".join(parts)


def _not_known(trial: Trial, changed: tuple[Change, ...], *, cut: bool) -> str:
    """What a trial leaves out, said aloud."""
    unseen = [TITLES[one.name].lower() for one in changed if not (moves_slots(one) or moves_reach(one))]
    room = TITLES["waiting_limit"].lower()
    given = f"{counted(trial.given, 'time')} that a person gave (another place, the end of a pause) "
    lines = [
        "**What this cannot know:** under other rules authors would have handed in at other times.",
        "Each chapter is tried at the moment when it really came, and what was withdrawn is left out.",
        given + f"{'stays' if trial.given == 1 else 'stay'} where the tried pace allows it." if trial.given else "",
        "What was refused because too many waited is recorded nowhere, so more room shows nothing here."
        if room in unseen
        else "",
        f"This gives nothing that was handed in another time or reach: {'; '.join(set(unseen) - {room})}."
        if set(unseen) - {room}
        else "",
        f"Only the newest {MOST_CHAPTERS:,} chapters were tried." if cut else "",
    ]
    return " ".join(line for line in lines if line)
