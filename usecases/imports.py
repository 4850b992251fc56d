"""Older work comes in: read, dated by its author, confirmed by a moderator, posted without a flood (C13)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from whenever import Date, Instant

from rules.cadence import Lane, LaneKind
from rules.deliveries import Kind
from rules.images import Unshown
from rules.imports import PACE, original_moment
from rules.labels import Cure, Declaration, Reach
from rules.policy import Policy
from rules.verdict import Case, Verdict, evaluate
from storage import chapters, communities, decisions, deliveries, images, imports, manuscripts, matters, posts, series
from storage.chapters import Chapter, ChapterState
from storage.decisions import THE_BOT, DecisionKind
from storage.imports import Import, ImportState
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.cards import place_for
from usecases.drafts import DRAFTS_KEPT, Prepared, judged_by
from usecases.images import NewImage, keep
from usecases.import_refusals import (
    ImportAskedError,
    ImportDecidedError,
    ImportGoneError,
    ImportUnderWayError,
    ImpossibleDateError,
    OwnImportError,
    UndatedError,
)
from usecases.people import Person, community_of
from usecases.posts import correct, tell_of_import
from usecases.refusals import NotYoursError
from usecases.releases import Release, Schedule, plan_home
from usecases.series import own_series

_DATED_LINE = re.compile(r"\s*(?P<number>\d{1,3})[\s.:|)]+(?P<date>[0-9][^\s|]*)?")
_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderChapter:
    """One chapter of a file, read and looked at."""

    title: str
    date: Date | None
    prepared: Prepared
    images: tuple[NewImage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenImport:
    """What `/series import` was given."""

    person: Person
    series: Series
    declaration: Declaration
    chapters: tuple[OlderChapter, ...]
    """In the order of the file."""


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import with all that its author, a moderator or a reader of its announcement needs to know."""

    imported: Import
    listed: tuple[tuple[Chapter, Verdict], ...]
    """Its chapters by their original dates, those without first, and what is decided of each, or would be."""
    policy: Policy
    taken_by: int | None
    """The moderator who is on it."""
    first_message_id: int | None
    """Where the first of those begins that may be told of in the network, once it is out."""
    unshown: tuple[tuple[Chapter, tuple[Unshown, ...]], ...] = ()
    """The chapters whose files have images that readers will not see."""

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """All of them."""
        return tuple(chapter for chapter, _ in self.listed)

    @property
    def undated(self) -> tuple[Chapter, ...]:
        """Those of which nobody has said when they first came out."""
        return tuple(chapter for chapter in self.chapters if chapter.released_at is None)

    @property
    def announced(self) -> tuple[Chapter, ...]:
        """Those that are at home and may be told of in the network (the second law)."""
        return _announced(self.chapters)


def desk_for_import(tx: Transaction, person: Person, series_text: str) -> tuple[Series, Policy]:
    """Where older work would come in, and the policy it is judged by.

    Raises:
        NotSetUpError, NoSeriesError, UnknownSeriesError, AmbiguousTitleError: it is not clear where.
        ImportUnderWayError: one of this series is not finished.
    """
    policy = community_of(tx, person).policy
    found = own_series(tx, person, series_text)
    _check_free(tx, found.id, found.title)
    return found, policy


def open_import(tx: Transaction, request: OpenImport, *, now: Instant) -> int:
    """Keep an import as a preview; its id.

    Raises:
        UnacceptableImageError: a chapter has too many images, or they are too large.
    """
    person, policy = request.person, community_of(tx, request.person).policy
    new = Import(
        id=new_id(now),
        community_id=person.community_id,
        author_id=person.id,
        series_id=request.series.id,
        series_title=request.series.title,
        state=ImportState.DRAFT,
        chapters=len(request.chapters),
        drafted_at=now,
    )
    imports.add(tx, new)
    for older in request.chapters:
        draft = Chapter(
            id=new_id(now),
            community_id=person.community_id,
            author_id=person.id,
            series_id=request.series.id,
            series_title=request.series.title,
            thread_id=request.series.thread_id,
            title=older.title,
            state=ChapterState.DRAFT,
            declaration=request.declaration,
            labels=older.prepared.labels,
            words=older.prepared.words,
            policy_version=policy.version,
            wanted=None,
            handed_in_at=None,
            slot=None,
            released_at=original_moment(older.date, zone=policy.zone, now=now),
            reach=None,
            import_id=new.id,
        )
        chapters.add_draft(tx, draft, older.prepared.markdown, now=now)
        if older.prepared.unshown:
            manuscripts.set_unshown(tx, draft.id, older.prepared.unshown)
        keep(tx, draft.id, draft.community_id, older.images, now=now)
    return new.id


def view_import(tx: Transaction, import_id: int, *, now: Instant) -> ImportView:
    """An import as it now stands.

    Raises:
        ImportGoneError: there is no such import.
    """
    found = _known(tx, import_id)
    known = chapters.of_import(tx, import_id)
    unshown = manuscripts.unshown_of_import(tx, import_id)
    first = next(iter(_announced(known)), None)
    community = communities.find(tx, found.community_id)
    if community is None:
        raise ImportGoneError
    return ImportView(
        found,
        tuple((one, evaluate(_case(tx, one, now=now))) for one in known),
        community.policy,
        matters.taker(tx, import_id, now=now),
        posts.heading_message(tx, first.id) if first else None,
        tuple((one, unshown[one.id]) for one in known if one.id in unshown),
    )


def own_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> ImportView:
    """An import, for its author alone.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
    """
    view = view_import(tx, import_id, now=now)
    if (view.imported.community_id, view.imported.author_id) != (person.community_id, person.id):
        raise NotYoursError
    return view


def own_draft_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> ImportView:
    """An import that its author may still change.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
        ImportAskedError: a moderator is asked already.
    """
    view = own_import(tx, person, import_id, now=now)
    if view.imported.state is ImportState.CANCELLED:
        raise ImportGoneError
    if view.imported.state is not ImportState.DRAFT:
        raise ImportAskedError
    return view


def set_dates(tx: Transaction, person: Person, import_id: int, text: str, *, now: Instant) -> ImportView:
    """C13: mend the dates of an import in one go; all of them, or none.

    Args:
        tx: the transaction.
        person: who sends it.
        import_id: the import.
        text: a line for each chapter, which begins with its number in the file and its date; the rest of a line is
            for whoever reads it. A chapter that is not named, or named without a date, keeps its own.
        now: the present moment.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
        ImpossibleDateError: a line gives a date that cannot be.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    numbered = dict(enumerate(in_file_order(view), start=1))
    dates: dict[int, Instant] = {}
    for line in text.splitlines():
        found = _DATED_LINE.match(line)
        if found is None or not found["date"]:
            continue
        chapter = numbered.get(int(found["number"]))
        at = original_moment(_date(found["date"]), zone=view.policy.zone, now=now)
        if chapter is None or at is None:
            raise ImpossibleDateError(line.strip())
        dates[chapter.id] = at
    for chapter_id, at in dates.items():
        imports.set_date(tx, import_id, chapter_id, at)
    return view_import(tx, import_id, now=now)


def in_file_order(view: ImportView) -> list[Chapter]:
    """The chapters of an import as their file has them."""
    return sorted(view.chapters, key=lambda chapter: chapter.id)


def texts_to_cure(
    tx: Transaction, person: Person, import_id: int, *, now: Instant
) -> tuple[Policy, list[tuple[Chapter, Cure, str]]]:
    """L8: the chapters of an import whose disclosure one press puts where it counts, each with its text.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    failing = [
        (chapter, finding.cure)
        for chapter, verdict in view.listed
        for finding in verdict.label_findings
        if finding.cure in {Cure.ADD_LABEL, Cure.MOVE_UP}
    ]
    return view.policy, [(one, cure, manuscripts.text(tx, one.id) or "") for one, cure in failing]


def set_texts(
    tx: Transaction, person: Person, import_id: int, cured: Mapping[int, Prepared], *, now: Instant
) -> ImportView:
    """L8: give chapters of an import, by their ids, their mended texts.

    Raises:
        ImportGoneError, NotYoursError, ImportAskedError: it is not this person's to change, or not any more.
    """
    view = own_draft_import(tx, person, import_id, now=now)
    for chapter in view.chapters:
        if mended := cured.get(chapter.id):
            chapters.set_text(tx, chapter.id, mended.markdown, mended.labels, mended.words)
    return view_import(tx, import_id, now=now)


def ask_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> ImportView:
    """C13: hand an import to the moderators; they get a card. Pressed twice, it answers the same.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
        UndatedError: some chapters have no date.
        ImportUnderWayError: another one of this series is not finished.
    """
    view = own_import(tx, person, import_id, now=now)
    found = view.imported
    if found.state is ImportState.CANCELLED:
        raise ImportGoneError
    if found.state is not ImportState.DRAFT:
        return view
    if view.undated:
        raise UndatedError(tuple(one.title for one in view.undated))
    _check_free(tx, found.series_id, found.series_title)
    for chapter in view.chapters:
        _judge(tx, chapter, view.policy)
    imports.ask(tx, import_id, now=now)
    deliveries.plan(
        tx,
        Kind.REQUEST,
        community_id=found.community_id,
        target_id=community_of(tx, person).moderators_id,
        series_id=found.series_id,
        import_id=import_id,
        now=now,
    )
    _record(tx, DecisionKind.IMPORT_ASKED, found, by=person.id, policy=view.policy, now=now)
    return view_import(tx, import_id, now=now)


def cancel_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> Import:
    """Its author has thought better of it: what was read is forgotten.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
        ImportDecidedError: a moderator has decided already.
    """
    found = own_import(tx, person, import_id, now=now).imported
    if not imports.cancel(tx, import_id) and found.decided_by is not None:
        raise _decided(found, found.decided_by)
    imports.drop_chapters(tx, import_id)
    renew_import_cards(tx, import_id, now=now)
    return found


def check_confirmable(tx: Transaction, moderator: Person, import_id: int) -> Import:
    """Whether a moderator may decide about an import, still.

    Raises:
        ImportGoneError, ImportDecidedError, OwnImportError: why not.
    """
    found = _known(tx, import_id)
    if found.community_id != moderator.community_id:
        raise ImportGoneError
    if found.decided_by is not None:
        raise _decided(found, found.decided_by)
    if found.state is not ImportState.OPEN:
        raise ImportGoneError
    if found.author_id == moderator.id:
        raise OwnImportError
    return found


def confirm_import(tx: Transaction, moderator: Person, import_id: int, *, now: Instant) -> ImportView:
    """C13: let older work in: its chapters are posted one after another from now on, and its author hears (N5).

    Raises:
        ImportGoneError, ImportDecidedError, OwnImportError: why not.
    """
    found = check_confirmable(tx, moderator, import_id)
    return _decide(tx, moderator, found, ImportState.CONFIRMED, None, now=now)


def decline_import(tx: Transaction, moderator: Person, import_id: int, reason: str, *, now: Instant) -> ImportView:
    """C13: keep older work out, with words for its author (N5); what was read is forgotten.

    Raises:
        ImportGoneError, ImportDecidedError, OwnImportError: why not.
    """
    found = check_confirmable(tx, moderator, import_id)
    imports.drop_chapters(tx, import_id)
    return _decide(tx, moderator, found, ImportState.DECLINED, reason, now=now)


def ends_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether an import stands in its home as a whole, and when the next turn of any comes."""
    whole = any(turn.chapter_id is None for turn in imports.due(tx, now=now))
    return whole, imports.next_turn(tx, now=now)


def end_whole_imports(tx: Transaction, *, now: Instant) -> None:
    """C13: what stands in its home as a whole is done, and is told of once."""
    for turn in imports.due(tx, now=now):
        if turn.chapter_id is None and imports.finish(tx, turn.import_id):
            tell_of_import(tx, turn.import_id, now=now)


def import_schedule(tx: Transaction, *, now: Instant) -> Schedule:
    """C13: the older chapters whose turn has come, one an import, and when the next turn comes."""
    ready = tuple(turn.chapter_id for turn in imports.due(tx, now=now) if turn.chapter_id is not None)
    return Schedule(ready, imports.next_turn(tx, now=now))


def release_imported(tx: Transaction, request: Release, *, now: Instant) -> Verdict | None:
    """C13: an older chapter is out, with its original date; `None` if its turn is over or it has changed (R2)."""
    chapter = chapters.find(tx, request.chapter_id)
    if chapter is None or chapter.state is not ChapterState.DRAFT or chapter.import_id is None:
        return None
    if imports.Turn(chapter.import_id, chapter.id) not in imports.due(tx, now=now):
        return None
    if manuscripts.text(tx, chapter.id) != request.markdown:
        return None
    case = _case(tx, chapter, now=now)
    verdict = evaluate(case)
    imports.release(tx, chapter.id, reach=verdict.reach, now=now)
    imports.set_turn(tx, chapter.import_id, now + PACE)
    decisions.record(
        tx,
        DecisionKind.IMPORTED,
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        actor_id=THE_BOT,
        policy_version=chapter.policy_version,
        inputs=decisions.inputs_of(case),
        answer=decisions.answer_of(verdict),
        now=now,
    )
    plan_home(tx, chapter, request.pages, now=now)
    return verdict


def sweep_imports(tx: Transaction, *, now: Instant) -> int:
    """Forget the previews nobody came back to; how many."""
    return imports.drop_old(tx, before=now - DRAFTS_KEPT)


def renew_import_cards(tx: Transaction, import_id: int, *, now: Instant) -> None:
    """Let the moderators' card about an import say what now holds."""
    for card in posts.of_import(tx, import_id, Kind.REQUEST):
        correct(tx, card, now=now)


def _case(tx: Transaction, chapter: Chapter, *, now: Instant) -> Case:
    """C13: older work is in no lane, and out when it first came out; its reach is that of its labels."""
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    return Case(
        now=now,
        wanted=None,
        lane=Lane(LaneKind.CHAPTER),
        labels=chapter.labels,
        policy=policy,
        imported=chapter.released_at or now,
    )


def _judge(tx: Transaction, chapter: Chapter, policy: Policy) -> None:
    """L9: by the policy in force when it is handed in; looked at again if it was read under another."""
    judged = judged_by(tx, chapter, policy)
    if judged is chapter:
        return
    imports.judge(tx, chapter.id, policy_version=policy.version)
    chapters.set_text(tx, chapter.id, manuscripts.text(tx, chapter.id) or "", judged.labels, judged.words)
    for label in judged.labels.images:
        images.set_label(tx, chapter.id, label)


def _decide(
    tx: Transaction, moderator: Person, found: Import, state: ImportState, answer: str | None, *, now: Instant
) -> ImportView:
    confirmed = state is ImportState.CONFIRMED
    imports.decide(tx, found.id, state, by=moderator.id, answer=answer, next_at=now if confirmed else None, now=now)
    community = community_of(tx, moderator)
    place = place_for(tx, community, series.find(tx, found.series_id))
    deliveries.plan(
        tx,
        Kind.ANSWER,
        community_id=found.community_id,
        target_id=place.target_id,
        series_id=found.series_id,
        after_id=place.after_id,
        import_id=found.id,
        now=now,
    )
    renew_import_cards(tx, found.id, now=now)
    kind = DecisionKind.IMPORT_CONFIRMED if confirmed else DecisionKind.IMPORT_DECLINED
    decided = replace(found, answer=answer)
    _record(tx, kind, decided, by=moderator.id, policy=community.policy, now=now)
    return view_import(tx, found.id, now=now)


def _record(tx: Transaction, kind: DecisionKind, found: Import, *, by: int, policy: Policy, now: Instant) -> None:
    """N5: it stands in the log, of the series it concerns."""
    facts = {"series": found.series_id, "import": found.id, "chapters": found.chapters, "reason": found.answer or ""}
    decisions.record(
        tx,
        kind,
        community_id=found.community_id,
        chapter_id=None,
        actor_id=by,
        policy_version=policy.version,
        inputs=json.dumps(facts, ensure_ascii=False),
        now=now,
    )


def _decided(found: Import, decided_by: int) -> ImportDecidedError:
    return ImportDecidedError(decided_by, confirmed=found.state is not ImportState.DECLINED)


def _check_free(tx: Transaction, series_id: int, series_title: str) -> None:
    if imports.under_way(tx, series_id) is not None:
        raise ImportUnderWayError(series_title)


def told_of(tx: Transaction, import_id: int) -> tuple[Chapter, ...]:
    """C13: the older chapters of an import that its announcement tells of, by their original dates."""
    return _announced(chapters.of_import(tx, import_id))


def _known(tx: Transaction, import_id: int) -> Import:
    found = imports.find(tx, import_id)
    if found is None:
        raise ImportGoneError
    return found


def _announced(known: tuple[Chapter, ...] | list[Chapter]) -> tuple[Chapter, ...]:
    return tuple(one for one in known if one.state is ChapterState.RELEASED and one.reach is Reach.NETWORK)


def _date(text: str) -> Date | None:
    found = _DATE.fullmatch(text.rstrip(".,:"))
    try:
        return Date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
