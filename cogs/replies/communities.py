"""What a community's owner reads while setting it up."""

from collections.abc import Mapping, Sequence

from discord import ui

from cogs.replies import doctor
from cogs.replies.cards import GOOD, NOT_SO, QUIET, WAITS, card
from rules.health import Finding
from storage.communities import Community


def set_up(community: Community, found: Sequence[Finding], *, open_to_all: bool) -> ui.LayoutView:
    """The settings as they now are, and what stands in the way all the same.

    `open_to_all`: everybody sees the moderators' channel.
    """
    policy = community.policy
    return card(
        "## Colophon is set up",
        _settings(community),
        f"Series start at most every {policy.series_days} days (rule C1), chapters of a series come at most every "
        f"{policy.chapter_days} days (rule C2), in the time zone {policy.zone}.",
        _who_decides(community, open_to_all=open_to_all),
        "Authors begin with `/series start`, then `/chapter submit`.",
        *(["**What stands in my way still** (`/doctor` looks again):", *doctor.told(found)] if found else []),
        "-# Nothing stands in my way; `/doctor` looks again at any time." if not found else None,
        colour=WAITS if found else GOOD,
    )


def guide(community: Community | None) -> ui.LayoutView:
    """`/setup` without options."""
    if community is None:
        return card(
            "## Let us set Colophon up",
            "Run `/setup` again with three channels:\n"
            "- `home`: the forum in which each series gets its thread\n"
            "- `network`: the announcement (or text) channel the whole community reads\n"
            "- `moderators`: the text channel your moderators read",
            "If you like, add `notices` (where authors find the lasting copy of a notice; without it, in their "
            "series' home) and `zone` (your community's time zone, such as `Europe/Berlin`; without it, UTC).",
            colour=QUIET,
        )
    return card(
        "## Colophon is set up already",
        _settings(community),
        "To change something, run `/setup` with only what changes.",
    )


def _who_decides(community: Community, *, open_to_all: bool) -> str:
    channel = f"<#{community.moderators_id}>"
    who = (
        f"everybody sees {channel}, so your moderators are the members with **Manage Messages** there. "
        "Close it to others, and whoever still sees it is a moderator."
        if open_to_all
        else f"whoever sees {channel}, and whoever has **Manage Server**."
    )
    return (
        f"**Who decides:** {who}\n-# Discord shows `/exception` and `/review` to members with Manage Messages; "
        "Server Settings → Integrations → Colophon shows them to other moderators too."
    )


def missing_permissions(missing: Mapping[int, Sequence[str]]) -> ui.LayoutView:
    """`/setup` cannot go on: which permission is missing, where; nothing was stored."""
    lines = [f"- in <#{channel}>: {_list(permissions)}" for channel, permissions in missing.items()]
    return card(
        "## Not set up: I lack permissions",
        "\n".join(lines),
        "Give my role these permissions in the channel's settings, then run `/setup` again. Nothing was changed.",
        colour=NOT_SO,
    )


def _settings(community: Community) -> str:
    notices = f"<#{community.notices_id}>" if community.notices_id else "in each series' home"
    return (
        f"- Homes of series: <#{community.home_id}>\n"
        f"- Network: <#{community.network_id}>\n"
        f"- Moderators: <#{community.moderators_id}>\n"
        f"- Notices: {notices}\n"
        f"- Time zone: {community.policy.zone}"
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"**{name}**" for name in names)
