"""What an author reads about their series."""

from discord import ui

from cogs.replies.cards import GOOD, QUIET, card, countdown, counted, plain, quoted, short_time, shortened
from storage.imports import OlderWork
from storage.series import Series
from usecases.series import SeriesList, SeriesState


def started(series: Series, home_id: int) -> ui.LayoutView:
    """A series that was just made."""
    home = (
        f"Its home is <#{series.thread_id}>."
        if series.thread_id
        else f"Its home thread opens in <#{home_id}> in a moment."
    )
    return card(
        f"## {quoted(series.title)} is made",
        f"{home} Hand in its first chapter with `/chapter submit`; no clock runs until then (rule C3).",
        colour=GOOD,
    )


def listed(shown: SeriesList) -> ui.LayoutView:
    """All series of an author."""
    if not shown.series:
        return card("You have no series here yet. `/series start` makes one.")
    another = (
        "You could start another series at once (rule C1)."
        if shown.next_start is None
        else f"Another series could start {short_time(shown.next_start)} ({countdown(shown.next_start)}, rule C1)."
    )
    return card("## Your series", *(_line(state) for state in shown.series[:25]), another, colour=QUIET)


def _line(state: SeriesState) -> str:
    series = state.series
    title = plain(shortened(series.title, 90))
    name = f"**{title}**" + (f" · <#{series.thread_id}>" if series.thread_id else "")
    facts = [_standing(state), *on_the_way(state.older)]
    if state.waiting:
        facts.append(f"{counted(state.waiting, 'chapter')} waiting")
    if state.next_promise is not None:
        facts.append(f"next one {short_time(state.next_promise)}")
    free = "at once" if state.next_free is None else short_time(state.next_free)
    facts.append(f"next free slot {free}")
    return f"{name}\n{' · '.join(facts)}"


def on_the_way(older: OlderWork) -> list[str]:
    """C13: the older work of a series that is not at home yet."""
    coming = [f"{counted(older.coming, 'older chapter')} coming in"] if older.coming else []
    return coming + ([f"{counted(older.asked, 'older chapter')} with the moderators"] if older.asked else [])


def _standing(state: SeriesState) -> str:
    """Older work begins no lane, but who has it has begun (C13)."""
    if state.series.complete:
        return "complete"
    if state.series.starts_at is not None:
        return "running"
    return f"{counted(state.older.out, 'older chapter')}, no new one yet" if state.older.out else "not begun"
