"""What cannot be done with a community's policy."""

from rules.amendments import BadWords
from rules.policy import OutOfRange
from usecases.refusals import RefusalError


class PolicyRefusalError(RefusalError):
    """A refusal about a policy."""


class PolicyRangeError(PolicyRefusalError):
    """A policy has numbers or words with which the rules could not be kept."""

    def __init__(self, faults: tuple[OutOfRange | BadWords, ...]) -> None:
        super().__init__(faults)
        self.numbers = tuple(one for one in faults if isinstance(one, OutOfRange))
        self.words = tuple(one for one in faults if isinstance(one, BadWords))


class NotOwnerError(PolicyRefusalError):
    """Only who manages the server may do that; checked at the command and at the button, each time."""


class AmendmentGoneError(PolicyRefusalError):
    """It was confirmed or dropped already, or forgotten, or somebody else has typed it."""


class UnknownVersionError(PolicyRefusalError):
    """The policy has no such version; `newest` is the one in force."""

    def __init__(self, version: int, newest: int) -> None:
        super().__init__(version, newest)
        self.version = version
        self.newest = newest
