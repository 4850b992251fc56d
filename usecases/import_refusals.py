"""What cannot be done with older work that comes in (C13)."""

from whenever import Instant

from usecases.refusals import RefusalError


class ImportRefusalError(RefusalError):
    """A refusal about an import."""


class NoBookError(ImportRefusalError):
    """The file is no .zip and no .epub."""


class ImportGoneError(ImportRefusalError):
    """It is not there any more: forgotten, cancelled, or another community's."""


class ImportUnderWayError(ImportRefusalError):
    """Another import of the same series waits for a moderator, or is being posted."""

    def __init__(self, series_title: str) -> None:
        super().__init__(series_title)
        self.series_title = series_title


class OtherImportError(ImportRefusalError):
    """L12: what was declined cannot be appealed while another import of the series is under way; until when it can."""

    def __init__(self, series_title: str, until: Instant) -> None:
        super().__init__(series_title, until)
        self.series_title = series_title
        self.until = until


class AppealTooLateError(ImportRefusalError):
    """L12: the chapters of a declined import are forgotten by now."""

    def __init__(self, series_title: str) -> None:
        super().__init__(series_title)
        self.series_title = series_title


class ImportAskedError(ImportRefusalError):
    """It is with the moderators, so that nothing of it changes any more."""


class ImportDecidedError(ImportRefusalError):
    """One decision wins; who presses second is told who decided."""

    def __init__(self, decided_by: int, *, confirmed: bool) -> None:
        super().__init__(decided_by, confirmed)
        self.decided_by = decided_by
        self.confirmed = confirmed


class OwnImportError(ImportRefusalError):
    """Nobody confirms their own older work."""


class UndatedError(ImportRefusalError):
    """Some chapters have no date yet."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__(titles)
        self.titles = titles


class ImpossibleDateError(ImportRefusalError):
    """A line gives a date that does not exist, that is still to come, or that is older than any."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line
