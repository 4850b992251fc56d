"""What an author reads about a chapter: the preview, the receipt, the queue, the reasons."""

from collections.abc import Sequence

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
    gallery,
    plain,
    quoted,
    short_time,
    shortened,
)
from cogs.replies.challenges import dates, in_queue, what_fits, would_come_sooner
from cogs.replies.images import images_in_preview, images_left_out
from cogs.replies.promises import new_times, offer_line, offer_presses
from cogs.replies.series import on_the_way
from cogs.replies.verdicts import cure_presses, label_line, sentence_sought, still_mendable, when, where
from rules.cadence import Because
from rules.images import Unshown
from storage.chapters import Chapter, ChapterState
from usecases.calendars import Calendar
from usecases.chapters import Queue, QueueOfSeries, Receipt, Why, Withdrawn
from usecases.drafts import Preview
from usecases.promises import Offer

_LONGEST_TITLE_IN_LIST = 40


def preview(shown: Preview, *, now: Instant) -> ui.LayoutView:
    """N4: what would happen if the draft were submitted now, and why."""
    draft, verdict = shown.draft, shown.verdict
    return card(
        f"## Preview: {quoted(draft.title)}",
        " · ".join(
            (
                plain(draft.series_title),
                counted(draft.words, "word"),
                label_line(draft.labels, draft.declaration.disclosure),
            )
        ),
        "\n".join(f"> {line}" for line in plain(shown.opening).splitlines() if line) or None,
        images_in_preview(shown.images),
        images_left_out(shown.unshown, attach=True),
        "### If you submit now",
        when(verdict.slot, shown.policy, now=now),
        "The time you asked for has passed already, so it changes nothing." if shown.wanted_in_past else None,
        _wish_not_kept(shown),
        would_come_sooner(shown.standing) if shown.standing else None,
        what_fits(shown.standing) if shown.standing else None,
        where(verdict, shown.policy),
        sentence_sought(verdict, draft.labels),
        "-# Nothing is handed in yet. This preview keeps for 24 hours.",
        colour=WAITS if verdict.delayed or verdict.restricted else GOOD,
        presses=[
            Press("Submit", "submit", draft.id, discord.ButtonStyle.success),
            *cure_presses(verdict, draft),
            Press("Cancel", "cancel", draft.id),
        ],
    )


def receipt(shown: Receipt, *, now: Instant) -> ui.LayoutView:
    """N1, N2: the answer to **Submit**: the receipt, or the notice of delay or restriction."""
    chapter, verdict = shown.chapter, shown.verdict
    waits = verdict.slot.at > now
    return card(
        f"## {quoted(chapter.title)} is handed in" + (" and waits its turn" if verdict.delayed else ""),
        when(verdict.slot, shown.policy, now=now),
        what_fits(shown.standing) if shown.standing else None,
        dates(shown.standing) if shown.standing else None,
        where(verdict, shown.policy),
        sentence_sought(verdict, chapter.labels) if waits else None,
        "**Nothing more is needed from you**; it goes out by itself. "
        "If the wait does not suit you, you can ask a moderator for an exception, withdraw it, or see your queue."
        if verdict.delayed
        else "Nothing more is needed from you.",
        offer_line(shown.offer),
        colour=WAITS if verdict.delayed or verdict.restricted else GOOD,
        presses=notice_presses(shown, now=now),
    )


def replaced(shown: Receipt, unshown: Sequence[Unshown], *, now: Instant) -> ui.LayoutView:
    """A waiting chapter with a new text: the same place and promise, its labels looked at again."""
    chapter, verdict = shown.chapter, shown.verdict
    return card(
        f"## {quoted(chapter.title)} has its new text",
        f"{counted(chapter.words, 'word')}; its place and its promise stay as they were (rule C9). "
        "I have looked at its labels again:",
        images_left_out(unshown),
        when(verdict.slot, shown.policy, now=now),
        where(verdict, shown.policy),
        sentence_sought(verdict, chapter.labels),
        "Nothing more is needed from you.",
        colour=WAITS if verdict.restricted else GOOD,
        presses=notice_presses(shown, now=now),
    )


def notice_presses(shown: Receipt, *, now: Instant) -> list[Press]:
    """What can be done about a chapter that was handed in; of one that is on its way out, its images are left."""
    number = shown.chapter.id
    if shown.chapter.state is not ChapterState.WAITING or shown.verdict.slot.at <= now:
        cures = cure_presses(shown.verdict, shown.chapter) if shown.verdict.restricted else []
        return [*(one for one in cures if one.verb == "describe-images"), Press("See my queue", "queue", number)]
    asking = [Press("Ask for an exception", "ask", number)] if shown.verdict.delayed else []
    return [
        *asking,
        *cure_presses(shown.verdict, shown.chapter),
        Press("Withdraw", "withdraw", number),
        Press("See my queue", "queue", number),
        *offer_presses([shown.offer]),
    ]


def cancelled(draft: Chapter) -> ui.LayoutView:
    """A preview that was dropped."""
    return card(f"{quoted(draft.title)} is cancelled. Nothing was handed in, and I have forgotten the text.")


def withdrawn(done: Withdrawn) -> ui.LayoutView:
    """C10: a chapter taken back."""
    behind = (
        f"The {counted(done.behind, 'chapter')} behind it {'keeps its' if done.behind == 1 else 'keep their'} "
        "promised time."
        if done.behind
        else None
    )
    return card(
        f"## {quoted(done.chapter.title)} is withdrawn",
        "It will not appear, and its slot is free again (rule C10).",
        f"The pause that was on it is over, so what waited behind it goes on (rule C9):\n{new_times(done.moved)}"
        if done.moved
        else None,
        behind,
        what_fits(done.standing) if done.standing else None,
        offer_line(done.offer),
        presses=[Press("See my queue", "queue", done.chapter.id), *offer_presses([done.offer])],
    )


def queue(shown: Queue, calendar: Calendar | None = None, picture: discord.File | None = None) -> ui.LayoutView:
    """C7: what waits, each with its promise, and each lane's next free slot; with a picture, also its letters."""
    keys = {one.id: one.key for one in calendar.series} if calendar and picture else {}
    waiting = sum(len(one.waiting) for one in shown.series)
    head = f"## {counted(waiting, 'chapter')} waiting" if waiting else "## Nothing is waiting"
    start = f"A new series could start {_from(shown.next_start)} (rule C1)."
    room = MOST_TEXT - len(head) - len(start) - 200
    blocks: list[str] = []
    for one in shown.series:
        block = _queue_of_series(one, keys.get(one.series.id))
        if len(block) > room:
            blocks.append("…and more; name a series in `/chapter queue` to see all of it.")
            break
        room -= len(block) + 2
        blocks.append(block)
    offers = [one.offer for one in shown.series]
    view = card(head, *blocks, start, colour=WAITS if waiting else QUIET, presses=offer_presses(offers))
    return view.add_item(gallery(picture)) if picture else view


def why(shown: Why, *, offer: Offer | None = None, now: Instant) -> ui.LayoutView:
    """N4: the rule trace of a chapter's time and reach, and the smallest change that would alter either."""
    chapter, verdict = shown.chapter, shown.verdict
    return card(
        f"## Why {quoted(chapter.title)} is where it is",
        _handed_in(chapter),
        _out(shown, now=now),
        "### Its time\n" + when(verdict.slot, shown.policy, now=now) + _earlier_by(shown, offer, now=now),
        "### Its reach\n" + where(verdict, shown.policy),
        still_mendable(chapter, verdict, shown.policy, announced=shown.announced, now=now),
        f"-# Decided under version {shown.policy.version} of this community's policy, time zone {shown.policy.zone}. "
        "Labels never change times, and times never change reach (rule L13).",
        presses=[
            *cure_presses(verdict, chapter),
            *offer_presses([offer]),
        ],
    )


def _wish_not_kept(shown: Preview) -> str | None:
    wanted = shown.draft.wanted
    if wanted is None or shown.wanted_in_past or shown.verdict.slot.because not in {Because.LANE, Because.CHALLENGE}:
        return None
    return f"You asked for {full_time(wanted)}; that is sooner than the rules allow, so this is the earliest time."


def _queue_of_series(one: QueueOfSeries, key: str | None) -> str:
    """A series and its list; `key` is the letter it goes by in the picture."""
    title = plain(shortened(one.series.title, 80))
    lines = [f"**{key} · {title}**" if key else f"**{title}**"]
    for number, chapter in enumerate(one.waiting, 1):
        if chapter.slot is not None:
            title = plain(shortened(chapter.title, _LONGEST_TITLE_IN_LIST))
            late = one.standing is not None and chapter.slot >= one.standing.challenge.terms.deadline
            lines.append(f"{number}. {short_time(chapter.slot)} {title}{' (after the deadline)' if late else ''}")
    if one.standing is not None:
        lines.append(in_queue(one.standing))
    lines += [f"{older} (rule C13)." for older in on_the_way(one.older)]
    lines.append(f"-# The next one handed in could be out {_from(one.next_free)}.")
    return "\n".join(lines)


def _from(moment: Instant | None) -> str:
    return "at once" if moment is None else f"{short_time(moment)} ({countdown(moment)})"


def _handed_in(chapter: Chapter) -> str | None:
    if chapter.handed_in_at is None:
        return None
    label = f"with the label “{chapter.declaration.ai}”"
    if chapter.import_id is not None:
        return f"Brought in as older work, {label}."
    return f"Handed in {full_time(chapter.handed_in_at)}, {label}."


def _out(shown: Why, *, now: Instant) -> str | None:
    chapter = shown.chapter
    here_since = chapter.here_since
    if chapter.released_at is None or here_since is None:
        return None
    link = _chapter_link(shown)
    came = "came to its home" if chapter.import_id is not None else "came out"
    out = f"It {came} {full_time(here_since)}"
    return f"{out}: {link}" if link and now >= here_since else f"{out}."


def _chapter_link(shown: Why) -> str | None:
    chapter = shown.chapter
    if shown.chapter_message_id is None or chapter.thread_id is None:
        return None
    return f"https://discord.com/channels/{chapter.community_id}/{chapter.thread_id}/{shown.chapter_message_id}"


def _earlier_by(shown: Why, offer: Offer | None, *, now: Instant) -> str:
    """The smallest change that would alter a time that is still to come."""
    slot = shown.verdict.slot
    if slot.at <= now or shown.chapter.state is not ChapterState.WAITING:
        return ""
    if offer is not None:
        return f" {offer_line(offer)}"
    if slot.because is Because.WANTED:
        soonest = slot.free_from if slot.free_from and slot.free_from > now else None
        return f" Without that wish it could be out {_from(soonest)}."
    if slot.because is Because.MOVED:
        return " `/chapter move` gives it another place."
    return " Only a moderator's exception would bring it out sooner."
