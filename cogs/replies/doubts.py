"""What readers and moderators read about a doubted label (R6, L11)."""

import discord
from discord import ui

from cogs.replies.cards import GOOD, WAITS, Press, card, plain, quoted, short_time, shortened
from cogs.replies.verdicts import LABEL_LINES
from rules.doubts import DOUBTS_A_WEEK, FLOOR
from storage.chapters import Chapter
from storage.doubts import DoubtOutcome
from storage.questions import Outcome
from usecases.doubts import Crowd, DoubtView, OwnDoubt

LONGEST_WORDS = 300
_SHOWN = 8


def doubt_form(chapter: Chapter) -> ui.Modal:
    """The form behind **The label may be wrong**."""
    form = ui.Modal(title=f"Label of {shortened(chapter.title, 30)}", custom_id=f"doubt-form:{chapter.id}")
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="words", style=discord.TextStyle.paragraph, required=True, max_length=LONGEST_WORDS
    )
    help_text = "Only moderators read it, without your name. Say what you saw; a detector's score tells nothing."
    form.add_item(ui.Label(text="Why it may be wrong", description=help_text, component=words))
    form.stop()
    return form


def said(chapter: Chapter) -> ui.LayoutView:
    """The reader's receipt."""
    return card(
        f"## The moderators have your word about {quoted(chapter.title)}",
        "They read it without your name, and its author hears nothing of you. Nothing changes by itself, however many "
        "say the same: a moderator who doubts a label asks its author first (rules L11, R6).",
        "**Why am I seeing this?** under the announcement shows what came of it, and `/feed` says when it was read. "
        f"You can do this for {DOUBTS_A_WEEK} chapters a week.",
        colour=GOOD,
    )


def doubts_card(view: DoubtView, on_it: str | None) -> ui.LayoutView:
    """The moderator's page: the readers' words, oldest first, and what can be done."""
    chapter = view.chapter
    more = len(view.words) > _SHOWN
    return card(
        f"## Readers say that the label of {quoted(chapter.title)} may be wrong",
        f"By <@{chapter.author_id}>. **Its label:** {LABEL_LINES[chapter.declaration.ai]}",
        "\n".join(f"> {plain(' '.join(words.split()))}" for words in view.words[:_SHOWN]),
        "-# These are the oldest; there are more." if more else None,
        "Whose words these are is shown to nobody. They are no reason to set a label: ask the author, or leave it "
        "(rule L11). Those who wrote see what you answer.",
        on_it,
        colour=WAITS,
        presses=[
            Press("Ask the author", "doubt-ask", view.first.id, discord.ButtonStyle.primary),
            Press("Leave it", "doubt-keep", view.first.id),
        ],
    )


def answer_form(doubt_id: int, *, ask: bool) -> ui.Modal:
    """The form behind **Ask the author** and **Leave it**."""
    title = "A question to the author" if ask else "An answer to those who wrote"
    form = ui.Modal(title=title, custom_id=f"{'doubt-ask-form' if ask else 'doubt-keep-form'}:{doubt_id}")
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="words", style=discord.TextStyle.paragraph, required=True, max_length=500
    )
    about = "The author reads it; please name no reader." if ask else "Readers who doubted this label see it."
    form.add_item(ui.Label(text="Your question" if ask else "Your answer", description=about, component=words))
    form.stop()
    return form


def kept(view: DoubtView) -> ui.LayoutView:
    """The moderator's receipt."""
    return card(
        f"The label of {quoted(view.chapter.title)} stays as it is. Those who wrote see your answer the next time they "
        "look; its author hears nothing of it.",
        colour=GOOD,
    )


def crowd_line(crowd: Crowd) -> str | None:
    """R6: what presses add up to, for moderators, above the floor."""
    facts = []
    if crowd.doubting:
        facts.append(f"at least {crowd.doubting:,} readers say that this label may be wrong")
    if crowd.fewer:
        facts.append(f"at least {crowd.fewer:,} asked to see less of this series")
    if not facts:
        return None
    return (
        f"-# So far, {' and '.join(facts)}. Such numbers are shown from {FLOOR} readers on, in steps of {FLOOR}, and "
        "decide nothing (rule R6)."
    )


def what_came_of_it(own: OwnDoubt) -> str:
    """What a reader sees of their own doubt."""
    doubt = own.doubt
    begin = f"**Your word about its label**, {short_time(doubt.said_at)}: “{plain(doubt.words)}”"
    if doubt.read_at is None or doubt.outcome is None:
        return f"{begin} No moderator has read it yet."
    read = f"A moderator read it, {short_time(doubt.read_at)}"
    if doubt.outcome is DoubtOutcome.KEPT:
        return f"{begin} {read}, and left the label as it is: “{plain(doubt.answer or '')}”"
    ending = {
        None: "The answer is awaited.",
        Outcome.LEFT: "The label was left as it is.",
        Outcome.SET: "The label was then set by the moderators.",
    }[own.settled]
    return f"{begin} {read}, and asked its author. {ending}"
