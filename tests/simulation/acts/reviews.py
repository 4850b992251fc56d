"""Questions about labels, set labels and appeals, through everything that befalls the bot (L11, L12).

An act of a moderator on one author's work is that author's act in the history, so that it goes where they go.
Labels are set while a chapter waits, so that its release shows what holds; appeals end before or after it.
"""

from dataclasses import dataclass, replace
from functools import partial

from rules.labels import Ai
from rules.rulings import RulingReason
from tests.simulation.acts.exceptions import OTHER_MODERATOR
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import DAY, HOUR, MINUTE
from tests.simulation.lawbook import Law
from tests.simulation.model import Chapter, State
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR
from usecases import appeals, chapters, questions, rulings
from usecases.people import Person
from usecases.review_refusals import (
    AppealOpenError,
    AskedBeforeError,
    MatterGoneError,
    NothingToAppealError,
    OwnDecisionError,
    QuestionClosedError,
    RulingObstacleError,
)

_TIME = 72 * HOUR
"""L11: how long an author has to answer."""


@dataclass(slots=True, eq=False)
class _Doubt:
    """One question, as far as people have come with it."""

    number: int
    chapter: Chapter
    asked_at: int
    answered: bool = False
    closed: bool = False


@act(Role.AUTHOR, a_year=2)
def is_asked_about_a_label(doer: Doer) -> str:
    """`/review ask`; the author answers soon, late or never, and a moderator decides days later, or never."""
    world, community = doer.world, community_of(doer)
    known = [chapter for one in community.of_author(doer.number) for chapter in one.chapters]
    there = [chapter for chapter in known if chapter.state in {State.WAITING, State.RELEASED}]
    if not there:
        raise NotYetError(Event("handed in", doer.number))
    chapter = doer.rng.choice(there[-6:])
    answers, decides = doer.rng.choice((HOUR, DAY, 3 * DAY, 6 * DAY, None)), doer.rng.choice((5 * DAY, 9 * DAY, None))
    moderator, bot = Person(community.id, MODERATOR), world.bot()
    try:
        view = bot.write(questions.ask_about_label, moderator, str(chapter.id), "Who wrote it?", now=world.instant())
    except AskedBeforeError:
        return "a question is open already"
    doubt = _Doubt(view.question.id, chapter, world.now)
    bot.wake()
    if answers is not None:
        world.later(world.now + answers, f"author {doer.number}", partial(_answer, doer, doubt))
    if decides is not None:
        world.later(world.now + decides, "moderator", partial(_decide, doer, doubt))
    return f"about {chapter.key!r}"


def _answer(doer: Doer, doubt: _Doubt) -> str:
    world, person = doer.world, person_of(doer, doubt.chapter.series.community)
    gone, bot = doubt.chapter.state is State.WITHDRAWN, world.bot()
    try:
        bot.write(questions.answer_question, person, doubt.number, "I did.", None, now=world.instant())
    except (MatterGoneError, QuestionClosedError) as refusal:
        return _refused(doer, refusal, may=not gone and not doubt.closed)
    doubt.answered = True
    bot.wake()
    return "answers"


def _decide(doer: Doer, doubt: _Doubt) -> str:
    """Leave it as it is, or set it while it waits; nobody does before the author has answered or had the time."""
    world, chapter = doer.world, doubt.chapter
    community, bot = chapter.series.community, world.bot()
    moderator, gone = Person(community.id, MODERATOR), chapter.state is State.WITHDRAWN
    if chapter.state is State.WAITING and doer.rng.random() < 0.8:
        return _set_label(doer, doubt)
    try:
        bot.write(questions.leave_label, moderator, doubt.number, now=world.instant())
    except MatterGoneError as refusal:
        return _refused(doer, refusal, may=not gone)
    doubt.closed = True
    community.answers["question", doubt.number] += 1
    bot.wake()
    return "leaves it as it is"


def _set_label(doer: Doer, doubt: _Doubt) -> str:
    world, chapter = doer.world, doubt.chapter
    community, before, bot = chapter.series.community, chapter.label, world.bot()
    ai = doer.labels.choice([ai for ai in Ai if ai != before.ai])
    request = rulings.SetLabel(
        moderator=Person(community.id, MODERATOR),
        chapter=str(chapter.id),
        ai=ai,
        reason=RulingReason.LEFTOVER_PROMPT,
        note=None,
    )
    had_time = doubt.answered or world.now >= doubt.asked_at + _TIME
    try:
        view = bot.write(rulings.set_label, request, now=world.instant())
    except RulingObstacleError as refusal:  # a question that came late, or a late reminder, gives more time
        world.later(world.now + 4 * DAY, "moderator", partial(_decide, doer, doubt))
        return _refused(doer, refusal, may=doubt.answered)
    except AppealOpenError as refusal:  # another moderator has to answer that first
        return _refused(doer, refusal, may=not chapter.appealed)
    world.judge(Law.DECIDED, "a label was set before its author had their time", right=had_time, author=doer.number)
    doubt.closed = True
    community.answers["ruling", view.ruling.id] += 1
    chapter.label, chapter.ruled = replace(before, ai=ai.value), True
    _same_reach(doer, chapter)
    bot.wake()
    appeals_after = doer.rng.choice((MINUTE, DAY, 20 * DAY, None))
    if appeals_after is not None:
        do = partial(_appeal, doer, chapter, view.ruling.id, before.ai)
        world.later(world.now + appeals_after, f"author {doer.number}", do)
    return f"sets it from {before.ai} to {ai}"


def _appeal(doer: Doer, chapter: Chapter, ruling: int, before: str) -> str:
    world, person, bot = doer.world, person_of(doer, chapter.series.community), doer.world.bot()
    try:
        view = bot.write(appeals.appeal, person, ruling, "It is a letter in the story.", now=world.instant())
    except NothingToAppealError as refusal:
        return _refused(doer, refusal, may=chapter.state is not State.WITHDRAWN)
    chapter.appealed = True
    bot.wake()
    later = doer.rng.choice((HOUR, 3 * DAY, 12 * DAY, None))
    if later is not None:
        do = partial(_answer_appeal, doer, chapter, view.appeal.id, before)
        world.later(world.now + later, "moderator", do)
    return f"appeals about {chapter.key!r}"


def _answer_appeal(doer: Doer, chapter: Chapter, appeal: int, before: str) -> str:
    """L12: never who has set it; won, everything is as if it had never been set."""
    world, community, bot = doer.world, chapter.series.community, doer.world.bot()
    granted, now = doer.rng.random() < 0.7, world.instant()
    judge, other = Person(community.id, MODERATOR), Person(community.id, OTHER_MODERATOR)
    try:
        bot.write(appeals.answer_appeal, judge, appeal, "No.", granted=granted, now=now)
        world.judge(Law.DECIDED, "who has decided answers the appeal", right=False, author=doer.number)
    except OwnDecisionError:
        pass
    except MatterGoneError as refusal:
        return _refused(doer, refusal, may=chapter.state is not State.WITHDRAWN)
    bot.write(appeals.answer_appeal, other, appeal, "I have read it.", granted=granted, now=now)
    community.answers["appeal", appeal] += 1
    chapter.appealed = False
    if granted:
        chapter.ruled = False
        if chapter.state is State.RELEASED:
            chapter.repair(before, cured=False, now=world.now, excused=True)
        else:
            chapter.label = replace(chapter.label, ai=before)
        _same_reach(doer, chapter)
    bot.wake()
    return "granted" if granted else "kept"


def _same_reach(doer: Doer, chapter: Chapter) -> None:
    """L9, L10: how far it travels is what its label now says."""
    person = person_of(doer, chapter.series.community)
    doer.world.laws.reach(chapter, doer.world.bot().read(chapters.why, person, str(chapter.id)).verdict)


def _refused(doer: Doer, refusal: Exception, *, may: bool) -> str:
    return doer.world.judge(Law.DECIDED, f"refused ({type(refusal).__name__})", right=not may, author=doer.number)
