"""What a person reads when a challenge cannot be opened, changed or entered as they wanted (H1)."""

from cogs.replies.cards import countdown, full_time, i_know, quoted
from usecases import challenge_refusals as facts
from usecases.challenge_refusals import ChallengeRefusalError


def sentence(error: ChallengeRefusalError) -> str:  # noqa: PLR0911 - one case a refusal, flat and complete
    """The words for a refusal."""
    match error:
        case facts.UnknownChallengeError(text=text, known=known):
            return f"No challenge here is called {quoted(text)}. {i_know(known)} `/challenge list` shows each of them."
        case facts.ChallengeGoneError():
            return (
                "This preview is over: it was confirmed or cancelled, or 24 hours have passed. "
                "`/challenge list` shows what holds."
            )
        case facts.ChallengeNameTakenError(name=name):
            return (
                f"A challenge called {quoted(name)} is open or coming up already. Nothing was opened; "
                "please give this one another name, or move that one's deadline with `/challenge move`."
            )
        case facts.DeadlinePastError(deadline=deadline):
            return (
                f"That deadline has passed already: I read {full_time(deadline)}. Nothing was changed; "
                "please name one that is still to come (rule H1)."
            )
        case facts.OpensTooLateError(opens=opens, deadline=deadline):
            return (
                f"It would open {full_time(opens)}, but its deadline is {full_time(deadline)}. Nothing was changed; "
                "please let it open before its deadline (rule H1)."
            )
        case facts.ChallengeOverError(name=name, ended=ended, closed=True):
            return f"{quoted(name)} was closed {full_time(ended)}; a closed challenge stays closed (rule H1)."
        case facts.ChallengeOverError(name=name, ended=ended):
            return (
                f"The deadline of {quoted(name)} has passed, {full_time(ended)}, so nothing can be entered or changed "
                "(rule H1). `/challenge list` shows what is open."
            )
        case facts.ChallengeNotOpenError(name=name, opens=opens):
            return f"{quoted(name)} opens {full_time(opens)} ({countdown(opens)}); enter your series then (rule H1)."
        case facts.InChallengeError(series_title=title, name=name, deadline=deadline):
            return (
                f"{quoted(title)} is in {quoted(name)} until {full_time(deadline)}, and a series is in one open "
                "challenge at a time (rule H1). You can enter another series, or wait until that one is over."
            )
        case _:
            raise NotImplementedError(type(error).__name__)
