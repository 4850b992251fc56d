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
    counted,
    full_time,
    on_it,
    plain,
    quoted,
    shortened,
)
from cogs.replies.imports import PACE_LINE, chapters_of, coming_in, reach_of
from cogs.replies.rulings import ruling_line
from cogs.replies.verdicts import LABEL_LINES, where
from storage.appeals import AppealState
from storage.imports import Import
from usecases.appeals import AppealView
from usecases.imports import ImportView
from usecases.requests import RequestView
from usecases.rulings import RulingView

_ROOM_BESIDE_CHAPTERS = 2600
"""Characters of an appeal's card that are not its list of older chapters."""


def form(title: str, act_id: int) -> ui.Modal:
    """The form behind **Appeal**."""
    return _form(f"Appeal: {shortened(title, 30)}", f"appeal-form:{act_id}", "What should another moderator know?")


def answer_form(title: str, appeal_id: int, *, granted: bool) -> ui.Modal:
    """The form behind **Grant the appeal** and **Keep it**: an answer has words."""
    verb, head = ("grant-appeal-form", "Grant") if granted else ("keep-appeal-form", "Keep it")
    return _form(f"{head}: {shortened(title, 30)}", f"{verb}:{appeal_id}", "What shall the author read?")


def named(declined: Import) -> str:
    """A declined import in a list of suggestions, which knows no markup."""
    return f"{counted(declined.chapters, 'older chapter')} · {declined.series_title}"


def received(view: AppealView) -> ui.LayoutView:
    """The author's receipt."""
    imported = view.subject.imported
    return card(
        f"## Your appeal about {_about(view)} is with the moderators",
        f"Another moderator than the one who decided answers it, in words, by {full_time(view.appeal.due)} "
        f"({countdown(view.appeal.due)}). Until then what was decided holds; nothing more is needed from you "
        "(rule L12).",
        "I keep the texts until then; **Cancel** takes them back, and the appeal with them." if imported else None,
        colour=GOOD,
        presses=[Press("Cancel", "import-cancel", imported.id)] if imported else (),
    )


def appeal_card(view: AppealView) -> ui.LayoutView:
    """The moderators' card: what was decided, what the author says, and what each answer would do."""
    appeal, older = view.appeal, view.against if isinstance(view.against, ImportView) else None
    is_open = appeal.state is AppealState.OPEN and not view.subject.gone
    return card(
        f"## {'Overdue: an' if view.overdue else 'An'} appeal about {_about(view)}",
        f"**What was decided:** {_decided(view)}",
        f"<@{view.subject.work.author_id}> appeals: “{plain(appeal.reason)}”",
        chapters_of(older, rest=_ROOM_BESIDE_CHAPTERS) if older and is_open else None,
        reach_of(older) if older and is_open else None,
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
    appeal, title = view.appeal, _about(view)
    words = f"<@{view.subject.work.author_id}>, <@{appeal.decided_by}> answers: “{plain(appeal.answer or '')}”"
    if appeal.state is not AppealState.GRANTED:
        return card(
            f"## Your appeal about {title}: it stays as decided",
            words,
            "That settles it; nothing of this is held against you (rule L12).",
            "Nothing was posted, and I have forgotten the texts. What you hand in anew is looked at anew."
            if view.subject.imported
            else None,
            colour=QUIET,
        )
    return card(
        f"## You have won your appeal about {title}",
        words,
        "What was decided is undone wholly and counts nowhere (rule L12).",
        _now_holds(view),
        colour=GOOD,
    )


def _about(view: AppealView) -> str:
    """A chapter by its title, older chapters by that of their series."""
    title = quoted(view.subject.title)
    return f"older chapters of {title}" if view.subject.imported else title


def _decided(view: AppealView) -> str:
    match view.against:
        case RulingView() as ruling:
            return ruling_line(ruling)
        case ImportView(imported=imported):
            return (
                f"<@{imported.decided_by}> declined to let {counted(imported.chapters, 'older chapter')} in: "
                f"“{plain(imported.answer or '')}”."
            )
        case RequestView(request=request):
            # a won appeal has put its own answer in the place of the first one
            words = "." if view.appeal.state is AppealState.GRANTED else f": “{plain(request.answer or '')}”."
            return f"the author asked for an exception (“{plain(request.reason)}”), and it was declined{words}"


def _effect(view: AppealView) -> str:
    match view.against:
        case RulingView() as ruling:
            return f"Granted, the label says “{LABEL_LINES[ruling.before]}” again, and its reach follows."
        case ImportView():
            return (
                f"Granted, they come to their home in the order of their dates, {PACE_LINE}, and are announced once, "
                "as a whole (rule C13). Kept, their texts are forgotten."
            )
        case RequestView():
            return "Granted, the exception is given, for the next chapter if this one is out by then."


def _outcome(view: AppealView) -> str:
    appeal = view.appeal
    if view.subject.gone and appeal.state is AppealState.OPEN:
        return "**Taken back** by its author; there is nothing to answer any more."
    how = "Granted" if appeal.state is AppealState.GRANTED else "Kept as decided"
    return f"**{how}** by <@{appeal.decided_by}>: “{plain(appeal.answer or '')}” The author is told."


def _now_holds(view: AppealView) -> str | None:
    chapter = view.subject.chapter
    if isinstance(view.against, ImportView):
        return coming_in(view.against.imported, view.appeal.decided_at or view.appeal.asked_at)
    if chapter is None:
        return None
    if isinstance(view.against, RulingView):
        label = LABEL_LINES[chapter.declaration.ai]
        return f"Its label says “{label}” again. {where(view.against.verdict, view.against.policy)}"
    slot = chapter.slot
    if chapter.released_at is not None or slot is None:
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
