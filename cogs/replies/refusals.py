"""What a person reads when something cannot be done: what is wrong, then what to do."""

from discord import ui

from cogs.replies import challenge_refusals, import_refusals, policies, review_refusals
from cogs.replies.cards import NOT_SO, card, counted, i_know, listed, plain, quoted
from usecases import refusals as facts
from usecases.challenge_refusals import ChallengeRefusalError
from usecases.import_refusals import ImportRefusalError
from usecases.policy_refusals import PolicyRefusalError
from usecases.refusals import RefusalError, UnacceptableImageError, Unfit, Unreadable, UnreadableManuscriptError
from usecases.review_refusals import ReviewRefusalError


def refused(error: RefusalError) -> ui.LayoutView:
    """A refusal, explained."""
    return card(sentence(error), colour=NOT_SO)


def not_allowed() -> ui.LayoutView:
    """A command that is not for this person, or not for this place."""
    return card("That command is not for you here; who manages this server can change that.", colour=NOT_SO)


def database_trouble() -> ui.LayoutView:
    """The database could not take it."""
    return card(
        "My database did not take that, so **nothing was changed**. Please try again in a minute; "
        "the person who runs me finds the cause in my log.",
        colour=NOT_SO,
    )


def our_fault() -> ui.LayoutView:
    """A fault of ours."""
    return card(
        "Something went wrong on my side, and I have written it down for the person who runs me. "
        "Please look with `/chapter queue` whether it took effect before you try again.",
        colour=NOT_SO,
    )


def sentence(error: RefusalError) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one case a refusal
    """The words for a refusal."""
    match error:
        case facts.NotSetUpError():
            return "Colophon is not set up here yet. Somebody who manages this server does that with `/setup`."
        case facts.SetupIncompleteError(missing=missing):
            return (
                f"To set Colophon up I also need {_either(missing, 'and')}. "
                "Nothing was stored; run `/setup` again with all of `home`, `network` and `moderators`."
            )
        case facts.UnknownZoneError(zone=zone):
            return (
                f"I know no time zone {quoted(zone)}. Use a name such as `Europe/Berlin`, `America/New_York` or `UTC`."
            )
        case facts.NoSeriesError():
            return "You have no series here yet. `/series start` makes one; then hand in its first chapter."
        case facts.UnknownSeriesError(text=text, known=known):
            return f"None of your series is called {quoted(text)}. {i_know(known)}"
        case facts.UnknownChapterError(text=text, known=known):
            return f"None of your chapters is called {quoted(text)}. {i_know(known)}"
        case facts.AmbiguousTitleError(text=text, matches=matches):
            return f"{quoted(text)} fits several: {listed(matches)}. Pick one from the suggestions, or type more of it."
        case facts.QueueFullError(series_title=title, limit=limit):
            return (
                f"{counted(limit, 'chapter')} of {quoted(title)} wait already, as many as may at a time (rule C7). "
                "Hand the next one in when one of them is out; nothing of this one was kept."
            )
        case facts.NotYoursError():
            return "Only its author can do that."
        case facts.StillPostingError():
            return (
                "Something of yours is on its way to Discord at this very moment, so nothing was deleted yet. "
                "Please press again in a minute."
            )
        case facts.DraftGoneError():
            return (
                "This preview is over: it was cancelled, or 24 hours have passed. "
                "Nothing of it was kept; hand the chapter in again with `/chapter submit`."
            )
        case facts.NotWaitingError(title=title, released=True):
            return f"{quoted(title)} is out already and waits no more. `/chapter withdraw` takes it down (rule C11)."
        case facts.ProposalGoneError():
            return (
                "This was confirmed or left already, or 24 hours have passed. Nothing was changed now; "
                "`/chapter label` shows what holds."
            )
        case facts.NotReleasedError(title=title):
            return f"{quoted(title)} is not out (any more), so there is nothing to take down. Nothing was changed."
        case facts.PausedError(title=title):
            return (
                f"{quoted(title)} is paused by a moderator (rule C9), so it keeps its place until that ends. "
                "Nothing was changed."
            )
        case facts.PlaceError(title=title, series_title=series_title, first=first, last=last):
            return _no_such_place(title, series_title, first, last)
        case facts.NothingToChangeError():
            return "Nothing was changed: give at least one of `title`, `blurb`, `tags` and `rating`."
        case facts.NotWaitingError(title=title):
            return f"{quoted(title)} was withdrawn already."
        case facts.UnreadableMomentError(text=text, readings=readings):
            return _unreadable_moment(text, readings)
        case facts.NotModeratorError():
            return (
                "Only moderators can do that: here, the members who see the moderators' channel. "
                "If you should be one of them, ask somebody who manages this server to let you see it."
            )
        case facts.OwnGrantError():
            return "Nobody grants an exception to themselves; please ask another moderator (rule E5)."
        case facts.NothingToExceptError(title=title):
            return f"No rule delays {quoted(title)}, so an exception would change nothing."
        case facts.AskedAlreadyError(title=title):
            return f"The moderators have your request about {quoted(title)} already. You will hear either way."
        case facts.RequestGoneError():
            return "This request is gone, so there is nothing to decide."
        case facts.DecidedAlreadyError(decided_by=decided_by, approved=approved):
            return f"<@{decided_by}> has {'approved' if approved else 'declined'} this already. Thank you all the same."
        case facts.UnknownExceptionError(text=text):
            return f"I know no exception {quoted(text)}. Pick one from the suggestions; `/exception list` shows all."
        case facts.ExceptionOverError():
            return "That exception is used up or revoked already, so there is nothing to take back (rule E7)."
        case facts.NotHeldError():
            return "Somebody has seen to this already; it is not held any more."
        case facts.UnknownWorkError(text=text):
            return f"I know nothing called {quoted(text)} that waits here. Name a `chapter` or a `series` to pause."
        case facts.HeldAlreadyError(title=title):
            return f"{quoted(title)} is paused already; `/review resume` lets it go on."
        case facts.NotHeldBackError(text=text):
            return f"Nothing called {quoted(text)} is paused. Pick from the suggestions of `chapter` or `series`."
        case facts.ChapterGoneError():
            return "I know nothing of this chapter here any more, so there is nothing to do. Nothing was changed."
        case facts.UnknownStoryError(text=text):
            return (
                f"Nothing called {quoted(text)} has come out here yet. Pick a series from the suggestions as you type; "
                "a series can be followed from its first chapter on."
            )
        case facts.UnknownFollowError(text=text, known=known):
            return f"You follow nothing called {quoted(text)}. {_followed(known)}"
        case facts.NothingToFollowError(author_id=author_id):
            return f"Nothing of <@{author_id}> has come out here yet, so there is nothing to follow."
        case facts.OneOfTwoError():
            return "Please name one `series`, or one `author`. Nothing was changed."
        case facts.UnknownLessError(text=text):
            return f"You asked for less of nothing called {quoted(text)}. Pick from the suggestions as you type."
        case facts.NotOursError():
            return (
                "That message is no chapter or announcement of mine, so I cannot say why it is here; "
                "whoever posted it can."
            )
        case PolicyRefusalError():
            return policies.refusal(error)
        case ChallengeRefusalError():
            return challenge_refusals.sentence(error)
        case ImportRefusalError():
            return import_refusals.sentence(error)
        case ReviewRefusalError():
            return review_refusals.sentence(error)
        case facts.NoPlaceError(own=own, minutes=minutes):
            return _no_place(own, counted(minutes, "minute"))
        case facts.ImageGoneError():
            return "That image is not here any more; the chapter was cancelled, or has other images now."
        case UnacceptableImageError():
            return f"{_unfit(error)} None of its images was taken; please hand them in again without this fault."
        case UnreadableManuscriptError(reason=reason, facts=found):
            where = f"In {quoted(str(found['member']))}: " if "member" in found else ""
            return f"{where}{_unreadable(reason, found)} Nothing was handed in."
        case _:
            raise NotImplementedError(type(error).__name__)


def _unreadable(reason: Unreadable, found: dict[str, object]) -> str:  # noqa: C901, PLR0911 - one case a reason
    match reason:
        case Unreadable.WRONG_TYPE:
            accepted = found["accepted"]
            kinds = _either(accepted, "or") if isinstance(accepted, tuple) else str(accepted)
            return f"I cannot read a file of this kind. Please hand in {kinds}, or leave `file` out to paste the text."
        case Unreadable.EMPTY:
            return "I found no text in it that a reader would see."
        case Unreadable.TOO_LARGE:
            return f"The file has {_mebibytes(found['size'])}; I take up to {_mebibytes(found['limit'])}."
        case Unreadable.TOO_LONG:
            return (
                f"The text has {found['length']:,} characters; a chapter may have up to {found['limit']:,}. "
                "Please hand it in as several chapters."
            )
        case Unreadable.BOMB if found.get("measure") == "chapters":
            return f"It holds more than {found['limit']:,} chapters, the most I take; please bring it in parts."
        case Unreadable.BOMB:
            return "This file would unpack to far more than a chapter can be, so I did not open it."
        case Unreadable.SEVERAL:
            return (
                f"This book holds {found['chapters']} chapters, and each is handed in by itself, so that it gets its "
                "own time. Please hand in a file with one of them. If they came out elsewhere before, `/series import` "
                "brings them all in, with their dates."
            )
        case Unreadable.GIVEN_UP:
            return (
                "Reading this file took more time or memory than any chapter should need, so I gave up. Please open "
                "it, save it anew (as `.docx` or `.txt`, say) and hand that in."
            )
        case Unreadable.TOO_MANY_IMAGES:
            return (
                f"A chapter may show up to {found['limit']} images, with {_mebibytes(found['largest'])} together; "
                "this file has more. Please hand it in as several chapters, or with fewer or smaller images."
            )
        case Unreadable.BROKEN:
            return (
                "The file is damaged, protected by a password, or not what its name says. "
                "Save it once more in your program and hand in the new file."
            )
        case Unreadable.NOT_TEXT:
            return "I cannot read this as text. Please save it as UTF-8 (your editor offers it under “Save as”)."


def _unfit(error: UnacceptableImageError) -> str:  # noqa: PLR0911 - one case a reason
    name, found = quoted(error.name) if error.name else "One of these images", error.facts
    match error.reason:
        case Unfit.NO_IMAGE:
            what = f"{found['kind']}, which Discord does not show" if found["kind"] else "no image that Discord shows"
            return f"{name} is {what}. Please save it as PNG or JPEG and attach that."
        case Unfit.CUT_OFF:
            return f"{name} ends before the image does; it may have been cut off on its way. Please save it once more."
        case Unfit.BROKEN:
            return (
                f"The file of {name} is damaged, so I cannot take out what it may tell of you, such as where you "
                "took it. Please open it, save it once more as PNG or JPEG, and hand that in."
            )
        case Unfit.GIVEN_UP:
            return (
                f"{name} took more time or memory to read than an image should, so I gave up. "
                "Please open it, save it once more as PNG or JPEG, and hand that in."
            )
        case Unfit.TOO_LARGE:
            return f"{name} has {_mebibytes(found['size'])}; here an image may have up to {_mebibytes(found['limit'])}."
        case Unfit.TOO_MANY:
            return f"These would be {found['number']} images; a chapter may have up to {found['limit']}."
        case Unfit.CHAPTER_FULL:
            return (
                f"Its images have {_mebibytes(found['size'])} together; "
                f"those of a chapter may have up to {_mebibytes(found['limit'])}."
            )
        case Unfit.COMMUNITY_FULL:
            return (
                f"I keep {_mebibytes(found['limit'])} of images for this community already, as much as I may. "
                "There is room again as soon as waiting chapters are out."
            )


def _no_place(own: int, minutes: str) -> str:
    if not own:
        return (
            f"So many people's files wait to be read that this one would wait for more than {minutes}. "
            "I have not taken it; please hand it in again a little later."
        )
    first = "another of yours comes" if own == 1 else f"{own} others of yours come"
    return (
        f"I read one file of a person at a time, and {first} first, so this one would wait for more than {minutes}. "
        "I have not taken it; please hand it in again when the others are done."
    )


def _no_such_place(title: str, series_title: str, first: int, last: int) -> str:
    if first == last:
        return (
            f"{quoted(title)} is the only chapter of {quoted(series_title)} that can be moved now, "
            "so it has no other place to go to. Nothing was changed."
        )
    return (
        f"{quoted(title)} can be moved to the places {first} to {last} of {quoted(series_title)}, as `/chapter queue` "
        "counts them. Nothing was changed; run `/chapter move` again with one of these as `position`."
    )


def _unreadable_moment(text: str, readings: tuple[str, ...]) -> str:
    if readings:
        return f"{quoted(text)} could be {_either(readings, 'or')}. Please write the one you mean, like that."
    return (
        f"I cannot read {quoted(text)} as a time. Write it like “friday 18:00”, “2026-12-01 18:00” or “in 5 days”, "
        "in your community's time zone."
    )


def _followed(known: tuple[str, ...]) -> str:
    return f"You follow {listed(known)}." if known else "`/follow` shows what you follow."


def _either(words: tuple[object, ...], joint: str) -> str:
    names = [f"`{plain(str(word))}`" for word in words]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joint} {names[-1]}"


def _mebibytes(size: object) -> str:
    return f"{int(str(size)) / 1024 / 1024:.1f} MiB"
