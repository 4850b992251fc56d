"""What authors and moderators read about an appeal (L12)."""

import discord
from discord import ui

from cogs.replies.cards import (
    GOOD,
    QUIET,
    WAITS,
    Press,
    card,
    countdown,
    full_time,
    on_it,
    plain,
    quoted,
    shortened,
)
from cogs.replies.rulings import ruling_line
from cogs.replies.verdicts import LABEL_LINES, where
from storage.appeals import AppealState
from usecases.appeals import AppealView
from usecases.rulings import RulingView


def form(title: str, act_id: int) -> ui.Modal:
    """The form behind **Appeal**."""
    return _form(f"Appeal: {shortened(title, 30)}", f"appeal-form:{act_id}", "What should another moderator know?")


def answer_form(title: str, appeal_id: int, *, granted: bool) -> ui.Modal:
    """The form behind **Grant the appeal** and **Keep it**: an answer has words."""
    verb, head = ("grant-appeal-form", "Grant") if granted else ("keep-appeal-form", "Keep it")
    return _form(f"{head}: {shortened(title, 30)}", f"{verb}:{appeal_id}", "What shall the author read?")


def received(view: AppealView) -> ui.LayoutView:
    """The author's receipt."""
    return card(
        f"## Your appeal about {quoted(view.chapter.title)} is with the moderators",
        f"Another moderator than the one who decided answers it, in words, by {full_time(view.appeal.due)} "
        f"({countdown(view.appeal.due)}). Until then what was decided holds; nothing more is needed from you "
        "(rule L12).",
        colour=GOOD,
    )


def appeal_card(view: AppealView) -> ui.LayoutView:
    """The moderators' card: what was decided, what the author says, and what each answer would do."""
    appeal, chapter = view.appeal, view.chapter
    is_open = appeal.state is AppealState.OPEN
    return card(
        f"## {'Overdue: an' if view.overdue else 'An'} appeal about {quoted(chapter.title)}",
        f"**What was decided:** {_decided(view)}",
        f"<@{chapter.author_id}> appeals: “{plain(appeal.reason)}”",
        f"{'It was' if view.overdue else 'It is'} to be answered by {full_time(appeal.due)} ({countdown(appeal.due)}), "
        f"by another moderator than who decided. {_effect(view)}"
        if is_open
        else _outcome(view),
        on_it(view.taken_by, decided_by=appeal.decided_by),
        colour=WAITS if is_open else QUIET,
        presses=[
            Press("Grant the appeal", "grant-appeal", appeal.id, discord.ButtonStyle.success),
            Press("Keep it", "keep-appeal", appeal.id, discord.ButtonStyle.danger),
        ]
        if is_open
        else [],
    )


def answered(view: AppealView) -> ui.LayoutView:
    """N5, L12: the author hears the answer, in words."""
    appeal, chapter = view.appeal, view.chapter
    title = quoted(chapter.title)
    words = f"<@{chapter.author_id}>, <@{appeal.decided_by}> answers: “{plain(appeal.answer or '')}”"
    if appeal.state is not AppealState.GRANTED:
        return card(
            f"## Your appeal about {title}: it stays as decided",
            words,
            "That settles it; nothing of this is held against you (rule L12).",
            colour=QUIET,
        )
    return card(
        f"## You have won your appeal about {title}",
        words,
        "What was decided is undone wholly and counts nowhere (rule L12).",
        _now_holds(view),
        colour=GOOD,
    )


def _decided(view: AppealView) -> str:
    if isinstance(view.against, RulingView):
        return ruling_line(view.against)
    request = view.against.request
    return (
        f"the author asked for an exception (“{plain(request.reason)}”), and it was declined: "
        f"“{plain(request.answer or '')}”."
    )


def _effect(view: AppealView) -> str:
    if isinstance(view.against, RulingView):
        return f"Granted, the label says “{LABEL_LINES[view.against.before]}” again, and its reach follows."
    return "Granted, the exception is given, for the next chapter if this one is out by then."


def _outcome(view: AppealView) -> str:
    appeal = view.appeal
    how = "Granted" if appeal.state is AppealState.GRANTED else "Kept as decided"
    return f"**{how}** by <@{appeal.decided_by}>: “{plain(appeal.answer or '')}” The author is told."


def _now_holds(view: AppealView) -> str | None:
    if isinstance(view.against, RulingView):
        label = LABEL_LINES[view.chapter.declaration.ai]
        return f"Its label says “{label}” again. {where(view.against.verdict, view.against.policy)}"
    slot = view.chapter.slot
    if view.chapter.released_at is not None or slot is None:
        return "The exception is yours; it is used by itself for the next chapter that would have to wait (rule E2)."
    return f"The exception is granted: it comes out {full_time(slot)} ({countdown(slot)})."


def _form(title: str, custom_id: str, question: str) -> ui.Modal:
    made = ui.Modal(title=title, custom_id=custom_id)
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="reason", style=discord.TextStyle.paragraph, required=True, max_length=1000
    )
    made.add_item(ui.Label(text=question, component=words))
    made.stop()
    return made
