"""What an author reads about a changed label: what it would do, what it has done, what stays (L8 to L10, L14)."""

import discord
from discord import ui
from whenever import Instant

from cogs.replies.cards import GOOD, QUIET, WAITS, Press, card, countdown, full_time, plain, quoted
from cogs.replies.verdicts import cure_presses, label_line, sentence_sought, still_mendable, when, where
from rules.repairs import Effect, Repair
from storage.chapters import Chapter, ChapterState
from usecases.chapters import Receipt
from usecases.labels import Relabelled
from usecases.proposals import Proposed

_WOULD = {
    Effect.NONE: "Where it stands, its label line is corrected; it travels as far as before.",
    Effect.ANNOUNCED: "It is then announced in the network channel, once, marked as mended (rule L10).",
    Effect.TAKEN_BACK: (
        "A neutral line then takes the place of its announcement, without its title and without your name, also on "
        "servers that follow the channel. Its home keeps it (rule L10)."
    ),
    Effect.PUT_BACK: (
        "Its announcement then takes the place of the neutral line again; it is not announced a second time (rule L10)."
    ),
}
_HAS_DONE = {
    Effect.NONE: "Where it stands, I am correcting its label line now.",
    Effect.ANNOUNCED: "It is being announced in the network channel now, once, marked as mended (rule L10).",
    Effect.TAKEN_BACK: (
        "A neutral line is taking the place of its announcement now, also on servers that follow the channel. "
        "Discord lets me edit there only so often, so it may take a while. Its home keeps it (rule L10)."
    ),
    Effect.PUT_BACK: "Its announcement is taking the place of the neutral line again now (rule L10).",
}


def proposed(shown: Proposed, *, now: Instant, again: bool = False) -> ui.LayoutView:
    """N4: what another label would do, before it counts; `again` where something has changed since it was shown."""
    result = shown.result
    if not result.changed:
        return as_it_is(result, now=now)
    chapter = result.chapter
    out = chapter.state is ChapterState.RELEASED
    meanwhile = "**Something has changed since I showed you this, so I have done nothing yet.**" if again else None
    return card(
        f"## If you change the label of {quoted(chapter.title)}",
        meanwhile,
        f"It then says: {label_line(chapter.labels, chapter.declaration.disclosure)}",
        _beginning(shown),
        when(result.verdict.slot, result.policy, now=now) if not out else None,
        where(result.verdict, result.policy),
        _WOULD[result.effect] if out else None,
        sentence_sought(result.verdict, chapter.labels),
        "-# Nothing is changed yet. This keeps for 24 hours.",
        colour=WAITS if result.verdict.restricted else GOOD,
        presses=[
            Press("Change it", "relabel", shown.id, discord.ButtonStyle.success),
            *(
                Press(press.label, "cure-proposal", shown.id)
                for press in cure_presses(result.verdict, chapter)
                if press.verb in {"add-label", "move-up"}
            ),
            Press("Leave it as it is", "keep-label", shown.id),
        ],
    )


def relabelled(done: Relabelled, *, now: Instant) -> ui.LayoutView:
    """What another label has done."""
    if not done.changed:
        return as_it_is(done, now=now)
    chapter = done.chapter
    out = chapter.state is ChapterState.RELEASED
    return card(
        f"## The label of {quoted(chapter.title)} is changed",
        f"It says: {label_line(chapter.labels, chapter.declaration.disclosure)}",
        when(done.verdict.slot, done.policy, now=now) if not out else None,
        where(done.verdict, done.policy),
        _HAS_DONE[done.effect] if out else "Its time stays as it was promised (rule L13).",
        sentence_sought(done.verdict, chapter.labels),
        _still_mendable(done, now=now),
        colour=WAITS if done.verdict.restricted else GOOD,
        presses=_presses(done),
    )


def as_it_is(result: Relabelled, *, now: Instant) -> ui.LayoutView:
    """The label a chapter has, where nothing would change it."""
    chapter = result.chapter
    return card(
        f"## The label of {quoted(chapter.title)}",
        f"It says: {label_line(chapter.labels, chapter.declaration.disclosure)}",
        where(result.before, result.policy),
        sentence_sought(result.before, chapter.labels),
        _still_mendable(result, now=now),
        "-# Nothing was changed. `ai` and `disclosure` of `/chapter label` say what should be.",
        colour=WAITS if result.before.restricted else QUIET,
        presses=_presses(result),
    )


def kept_home(shown: Receipt, repair: Repair, *, now: Instant) -> ui.LayoutView:
    """N2, L10: the lasting notice of a label that keeps a chapter home since it was changed after the release."""
    chapter = shown.chapter
    return card(
        f"## {quoted(chapter.title)} is at home only",
        f"Its label was changed after its release, {full_time(repair.at)} ({countdown(repair.at)}). "
        f"It says: {label_line(chapter.labels, chapter.declaration.disclosure)}",
        where(shown.verdict, shown.policy),
        "A neutral line takes the place of its announcement, without its title and without your name (rule L10)."
        if repair.announced
        else None,
        "Its home keeps it, with its followers, and no time changes by this (rule L13).",
        sentence_sought(shown.verdict, chapter.labels),
        still_mendable(chapter, shown.verdict, shown.policy, announced=repair.announced, now=now),
        "If it says something that you did not mean, `/chapter label` changes it again. Otherwise nothing is needed.",
        colour=WAITS,
        presses=cure_presses(shown.verdict, chapter),
    )


def kept(chapter: Chapter) -> ui.LayoutView:
    """A change that its author does not want after all."""
    return card(f"The label of {quoted(chapter.title)} stays as it is. Nothing was changed.")


def _presses(result: Relabelled) -> list[Press]:
    return cure_presses(result.verdict, result.chapter)


def _still_mendable(result: Relabelled, *, now: Instant) -> str | None:
    return still_mendable(result.chapter, result.verdict, result.policy, announced=result.announced, now=now)


def _beginning(shown: Proposed) -> str | None:
    """How readers would meet the text, where a label is put into it."""
    if not shown.cured:
        return None
    out = shown.result.chapter.state is ChapterState.RELEASED
    begins = (
        "Its heading then carries the sentence, before the first paragraph; what is posted of the text stays. "
        "Readers then meet:"
        if out
        else "The text then begins:"
    )
    return "\n".join([begins, *(f"> {line}" for line in plain(shown.opening).splitlines() if line)])
