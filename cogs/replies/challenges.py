"""What moderators and authors read about challenges (H1 to H7)."""

import discord
from discord import ui
from whenever import Instant

from cogs.replies.cards import (
    GOOD,
    WAITS,
    Press,
    card,
    countdown,
    counted,
    full_time,
    plain,
    quoted,
    short_time,
    shortened,
)
from rules.challenges import Challenge
from storage.challenges import CommunityChallenge
from usecases.challenges import ListedChallenge, MovedDeadline, MovePreview
from usecases.deadlines import ANYWHERE_ON_EARTH
from usecases.turns import Change, Standing

_DATES_SHOWN = 30
_ENTRANTS_SHOWN = 20
_LONGEST_TITLE = 40
_LONGEST_ABOUT = 600


def proposed(draft: CommunityChallenge, *, whole_day: bool, now: Instant) -> ui.LayoutView:
    """H1: the challenge as it was understood, in full, before it counts."""
    terms = draft.terms
    return card(
        f"## Preview: {quoted(terms.name)}",
        _about(draft),
        _deadline(terms, whole_day=whole_day),
        f"**Opens:** {_opening(terms, now=now)}. Until the deadline, authors enter with `/series enter`; "
        "a series is in one open challenge at a time (rule H1).",
        _window(terms, now=now),
        "-# Nothing is open yet. This preview keeps for 24 hours.",
        colour=WAITS,
        presses=[
            Press("Open the challenge", "challenge-open", terms.id, discord.ButtonStyle.success),
            Press("Cancel", "challenge-cancel", terms.id),
        ],
    )


def opened(challenge: CommunityChallenge, *, now: Instant) -> ui.LayoutView:
    """H1: a challenge that was just opened."""
    terms = challenge.terms
    begins = "is open" if terms.opens <= now else f"opens {full_time(terms.opens)} ({countdown(terms.opens)})"
    return card(
        f"## {quoted(terms.name)} {begins}",
        _deadline(terms),
        "Authors enter with `/series enter` and see at once what fits; everybody finds it in `/challenge list`. "
        "`/challenge move` gives it another deadline, `/challenge close` ends it early.",
        colour=GOOD,
    )


def cancelled(draft: CommunityChallenge) -> ui.LayoutView:
    """A preview that was dropped."""
    return card(f"{quoted(draft.terms.name)} is cancelled. Nothing was opened, and I have forgotten it.")


def move_proposed(shown: MovePreview, *, whole_day: bool) -> ui.LayoutView:
    """H7: another deadline as it was understood, and what it would do, before it counts."""
    terms = shown.challenge.terms
    return card(
        f"## Preview: another deadline for {quoted(terms.name)}",
        f"{_deadline(terms, whole_day=whole_day)}\nUntil now it is {full_time(shown.before)}.",
        _would_do(shown),
        "-# Nothing has changed yet. This preview keeps for 24 hours.",
        colour=WAITS,
        presses=[
            Press("Move the deadline", "challenge-move", shown.move.id, discord.ButtonStyle.success),
            Press("Cancel", "challenge-keep", shown.move.id),
        ],
    )


def moved(done: MovedDeadline) -> ui.LayoutView:
    """H7: the moderator's receipt."""
    told = f"The authors of {counted(done.series, 'entered series', 'entered series')} are told with every date."
    return card(
        f"## {quoted(done.challenge.terms.name)} has another deadline",
        _deadline(done.challenge.terms),
        f"{counted(done.chapters, 'waiting chapter')} {'comes' if done.chapters == 1 else 'come'} sooner; "
        "none comes later than promised (rules H7, C9).",
        told if done.series else "No series is entered yet, so nobody had to be told.",
        colour=GOOD,
    )


def kept(challenge: CommunityChallenge) -> ui.LayoutView:
    """Another deadline that was dropped."""
    terms = challenge.terms
    return card(f"Nothing has changed: {quoted(terms.name)} keeps its deadline, {full_time(terms.deadline)}.")


def closed(shown: ListedChallenge) -> ui.LayoutView:
    """A challenge that a moderator has ended."""
    told = f"The authors of {counted(shown.series, 'entered series', 'entered series')} are told."
    return card(
        f"## {quoted(shown.challenge.terms.name)} is closed",
        "Every time that was promised stands (rule C9); what is handed in from now on follows rule C2 (rule H7).",
        told if shown.series else "No series was entered, so nobody had to be told.",
        colour=GOOD,
    )


def listed(challenges: list[ListedChallenge], *, now: Instant) -> ui.LayoutView:
    """`/challenge list`, for everybody."""
    running = [one for one in challenges if one.challenge.ends_at > now]
    ended = [one for one in challenges if one.challenge.ends_at <= now]
    none = "No challenge is open, and none is coming up. Moderators open one with `/challenge open`."
    return card(
        "## Challenges",
        *([_line(one, now=now) for one in running[:_DATES_SHOWN]] or [none]),
        "### Ended lately" if ended else None,
        *(_ended(one) for one in ended),
    )


def entered(standing: Standing, *, now: Instant) -> ui.LayoutView:
    """H4: a series was entered; what fits, and every date."""
    terms = standing.challenge.terms
    held = standing.start is not None and standing.start.slot is not None and standing.start.slot > now
    asking = [Press("Ask for an exception", "ask", standing.start.id)] if standing.start and held else []
    return card(
        f"## {quoted(standing.series_title)} is entered in {quoted(terms.name)}",
        _deadline(terms),
        _window(terms, now=now),
        what_fits(standing) or "Nothing of it waits yet. Hand chapters in with `/chapter submit`; each gets its date.",
        _start(standing) if held else None,
        dates(standing),
        "A chapter is part of your entry if it is handed in before the deadline, even if I should be late (rule H6).",
        colour=GOOD if standing.all_fit else WAITS,
        presses=[*asking, Press("See my queue", "queue", terms.id)],
    )


def changed(standing: Standing, change: Change, *, now: Instant) -> ui.LayoutView:
    """H4, N5: an author hears what has changed for an entered series, with every date."""
    name, title = quoted(standing.challenge.terms.name), quoted(standing.series_title)
    missed = change is Change.WINDOW_OPENED and standing.challenge.terms.deadline <= now
    return card(
        f"## {(_MISSED if missed else _CHANGED[change]).format(name=name, series=title)}",
        _MISSED_WINDOW if missed else _what_changed(standing.challenge, change),
        f"**{title}:** {_what_stands(standing, change, missed=missed)}",
        dates(standing),
        "Nothing more is needed from you.",
        colour=GOOD if standing.all_fit else WAITS,
        presses=[Press("See my queue", "queue", standing.challenge.terms.id)],
    )


def _what_stands(standing: Standing, change: Change, *, missed: bool) -> str:
    if not standing.dates:
        return "nothing of it waits."
    if missed:
        return "what waits has these times now."
    return "what waits keeps these times." if change is Change.CLOSED else what_fits(standing) or ""


def what_fits(standing: Standing) -> str | None:
    """H4: how much of what waits comes out before the deadline; `None` if nothing waits."""
    terms, number, fits = standing.challenge.terms, len(standing.dates), standing.fits
    if number == 0:
        return None
    until = f"the deadline of {quoted(terms.name)}, {short_time(terms.deadline)}"
    if fits == number:
        return f"{_ALL.get(number, f'All {number} waiting chapters come')} out before {until}."
    left = number - fits
    return (
        f"**{fits} of {counted(number, 'waiting chapter')} {'fits' if fits == 1 else 'fit'}** before {until} "
        f"(rule H4). The other {'one keeps the time it has' if left == 1 else f'{left} keep the times they have'}; "
        "all of them count, if they were handed in before it (rule H6)."
    )


def in_queue(standing: Standing) -> str:
    """H4: the challenge a queue's series is in, and how much of it fits."""
    terms = standing.challenge.terms
    number, fits = len(standing.dates), standing.fits
    fitting = (
        "nothing waits"
        if number == 0
        else f"{_ALL.get(number, f'all {number} chapters come').lower()} out"
        if standing.all_fit
        else f"**{fits} of {number} fit** (rule H4)"
    )
    return f"-# In {quoted(terms.name)}: {fitting} before its deadline, {short_time(terms.deadline)}."


def dates(standing: Standing) -> str | None:
    """Every date of what waits, in order."""
    if not standing.dates:
        return None
    challenge = standing.challenge
    late_from = None if challenge.closed_at else challenge.terms.deadline
    lines = [
        f"{number}. {short_time(slot)} {plain(shortened(title, _LONGEST_TITLE))}"
        + (" (after the deadline)" if late_from and slot >= late_from else "")
        for number, (title, slot) in enumerate(standing.dates[:_DATES_SHOWN], 1)
    ]
    more = len(standing.dates) - _DATES_SHOWN
    return "\n".join([*lines, *([f"…and {more} more; `/chapter queue` shows all."] if more > 0 else [])])


def would_come_sooner(standing: Standing) -> str | None:
    """N4: what handing a chapter in would do to those that wait ahead of it."""
    if not standing.sooner:
        return None
    number = standing.sooner
    return (
        f"So that it fits in, {counted(number, 'chapter')} waiting ahead of it {'comes' if number == 1 else 'come'} "
        f"sooner than promised (rule H3)."
    )


def ready_reason(terms: Challenge) -> str:
    """H5: the reason that a request for the start of an entry is offered with; plain text, its author can change it."""
    at = terms.deadline.to_tz(terms.zone).format_iso()[:16].replace("T", " ")
    return f"It starts my entry for “{terms.name}”, whose deadline is {at}, {_zone(terms.zone)}."


def in_zone(moment: Instant, zone: str) -> str:
    """A moment in a zone's own words."""
    local = moment.to_tz(zone).to_stdlib()
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%A}, {local.day} {local:%B} {local.year}, {clock}, {_zone(zone)}"


def _zone(zone: str) -> str:
    return "anywhere on earth (UTC-12)" if zone == ANYWHERE_ON_EARTH else f"{zone} time"


def _about(challenge: CommunityChallenge) -> str | None:
    if not challenge.about:
        return None
    return "\n".join(f"> {line}" for line in plain(shortened(challenge.about, _LONGEST_ABOUT)).splitlines() if line)


def _deadline(terms: Challenge, *, whole_day: bool = False) -> str:
    lines = [
        f"**Deadline:** {full_time(terms.deadline)} ({countdown(terms.deadline)})",
        f"In its own zone: {in_zone(terms.deadline, terms.zone)}.",
    ]
    if whole_day:
        lines.append("You named a day without a time, so it is the end of that day.")
    return "\n".join(lines)


def _opening(terms: Challenge, *, now: Instant) -> str:
    return "at once" if terms.opens <= now else f"{full_time(terms.opens)} ({countdown(terms.opens)})"


def _window(terms: Challenge, *, now: Instant) -> str:
    begins = terms.window_opens
    since = f"since {short_time(begins)}" if begins <= now else f"from {full_time(begins)} ({countdown(begins)}) on"
    return (
        f"**Window:** the last {counted(terms.window_days, 'day')}, {since}. In it, what waits of an entered series "
        "is spread over the time left, at least an hour apart, instead of keeping the days between chapters "
        "(rules H2, H3). "
        "Each chapter keeps the earlier time of the two. Starting a series takes its days all the same (rule H5)."
    )


def _would_do(shown: MovePreview) -> str:
    if not shown.standings:
        return "No series is entered yet, so nothing that waits would change."
    sooner = sum(one.sooner for one in shown.standings)
    short = [one for one in shown.standings if not one.all_fit]
    effect = (
        f"**If you move it:** what waits of {counted(len(shown.standings), 'entered series', 'entered series')} is "
        f"planned anew: {counted(sooner, 'chapter')} {'comes' if sooner == 1 else 'come'} sooner, "
        "none comes later than promised (rules H7, C9). Each author is told with every date."
    )
    if not short:
        return effect
    left = sum(len(one.dates) - one.fits for one in short)
    return (
        f"{effect}\nIn {counted(len(short), 'series', 'series')}, {counted(left, 'waiting chapter')} would come out "
        "only after the deadline (rule H4)."
    )


def _what_changed(challenge: CommunityChallenge, change: Change) -> str:
    match change:
        case Change.MOVED:
            return (
                f"<@{challenge.moved_by}> has moved its deadline. What you were promised comes earlier or stays, "
                f"never later (rules H7, C9).\n{_deadline(challenge.terms)}"
            )
        case Change.CLOSED:
            return (
                f"<@{challenge.closed_by}> has ended it before its deadline. Every time you were promised stands "
                "(rule C9); what you hand in from now on follows rule C2 (rule H7)."
            )
        case Change.HANDED_IN:
            return "You handed a chapter in, so what waits is spread anew over the time left (rule H3)."
        case Change.WINDOW_OPENED:
            return (
                "Its window is open: until the deadline, what waits is spread over the time left instead of keeping "
                "the days between chapters (rules H2, H3). What you were promised comes earlier or stays (rule C9)."
            )
        case Change.WITHDRAWN:
            return "You withdrew a chapter. The others keep their promised times (rule C10)."
        case Change.WITHDRAWN_PAUSED:
            return (
                "You withdrew a chapter that was paused, so the pause is over, and what waited behind it takes its "
                "turn again (rules C9, H2)."
            )


def _start(standing: Standing) -> str | None:
    start = standing.start
    if start is None or start.slot is None:
        return None
    return (
        f"It begins with {quoted(start.title)}, {full_time(start.slot)}: the challenge lifts rule C2, not C1, and no "
        "other chapter comes before it (rule H5). **Ask for an exception** asks a moderator, with a reason ready "
        "for you."
    )


def _line(shown: ListedChallenge, *, now: Instant) -> str:
    terms = shown.challenge.terms
    window = f"window of {counted(terms.window_days, 'day')}, from {short_time(terms.window_opens)}"
    lines = [
        f"**{plain(terms.name)}** · deadline {full_time(terms.deadline)} ({countdown(terms.deadline)})",
        _about(shown.challenge),
        f"-# {in_zone(terms.deadline, terms.zone)} · {window}",
        _entered(shown) if terms.opens <= now else f"-# opens {short_time(terms.opens)} ({countdown(terms.opens)})",
        _own(shown),
    ]
    return "\n".join(line for line in lines if line)


def _ended(shown: ListedChallenge) -> str:
    challenge = shown.challenge
    how = "closed by a moderator" if challenge.closed_at else "its deadline passed"
    head = f"**{plain(challenge.terms.name)}** · {how} {full_time(challenge.ends_at)}"
    return "\n".join(line for line in (head, _entered(shown), _own(shown)) if line)


def _entered(shown: ListedChallenge) -> str:
    """Who takes part, by how many series; the mentions of an answer ping nobody."""
    if not shown.entrants:
        return "-# nobody has entered"
    who = [f"<@{author}>{f' ({number})' if number > 1 else ''}" for author, number in shown.entrants[:_ENTRANTS_SHOWN]]
    more = len(shown.entrants) - len(who)
    and_more = f" and {counted(more, 'other')}" if more else ""
    series = counted(shown.series, "series", "series")
    return f"-# {series} entered, {counted(shown.chapters, 'chapter')} handed in: {', '.join(who)}{and_more}"


def _own(shown: ListedChallenge) -> str | None:
    return f"-# yours: {', '.join(quoted(title) for title in shown.mine[:5])}" if shown.mine else None


_ALL = {1: "The one waiting chapter comes", 2: "Both waiting chapters come"}
_CHANGED = {
    Change.MOVED: "{name} has another deadline",
    Change.CLOSED: "{name} is closed",
    Change.HANDED_IN: "{series} has new dates in {name}",
    Change.WITHDRAWN: "{series} in {name}",
    Change.WITHDRAWN_PAUSED: "{series} goes on in {name}",
    Change.WINDOW_OPENED: "The window of {name} is open",
}
_MISSED = "I was away in the window of {name}"
_MISSED_WINDOW = (
    "Its window opened and its deadline passed while I was not there. That costs you nothing: what waited has the "
    "times that it would have had (rules C5, H2) and counts as entered (rule H6). What has come by now goes out at "
    "once, one chapter an hour (rule C14)."
)
