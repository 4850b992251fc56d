"""What a reader reads about seeing less: what it changes for them, what it cannot change, and the way back (R6)."""

from collections.abc import Iterable

import discord
from discord import ui

from cogs.replies.cards import GOOD, QUIET, Press, card, counted, quoted, short_time, shortened
from cogs.replies.verdicts import LABEL_LINES
from rules.labels import Ai
from rules.less import Key, LabelKind, LessKind
from storage.less import Less
from usecases.less import Asked, Choices

LABELS = {
    LabelKind.NONE: LABEL_LINES[Ai.NONE],
    LabelKind.ASSISTED: LABEL_LINES[Ai.ASSISTED],
    LabelKind.GENERATED: LABEL_LINES[Ai.GENERATED],
    LabelKind.AI_IMAGES: "With images made by AI",
    LabelKind.UNDECLARED_IMAGES: "With images without a label",
}
"""Each kind of label, in the words that stand on the releases themselves."""

_MOST_CHOICES = 25
_LONGEST_CHOICE = 100
_LISTED = 30
_WHAT_CANNOT_CHANGE = (
    "What is posted in a channel stays visible there, for you too. To hear less of a channel or a thread, right-click "
    "it (on a phone: press and hold it) and choose **Mute**."
)


def asking(shown: Choices) -> ui.LayoutView:
    """Of what? Says first what any of the choices will do."""
    view = card(
        "## Less of what?",
        "What you choose will **stay out of your `/feed` and of my direct messages to you**. It is for you alone: "
        "nobody is told, and it changes nothing for the story, its author or other readers.",
        _WHAT_CANNOT_CHANGE,
    )
    options = [
        discord.SelectOption(
            label=shortened(label, _LONGEST_CHOICE), value=str(key), description=_asked_already(shown, key)
        )
        for key, label in _choices(shown)
    ]
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"less-of:{shown.chapter.id}", placeholder="Choose one", options=options[:_MOST_CHOICES]
    )
    view.add_item(ui.ActionRow(select))
    view.stop()
    return view


def asked(done: Asked) -> ui.LayoutView:
    """Exactly what has changed for this reader, what has not, and the way back."""
    key, title = done.less.key, done.less.series_title
    so_it_was = "" if done.news else " You had asked for that before."
    return card(
        f"## Less of {name(key, title)}",
        f"From now on {_what(key, title)} stay out of your `/feed` and of my direct messages to you; nothing changes "
        f"for anybody else.{so_it_was}",
        _WHAT_CANNOT_CHANGE,
        "You follow it as well, and that stays as it is; `/unfollow` ends it." if done.follows else None,
        colour=GOOD,
        presses=[Press("Undo", "less-undo", done.less.id)],
    )


def undone(less: Less | None) -> ui.LayoutView:
    """A wish that holds no more."""
    if less is None:
        return card("There is nothing (any more) to undo here; `/less list` shows what you asked for.")
    return card(
        f"## Undone: less of {name(less.key, less.series_title)}",
        f"{_what(less.key, less.series_title).capitalize()} appear in your `/feed` again, older ones too.",
        colour=GOOD,
    )


def listed(shown: list[Less]) -> ui.LayoutView:
    """All that a reader asked for."""
    if not shown:
        return card(
            "You see everything: you have asked for less of nothing. **Show less like this** under an announcement, "
            "or `/less label`, would change that for you alone."
        )
    lines = [f"- {name(less.key, less.series_title)}, since {short_time(less.since)}" for less in shown[:_LISTED]]
    more = len(shown) - _LISTED
    return card(
        "## What stays out of your feed",
        "\n".join(lines),
        f"…and {counted(more, 'more thing')}." if more > 0 else None,
        "`/less undo` brings any of it back. Only you see this list.",
        colour=QUIET,
    )


def name(key: Key, series_title: str | None) -> str:
    """What one wish is about."""
    match key.kind:
        case LessKind.SERIES:
            return quoted(series_title or "a series that is gone")
        case LessKind.AUTHOR:
            return f"<@{key.value}>"
        case LessKind.TAG:
            return f"the tag {quoted(key.value)}"
        case LessKind.LABEL:
            return f"the label {quoted(LABELS[LabelKind(key.value)])}"


def names(keys: Iterable[Key], series_title: str) -> str:
    """What several wishes are about, of which one may be the series at hand."""
    return ", ".join(name(key, series_title) for key in keys)


def suggestion(less: Less) -> str:
    """A wish in a list of suggestions, where Discord shows neither mentions nor formatting."""
    words = {
        LessKind.SERIES: less.series_title or "gone",
        LessKind.AUTHOR: f"Discord's user {less.key.value}",
        LessKind.TAG: less.key.value,
        LessKind.LABEL: LABELS[LabelKind(less.key.value)] if less.key.kind is LessKind.LABEL else "",
    }
    return shortened(f"{less.key.kind.capitalize()}: {words[less.key.kind]}", _LONGEST_CHOICE)


def _what(key: Key, series_title: str | None) -> str:
    match key.kind:
        case LessKind.SERIES:
            return f"chapters of {name(key, series_title)}"
        case LessKind.AUTHOR:
            return f"chapters by {name(key, series_title)}"
        case LessKind.TAG:
            return f"chapters tagged {quoted(key.value)}"
        case LessKind.LABEL:
            return f"chapters labelled {quoted(LABELS[LabelKind(key.value)])}"


def _choices(shown: Choices) -> list[tuple[Key, str]]:
    """The choices in words that fit a menu; a tag that is longer than Discord takes is left out."""
    words = {
        LessKind.SERIES: f"This series: {shown.chapter.series_title}",
        LessKind.AUTHOR: "All by this author",
    }
    found = []
    for key in shown.keys:
        label = words.get(key.kind) or (
            f"The tag “{key.value}”" if key.kind is LessKind.TAG else f"The label “{LABELS[LabelKind(key.value)]}”"
        )
        if len(str(key)) <= _LONGEST_CHOICE:
            found.append((key, label))
    return found


def _asked_already(shown: Choices, key: Key) -> str | None:
    return "You see less of that already" if key in shown.asked else None
