"""What cannot be done where moderators look at work: questions, set labels, appeals, the list of what waits."""

from whenever import Instant

from rules.labels import Ai
from rules.rulings import Obstacle
from usecases.refusals import RefusalError


class ReviewRefusalError(RefusalError):
    """A refusal about something that moderators decide (L11, L12)."""


class MatterGoneError(ReviewRefusalError):
    """It waits for nobody any more; somebody has seen to it."""


class TakenError(ReviewRefusalError):
    """Another moderator is on it."""

    def __init__(self, taken_by: int) -> None:
        super().__init__(taken_by)
        self.taken_by = taken_by


class UnknownTitleError(ReviewRefusalError):
    """No chapter of the community that waits or is out is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class OwnChapterError(ReviewRefusalError):
    """L11, L12: nobody judges their own chapter."""


class DoubtedAlreadyError(ReviewRefusalError):
    """A reader doubts a chapter's label once; the moderators have it."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class EnoughDoubtsError(ReviewRefusalError):
    """A reader has doubted as many labels as one may in a week."""

    def __init__(self, again: Instant) -> None:
        super().__init__(again)
        self.again = again


class AskedBeforeError(ReviewRefusalError):
    """L11: a question about this chapter is open already."""

    def __init__(self, title: str, asked_by: int) -> None:
        super().__init__(title, asked_by)
        self.title = title
        self.asked_by = asked_by


class AnsweredAlreadyError(ReviewRefusalError):
    """L11: the author has answered; a moderator decides now."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class QuestionClosedError(ReviewRefusalError):
    """L11: a moderator has decided about the question."""

    def __init__(self, closed_by: int) -> None:
        super().__init__(closed_by)
        self.closed_by = closed_by


class SaysSoAlreadyError(ReviewRefusalError):
    """L11: the label says already what somebody wants to set it to."""

    def __init__(self, title: str, ai: Ai) -> None:
        super().__init__(title, ai)
        self.title = title
        self.ai = ai


class RulingObstacleError(ReviewRefusalError):
    """L11: the label cannot be set for this reason yet; `due` is until when its author has time to answer."""

    def __init__(self, obstacle: Obstacle, title: str, due: Instant | None) -> None:
        super().__init__(obstacle, title, due)
        self.obstacle = obstacle
        self.title = title
        self.due = due


class ReadAlreadyError(ReviewRefusalError):
    """L11: the same person has read it so already; it takes two."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class OwnReadingError(ReviewRefusalError):
    """L11: the second reader is another person than the first."""


class RulingSettledError(ReviewRefusalError):
    """L11: a second reader was faster; `set_so` if they read it so too."""

    def __init__(self, settled_by: int | None, *, set_so: bool) -> None:
        super().__init__(settled_by, set_so)
        self.settled_by = settled_by
        self.set_so = set_so


class RuledError(ReviewRefusalError):
    """L11, L12: a moderator has set the label; its author changes it by an appeal."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class AppealOpenError(ReviewRefusalError):
    """L12: an appeal against the label as it was set is open; it is answered first."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class AppealedAlreadyError(ReviewRefusalError):
    """L12: every set label and every refusal can be appealed once."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class NothingToAppealError(ReviewRefusalError):
    """L12: no label was set and nothing was refused, or it stands no more."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class AppealDecidedError(ReviewRefusalError):
    """L12: one answer wins; who presses second is told who has answered, and how."""

    def __init__(self, decided_by: int, *, granted: bool) -> None:
        super().__init__(decided_by, granted)
        self.decided_by = decided_by
        self.granted = granted


class OwnDecisionError(ReviewRefusalError):
    """L12: another moderator answers an appeal than the one who has decided."""
