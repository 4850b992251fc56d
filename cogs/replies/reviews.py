"""What moderators and authors read about holds (C9, N5)."""

import discord
from discord import ui

from cogs.replies.cards import GOOD, WAITS, Press, card, countdown, counted, full_time, plain, quoted, short_time
from cogs.replies.challenges import dates, what_fits
from cogs.replies.promises import new_times
from storage.holds import Hold
from usecases.holds import Held, Resumed
from usecases.turns import Standing


def held(done: Held) -> ui.LayoutView:
    """The moderator's receipt of a hold."""
    hold = done.hold
    what = counted(done.kept_back, "waiting chapter")
    return card(
        f"## {_title(hold)} is paused",
        f"It keeps {what} back {_until(hold)}. Nothing is refused: authors can go on handing in.",
        "The author is told, with your reason. `/review resume` lets it go on.",
        colour=WAITS,
    )


def resumed(done: Resumed) -> ui.LayoutView:
    """The moderator's receipt of an end."""
    rules = "rules C9, H2" if done.standing else "rule C9"
    return card(
        f"## {_title(done.hold)} goes on",
        f"What waits has these new times ({rules}):\n{new_times(done.moved)}"
        if done.moved
        else "No promise had to move.",
        what_fits(done.standing) if done.standing else None,
        "The author is told.",
        colour=GOOD,
    )


def told(hold: Hold, standing: Standing | None = None) -> ui.LayoutView:
    """N5: the author hears of a hold, or of its end; in an entered series also what now fits (H4)."""
    if hold.ended_at is not None:
        return card(
            f"## {_title(hold)} goes on",
            f"<@{hold.author_id}>, the pause is over. "
            + (
                "What waits takes its turn in the challenge again (rule H2)."
                if standing
                else "`/chapter queue` shows the times; what had passed comes now, and nothing comes sooner than it "
                "was promised (rule C9)."
            ),
            what_fits(standing) if standing else None,
            dates(standing) if standing else None,
            colour=GOOD,
        )
    return card(
        f"## {_title(hold)} is paused",
        f"<@{hold.author_id}>, <@{hold.held_by}> has paused it {_until(hold)}. Nothing is lost, and you can go on "
        "handing in; what waits goes out when the pause is over.",
        f"Because: “{plain(hold.reason)}”",
        colour=WAITS,
    )


def endless(hold: Hold, more: str | None) -> ui.LayoutView:
    """A hold that waits for a person: nothing but a moderator ends it."""
    return card(
        f"## {_title(hold)} is paused",
        f"By <@{hold.held_by}>, {short_time(hold.held_at)}, without a return date. Because: “{plain(hold.reason)}”",
        more,
        colour=WAITS,
        presses=[Press("Resume", "end-hold", hold.id)],
    )


def end_form(hold_id: int) -> ui.Modal:
    """The form behind **Resume**."""
    form = ui.Modal(title="Let it go on", custom_id=f"end-hold-form:{hold_id}")
    field: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="reason", style=discord.TextStyle.paragraph, max_length=500)
    form.add_item(ui.Label(text="Why now?", description="It stands in the log.", component=field))
    form.stop()
    return form


def _title(hold: Hold) -> str:
    return quoted(hold.chapter_title or hold.series_title)


def _until(hold: Hold) -> str:
    if hold.until is None:
        return "until a moderator resumes it"
    return f"until {full_time(hold.until)} ({countdown(hold.until)})"
