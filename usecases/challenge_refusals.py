"""What cannot be done with a challenge, or with a series in one (H1)."""

from whenever import Instant

from usecases.refusals import RefusalError


class ChallengeRefusalError(RefusalError):
    """A refusal about a challenge."""


class UnknownChallengeError(ChallengeRefusalError):
    """No challenge of this community is called so; `known` are some that are open or will be."""

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        super().__init__(text, known)
        self.text = text
        self.known = known


class ChallengeGoneError(ChallengeRefusalError):
    """The preview of a challenge or of its new deadline was cancelled, confirmed, or forgotten after its time."""


class ChallengeNameTakenError(ChallengeRefusalError):
    """Another challenge of this name is not over yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DeadlinePastError(ChallengeRefusalError):
    """H1: a deadline that has passed already."""

    def __init__(self, deadline: Instant) -> None:
        super().__init__(deadline)
        self.deadline = deadline


class OpensTooLateError(ChallengeRefusalError):
    """H1: a challenge that would open only when it is over."""

    def __init__(self, opens: Instant, deadline: Instant) -> None:
        super().__init__(opens, deadline)
        self.opens = opens
        self.deadline = deadline


class ChallengeOverError(ChallengeRefusalError):
    """H1: the challenge's deadline has passed, or (`closed`) a moderator ended it before."""

    def __init__(self, name: str, ended: Instant, *, closed: bool) -> None:
        super().__init__(name, ended, closed)
        self.name = name
        self.ended = ended
        self.closed = closed


class ChallengeNotOpenError(ChallengeRefusalError):
    """H1: the challenge has not opened yet."""

    def __init__(self, name: str, opens: Instant) -> None:
        super().__init__(name, opens)
        self.name = name
        self.opens = opens


class InChallengeError(ChallengeRefusalError):
    """H1: the series is in another open challenge."""

    def __init__(self, series_title: str, name: str, deadline: Instant) -> None:
        super().__init__(series_title, name, deadline)
        self.series_title = series_title
        self.name = name
        self.deadline = deadline
