"""What a reader reads about what they follow."""

from collections.abc import Sequence

import discord
from discord import ui

from cogs.replies.cards import GOOD, QUIET, WAITS, Press, card, counted, plain, quoted, short_time
from cogs.replies.less import names
from rules.deliveries import DIRECT_GAP
from storage.follows import Follow, How
from storage.memberships import Membership
from usecases.follows import Following
from usecases.memberships import MOST_MEMBERS

_LISTED = 30
_WORTH_SAYING = 10
"""Minutes."""
_NO_DOUBT = "`/feed` shows its chapters in any case, with your mark."
_HOW = {
    How.THREAD: "in its home thread",
    How.MESSAGE: "by direct message",
    How.FEED: "in `/feed` alone",
}


_KEPT_OUT = {
    Membership.FULL: "in `/feed` until its full home thread has room for you",
    Membership.REFUSED: "in `/feed`, since Discord does not let me add you to its home thread",
}


def followed(shown: Following) -> ui.LayoutView:
    """Something is followed: how the reader will hear of it, and the fallback where Discord will not have it."""
    already = "" if shown.news else " already"
    return card(
        f"## You follow {_what(shown)}{already}",
        _how_one_hears(shown),
        f"Your feed leaves it out all the same, because you asked to see less of "
        f"{names(shown.left_out, shown.series.title)}; `/less undo` changes that."
        if shown.left_out and shown.series
        else None,
        colour=WAITS if shown.membership in {Membership.ASLEEP, Membership.FULL, Membership.REFUSED} else GOOD,
        presses=_presses(shown),
    )


def unfollowed(shown: Following) -> ui.LayoutView:
    """Something is followed no more."""
    if not shown.news:
        return card(f"You do not follow {_what(shown)}, so nothing was changed.")
    return card(
        f"## You follow {_what(shown)} no more",
        _what_stays(shown),
        colour=GOOD,
        presses=[_follow_again(shown)],
    )


def listed(shown: Sequence[Follow]) -> ui.LayoutView:
    """All that a reader follows."""
    if not shown:
        return card(
            "You follow nothing here yet. Press **Follow** under an announcement, or name a `series` or an `author` "
            "with `/follow`."
        )
    lines = [f"- {_named(one)}: {_hears(one)}, since {short_time(one.since)}" for one in shown[:_LISTED]]
    more = len(shown) - _LISTED
    return card(
        "## What you follow",
        "\n".join(lines),
        f"…and {counted(more, 'more')}." if more > 0 else None,
        "`/unfollow` ends any of it; `/follow` with another `how` changes it. Only you see this list.",
        colour=QUIET,
    )


def _hears(one: Follow) -> str:
    return _HOW[one.how] if one.kept_out is None else _KEPT_OUT[one.kept_out]


def _how_one_hears(shown: Following) -> str:
    if shown.how is How.FEED:
        return "Its chapters are marked in your `/feed`; nothing else tells you of them."
    if shown.how is How.MESSAGE:
        return (
            "I write to you when a chapter has come; several that come at about the same time are one message. "
            f"{_in_line(shown.written_to)}"
            "If your inbox is closed to me I stop, and `/feed` says so; it shows every chapter in any case."
        )
    if shown.series is None:
        return (
            "I add you to the home thread of each of their series when its next chapter comes, so that Discord tells "
            "you as you have set it there. `/feed` shows what they bring in any case."
        )
    return _by_thread(shown.membership, f"<#{shown.series.thread_id}>")


def _in_line(readers: int) -> str:
    """How long it takes until all of a crowd are written to."""
    minutes = round(readers * DIRECT_GAP.total("minutes"))
    if minutes < _WORTH_SAYING:
        return ""
    return (
        f"{readers:,} readers hear of it so, and I write to one after another, as Discord wants it: it can take "
        f"{counted(minutes, 'minute')} until it is your turn. "
    )


def _by_thread(membership: Membership | None, home: str) -> str:
    match membership:
        case Membership.ADDED | Membership.OWN:
            return f"You are in its home thread {home}, so Discord tells you of each chapter as you have set it there."
        case Membership.ASLEEP:
            return (
                f"Its home thread {home} is archived just now, and Discord adds nobody to an archived thread. I add "
                f"you when its next chapter wakes it. {_NO_DOUBT}"
            )
        case Membership.FULL:
            return (
                f"Its home thread {home} has {MOST_MEMBERS:,} members, as many as Discord allows, so I cannot add you. "
                f"I try again with each of its chapters. {_NO_DOUBT}"
            )
        case Membership.REFUSED:
            return (
                f"Discord does not let me add you to its home thread {home}: it is locked, or one of us may not see "
                f"it. I try again with each of its chapters. {_NO_DOUBT}"
            )
        case _:
            return f"I am adding you to its home thread {home}, so that Discord tells you of each chapter. {_NO_DOUBT}"


def _what_stays(shown: Following) -> str:
    if shown.author_too is not None:
        return (
            f"You still follow all by <@{shown.author_id}> ({_HOW[shown.author_too]}), so you go on hearing of it; "
            "`/unfollow` with `author` ends that too."
        )
    if shown.membership is Membership.OWN:
        return "You went to its home thread by yourself, so I leave you there; Discord's own menu takes you out of it."
    return (
        "Where I had added you to a home thread, I take you out again. What is posted in channels stays visible there."
    )


def _presses(shown: Following) -> list[Press]:
    presses = []
    if shown.series is not None and shown.how is not How.MESSAGE:
        presses.append(Press("Write to me instead", "follow-message", shown.series.id))
    if shown.series is not None and shown.author_too is None:
        presses.append(Press("Follow the author too", "follow-author", shown.author_id))
    if shown.series is not None:
        presses.append(Press("Unfollow", "unfollow", shown.series.id))
    else:
        presses.append(Press("Unfollow", "unfollow-author", shown.author_id))
    return presses


def _follow_again(shown: Following) -> Press:
    style = discord.ButtonStyle.secondary
    if shown.series is None:
        return Press("Follow again", "follow-author", shown.author_id, style)
    return Press("Follow again", "follow-series", shown.series.id, style)


def _what(shown: Following) -> str:
    return f"all by <@{shown.author_id}>" if shown.series is None else quoted(shown.series.title)


def _named(one: Follow) -> str:
    return f"all by <@{one.author_id}>" if one.series_title is None else f"**{plain(one.series_title)}**"
