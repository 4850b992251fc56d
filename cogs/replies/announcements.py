"""Under each announcement: the readers' buttons, and the answer to the question why one sees it."""

import discord
from discord import ui

from cogs.replies import doubts
from cogs.replies.cards import QUIET, Press, card, full_time, quoted
from cogs.replies.less import names
from cogs.replies.verdicts import label_line
from rules.labels import Ai, Fault, Reach
from rules.policy import Policy
from storage.chapters import Chapter
from usecases.announcements import Explanation


def readers_row(chapter_id: int) -> ui.View:
    """The buttons under an announcement, for everybody who sees it, whenever they press."""
    view = ui.View(timeout=None)
    for press in _for_readers(chapter_id):
        view.add_item(press.button())
    view.add_item(
        ui.Button(label="Why am I seeing this?", style=discord.ButtonStyle.secondary, custom_id=f"why:{chapter_id}")
    )
    view.stop()
    return view


def explained(shown: Explanation) -> ui.LayoutView:
    """How a story was labelled, by whom, under which rules, why it is here, and what a reader can do."""
    chapter = shown.chapter
    return card(
        f"## Why you see {quoted(chapter.title)} of {quoted(chapter.series_title)}",
        _place(shown),
        f"**Its label:** {label_line(chapter.labels, chapter.declaration.disclosure)} {_said_by(shown)} Nothing here "
        "looks for signs of AI, in any text (rule L7).",
        f"**The rules** are this community's, in version {shown.policy.version}, as they were when it was handed in "
        "(rule L9). Who reads, follows or asks for less changes nothing about where a story appears (rule R6).",
        "**What you can do:** follow the series, or see less like it, with the buttons below; mute the channel or the "
        "thread with Discord's own menu; and if the label seems wrong to you, tell the moderators privately.",
        _yours(shown),
        doubts.what_came_of_it(shown.doubt) if shown.doubt else None,
        colour=QUIET,
        presses=[*_for_readers(chapter.id), *_doubting(shown)],
    )


def _for_readers(chapter_id: int) -> list[Press]:
    return [Press("Follow", "follow", chapter_id), Press("Show less like this", "less", chapter_id)]


def _doubting(shown: Explanation) -> list[Press]:
    if shown.own or shown.withdrawn or shown.doubt is not None:
        return []
    return [Press("The label may be wrong", "doubt", shown.chapter.id)]


def _place(shown: Explanation) -> str:
    chapter, policy = shown.chapter, shown.policy
    if shown.withdrawn:
        return "**Why here:** it was announced, and has been withdrawn since; what still stands of it will go."
    if chapter.reach is Reach.NETWORK:
        if shown.at_home:
            return (
                "**Why here:** this is the home of its series, where each chapter appears for its followers. "
                f"It was announced to everybody as well, because {_travels(chapter, policy)}."
            )
        because = _travels(chapter, policy)
        return f"**Why here:** this channel is for everybody, and the story may come here because {because}."
    return (
        "**Why here:** this is the home of its series, where each chapter appears for its followers. "
        f"It stays here because {_stays(shown)}."
    )


def _travels(chapter: Chapter, policy: Policy) -> str:
    match chapter.labels.ai:
        case Ai.NONE:
            return "its author says that it was written without AI (rule L2)"
        case Ai.ASSISTED:
            return (
                "its author says that AI helped, and says so where readers begin, within the first "
                f"{policy.disclosure_paragraphs} paragraphs (rule L3)"
            )
        case Ai.GENERATED:
            return "its author says that AI wrote most of it, and this community lets such stories travel (rule L4)"


def _stays(shown: Explanation) -> str:
    if any(finding.fault is Fault.GENERATED for finding in shown.findings):
        return "here what AI mostly wrote stays with its author's own followers (rule L4)"
    if any(finding.fault is Fault.MENDED_TOO_LATE for finding in shown.findings):
        return "its label was not complete when it came out, and was mended too late to be news (rule L10)"
    rules = " and ".join(sorted({finding.rule for finding in shown.findings}))
    return f"its label is not yet as this community asks for it (rule {rules})"


def _said_by(shown: Explanation) -> str:
    if shown.ruled_at is not None:
        return f"So people who moderate here have set it, {full_time(shown.ruled_at)} (rule L11)."
    given = f", given {full_time(shown.handed_in_at)}" if shown.handed_in_at else ""
    return f"That is the word of its author, <@{shown.chapter.author_id}>{given}."


def _yours(shown: Explanation) -> str | None:
    """What concerns this reader alone."""
    facts = []
    if shown.how is not None:
        facts.append("You follow it; `/follow` shows how.")
    if shown.left_out:
        facts.append(
            f"Your `/feed` leaves it out, because you asked to see less of "
            f"{names(shown.left_out, shown.chapter.series_title)}."
        )
    return f"-# {' '.join(facts)}" if facts else None
