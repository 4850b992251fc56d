"""What an author reads while a file waits to be read."""

from discord import ui

from cogs.replies.cards import WAITS, card, counted, quoted


def waits_to_be_read(filename: str, *, own: int, minutes: int, longest: int) -> ui.LayoutView:
    """A file whose turn has not come yet.

    Args:
        filename: as its author named it.
        own: how many files of the same person come first.
        minutes: within which its turn comes, if none does.
        longest: minutes that anybody waits.
    """
    if own:
        first = "another of yours comes" if own == 1 else f"{own} others of yours come"
        why = f"I read one file of a person at a time, and {first} first."
        soon = f"That is mostly soon; should its turn not come within {longest} minutes, I tell you here."
    else:
        why = "I am reading other people's files just now, as many as I can at a time."
        soon = f"Its turn comes within {counted(minutes, 'minute')}, and mostly much sooner."
    return card(
        f"{quoted(filename)} waits its turn to be read. {why}",
        f"{soon} You need not do anything: what comes of it appears here.",
        colour=WAITS,
    )
