"""What authors and moderators read about older work that comes in (C13)."""

from collections import Counter
from collections.abc import Sequence

import discord
from discord import ui
from whenever import Instant

from cogs.replies.cards import (
    GOOD,
    MOST_TEXT,
    QUIET,
    WAITS,
    Press,
    card,
    countdown,
    counted,
    full_time,
    on_it,
    plain,
    quoted,
    shortened,
)
from cogs.replies.images import left_out_cure
from cogs.replies.verdicts import LABEL_LINES
from rules.imports import PACE, last_turn
from rules.labels import Cure, Reach
from rules.verdict import Verdict
from storage.appeals import AppealState
from storage.chapters import Chapter
from storage.imports import Import, ImportState
from usecases.imports import ImportView, in_file_order

_LONGEST_TITLE = 80
_MOST_TOLD = 3
_MOST_FIELDS = 5
_FIELD_CHARACTERS = 4000
_LINES_IN_A_FIELD = 40
_LONGEST_LINE = 90
_ROOM_FOR_THE_REST = 1600
"""Characters of a card that are not its list of chapters."""
PACE_LINE = f"with {counted(int(PACE.total('minutes')), 'minute')} between two"


def preview(view: ImportView, *, now: Instant) -> ui.LayoutView:
    """N4: each chapter with its date, its words and its reach, and what would happen."""
    imported, lacking = view.imported, len(view.undated)
    presses = [] if lacking else [Press("Submit", "import-ask", imported.id, discord.ButtonStyle.success)]
    presses.append(Press("Mend dates", "import-dates", imported.id))
    if any(finding.cure in {Cure.ADD_LABEL, Cure.MOVE_UP} for _, one in view.listed for finding in one.label_findings):
        presses.append(Press("Add the label for me", "import-label", imported.id))
    if any(chapter.labels.images for chapter in view.chapters):
        presses.append(Press("Describe images", "import-images", imported.id))
    presses.append(Press("Cancel", "import-cancel", imported.id, discord.ButtonStyle.danger))
    return card(
        f"## {counted(imported.chapters, 'older chapter')} for {quoted(imported.series_title)}",
        chapters_of(view),
        reach_of(view),
        _unshown(view),
        f"**{counted(lacking, 'chapter has', 'chapters have')} no date yet.** I need the day on which each first came "
        "out, in the past: **Mend dates** shows them all as lines that you can change."
        if lacking
        else "Are the dates right? **Mend dates** shows them all as lines that you can change.",
        "**If you submit:** a moderator looks at it first, and nothing is posted before. Then they come to their home "
        f"in the order of their dates, {PACE_LINE}: confirmed now, until {_until(imported, now)}. They are announced "
        "once, as a whole. They count in no lane and move no other chapter (rule C13).",
        colour=WAITS if lacking else QUIET,
        presses=presses,
    )


def asked(view: ImportView) -> ui.LayoutView:
    """C13: the import is with the moderators."""
    return card(
        f"## {counted(view.imported.chapters, 'older chapter')} of {quoted(view.imported.series_title)}: asked",
        f"{_standing(view.imported)} Nothing more is needed from you (rule C13).",
        colour=GOOD,
        presses=[Press("Cancel", "import-cancel", view.imported.id)] if view.imported.state is ImportState.OPEN else (),
    )


def cancelled(imported: Import) -> ui.LayoutView:
    """An import that its author wants no more."""
    return card(
        f"The import for {quoted(imported.series_title)} is cancelled. Nothing was posted; the texts are forgotten."
    )


def import_card(view: ImportView, *, now: Instant) -> ui.LayoutView:
    """C13: all that a moderator needs to decide."""
    imported = view.imported
    waits = imported.state is ImportState.OPEN
    label = next((f"“{LABEL_LINES[one.declaration.ai]}”" for one in view.chapters), None)
    return card(
        f"## May {counted(imported.chapters, 'older chapter')} of {quoted(imported.series_title)} come in?",
        f"<@{imported.author_id}> says that they came out before, on these days, and labels them {label}."
        if label
        else f"<@{imported.author_id}> asked.",
        chapters_of(view) if waits else None,
        reach_of(view) if waits else None,
        f"**If you confirm:** they come to their home, {PACE_LINE}, until {_until(imported, now)}, and are announced "
        "once, as a whole. They count in no lane and move no other chapter (rule C13)."
        if waits
        else _decision(view),
        on_it(view.taken_by, decided_by=imported.decided_by),
        colour=WAITS if waits else QUIET,
        presses=[
            Press("Confirm", "import-confirm", imported.id, discord.ButtonStyle.success),
            Press("Decline", "import-decline", imported.id, discord.ButtonStyle.danger),
        ]
        if waits
        else (),
    )


def told(view: ImportView, *, now: Instant) -> ui.LayoutView:
    """N5: the author hears what was decided, and why."""
    imported = view.imported
    if imported.answer is not None:
        return _told_declined(view, now=now)
    return card(
        f"## {quoted(imported.series_title)}: your older chapters come in",
        f"<@{imported.author_id}>, <@{imported.decided_by}> has confirmed them. "
        f"{coming_in(imported, imported.decided_at or now)} Nothing more is needed from you.",
        colour=GOOD,
    )


def _told_declined(view: ImportView, *, now: Instant) -> ui.LayoutView:
    """What was decided first; an appeal against it has a card of its own (L12)."""
    imported, appeal = view.imported, view.appeal
    open_until = imported.kept_until if imported.state is ImportState.DECLINED and appeal is None else None
    anew = "What you hand in anew, or with other dates, is looked at anew."
    if open_until is not None and open_until > now:
        now_holds = (
            f"If you see it otherwise, you can appeal once, until {full_time(open_until)} ({countdown(open_until)}): "
            f"another moderator answers, in words (rule L12). So long I keep the texts; then I forget them. {anew}"
        )
    elif appeal is not None and imported.state is not ImportState.CANCELLED:
        now_holds = (
            "You have appealed; another moderator answers."
            if appeal.state is AppealState.OPEN
            else "You have appealed, and that is answered."
        )
    else:
        now_holds = f"Nothing of it was posted, and I have forgotten the texts. {anew}"
    return card(
        f"## {quoted(imported.series_title)}: your older chapters do not come in"
        if imported.state is not ImportState.CONFIRMED and imported.state is not ImportState.DONE
        else f"## {quoted(imported.series_title)}: your older chapters were declined at first",
        f"<@{imported.author_id}>, <@{imported.decided_by}> answers: “{plain(imported.answer or '')}”",
        now_holds,
        presses=[Press("Appeal", "appeal", imported.id)] if open_until is not None and open_until > now else (),
    )


def coming_in(imported: Import, start: Instant) -> str:
    """C13: what happens to older chapters that a moderator has let in at a moment."""
    return (
        f"They come to their home {PACE_LINE}, {counted(imported.chapters, 'chapter')} until about "
        f"{_until(imported, start)}, and are announced once, as a whole (rule C13)."
    )


def dates_form(view: ImportView) -> ui.Modal:
    """The form behind **Mend dates**: a line for each chapter, by its place in the file."""
    title = f"Dates of {shortened(view.imported.series_title, 30)}"
    form = ui.Modal(title=title, custom_id=f"import-dates-form:{view.imported.id}")
    known = in_file_order(view)
    fields = min(_MOST_FIELDS, -(-len(known) // _LINES_IN_A_FIELD))
    a_field = -(-len(known) // fields)
    longest = min(_LONGEST_LINE, (_FIELD_CHARACTERS - 100) // a_field - 1)
    lines = [
        shortened(f"{number}. {_iso(one, view)} | {one.title}", longest) for number, one in enumerate(known, start=1)
    ]
    for first in range(0, len(lines), a_field):
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=f"dates{first // a_field}",
            style=discord.TextStyle.paragraph,
            default="\n".join(lines[first : first + a_field]),
            required=False,
            max_length=_FIELD_CHARACTERS,
        )
        form.add_item(ui.Label(text="number. year-month-day | title", component=field))
    form.stop()
    return form


def decline_form(imported: Import) -> ui.Modal:
    """The form behind **Decline**: a refusal carries its reason (N5)."""
    form = ui.Modal(
        title=f"Decline: {shortened(imported.series_title, 30)}", custom_id=f"import-decline-form:{imported.id}"
    )
    reason: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="reason", style=discord.TextStyle.paragraph, required=True, max_length=500
    )
    form.add_item(ui.Label(text="What shall the author read?", component=reason))
    form.stop()
    return form


def day(moment: Instant) -> str:
    """A day in the past, as each reader writes it."""
    return f"<t:{moment.timestamp()}:D>"


def span(known: Sequence[Chapter]) -> str:
    """From when to when chapters first came out."""
    days = sorted(one.released_at for one in known if one.released_at is not None)
    first, last = day(days[0]), day(days[-1])
    return first if first == last else f"from {first} to {last}"


def chapters_of(view: ImportView, *, rest: int = _ROOM_FOR_THE_REST) -> str:
    """As many of the chapters as a card holds beside `rest` characters, and how many more there are."""
    lines, room = [], MOST_TEXT - rest
    for chapter, verdict in view.listed:
        line = _line(chapter, verdict)
        if len(line) >= room:
            break
        lines.append(line)
        room -= len(line) + 1
    more = len(view.listed) - len(lines)
    return "\n".join([*lines, *([f"…and {counted(more, 'more chapter', 'more chapters')}."] if more else [])])


def _line(chapter: Chapter, verdict: Verdict) -> str:
    when = day(chapter.released_at) if chapter.released_at else "**no date**"
    facts = [counted(chapter.words, "word")]
    if chapter.labels.images:
        facts.append(counted(len(chapter.labels.images), "image"))
    if verdict.restricted:
        facts.append(f"home only ({', '.join(sorted({finding.rule for finding in verdict.label_findings}))})")
    return f"- {when} {plain(shortened(chapter.title, _LONGEST_TITLE))} · {' · '.join(facts)}"


def reach_of(view: ImportView) -> str:
    """How far they would travel, and by which rules not further."""
    home = [verdict for _, verdict in view.listed if verdict.reach is Reach.PERSONAL]
    if not home:
        return "**All of them** come to their home, and are told of in the network channel. Their labels are complete."
    rules = Counter(rule for one in home for rule in {finding.rule for finding in one.label_findings})
    why = ", ".join(f"{number:,} by rule {rule}" for rule, number in sorted(rules.items()))
    if len(home) == len(view.listed):
        return f"**None of them** is told of in the network channel: their labels keep them in their home ({why})."
    return (
        f"**{len(view.listed) - len(home):,} of {len(view.listed):,}** are told of in the network channel; the labels "
        f"of the others keep them in their home ({why})."
    )


def _unshown(view: ImportView) -> str | None:
    """Which chapters have images that readers will not see."""
    if not view.unshown:
        return None
    all_of_them = [one for _, those in view.unshown for one in those]
    told = [f"{len(those)} in {quoted(shortened(one.title, _LONGEST_TITLE))}" for one, those in view.unshown]
    named = ", ".join(told[:_MOST_TOLD])
    more = len(told) - _MOST_TOLD
    return (
        f"**{counted(len(all_of_them), 'image')} of the file will not be seen by readers** ({named}"
        f"{f', and in {more} more' if more > 0 else ''}): they are of a kind that Discord does not "
        f"show, or the file does not hold them. {left_out_cure(all_of_them)}"
    )


def _until(imported: Import, start: Instant) -> str:
    end = last_turn(imported.chapters, start=start)
    return f"{full_time(end)} ({countdown(end)})"


def _standing(imported: Import) -> str:
    match imported.state:
        case ImportState.OPEN | ImportState.DRAFT:
            return "One of the moderators looks at it, and you will hear either way; until then nothing is posted."
        case ImportState.CONFIRMED | ImportState.DONE:
            return f"<@{imported.decided_by}> has confirmed it."
        case ImportState.DECLINED:
            return f"<@{imported.decided_by}> has declined it: “{plain(imported.answer or '')}”"
        case ImportState.CANCELLED:
            return "It was cancelled."


def _decision(view: ImportView) -> str:
    imported, appeal = view.imported, view.appeal
    declined = f"**Declined** by <@{imported.decided_by}>: “{plain(imported.answer or '')}”"
    match imported.state:
        case ImportState.DECLINED:
            return f"{declined} The author is told." if appeal is None else f"{declined} The author has appealed."
        case ImportState.CONFIRMED | ImportState.DONE if appeal is not None:
            return f"{declined} **Confirmed** on appeal by <@{appeal.decided_by}>; the author is told."
        case ImportState.CONFIRMED | ImportState.DONE:
            return f"**Confirmed** by <@{imported.decided_by}>; the author is told."
        case _:
            return "**Cancelled** by its author."


def _iso(chapter: Chapter, view: ImportView) -> str:
    if chapter.released_at is None:
        return "?"
    return chapter.released_at.to_tz(view.policy.zone).date().format_iso()
