"""What moderators read about what waits for them (`/review queue`)."""

from collections.abc import Callable
from dataclasses import dataclass

import discord
from discord import ui
from whenever import Instant

from cogs.replies import appeals, doubts, exceptions, imports, posts, questions, reviews, rulings
from cogs.replies.cards import GOOD, WAITS, Press, card, countdown, counted, full_time, on_it, plain, shortened
from rules.matters import MatterKind
from storage.holds import Hold
from storage.matters import Matter
from usecases.appeals import AppealView
from usecases.doubts import DoubtView
from usecases.imports import ImportView
from usecases.matters import HeldPosts, Listed, Opened
from usecases.questions import QuestionView
from usecases.requests import RequestView
from usecases.rulings import RulingView

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class _Face:
    """How one kind of matter is called, and what happens if nobody acts."""

    name: str
    unless: Callable[[Matter], str]


_FACES = {
    MatterKind.REQUEST: _Face(
        "Request for an exception",
        lambda matter: f"it comes out as promised, {full_time(matter.slot)}." if matter.slot else "nothing changes.",
    ),
    MatterKind.QUESTION: _Face("Question about a label", lambda _: "the label stays as it is, and the question open."),
    MatterKind.READING: _Face("Label to be read by a second moderator", lambda _: "the label stays as it is."),
    MatterKind.DOUBT: _Face("Readers about a label", lambda _: "the label stays, and their words unread."),
    MatterKind.APPEAL: _Face("Appeal", lambda _: "what was decided stands, and the appeal open."),
    MatterKind.DELIVERY: _Face("Held posts", lambda _: "they stay held; nothing is lost, and nothing of it is posted."),
    MatterKind.HOLD: _Face("Pause without an end", lambda _: "it stays paused."),
    MatterKind.IMPORT: _Face("Older work to let in", lambda _: "nothing of it is posted."),
}


def listed(shown: Listed) -> ui.LayoutView:
    """One page of what waits, with a way into each of it."""
    if not shown.total:
        return card(
            "## Nothing waits for you", "Every request is answered, and nothing is held. Thank you.", colour=GOOD
        )
    more = f", page {shown.number + 1} of {shown.pages}" if shown.pages > 1 else ""
    view = card(
        f"## {counted(shown.total, 'matter')} waiting{more}",
        *(_entry(number, matter) for number, matter in enumerate(shown.matters, 1)),
        "-# What is overdue comes first, then the oldest; what waits for its author comes last.",
        colour=WAITS,
    )
    view.add_item(ui.ActionRow(_choice(shown)))
    return view.add_item(ui.ActionRow(*(press.button() for press in _turning(shown))))


def opened(shown: Opened, *, viewer_id: int, now: Instant) -> ui.LayoutView:
    """One matter, with the buttons that decide it, and **Take** or **Put back**."""
    matter = shown.matter
    view = _subject(shown, now=now)
    crowd = shown.crowd and doubts.crowd_line(shown.crowd)
    if crowd:
        view.add_item(ui.TextDisplay(crowd))
    view.add_item(ui.TextDisplay(f"-# {_since(matter)} {_unless(matter)}"))
    press = (
        Press("Put back", "put-back", matter.id) if matter.taken_by == viewer_id else Press("Take", "take", matter.id)
    )
    return view.add_item(ui.ActionRow(press.button()))


def _subject(shown: Opened, *, now: Instant) -> ui.LayoutView:  # noqa: PLR0911 - one case a kind
    match shown.subject:
        case RequestView() as request:
            return exceptions.request_card(request, now=now)
        case QuestionView() as question:
            return questions.question_card(question)
        case RulingView() as ruling:
            return rulings.reading_card(ruling)
        case DoubtView() as doubts_said:
            return doubts.doubts_card(doubts_said, on_it(shown.matter.taken_by))
        case AppealView() as appeal:
            return appeals.appeal_card(appeal)
        case ImportView() as older:
            return imports.import_card(older, now=now)
        case Hold() as hold:
            return reviews.endless(hold, on_it(shown.matter.taken_by))
        case HeldPosts(first=held, title=title):
            count = shown.matter.count - 1
            more = f"With it {counted(count, 'post')} more wait in the same channel." if count else None
            return posts.held_card(held, title, more, on_it(shown.matter.taken_by))


def _entry(number: int, matter: Matter) -> str:
    author = f" by <@{matter.author_id}>" if matter.author_id else ""
    place = f" in <#{matter.target_id}>" if matter.target_id else ""
    taken = f" · {on_it(matter.taken_by)}" if matter.taken_by else ""
    return f"**{number}. {plain(_name(matter))}**{author}{place}\n{_since(matter)}{taken}\n-# {_unless(matter)}"


def _choice(shown: Listed) -> ui.Select[ui.LayoutView]:
    """The way into each matter; what is chosen comes back as its id."""
    return ui.Select(
        custom_id=f"matter:{shown.number}",
        placeholder="Open one of them",
        options=[
            discord.SelectOption(label=shortened(f"{number}. {_name(matter)}", 100), value=str(matter.id))
            for number, matter in enumerate(shown.matters, 1)
        ],
    )


def _turning(shown: Listed) -> list[Press]:
    before = [Press("Earlier page", "matters", shown.number - 1)] if shown.number else []
    after = [Press("Next page", "matters", shown.number + 1)] if shown.number + 1 < shown.pages else []
    return [*before, Press("Refresh", "matters", shown.number), *after]


def _name(matter: Matter) -> str:
    """What it is and what it is about, in plain characters."""
    name = _FACES[matter.kind].name
    if matter.title is not None:
        return f"{name}: “{shortened(matter.title, _LONGEST_TITLE)}”"
    return f"{name}, {matter.count:,}" if matter.count > 1 else name


def _since(matter: Matter) -> str:
    """Its age, for whom it waits, and until when."""
    due = f", to be answered {countdown(matter.due)}" if matter.due else ""
    return f"Waits {'for its author ' if matter.for_author else ''}since {countdown(matter.since)}{due}."


def _unless(matter: Matter) -> str:
    return f"If nobody acts: {_FACES[matter.kind].unless(matter)}"
