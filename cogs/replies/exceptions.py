"""What authors and moderators read about exceptions (E1 to E7)."""

import discord
from discord import ui
from whenever import Instant

from cogs.replies.cards import (
    GOOD,
    MOST_TEXT,
    QUIET,
    WAITS,
    Press,
    card,
    countdown,
    counted,
    full_time,
    on_it,
    plain,
    quoted,
    short_time,
    shortened,
)
from cogs.replies.verdicts import why_it_waits
from rules.cadence import LaneKind
from storage.exceptions import GrantedException, Request, RequestState, Use
from usecases.exceptions import Granted, ListedException
from usecases.replanning import Moved
from usecases.requests import RequestView

_LIFTED = {LaneKind.SERIES: "the days between series starts (C1)", LaneKind.CHAPTER: "the days between chapters (C2)"}
_SHOWN_EARLIER = 3
_USES_SHOWN = 5


def asked(title: str) -> ui.LayoutView:
    """E6: the request is on its way."""
    return card(
        f"## I have asked the moderators about {quoted(title)}",
        "One of them will decide, and you will hear either way. Until then its promised time stands, "
        "and nothing more is needed from you (rule E6).",
        colour=GOOD,
    )


def request_card(shown: RequestView, *, now: Instant) -> ui.LayoutView:
    """E6: who asks, for which series, which rule, which earlier release, what it would do, what was granted before."""
    request = shown.request
    return card(
        f"## May {quoted(shown.chapter.title)} come sooner?",
        f"{plain(shown.chapter.series_title)} · <@{request.author_id}> asks: {_words(request.reason)}",
        f"**Why it waits:** {why_it_waits(shown.verdict.slot, shown.policy, now=now)}",
        f"**If you approve:** {_effect(shown)}",
        f"**Granted before:** {_earlier(shown.earlier)}",
        _decision(request),
        on_it(shown.taken_by, decided_by=request.decided_by),
        colour=WAITS if request.state is RequestState.OPEN else QUIET,
        presses=_deciding(request),
    )


def answered(shown: RequestView) -> ui.LayoutView:
    """E6: the author hears what was decided, and why."""
    request = shown.request
    title = quoted(shown.chapter.title)
    if request.state is RequestState.APPROVED:
        return card(
            f"## {title}: your exception is granted",
            f"<@{request.author_id}>, <@{request.decided_by}> has said yes. {_now_out(shown)}",
            colour=GOOD,
        )
    return card(
        f"## {title}: no exception this time",
        f"<@{request.author_id}>, <@{request.decided_by}> answers: {_words(request.answer or '')}",
        "Your chapter keeps its promised time; nothing else changes.",
        "You have appealed; another moderator answers."
        if shown.appealed
        else "If you see it otherwise, you can appeal once: another moderator answers, in words (rule L12).",
        colour=QUIET,
        presses=[] if shown.appealed else [Press("Appeal", "appeal", request.id)],
    )


def told(exception: GrantedException) -> ui.LayoutView:
    """N5: the author hears of a grant that nobody asked for, or of its end."""
    if exception.revoked_at is not None:
        return card(
            "## An exception was taken back",
            f"<@{exception.author_id}>, <@{exception.revoked_by}> has revoked the exception for {_scope(exception)} "
            f"that <@{exception.granted_by}> gave you. Times you were promised stand (rule C9).",
            f"Because: {_words(exception.revoke_reason or '')}",
        )
    return card(
        "## You have an exception",
        f"<@{exception.author_id}>: <@{exception.granted_by}> lifts {_LIFTED[exception.grant.lane]} for you, "
        f"in {_where(exception)}, {counted(exception.uses, 'time')}, until {full_time(exception.grant.ends_at)}.",
        f"Because: {_words(exception.reason)}",
        "It is used by itself for the first chapter that would have to wait (rule E2).",
        colour=GOOD,
    )


def granted(done: Granted) -> ui.LayoutView:
    """The moderator's receipt."""
    exception = done.exception
    return card(
        "## The exception is granted",
        f"It lifts {_LIFTED[exception.grant.lane]} for <@{exception.author_id}> in {_where(exception)}, "
        f"{counted(exception.uses, 'time')}, until {full_time(exception.grant.ends_at)}.",
        "\n".join(_moved(one) for one in done.moved)
        or "Nothing is waiting for it now; it is kept for the next chapter that would have to wait (rule E2).",
        "The author is told.",
        colour=GOOD,
    )


def listed(exceptions: list[ListedException], *, now: Instant) -> ui.LayoutView:
    """`/exception list`: as many as fit, each with what has become of it."""
    if not exceptions:
        return card("No exception has been granted yet. `/exception grant` gives one.")
    lines, room = [], MOST_TEXT - 200
    for one in exceptions:
        line = _line(one, now=now)
        if len(line) > room:
            break
        lines.append(line)
        room -= len(line) + 2
    more = len(exceptions) - len(lines)
    rest = f"-# …and {counted(more, 'older one')}; name an `author` to see all of theirs." if more else None
    return card("## Exceptions, newest first", *lines, rest)


def named(exception: GrantedException) -> str:
    """An exception in a list of suggestions, which knows no markup: its reason, and where it holds."""
    where = exception.series_title or "all series"
    return f"{shortened(exception.reason, 60)} · {where}"


def revoked(exception: GrantedException) -> ui.LayoutView:
    """The moderator's receipt of a revocation."""
    return card(
        f"The exception of <@{exception.author_id}> for {_scope(exception)} is revoked, and the author is told. "
        "What it has moved already keeps its time (rules C9, E7).",
        colour=GOOD,
    )


def ask_form(title: str, chapter_id: int, ready: str | None) -> ui.Modal:
    """The form behind **Ask for an exception**; `ready` is a reason to begin with (H5)."""
    head, custom_id = f"Ask about {shortened(title, 30)}", f"ask-form:{chapter_id}"
    return _form(head, custom_id, "Why should it come out sooner?", ready)


def decline_form(title: str, request_id: int) -> ui.Modal:
    """The form behind **Decline**: a refusal carries its reason (E6)."""
    return _form(f"Decline: {shortened(title, 30)}", f"decline-form:{request_id}", "What shall the author read?")


def grant_form(name: str, author_id: int) -> ui.Modal:
    """The form behind *Grant an exception* on a member."""
    form = ui.Modal(title=f"An exception for {shortened(name, 25)}", custom_id=f"grant-form:{author_id}")
    lane: ui.Select[ui.Modal] = ui.Select(
        custom_id="lane",
        required=True,
        options=[
            discord.SelectOption(label="chapter: the next chapter of a series", value="chapter", default=True),
            discord.SelectOption(label="series: the start of the next series", value="series"),
        ],
    )
    form.add_item(ui.Label(text="What may go faster?", component=lane))
    form.add_item(ui.Label(text="Why?", component=_field("reason")))
    form.stop()
    return form


def _form(title: str, custom_id: str, question: str, ready: str | None = None) -> ui.Modal:
    form = ui.Modal(title=title, custom_id=custom_id)
    form.add_item(ui.Label(text=question, component=_field("reason", ready)))
    form.stop()
    return form


def _field(name: str, ready: str | None = None) -> ui.TextInput[ui.Modal]:
    return ui.TextInput(custom_id=name, style=discord.TextStyle.paragraph, required=True, max_length=500, default=ready)


def _deciding(request: Request) -> list[Press]:
    if request.state is not RequestState.OPEN:
        return []
    return [
        Press("Approve", "approve", request.id, discord.ButtonStyle.success),
        Press("Decline", "decline", request.id, discord.ButtonStyle.danger),
    ]


def _decision(request: Request) -> str | None:
    match request.state:
        case RequestState.OPEN:
            return None
        case RequestState.APPROVED:
            return f"**Approved** by <@{request.decided_by}>; the author is told."
        case RequestState.DECLINED:
            answer = _words(request.answer or "")
            return f"**Declined** by <@{request.decided_by}>: {answer} The author is told."


def _effect(shown: RequestView) -> str:
    if shown.moves is None:
        return "nothing waits that it would move; it would be kept for the next chapter (rule E2)."
    behind = f" The {counted(shown.behind, 'chapter')} behind keep their promises (rule E4)." if shown.behind else ""
    other = "" if shown.moves.chapter.id == shown.chapter.id else ", the first that waits,"
    out = f"{quoted(shown.moves.chapter.title)}{other} comes out {_at(shown.moves)}"
    return f"{out} instead of {full_time(shown.moves.before)}.{behind}"


def _at(moved: Moved) -> str:
    soon = moved.after <= moved.decided_at
    return "at once" if soon else f"{full_time(moved.after)} ({countdown(moved.after)})"


def _moved(moved: Moved) -> str:
    return f"{quoted(moved.chapter.title)} comes out {_at(moved)} instead of {full_time(moved.before)}."


def _now_out(shown: RequestView) -> str:
    slot = shown.chapter.slot
    return "" if slot is None else f"It comes out {full_time(slot)} ({countdown(slot)})."


def _earlier(exceptions: tuple[GrantedException, ...]) -> str:
    if not exceptions:
        return "nothing yet."
    shown = ", ".join(
        f"{short_time(one.granted_at)} ({shortened(plain(one.reason), 60)})" for one in exceptions[:_SHOWN_EARLIER]
    )
    return f"{counted(len(exceptions), 'exception')}, the latest: {shown}."


def _line(listed: ListedException, *, now: Instant) -> str:
    one = listed.exception
    used = one.uses - one.grant.uses_left
    facts = f"{_scope(one)} · {used} of {one.uses} used · {_state(one, now=now)}"
    lines = [
        f"<@{one.author_id}>: {facts}",
        f"-# <@{one.granted_by}> on {short_time(one.granted_at)}: {_words(shortened(one.reason, 200))}",
        *(f"-# {_use(use)}" for use in listed.uses[:_USES_SHOWN]),
        f"-# revoked by <@{one.revoked_by}>: {_words(shortened(one.revoke_reason or '', 200))}"
        if one.revoked_at
        else None,
    ]
    return "\n".join(line for line in lines if line)


def _state(one: GrantedException, *, now: Instant) -> str:
    if one.revoked_at is not None:
        return f"revoked {short_time(one.revoked_at)}"
    if one.grant.uses_left <= 0:
        return "used up"
    if one.grant.ends_at <= now:
        return f"ended {short_time(one.grant.ends_at)}"
    return f"open until {short_time(one.grant.ends_at)}"


def _use(use: Use) -> str:
    title = quoted(shortened(use.title, 80))
    return f"let {title} out {short_time(use.slot)}" if use.spent else f"lets {title} out {short_time(use.slot)}"


def _scope(one: GrantedException) -> str:
    kind = "a series start" if one.grant.lane is LaneKind.SERIES else "chapters"
    return f"{kind} in {_where(one)}"


def _where(one: GrantedException) -> str:
    return "all series" if one.series_title is None else quoted(one.series_title)


def _words(text: str) -> str:
    return f"“{plain(text)}”"
