"""The feed as a reader sees it: each release with its label line and its link."""

from collections.abc import Sequence

from discord import ui

from cogs.replies.cards import QUIET, Press, card, countdown, counted, plain, quoted, short_time, shortened
from cogs.replies.verdicts import label_line
from rules.labels import Reach
from storage.memberships import KeptOut, Membership
from usecases.feeds import Entry, Feed
from usecases.memberships import MOST_MEMBERS

_DOUBTS_NAMED = 5
_HOMES_NAMED = 5
_LONGEST_BUTTON = 80
_LONGEST_TITLE = 45
_LONGEST_LABEL = 110


def page(feed: Feed) -> ui.LayoutView:
    """One page of a feed."""
    new = [_line(entry) for entry in feed.entries if entry.new]
    before = [_line(entry) for entry in feed.entries if not entry.new]
    return card(
        "## What you follow" if feed.followed_only else "## Your feed",
        f"### New since your last look {countdown(feed.reader.seen)}" if new and feed.reader.seen else None,
        *new,
        f"### Before {short_time(feed.reader.seen)}" if new and before and feed.reader.seen else None,
        *before,
        _nothing(feed) if not feed.entries else None,
        f"-# {counted(feed.left_out, 'release')} in between left out, as you asked; `/less list` shows why."
        if feed.left_out
        else None,
        _closed(feed),
        _kept_out(feed),
        _read_doubts(feed),
        colour=QUIET,
        presses=_presses(feed),
    )


def _line(entry: Entry) -> str:
    chapter = entry.chapter
    name = f"{shortened(chapter.series_title, _LONGEST_TITLE)}: {shortened(chapter.title, _LONGEST_TITLE)}"
    link = f"https://discord.com/channels/{chapter.community_id}/{chapter.thread_id}/{entry.heading_id}"
    facts = [f"by <@{chapter.author_id}>", counted(chapter.words, "word")]
    if chapter.released_at is not None:
        first = "first out " if chapter.import_id is not None else ""
        facts.append(first + countdown(chapter.released_at) + (" in its home" if entry.since else ""))
    if entry.since is not None:
        facts.append(f"for everybody since its label was mended, {countdown(entry.since)}")
    if entry.followed:
        facts.append("you follow it")
    if chapter.reach is Reach.PERSONAL:
        facts.append("in its home only")
    return "\n".join(
        (
            f"**{plain(name)}**" + (f" · [Read it]({link})" if entry.heading_id else ""),
            " · ".join(facts),
            f"-# {shortened(label_line(chapter.labels, chapter.declaration.disclosure), _LONGEST_LABEL)}",
        )
    )


def _read_doubts(feed: Feed) -> str | None:
    if not feed.read_doubts:
        return None
    titles = ", ".join(quoted(shortened(title, _LONGEST_TITLE)) for title in feed.read_doubts[:_DOUBTS_NAMED])
    return (
        f"-# A moderator has read what you said of the label of {titles}; **Why am I seeing this?** under it shows "
        "what came of it."
    )


def _nothing(feed: Feed) -> str:
    if feed.left_out:
        return "Nothing else has come out."
    if not feed.first:
        return (
            "Nothing older is left." if feed.older is None else "Nothing for you among these; **Older** looks further."
        )
    if feed.followed_only:
        return "Nothing of what you follow has come out yet. `/follow` shows what that is."
    return "Nothing has come out here yet."


def _closed(feed: Feed) -> str | None:
    """Why no direct message comes any more, and the way back."""
    if feed.reader.closed is None:
        return None
    return (
        f"**I have stopped writing to you**: {countdown(feed.reader.closed)} your inbox took no message from me. "
        "Nothing is lost, it is all here. If you want direct messages again, allow them in this server's privacy "
        "settings, then press **Write to me again**."
    )


def _kept_out(feed: Feed) -> str | None:
    """Which homes Discord keeps a reader out of, why, and the way to hear of their chapters all the same."""
    if not feed.kept_out:
        return None
    full = [one for one in feed.kept_out if one.why is Membership.FULL]
    other = [one for one in feed.kept_out if one.why is not Membership.FULL]
    why = [
        f"the home thread of {_titles(full)} has {MOST_MEMBERS:,} members, as many as Discord allows" if full else None,
        f"the home thread of {_titles(other)} is locked, or one of us may not see it" if other else None,
    ]
    return (
        f"**Discord does not let me add you**: {'; '.join(one for one in why if one)}. You miss nothing: what comes is "
        "here, with your mark, and with each new chapter I try again. **Write to me instead** has me tell you."
    )


def _titles(several: Sequence[KeptOut]) -> str:
    named = ", ".join(quoted(shortened(one.series_title, _LONGEST_TITLE)) for one in several[:_HOMES_NAMED])
    more = len(several) - _HOMES_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _presses(feed: Feed) -> list[Press]:
    here, there = ("feed-mine", "feed") if feed.followed_only else ("feed", "feed-mine")
    presses = [Press("Older", here, feed.older)] if feed.older is not None else []
    if not feed.first:
        presses.append(Press("Newest", here, 0))
    if feed.reader.closed is not None:
        presses.append(Press("Write to me again", "inbox", 0))
    if feed.kept_out:
        alone = len(feed.kept_out) == 1
        presses += [
            Press(
                "Write to me instead" if alone else shortened(f"Write to me: {one.series_title}", _LONGEST_BUTTON),
                "follow-message",
                one.series_id,
            )
            for one in feed.kept_out[:_HOMES_NAMED]
        ]
    presses.append(Press("Everything" if feed.followed_only else "Only what I follow", there, 0))
    return presses
