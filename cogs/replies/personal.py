"""What a person reads about what is stored of them."""

import discord
from discord import ui

from cogs.replies.cards import GOOD, NOT_SO, Press, card, counted, full_time
from storage.personal import Holdings
from usecases.personal import Erased, Outlook


def nothing_kept() -> ui.LayoutView:
    """There is nothing to export or to delete."""
    return card("I keep nothing of yours in this server.")


def exported(count: int) -> ui.LayoutView:
    """The copy follows, in so many files."""
    return card(
        "## Your copy",
        f"Everything I keep of you in **this server** comes below, in {counted(count, 'file')}. Only you see it; "
        "`README.txt` says what is in it.",
        "In another server, ask there. `/my-data delete` has it deleted.",
        colour=GOOD,
    )


def read_me() -> str:
    """The page that comes with a copy."""
    return (
        "What Colophon keeps of you in one server\n"
        "========================================\n\n"
        "texts/         your chapters, as Markdown\n"
        "images/        your images; I keep them until they are posted and labels can no longer be mended\n"
        "chapters.json  your chapters, drafts too: title, label, times, reach\n"
        "decisions.json what was decided about your work, from what, and with what answer\n"
        "requests, questions, rulings, appeals, holds, exceptions:\n"
        "               what you asked and were asked, and what moderators said to you\n"
        "follows.json, less.json, doubts.json, readers.json, memberships.json:\n"
        "               what you follow, what you see less of, what you told moderators of labels,\n"
        "               and when you last looked into your feed\n"
        "deliveries.json\n"
        "               what I have posted or written because of you, with the ids of the messages\n"
        "acts/          what you did as a moderator, with your words and without those of others\n\n"
        "A file that would be empty is not there. Times are UTC. Who else took part is told by their part alone.\n"
        "If you had your data deleted before, the date of your last series start may be left, under a keyed hash\n"
        "and without your name; it goes when rule C1 no longer counts from it.\n"
    )


def asking(found: Outlook, person_id: int) -> ui.LayoutView:
    """What a deletion does, before it is done."""
    holdings = found.holdings
    presses = [Press("Delete my data", "my-data-delete", person_id, discord.ButtonStyle.danger)]
    if holdings.posts:
        label = "Delete my data and take my chapters down"
        presses.append(Press(label, "my-data-delete-all", person_id, discord.ButtonStyle.danger))
    return card(
        "## Delete what I keep of you in this server?",
        _goes(holdings),
        _stays(found),
        _on_discord(holdings),
        "This cannot be undone. `/my-data export` gives you a copy first. Copies of my database that the person who "
        "runs me has made before keep what is in them.",
        colour=NOT_SO,
        presses=[*presses, Press("Keep it", "my-data-keep", person_id)],
    )


def kept() -> ui.LayoutView:
    """The person thought better of it."""
    return card("Nothing was deleted.", colour=GOOD)


def erased(done: Erased) -> ui.LayoutView:
    """It is done."""
    if done.outlook.holdings.empty:
        return nothing_kept()
    removals = done.removals
    return card(
        "## Your data in this server is deleted",
        f"I am taking down {counted(removals, 'message')} of mine now; with many that takes a while."
        if removals
        else None,
        _stays(done.outlook),
        "You are welcome here as before.",
        colour=GOOD,
    )


def _goes(holdings: Holdings) -> str:
    parts = []
    if holdings.series:
        waiting = counted(holdings.waiting, "waiting chapter")
        older = f", {counted(holdings.coming, 'older chapter')} not at home yet" if holdings.coming else ""
        parts.append(
            f"- your {holdings.series:,} series: {waiting} (withdrawn, so that nothing more comes out){older} and "
            f"{counted(holdings.released, 'chapter')} that came out, with texts, images, labels, requests, appeals "
            "and all that was decided about them; who follows you follows you no more"
        )
    if holdings.wishes:
        parts.append(f"- {counted(holdings.wishes, 'wish', 'wishes')} about what you follow or see less of")
    parts.append(
        "- whatever else is yours: drafts, what you told moderators of labels, when you last looked into your feed"
    )
    parts.append("- my cards for you and about you in the notices channel and in the moderators' channel")
    return "**What goes, at once:**\n" + "\n".join(parts)


def _stays(found: Outlook) -> str | None:
    parts = []
    if found.holdings.acts:
        parts.append(
            f"- what you did as a moderator ({counted(found.holdings.acts, 'entry', 'entries')}): the act and its "
            "reason, because others rely on them; your name goes"
        )
    if found.kept_until is not None:
        parts.append(
            "- the date of your last series start, without your name, under a keyed hash: rule C1 counts from it "
            f"until {full_time(found.kept_until)}, then it goes too"
        )
    return "**What stays:**\n" + "\n".join(parts) if parts else None


def _on_discord(holdings: Holdings) -> str:
    posts = (
        f"{counted(holdings.posts, 'message')} of mine with your chapters. They stay where they are, and afterwards I "
        "no longer know them; with the second button I take them down as well, and your series' threads lose their "
        "names and stay for what others wrote there. "
        if holdings.posts
        else ""
    )
    return (
        f"**What stands on Discord:** {posts}Threads you were added to keep you until you leave them, and direct "
        "messages I wrote you stay in your inbox."
    )
