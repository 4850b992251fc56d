"""What a reader reads by direct message, for having asked for it, and how it ends."""

import discord
from discord import ui

from cogs.replies.cards import GOOD, Press, card, counted, plain, shortened
from cogs.replies.verdicts import label_line
from usecases.news import News

_LONGEST_MESSAGE = 2000
_LONGEST_TITLE = 60
_LONGEST_LABEL = 180
_ROOM_FOR_THE_END = 160


def message(told: tuple[News, ...]) -> str:
    """All releases in one message, with label and link; what does not fit is in the feed."""
    text = "A new chapter of what you follow:" if len(told) == 1 else f"{len(told)} new chapters of what you follow:"
    end = "\n-# You asked for these messages with `/follow`; the button below ends them."
    for number, one in enumerate(told):
        entry = f"\n\n{_entry(one)}"
        if len(text) + len(entry) + _ROOM_FOR_THE_END > _LONGEST_MESSAGE:
            return f"{text}\n\n…and {counted(len(told) - number, 'more chapter')}; `/feed` shows all of them.{end}"
        text += entry
    return text + end


def link(one: News) -> str:
    """Where a release begins."""
    return f"https://discord.com/channels/{one.chapter.community_id}/{one.chapter.thread_id}/{one.heading_id}"


def stop_row(community_id: int) -> ui.View:
    """The way out, under each message."""
    view = ui.View(timeout=None)
    view.add_item(
        ui.Button(label="Stop direct messages", style=discord.ButtonStyle.secondary, custom_id=f"hush:{community_id}")
    )
    view.stop()
    return view


def stopped() -> ui.LayoutView:
    """No direct message comes any more."""
    return card(
        "I write to you no more about that server. What you follow there still stands in its `/feed`; "
        "`/follow` with another `how` changes that.",
        colour=GOOD,
    )


def writes_again() -> ui.LayoutView:
    """Direct messages go on."""
    return card(
        "I write to you again from the next chapter on. What came meanwhile is in your `/feed`.",
        colour=GOOD,
        presses=[Press("Newest", "feed", 0)],
    )


def _entry(one: News) -> str:
    chapter = one.chapter
    name = f"{shortened(chapter.series_title, _LONGEST_TITLE)}: {shortened(chapter.title, _LONGEST_TITLE)}"
    return "\n".join(
        (
            f"**{plain(name)}** by <@{chapter.author_id}> · {counted(chapter.words, 'word')}",
            f"-# {shortened(label_line(chapter.labels, chapter.declaration.disclosure), _LONGEST_LABEL)}",
            link(one),
        )
    )
