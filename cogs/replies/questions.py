"""What authors and moderators read about a question (L11)."""

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
from cogs.replies.verdicts import LABEL_LINES, cure_presses, sentence_sought, where
from storage.questions import Outcome
from usecases.questions import Answered, QuestionView

AS_IT_IS = "as-it-is"
"""What the form sends for a label that the author leaves alone."""

_NO_DETECTOR = (
    "Nobody looks for AI in your text, and no detector's score counts here; what counts is what you say (rule L7)."
)


def asked(view: QuestionView) -> ui.LayoutView:
    """The moderator's receipt."""
    return card(
        f"## I am asking the author of {quoted(view.chapter.title)}",
        f"They have until about {full_time(view.due)} to answer and are reminded once; the clock runs from when they "
        "can read it. Until then the chapter keeps its state, and nothing happens by itself (rule L11).",
        "Their answer comes to the moderators' channel; `/review queue` shows what is still open.",
        colour=GOOD,
    )


def posed(view: QuestionView, *, reminder: bool) -> ui.LayoutView:
    """L11: the author is asked, or reminded once; answered or decided, the same card says so."""
    question, chapter = view.question, view.chapter
    title = quoted(chapter.title)
    label = LABEL_LINES[chapter.declaration.ai]
    if question.outcome is not None:
        return card(f"## The question about {title} is settled", _ending(view), colour=QUIET)
    if question.answer is not None:
        return card(
            f"## You have answered about {title}",
            "A moderator decides now, and you will hear either way. Nothing more is needed from you.",
            colour=GOOD,
        )
    return card(
        f"## {'Still open: a' if reminder else 'A'} question about the label of {title}",
        f"<@{chapter.author_id}>, <@{question.asked_by}> asks: “{plain(question.question)}”",
        f"Its label says “{label}”. Nothing has changed: the chapter keeps its place and its reach while this is open. "
        f"Please answer by {full_time(view.due)} ({countdown(view.due)}), in your own words; the form also lets you "
        "correct the label (rule L11).",
        "If no answer comes, a moderator may set the label then; you could appeal that." if reminder else None,
        f"-# {_NO_DETECTOR}",
        colour=WAITS,
        presses=[Press("Answer", "answer-question", question.id, discord.ButtonStyle.primary)],
    )


def answer_form(view: QuestionView) -> ui.Modal:
    """The form behind **Answer**: words, and the label if it is to be another."""
    question = view.question
    form = ui.Modal(title=f"About {shortened(view.chapter.title, 30)}", custom_id=f"answer-question-form:{question.id}")
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="answer", style=discord.TextStyle.paragraph, required=True, max_length=1000
    )
    label: ui.Select[ui.Modal] = ui.Select(
        custom_id="ai",
        required=True,
        options=[
            discord.SelectOption(label="The label is right as it is", value=AS_IT_IS, default=True),
            *(
                discord.SelectOption(label=f"It should say: {line}", value=ai)
                for ai, line in LABEL_LINES.items()
                if ai is not view.chapter.declaration.ai
            ),
        ],
    )
    form.add_item(ui.Label(text="Your answer", description="The moderators read it.", component=words))
    form.add_item(ui.Label(text="The label", component=label))
    form.stop()
    return form


def answered(done: Answered) -> ui.LayoutView:
    """The author's receipt; with another label also what it means, and its cures (L8)."""
    chapter, relabelled = done.view.chapter, done.relabelled
    thanks = "A moderator reads it and decides; you will hear either way. Nothing more is needed from you (rule L11)."
    if relabelled is None:
        return card(
            f"## Thank you; your answer about {quoted(chapter.title)} is with the moderators", thanks, colour=GOOD
        )
    verdict = relabelled.verdict
    return card(
        f"## Thank you; {quoted(chapter.title)} now says “{LABEL_LINES[chapter.declaration.ai]}”",
        where(verdict, relabelled.policy),
        sentence_sought(verdict, relabelled.chapter.labels),
        thanks,
        colour=WAITS if verdict.restricted else GOOD,
        presses=cure_presses(verdict, relabelled.chapter),
    )


def question_card(view: QuestionView) -> ui.LayoutView:
    """The moderators' card: what was asked, what the author said, what can be decided now."""
    question, chapter = view.question, view.chapter
    return card(
        f"## A question about {quoted(chapter.title)}",
        f"<@{question.asked_by}> has asked <@{chapter.author_id}>, {full_time(question.asked_at)}: "
        f"“{plain(question.question)}”",
        _answer(view),
        f"**Its label:** {LABEL_LINES[chapter.declaration.ai]}",
        _ending(view),
        on_it(view.taken_by, decided_by=question.closed_by),
        colour=WAITS if question.outcome is None else QUIET,
        presses=_deciding(view),
    )


def left(view: QuestionView) -> ui.LayoutView:
    """N5: the author hears that the label stays."""
    question, chapter = view.question, view.chapter
    return card(
        f"## The label of {quoted(chapter.title)} stays as it is",
        f"<@{chapter.author_id}>, <@{question.closed_by}> has read what there is to know and leaves it at "
        f"“{LABEL_LINES[chapter.declaration.ai]}” (rule L11). Thank you for your patience; nothing of this counts.",
        colour=GOOD,
    )


def _answer(view: QuestionView) -> str:
    question = view.question
    if question.answer is not None and question.answered_at is not None:
        mended = f" They have set the label to “{LABEL_LINES[question.corrected]}”." if question.corrected else ""
        return f"**The answer**, {full_time(question.answered_at)}: “{plain(question.answer)}”{mended}"
    if question.outcome is not None:
        return "There was no answer."
    if question.due is None:
        return "It has not been posted yet; the author's time runs from then on."
    if view.may_be_decided:
        return (
            f"**No answer came** by {full_time(question.due)}. The label may be set now, with a reason from the list "
            "(rule L11); silence alone is none."
        )
    return f"No answer yet; the author has until {full_time(question.due)} ({countdown(question.due)})."


def _ending(view: QuestionView) -> str | None:
    who = f"<@{view.question.closed_by}>"
    match view.question.outcome:
        case None:
            return None
        case Outcome.LEFT:
            return f"**Left as it is** by {who}; the author is told."
        case Outcome.SET:
            return f"**The label was set** by {who}; the author is told, with the reason."


def _deciding(view: QuestionView) -> list[Press]:
    question = view.question
    if question.outcome is not None:
        return []
    leave = Press("Leave as it is", "leave-label", question.id, discord.ButtonStyle.success)
    return [leave, Press("Set the label", "set-label", question.id)] if view.may_be_decided else [leave]
