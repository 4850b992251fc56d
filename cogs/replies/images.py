"""Images in words: what their labels lack, the cards and forms that describe them, what readers see (L5)."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import discord
from discord import ui

from cogs.replies.cards import GOOD, WAITS, Press, card, counted, ordinal, plain, quoted, shortened
from rules.images import ImageLabel, Lack, Origin, Unshown, lacks, made_by_ai
from rules.labels import LabelFinding
from storage.images import Image
from usecases.describing import Sight
from usecases.image_files import ENDINGS
from usecases.images import LONGEST_ALT
from usecases.statements import BY_AI, SourceType, Statement

LONGEST_CAPTION = 500
LONGEST_SOURCE = 300
"""Characters; with an image's line they fit a message."""
_LONGEST_LINE = 300
_LONGEST_TITLE_IN_FORM = 30
_MOST_LEFT_OUT = 5
"""Images of which is told one by one why readers will not see them."""

_ORIGINS = {
    Origin.OWN: "My own: drawn, painted or photographed by me",
    Origin.OTHERS: "Somebody else's: named below as its source",
    Origin.AI: "Made by AI: its caption says so, its source names the tool",
}
_SAID = {
    Origin.OWN: "your own",
    Origin.OTHERS: "somebody else's",
    Origin.AI: "made by AI",
}
_ORIGIN_LINES = {
    Origin.OWN: "The author's own image",
    Origin.OTHERS: "Somebody else's image",
    Origin.AI: "Image made by AI",
    None: "Its author has not said where this image is from",
}
"""What readers see under an image; its source follows."""
_STATED = {
    SourceType.TRAINED: "was made by AI",
    SourceType.COMPOSITE_TRAINED: "was put together with parts made by AI",
    SourceType.ALGORITHMIC: "was made by a program that learned from nothing",
    SourceType.CAMERA: "is a photograph",
    SourceType.DRAWN: "was made by a person with a program",
}


def image_faults(findings: Iterable[LabelFinding]) -> str | None:
    """N2: what the labels of the images lack, each with the numbers of its images, and the press that mends it."""
    numbers: dict[Lack, list[int]] = {}
    for finding in findings:
        if isinstance(finding.fault, Lack) and finding.image is not None:
            numbers.setdefault(finding.fault, []).append(finding.image)
    if not numbers:
        return None
    sentences = [f"{_fault(lack, at)} (rule L5)." for lack, at in numbers.items()]
    return f"{' '.join(sentences)} **Describe images** mends that."


def images_in_preview(images: Sequence[Image]) -> str | None:
    """What the chapter shows beside its text, and where."""
    if not images:
        return None
    attached = sum(not image.embedded for image in images)
    place = "in their places" if not attached else "after the text" if attached == len(images) else ""
    place = place or f"{len(images) - attached} in their places, {attached} after the text"
    said = [(sum(image.label.origin is origin for image in images), words) for origin, words in _SAID.items()]
    told = ", ".join(f"{number} {words}" for number, words in said if number)
    return f"With {counted(len(images), 'image')}, {place}{f': {told}' if told else ''}."


def images_left_out(unshown: Sequence[Unshown], *, attach: bool = False) -> str | None:
    """Which images of a file readers will not see, why, and what helps; with `attach`, also beside the file."""
    if not unshown:
        return None
    lines = [f"- {_left_out(one)}" for one in unshown[:_MOST_LEFT_OUT]]
    if len(unshown) > _MOST_LEFT_OUT:
        lines.append(f"- and {counted(len(unshown) - _MOST_LEFT_OUT, 'more', 'more')}")
    head = f"**{counted(len(unshown), 'image')} of the file will not be seen by readers:**"
    return "\n".join((head, *lines, left_out_cure(unshown, attach=attach)))


def left_out_cure(unshown: Sequence[Unshown], *, attach: bool = False) -> str:
    """What an author can do so that readers see all images of a file."""
    it = "it" if len(unshown) == 1 else "them"
    act = (
        f"Save {it} as PNG and put {it} into the file"
        if any(one.there for one in unshown)
        else f"Put {it} into the file"
    )
    beside = f", or attach {it} (`image1` to `image4`)" if attach else ""
    return f"{act}{beside}; then hand the file in again."


def image_line(labels: Sequence[ImageLabel]) -> str:
    """R5: what readers should know of the images, in their author's words; empty where there is nothing to know."""
    by_ai, unsaid = made_by_ai(labels), sum(label.origin is None for label in labels)
    captions = "; ".join(quoted(label.caption) for label in by_ai if label.caption)
    known = [
        f"{counted(len(by_ai), 'image')} made by AI{f': {captions}' if captions else ''}." if by_ai else "",
        f"{counted(unsaid, 'image')} without a label." if unsaid else "",
    ]
    return shortened(" ".join(one for one in known if one), _LONGEST_LINE)


def posted_text(image: Image) -> str:
    """What stands with a posted image: its caption, and where it is from."""
    label, said = image.label, _ORIGIN_LINES[image.label.origin]
    line = f"{said}: {plain(label.source)}" if label.source else said
    return "\n".join(part for part in (plain(label.caption), f"-# {line}") if part)


def file_of(image: Image, data: bytes, mark: str = "") -> discord.File:
    """An image as a file to send, with its alt text; `mark` tells its name from all others."""
    name = f"image-{image.label.number}{mark}.{ENDINGS[image.media_type]}"
    return discord.File(BytesIO(data), name, description=image.alt or None)


def image_card(sight: Sight, picture: discord.File, statement: Statement | None) -> ui.LayoutView:
    """One image, what is said of it so far, and what its own file says."""
    image, label = sight.image, sight.image.label
    missing = [f"{_fault(lack, [label.number])} (rule L5)." for lack in lacks(label)]
    unsaid = any(one.label.origin is None for one in sight.way)
    following = sight.next_id
    return card(
        f"## Image {label.number} of {len(sight.others)}: {quoted(sight.chapter.title)}",
        _known(image),
        " ".join(missing) or "Its label is complete.",
        _elsewhere(sight),
        None if image.alt else "-# It has no description yet for readers who cannot see it.",
        _suggestion(statement),
        f"-# Whatever {'else ' if statement else ''}its file told of a person, a camera or a place is taken out of it.",
        colour=WAITS if missing else GOOD,
        picture=picture,
        presses=[
            Press("Describe", "describe", image.id, discord.ButtonStyle.primary),
            *([Press("All mine", "all-mine", sight.chapter.id)] if unsaid else []),
            *([Press("Next image", "image", following)] if following else []),
            Press("Done", "described", sight.chapter.id),
        ],
    )


def image_form(sight: Sight, statement: Statement | None) -> ui.Modal:
    """The form behind **Describe**; what the file says of itself is filled in where nothing was said yet."""
    image, label = sight.image, sight.image.label
    by_ai = statement is not None and statement.source_type in BY_AI
    offered = Origin.AI if by_ai and label.origin is None else label.origin
    tool = statement.tool if statement is not None and by_ai else ""
    form = ui.Modal(
        title=f"Image {label.number} of {shortened(sight.chapter.title, _LONGEST_TITLE_IN_FORM)}",
        custom_id=f"describe-form:{image.id}",
    )
    origins: ui.Select[ui.Modal] = ui.Select(
        custom_id="origin",
        required=True,
        options=[
            discord.SelectOption(label=words, value=origin.value, default=origin is offered)
            for origin, words in _ORIGINS.items()
        ],
    )
    form.add_item(ui.Label(text="Where is it from?", component=origins))
    form.add_item(
        ui.Label(
            text="Caption",
            description="Readers see it with the image. If AI made it, say so here.",
            component=_field("caption", label.caption, LONGEST_CAPTION),
        )
    )
    form.add_item(
        ui.Label(
            text="Source",
            description="Somebody else's: whose? Made by AI: with which tool or model, and by whom?",
            component=_field("source", label.source or tool, LONGEST_SOURCE),
        )
    )
    form.add_item(
        ui.Label(
            text="What does it show?",
            description="Alt text, for readers who cannot see it",
            component=_field("alt", image.alt, LONGEST_ALT),
        )
    )
    form.stop()
    return form


def _field(name: str, value: str, longest: int) -> ui.TextInput[ui.Modal]:
    return ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=longest,
        default=shortened(value, longest) or None,
    )


def _elsewhere(sight: Sight) -> str | None:
    """C13: what the way through the images of older chapters holds beside those of this one."""
    more = len(sight.way) - len(sight.others)
    return f"-# The other chapters have {counted(more, 'image')}; **Next image** goes on to them." if more else None


def _known(image: Image) -> str:
    label = image.label
    if label.origin is None:
        return "Where is it from? Readers learn it in your words: your own, somebody else's, or made by AI."
    parts = [
        f"You said: **{_SAID[label.origin]}**.",
        f"Caption: {quoted(label.caption)}." if label.caption else "",
        f"Source: {quoted(label.source)}." if label.source else "",
        f"It shows: {quoted(shortened(image.alt, _LONGEST_LINE))}." if image.alt else "",
    ]
    return " ".join(part for part in parts if part)


def _suggestion(statement: Statement | None) -> str | None:
    if statement is None:
        return None
    by = f", written by {quoted(statement.tool)}" if statement.tool else ""
    return (
        f"This file says of itself that it {_STATED[statement.source_type]}{by}. Is that so? "
        "Your answer counts, not the file's. I tell nobody of this, but it stays in the posted file."
    )


def _left_out(one: Unshown) -> str:
    name = f", {quoted(one.name)}" if one.name else ""
    if not one.there:
        why = "the file names it and does not hold it"
    elif one.kind:
        why = f"it is {one.kind}, which Discord does not show"
    else:
        why = "it is of a kind that Discord does not show"
    instead = f"its alt text, {quoted(one.alt)}, stands there" if one.alt else "nothing stands in its place"
    # Not "image 2": a chapter's images have numbers of their own, and those that are not shown have none.
    return f"the {ordinal(one.number)} in the file{name}: {why}; {instead}"


def _fault(lack: Lack, numbers: Sequence[int]) -> str:
    one = len(numbers) == 1
    which = f"Image {numbers[0]}" if one else f"Images {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    match lack:
        case Lack.ORIGIN:
            return f"{which} {'does' if one else 'do'} not say yet where {'it is' if one else 'they are'} from"
        case Lack.CREDIT:
            return f"{which} {'is' if one else 'are'} somebody else's, and no source says whose"
        case Lack.CAPTION:
            return f"{which} {'is' if one else 'are'} made by AI, and no caption says so in words that name AI"
        case Lack.SOURCE:
            return (
                f"{which} {'is' if one else 'are'} made by AI, and no source names the tool or model, and who used it"
            )
