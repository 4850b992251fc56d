"""What the bot posts on its own account: homes, chapters, announcements, notices, reports."""

import discord
from discord import ui
from whenever import Instant

from cogs.replies import appeals, challenges, copies, exceptions, imports, labels, questions, reviews, rulings
from cogs.replies.cards import GOOD, NOT_SO, Press, card, countdown, counted, full_time, plain, quoted, shortened
from cogs.replies.chapters import receipt
from cogs.replies.verdicts import label_line
from rules.cadence import is_late
from rules.deliveries import Kind
from rules.labels import Reach
from storage.chapters import Chapter
from storage.deliveries import Delivery
from storage.series import Series
from usecases.appeals import AppealView
from usecases.chapters import Receipt
from usecases.deliveries import Errand
from usecases.imports import ImportView
from usecases.questions import QuestionView
from usecases.rulings import RulingView
from usecases.turns import Change

_LONGEST_THREAD_NAME = 100
_LONGEST_POST = 2000
_LATE = "-# Late:"
TAKEN_BACK = (
    "-# An announcement stood here. The chapter's label has changed, so it is at home with its followers now. "
    "Labels can be mended, and nobody did anything wrong."
)
"""What stands in the place of an announcement whose chapter no longer travels (L10)."""


NOTHING_TOLD = (
    "-# An announcement of older chapters stood here. What is left of them is at home with its followers now."
)
"""What stands in the place of an announcement of older work of which nothing travels any more (L10)."""
DELETED_HOME = "A series whose author has deleted it"
"""The name of a home whose series is no more; what others wrote there stays."""


def thread_name(series: Series) -> str:
    """The name of a home thread."""
    return shortened(series.title, _LONGEST_THREAD_NAME)


def thread_opening(series: Series) -> str:
    """The first message of a home thread."""
    lines = [f"# {plain(series.title)}", f"by <@{series.author_id}>"]
    if series.blurb:
        lines += ["", plain(series.blurb), ""]
    if series.rating:
        lines.append(f"Rating: {plain(series.rating)}")
    if series.tags:
        lines.append(f"Tags: {plain(series.tags)}")
    lines.append("-# Chapters appear here. Follow this thread to hear of each one.")
    return shortened("\n".join(lines), _LONGEST_POST)


def heading(chapter: Chapter) -> str:
    """The message at which a chapter begins in its home; its label line is there for every reader (R5).

    A disclosure that was added after the release stands here, as the chapter's first paragraph (L10).
    """
    first_out = (
        f"-# First out {imports.day(chapter.released_at)}\n" if chapter.import_id and chapter.released_at else ""
    )
    facts = (
        f"{first_out}-# {counted(chapter.words, 'word')} · {label_line(chapter.labels, chapter.declaration.disclosure)}"
    )
    label = f"\n{plain(chapter.heading_label)}" if chapter.heading_label else ""
    return shortened(f"## {plain(chapter.title)}\n{facts}{_late(chapter)}{label}", _LONGEST_POST)


def is_heading_of(chapter: Chapter, text: str) -> bool:
    """Whether a message is the heading of a chapter of this title, whatever its label was then."""
    first, *facts = text.splitlines() or [""]
    return first.split() == heading(chapter).splitlines()[0].split() and bool(facts) and facts[0].startswith("-# ")


def says_the_same(chapter: Chapter, text: str) -> bool:
    """Whether a heading says what is known of its chapter, but for how late it came out."""
    return _facts(text) == _facts(heading(chapter))


def _facts(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if not line.startswith(_LATE)]


def announcement(errand: Errand, chapter: Chapter, series: Series) -> str:
    """R5: title, chapter, author, label line, words, warnings, where to read, when the next one comes.

    L10: of a chapter that no longer travels, a neutral line that names neither it nor its author.
    """
    if chapter.reach is Reach.PERSONAL:
        return TAKEN_BACK
    link = chapter_link(errand)
    facts = [counted(chapter.words, "word")]
    if series.rating:
        facts.append(f"rating: {plain(series.rating)}")
    if series.tags:
        facts.append(plain(series.tags))
    following = (
        f"Next chapter {full_time(errand.next_promise)} ({countdown(errand.next_promise)})."
        if errand.next_promise
        else "This series is complete."
        if series.complete
        else None
    )
    lines = [
        f"## {plain(shortened(series.title, 200))}: {plain(shortened(chapter.title, 200))}",
        f"by <@{chapter.author_id}> · {shortened(' · '.join(facts), 400)}{_late(chapter)}",
        shortened(label_line(chapter.labels, chapter.declaration.disclosure), 600),
        _mended(chapter),
        f"Read it here: {link}",
        f"-# {following}" if following else None,
    ]
    return "\n".join(line for line in lines if line)


def collection(errand: Errand, view: ImportView, series: Series) -> str:
    """C13, R5: older work as a whole: how much of it is at home, by whom, how it was made, from when, where to read.

    L10: when nothing of it travels any more, a neutral line.
    """
    told = view.announced
    if not told:
        return NOTHING_TOLD
    facts = [counted(sum(chapter.words for chapter in told), "word")]
    facts += [f"rating: {plain(series.rating)}"] if series.rating else []
    facts += [plain(series.tags)] if series.tags else []
    labels = dict.fromkeys(label_line(one.labels, one.declaration.disclosure) for one in told)
    lines = [
        f"## {plain(shortened(series.title, 200))}: {counted(len(told), 'older chapter')}",
        f"by <@{series.author_id}> · {shortened(' · '.join(facts), 400)}",
        shortened("\n".join(labels), 800),
        f"First out {imports.span(told)}, and now all in one place (rule C13).",
        f"Read from here: {collection_link(errand)}",
    ]
    return "\n".join(lines)


def collection_link(errand: Errand) -> str:
    """Where the first of the older chapters begins that an announcement tells of; unlike a chapter's, never alone."""
    thread = errand.series.thread_id if errand.series else None
    message_id = errand.imported.first_message_id if errand.imported else None
    return f"https://discord.com/channels/{errand.community.id}/{thread}/{message_id}"


def posted_card(errand: Errand, *, now: Instant) -> tuple[int | None, ui.LayoutView]:
    """A card that the bot posts by itself, and the one person it pings (N3); it carries its delivery's mark."""
    addressed, view = _card_of(errand, now=now)
    view.add_item(ui.TextDisplay(f"-# {mark(errand.delivery)}"))
    return addressed, view


def mark(delivery: Delivery) -> str:
    """What tells a posted card from all others, so that it is known again after a lost answer (R2)."""
    return f"№ {delivery.id:x}"


def _card_of(errand: Errand, *, now: Instant) -> tuple[int | None, ui.LayoutView]:  # noqa: C901, PLR0911 - one case a card
    kind, request = errand.delivery.kind, errand.request
    if kind is Kind.NOTICE and errand.receipt is not None:
        author_id = errand.receipt.chapter.author_id
        view = _notice(errand.receipt, now=now)
        view.add_item(ui.TextDisplay(f"For <@{author_id}>"))
        return author_id, view
    if kind is Kind.REQUEST and request is not None:
        return None, exceptions.request_card(request, now=now)
    if kind is Kind.ANSWER and request is not None:
        return request.request.author_id, exceptions.answered(request)
    if errand.appeal is not None:
        return _about_appeal(kind, errand.appeal)
    if errand.imported is not None and kind in {Kind.REQUEST, Kind.ANSWER}:
        return _about_import(kind, errand.imported, now=now)
    if errand.question is not None:
        return _about_question(kind, errand.question)
    if errand.ruling is not None:
        return _about_ruling(kind, errand.ruling)
    if kind is Kind.ANSWER and errand.hold is not None:
        return errand.hold.author_id, reviews.told(errand.hold, errand.standing)
    if kind is Kind.CHALLENGE and errand.standing is not None:
        author_id = errand.standing.author_id
        view = challenges.changed(errand.standing, Change(errand.delivery.body or Change.MOVED), now=now)
        view.add_item(ui.TextDisplay(f"For <@{author_id}>"))
        return author_id, view
    if kind is Kind.ANSWER and errand.exception is not None:
        return errand.exception.author_id, exceptions.told(errand.exception)
    if kind is Kind.SET_BACK and errand.gap is not None:
        return None, copies.set_back(errand.gap)
    return None, report(errand)


def _notice(shown: Receipt, *, now: Instant) -> ui.LayoutView:
    """N1, N2: what was decided when it was handed in, or why it is at home since."""
    if shown.repair is not None and shown.verdict.restricted:
        return labels.kept_home(shown, shown.repair, now=now)
    return receipt(shown, now=now)


def _about_import(kind: Kind, view: ImportView, *, now: Instant) -> tuple[int | None, ui.LayoutView]:
    if kind is Kind.REQUEST:
        return None, imports.import_card(view, now=now)
    return view.imported.author_id, imports.told(view, now=now)


def _about_question(kind: Kind, view: QuestionView) -> tuple[int | None, ui.LayoutView]:
    if kind is Kind.REQUEST:
        return None, questions.question_card(view)
    author_id = view.chapter.author_id
    if kind is Kind.ANSWER:
        return author_id, questions.left(view)
    return author_id, questions.posed(view, reminder=kind is Kind.REMINDER)


def _about_ruling(kind: Kind, view: RulingView) -> tuple[int | None, ui.LayoutView]:
    if kind is Kind.REQUEST:
        return None, rulings.reading_card(view)
    return view.chapter.author_id, rulings.told(view)


def _about_appeal(kind: Kind, view: AppealView) -> tuple[int | None, ui.LayoutView]:
    if kind is Kind.REQUEST:
        return None, appeals.appeal_card(view)
    return view.subject.work.author_id, appeals.answered(view)


def report(errand: Errand) -> ui.LayoutView:
    """R3: what is held, why, and its cure."""
    held = errand.subject
    if held is None:
        return card("Something is held back, but I no longer know what.", colour=NOT_SO)
    title = errand.chapter.title if errand.chapter else errand.series.title if errand.series else None
    return held_card(held, title)


def held_card(held: Delivery, title: str | None, *more: str | None) -> ui.LayoutView:
    """R3: one thing that is held, and the title of what it belongs to; `more` says what else there is to know."""
    of = quoted(title) if title else "Something"
    where = f" in <#{held.target_id}>" if held.target_id else ""
    return card(
        f"## I could not {_WHAT[held.kind]}",
        f"{of}{where}: {plain(held.problem or 'Discord did not say why')}.",
        *more,
        "Nothing is lost: it is held until somebody has mended this. Everything else goes on (rule R3).",
        colour=NOT_SO,
        presses=[Press("Try again", "resume", held.id, discord.ButtonStyle.primary)],
    )


def resumed(count: int) -> ui.LayoutView:
    """R3: a moderator has mended the cause."""
    what = "it" if count == 1 else f"all {count:,} posts that were held in that channel"
    return card(
        f"Thank you; I am trying {what} again now. What fails once more is told in the moderators' channel.",
        colour=GOOD,
    )


def chapter_link(errand: Errand) -> str:
    """Where a chapter begins; a plain link, since buttons are not copied to other servers."""
    chapter = errand.chapter
    thread = chapter.thread_id if chapter else None
    return f"https://discord.com/channels/{errand.community.id}/{thread}/{errand.heading_id}"


def _mended(chapter: Chapter) -> str | None:
    """L10: why a chapter is announced only now."""
    if chapter.mended_at is None or chapter.released_at is None:
        return None
    return f"-# Labels mended: it has been out in its home since {full_time(chapter.released_at)}."


def _late(chapter: Chapter) -> str:
    if chapter.slot is None or chapter.released_at is None or not is_late(chapter.slot, chapter.released_at):
        return ""
    return f"\n{_LATE} it was promised for {full_time(chapter.slot)}; the delay is mine, not its author's."


_WHAT = {
    Kind.THREAD: "open a series' home thread",
    Kind.HEADING: "post a chapter",
    Kind.PART: "post a part of a chapter",
    Kind.IMAGE: "post an image of a chapter",
    Kind.ANNOUNCEMENT: "announce a chapter",
    Kind.PUBLISH: "publish an announcement to following servers",
    Kind.EDIT: "correct a home or an announcement",
    Kind.REMOVE: "take down a post of a withdrawn chapter",
    Kind.NOTICE: "post a notice",
    Kind.REQUEST: "show the moderators what waits for them",
    Kind.QUESTION: "ask an author about a label",
    Kind.REMINDER: "remind an author of a question",
    Kind.ANSWER: "tell an author what was decided",
    Kind.CHALLENGE: "tell an author of a change to a challenge",
    Kind.REPORT: "report a problem",
    Kind.SET_BACK: "say that I was set back to an older copy of my database",
}
