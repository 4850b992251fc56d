"""What moderators read when the bot was set back to an older copy of its database."""

from discord import ui

from cogs.replies.cards import WAITS, card, full_time
from storage.copies import Gap


def set_back(gap: Gap) -> ui.LayoutView:
    """What is known, what is forgotten, and what to look at."""
    return card(
        "## I was set back to an older copy",
        f"What happened from {full_time(gap.begin)} to {full_time(gap.end)} stands on Discord, but I no longer know "
        "of it.",
        "**By myself** I look for all I may have posted in that time, and post only what is not there. What should "
        "have come out and did not comes out now, marked as late. Where I cannot tell, I ask you here.",
        "**Please look at what people did in that time**, it has to be done again:\n"
        "- chapters and series that were handed in or started then: I do not know them, though they may be out\n"
        "- chapters that were withdrawn, moved or given another text or label then: each comes out as it was before, "
        "so ask your authors to look at `/chapter queue`\n"
        "- your own decisions, holds and challenges, and settings of this server\n"
        "- data that somebody deleted with `/my-data delete`: I have it again, so they must delete it again",
        colour=WAITS,
    )
