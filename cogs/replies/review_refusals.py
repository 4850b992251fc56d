"""What a person reads when a question, a set label or an appeal cannot be dealt with as they wanted (L11, L12)."""

from whenever import Instant

from cogs.replies.cards import countdown, full_time, quoted
from cogs.replies.verdicts import LABEL_LINES
from rules.doubts import DOUBTS_A_WEEK
from rules.rulings import Obstacle
from usecases import review_refusals as facts
from usecases.review_refusals import ReviewRefusalError


def sentence(error: ReviewRefusalError) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a refusal, flat and complete
    """The words for a refusal."""
    match error:
        case facts.MatterGoneError():
            return "Somebody has seen to this already; it waits no more. `/review queue` shows what does."
        case facts.TakenError(taken_by=taken_by):
            return (
                f"<@{taken_by}> is on it, until they put it back or some hours have passed. "
                "You can decide it all the same; then your decision counts, and it says so."
            )
        case facts.UnknownTitleError(text=text):
            return f"I know no chapter {quoted(text)} here that waits or is out. Pick one from the suggestions."
        case facts.OwnChapterError():
            return "Nobody judges their own chapter; please leave this one to another moderator (rules L11, L12)."
        case facts.DoubtedAlreadyError(title=title):
            return (
                f"The moderators have your word about {quoted(title)} already. "
                "**Why am I seeing this?** under it shows what came of it."
            )
        case facts.EnoughDoubtsError(again=again):
            return (
                f"You can doubt {DOUBTS_A_WEEK} labels a week, so that volunteers can read each one with care. "
                f"You can say more {countdown(again)}."
            )
        case facts.AskedBeforeError(title=title, asked_by=asked_by):
            return (
                f"<@{asked_by}> has asked about {quoted(title)} already, and that question is open. "
                "`/review queue` shows it."
            )
        case facts.AnsweredAlreadyError(title=title):
            return (
                f"Your answer about {quoted(title)} is with the moderators already. One of them decides now, "
                "and you will hear either way."
            )
        case facts.QuestionClosedError(closed_by=closed_by):
            return f"<@{closed_by}> has decided about this question already. Thank you all the same."
        case facts.SaysSoAlreadyError(title=title, ai=ai):
            return f"The label of {quoted(title)} says “{LABEL_LINES[ai]}” already. Nothing was changed."
        case facts.RulingObstacleError(obstacle=obstacle, title=title, due=due):
            return _obstacle(obstacle, title, due)
        case facts.ReadAlreadyError(title=title):
            return (
                f"You have read {quoted(title)} so already; it takes a second moderator. "
                "`/review queue` shows them what waits (rule L11)."
            )
        case facts.OwnReadingError():
            return "You are the first of the two; another moderator has to read it too (rule L11)."
        case facts.RulingSettledError(settled_by=settled_by, set_so=set_so):
            how = (
                "has read it so too, and the label is set" if set_so else "reads it otherwise, and nothing was changed"
            )
            return f"<@{settled_by}> {how}. Thank you all the same."
        case facts.RuledError(title=title):
            return (
                f"A moderator has set the label of {quoted(title)}, so for now it is not yours to change. "
                "Nothing was changed. `/appeal` asks another moderator to look at it, once (rule L12); "
                "the sentence that tells readers you can change as before."
            )
        case facts.AppealOpenError(title=title):
            return f"An appeal about {quoted(title)} is open. Another moderator answers that first (rule L12)."
        case facts.AppealedAlreadyError(title=title):
            return (
                f"You have appealed about {quoted(title)} already, and each decision can be appealed once (rule L12). "
                "`/why` shows what holds now."
            )
        case facts.NothingToAppealError(title=title):
            return (
                f"There is nothing to appeal about {quoted(title)}: no moderator has set its label or declined "
                "what you asked, or that stands no more (rule L12)."
            )
        case facts.AppealDecidedError(decided_by=decided_by, granted=True):
            return f"<@{decided_by}> has granted this appeal already. Thank you all the same."
        case facts.AppealDecidedError(decided_by=decided_by):
            return f"<@{decided_by}> has answered this appeal already; it stays as decided. Thank you all the same."
        case facts.OwnDecisionError():
            return "An appeal is answered by another moderator than the one who has decided (rule L12)."
        case _:
            raise NotImplementedError(type(error).__name__)


def _obstacle(obstacle: Obstacle, title: str, due: Instant | None) -> str:
    match obstacle:
        case Obstacle.NOT_ASKED:
            return (
                f"The author of {quoted(title)} has not been asked, or the question was settled in their favour. "
                "Please ask first with `/review ask`; nothing was changed (rule L11)."
            )
        case Obstacle.TIME_LEFT:
            until = f"until {full_time(due)} ({countdown(due)})" if due else "as soon as the question is posted"
            return f"The author of {quoted(title)} still has time to answer, {until}. Nothing was changed (rule L11)."
        case Obstacle.SAID_WHERE:
            return (
                f"The author of {quoted(title)} has not said so in an answer. If they said so somewhere else, please "
                "say in `note` where; nothing was changed (rule L11)."
            )
