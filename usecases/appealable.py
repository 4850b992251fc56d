"""What can be appealed against: a set label, a declined request, a declined import; one's own, once, in time (L12)."""

from dataclasses import dataclass

from whenever import Instant

from storage import appeals, exceptions, imports, rulings
from storage.chapters import Chapter, ChapterState
from storage.exceptions import Request, RequestState
from storage.imports import Import, ImportState
from storage.rulings import Ruling, RulingState
from storage.transaction import Transaction
from usecases.chapters import own_chapter
from usecases.import_refusals import AppealTooLateError, OtherImportError
from usecases.people import Person, check_own, known_chapter, pick
from usecases.refusals import UnknownChapterError
from usecases.review_refusals import AppealedAlreadyError, MatterGoneError, NothingToAppealError


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose work an appeal is about: a chapter, or the older chapters of an import."""

    chapter: Chapter | None
    imported: Import | None

    @property
    def work(self) -> Chapter | Import:
        """The one of both that there is."""
        found = self.chapter or self.imported
        if found is None:
            raise LookupError("an appeal about nothing")
        return found

    @property
    def title(self) -> str:
        """Of the chapter, else of the series that the older chapters belong to."""
        return self.chapter.title if self.chapter else self.work.series_title

    @property
    def gone(self) -> bool:
        """Its author has taken it back."""
        return (self.chapter is not None and self.chapter.state is ChapterState.WITHDRAWN) or (
            self.imported is not None and self.imported.state is ImportState.CANCELLED
        )


def find_appealable(tx: Transaction, person: Person, text: str, *, now: Instant) -> int:
    """What `/appeal` is against: of one's own chapter, the newest ruling or refusal that was not appealed yet.

    The text may mean a declined import as well: by its id, or by its series' title where no chapter fits.

    Raises:
        UnknownChapterError, AmbiguousTitleError: it is not clear what is meant.
        AppealedAlreadyError, NothingToAppealError: there is nothing to appeal.
    """
    older = suggest_imports(tx, person, "", now=now)
    if text.strip() in {str(one.id) for one in older}:
        return int(text)
    try:
        chapter = own_chapter(tx, person, text)
    except UnknownChapterError:
        meant = pick(text, older, key=lambda one: one.id, names=lambda one: (one.series_title,))
        if meant is None:
            raise
        return meant.id
    ruling, declined = rulings.standing(tx, chapter.id), exceptions.latest_declined(tx, chapter.id)
    acts = sorted((act.id for act in (ruling, declined) if act is not None), reverse=True)
    for act_id in acts:
        if appeals.against(tx, act_id) is None:
            return act_id
    if acts:
        raise AppealedAlreadyError(chapter.title)
    raise NothingToAppealError(chapter.title)


def suggest_imports(tx: Transaction, person: Person, typed: str, *, now: Instant) -> list[Import]:
    """An author's declined imports that can be appealed against, and whose series' title holds what was typed."""
    mine = imports.appealable(tx, person.community_id, person.id, now=now)
    return [one for one in mine if typed.strip().casefold() in one.series_title.casefold()]


def check_appealable(tx: Transaction, person: Person, act_id: int, *, now: Instant) -> Subject:
    """Whether somebody may appeal against an act: it is about their work, it stands, in time, and only once.

    Raises:
        NotYoursError, NothingToAppealError, AppealedAlreadyError, MatterGoneError: why not.
        AppealTooLateError: an import was declined so long ago that its chapters are forgotten.
        OtherImportError: other older chapters of the series are on their way in.
    """
    act = act_of(tx, act_id)
    subject = subject_of(tx, act)
    check_own(person, subject.work)
    if appeals.against(tx, act_id) is not None:
        raise AppealedAlreadyError(subject.title)
    if act.state not in {RulingState.STANDING, RequestState.DECLINED, ImportState.DECLINED} or subject.gone:
        raise NothingToAppealError(subject.title)
    if isinstance(act, Import):
        _check_kept(tx, act, now=now)
    return subject


def act_of(tx: Transaction, act_id: int) -> Ruling | Request | Import:
    """The act that has this id.

    Raises:
        MatterGoneError: there is none.
    """
    act = rulings.find(tx, act_id) or exceptions.find_request(tx, act_id) or imports.find(tx, act_id)
    if act is None:
        raise MatterGoneError
    return act


def subject_of(tx: Transaction, act: Ruling | Request | Import) -> Subject:
    """What an act is about."""
    if isinstance(act, Import):
        return Subject(None, act)
    return Subject(known_chapter(tx, act.chapter_id), None)


def _check_kept(tx: Transaction, declined: Import, *, now: Instant) -> None:
    """C13: its chapters must still be there, and the series' way in free for them."""
    if declined.kept_until is None or declined.kept_until <= now:
        raise AppealTooLateError(declined.series_title)
    if imports.under_way(tx, declined.series_id) is not None:
        raise OtherImportError(declined.series_title, declined.kept_until)
