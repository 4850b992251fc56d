"""What authors and moderators read about a label that moderators set (L11)."""

import discord
from discord import ui

from cogs.replies.cards import GOOD, QUIET, WAITS, Press, card, on_it, plain, quoted, shortened
from cogs.replies.verdicts import LABEL_LINES, cure_presses, sentence_sought, where
from rules.labels import Ai
from rules.rulings import RulingReason, needs_second_reader
from storage.rulings import RulingState
from usecases.rulings import RulingView

REASONS = {
    RulingReason.AUTHOR_SAID_SO: "the author said so",
    RulingReason.LEFTOVER_PROMPT: "leftover prompt text",
    RulingReason.FILE_METADATA: "the file's own metadata",
    RulingReason.TWO_READERS: "two people read it so",
}
"""All reasons there are (L11)."""

NOTE_HELP = "What you saw, and where. A detector's score is no reason and counts for nothing."


def receipt(view: RulingView) -> ui.LayoutView:
    """The moderator's receipt: set, or waiting for a second reader."""
    ruling = view.ruling
    title, label = quoted(view.chapter.title), LABEL_LINES[ruling.ai]
    if ruling.state is RulingState.PROPOSED:
        return card(
            f"## You read {title} as “{label}”",
            "It takes two: a second moderator is asked in the moderators' channel. Until then nothing changes, "
            "and the author hears nothing (rule L11).",
            colour=WAITS,
        )
    return card(
        f"## The label of {title} now says “{label}”",
        where(view.verdict, view.policy),
        "The author is told, with the reason, and can appeal once; another moderator would answer (rule L12).",
        colour=GOOD,
    )


def told(view: RulingView) -> ui.LayoutView:
    """N5: the author hears that a label was set, why, what follows, and what they can do."""
    ruling, chapter = view.ruling, view.chapter
    title = quoted(chapter.title)
    if ruling.state is not RulingState.STANDING:
        return card(f"## The label of {title} was set, and that stands no more", "`/why` shows what holds now.")
    appealed = view.appeal is not None
    return card(
        f"## A moderator has set the label of {title}",
        f"<@{chapter.author_id}>, {_judges(view)} set it from “{LABEL_LINES[view.before]}” to "
        f"“{LABEL_LINES[ruling.ai]}”, because: {_because(view)} (rule L11).",
        where(view.verdict, view.policy),
        sentence_sought(view.verdict, chapter.labels),
        "You have appealed; another moderator answers."
        if appealed
        else f"If you see it otherwise, you can appeal once: another moderator answers, in words, within "
        f"{view.policy.appeal_days} days, and an appeal that you win undoes this wholly (rule L12).",
        colour=WAITS,
        presses=[
            *([] if appealed else [Press("Appeal", "appeal", ruling.id, discord.ButtonStyle.primary)]),
            *cure_presses(view.verdict, chapter),
        ],
    )


def reading_card(view: RulingView) -> ui.LayoutView:
    """The card for the second reader."""
    ruling, chapter = view.ruling, view.chapter
    waits = ruling.state is RulingState.PROPOSED
    return card(
        f"## Is {quoted(chapter.title)} “{LABEL_LINES[ruling.ai]}”?",
        f"<@{ruling.read_by}> reads it so; <@{chapter.author_id}> says “{LABEL_LINES[view.before]}”. "
        "Please read it yourself; it takes two, and no detector's score is a reason (rule L11).",
        f"They note: “{plain(ruling.note)}”" if ruling.note else None,
        _outcome(view),
        on_it(view.taken_by, decided_by=ruling.confirmed_by),
        colour=WAITS if waits else QUIET,
        presses=[
            Press("I read it so too", "confirm-ruling", ruling.id, discord.ButtonStyle.danger),
            Press("I read it otherwise", "drop-ruling", ruling.id),
        ]
        if waits
        else [],
    )


def label_form(title: str, question_id: int, now_says: Ai) -> ui.Modal:
    """The form behind **Set the label**: to what, for which reason of the list, with a note."""
    form = ui.Modal(title=f"Set the label: {shortened(title, 25)}", custom_id=f"set-label-form:{question_id}")
    label: ui.Select[ui.Modal] = ui.Select(
        custom_id="ai",
        required=True,
        options=[discord.SelectOption(label=line, value=ai) for ai, line in LABEL_LINES.items() if ai is not now_says],
    )
    reason: ui.Select[ui.Modal] = ui.Select(
        custom_id="reason",
        required=True,
        options=[discord.SelectOption(label=words, value=one) for one, words in REASONS.items()],
    )
    note: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="note", style=discord.TextStyle.paragraph, required=False, max_length=500
    )
    form.add_item(ui.Label(text="It should say", component=label))
    form.add_item(ui.Label(text="Because", description="There are no other reasons (rule L11).", component=reason))
    form.add_item(ui.Label(text="Note, for the author and the log", description=NOTE_HELP, component=note))
    form.stop()
    return form


def ruling_line(view: RulingView) -> str:
    """A ruling in one sentence, for an appeal's card."""
    label = f"from “{LABEL_LINES[view.before]}” to “{LABEL_LINES[view.ruling.ai]}”"
    return f"{_judges(view)} set the label {label}, because: {_because(view)}."


def _because(view: RulingView) -> str:
    note = f" (“{plain(view.ruling.note)}”)" if view.ruling.note else ""
    return f"{REASONS[view.ruling.reason]}{note}"


def _judges(view: RulingView) -> str:
    ruling = view.ruling
    if needs_second_reader(ruling.reason) and ruling.confirmed_by is not None:
        return f"<@{ruling.read_by}> and <@{ruling.confirmed_by}> have"
    return f"<@{ruling.read_by}> has"


def _outcome(view: RulingView) -> str | None:
    ruling = view.ruling
    match ruling.state:
        case RulingState.PROPOSED:
            return None
        case RulingState.DROPPED:
            return f"<@{ruling.confirmed_by}> reads it otherwise; nothing was changed."
        case RulingState.STANDING:
            return f"<@{ruling.confirmed_by}> reads it so too. **The label is set**, and the author is told."
        case RulingState.REPLACED:
            return "A later decision stands in its place."
        case RulingState.UNDONE:
            return "The author appealed and won; this is undone."
