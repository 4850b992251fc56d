"""What is said where something about older work cannot be done (C13)."""

from cogs.replies.cards import countdown, full_time, plain, quoted, shortened
from usecases import import_refusals as facts
from usecases.import_refusals import ImportRefusalError

_LONGEST_TITLE = 80
_LONGEST_LINE = 120


def sentence(error: ImportRefusalError) -> str:  # noqa: C901, PLR0911 - one case a refusal
    """The words for a refusal."""
    match error:
        case facts.NoBookError():
            return (
                "Older chapters come in as one `.zip` with a file for each chapter, or as an `.epub`. "
                "Nothing was read or posted; a single new chapter goes by `/chapter submit`."
            )
        case facts.ImportGoneError():
            return "This import is over: it was cancelled, or nobody came back to it for 24 hours. Nothing waits of it."
        case facts.ImportUnderWayError(series_title=title):
            return (
                f"Older chapters of {quoted(title)} are on their way in already, or a moderator is asked about them. "
                "When they are all at home, declined for good, or cancelled by you, please come back with these."
            )
        case facts.OtherImportError(series_title=title, until=until):
            return (
                f"Other older chapters of {quoted(title)} are on their way in. You can appeal about the declined ones "
                f"when those are at home or cancelled, until {full_time(until)} ({countdown(until)}, rule L12)."
            )
        case facts.AppealTooLateError(series_title=title):
            return (
                f"The time to appeal about these older chapters of {quoted(title)} is over, and I have forgotten their "
                "texts. `/series import` puts them before a moderator anew (rule C13)."
            )
        case facts.ImportAskedError():
            return "It is with the moderators already, so nothing of it changes now. **Cancel** takes it back."
        case facts.ImportDecidedError(decided_by=decided_by, confirmed=confirmed):
            return (
                f"<@{decided_by}> has {'confirmed' if confirmed else 'declined'} this already. Thank you all the same."
            )
        case facts.OwnImportError():
            return "Nobody confirms their own older work; please leave this one to another moderator (rule C13)."
        case facts.UndatedError(titles=titles):
            named = ", ".join(quoted(shortened(title, _LONGEST_TITLE)) for title in titles[:5])
            return f"When did these first come out: {named}? **Mend dates** takes the day of each (rule C13)."
        case facts.ImpossibleDateError(line=line):
            return (
                f"I cannot take the date in “{plain(shortened(line, _LONGEST_LINE))}”: it should be a day in the past, "
                "such as `3. 2024-03-05 | A title`, with the number that the chapter has in the form. "
                "No date was changed."
            )
        case _:
            raise NotImplementedError(type(error).__name__)
