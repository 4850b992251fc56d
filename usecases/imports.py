"""Older work on its way in: read, shown to its author, put before a moderator (C13)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from whenever import Date, Instant

from rules.cadence import Lane, LaneKind
from rules.deliveries import Kind
from rules.images import Unshown
from rules.imports import original_moment
from rules.labels import Declaration, Reach
from rules.policy import Policy
from rules.verdict import Case, Verdict, evaluate
from storage import appeals, chapters, communities, decisions, deliveries, images, imports, manuscripts, matters, posts
from storage.appeals import Appeal, AppealState
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.imports import Import, ImportState
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.drafts import DRAFTS_KEPT, Prepared, judged_by
from usecases.images import NewImage, keep
from usecases.import_refusals import (
    ImportAskedError,
    ImportDecidedError,
    ImportGoneError,
    ImportUnderWayError,
    UndatedError,
)
from usecases.people import Person, check_own, community_of
from usecases.posts import correct
from usecases.series import own_series


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
    appeal: Appeal | None
    """The appeal against its having been declined (L12)."""
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
        return travelling(self.chapters)


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
    found = known_import(tx, import_id)
    known = chapters.of_import(tx, import_id)
    unshown = manuscripts.unshown_of_import(tx, import_id)
    first = next(iter(travelling(known)), None)
    community = communities.find(tx, found.community_id)
    if community is None:
        raise ImportGoneError
    return ImportView(
        found,
        tuple((one, evaluate(older_case(tx, one, now=now))) for one in known),
        community.policy,
        matters.taker(tx, import_id, now=now),
        posts.heading_message(tx, first.id) if first else None,
        appeals.against(tx, import_id),
        tuple((one, unshown[one.id]) for one in known if one.id in unshown),
    )


def own_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> ImportView:
    """An import, for its author alone.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
    """
    view = view_import(tx, import_id, now=now)
    check_own(person, view.imported)
    return view


def own_draft_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> ImportView:
    """An import that its author may still change.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
        ImportAskedError: a moderator is asked already.
    """
    view = own_import(tx, person, import_id, now=now)
    check_changeable(view.imported)
    return view


def check_changeable(found: Import) -> None:
    """Whether an import is still a preview, so that its author may change it.

    Raises:
        ImportGoneError, ImportAskedError: it is cancelled; a moderator is asked already.
    """
    if found.state is ImportState.CANCELLED:
        raise ImportGoneError
    if found.state is not ImportState.DRAFT:
        raise ImportAskedError


def in_file_order(view: ImportView) -> list[Chapter]:
    """The chapters of an import as their file has them."""
    return sorted(view.chapters, key=lambda chapter: chapter.id)


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
    record_import(tx, DecisionKind.IMPORT_ASKED, found, by=person.id, policy=view.policy, now=now)
    return view_import(tx, import_id, now=now)


def cancel_import(tx: Transaction, person: Person, import_id: int, *, now: Instant) -> Import:
    """Its author has thought better of it: what was read is forgotten, and an open appeal is about nothing more.

    Raises:
        ImportGoneError, NotYoursError: there is no such import of this person.
        ImportDecidedError: a moderator has decided already.
    """
    view = own_import(tx, person, import_id, now=now)
    found = view.imported
    if not imports.cancel(tx, import_id) and found.state is not ImportState.CANCELLED:
        raise decided_already(view)
    imports.drop_chapters(tx, import_id)
    for matter_id in (import_id, *([view.appeal.id] if view.appeal else [])):
        renew_import_cards(tx, import_id, matter_id, now=now)
    return found


def sweep_imports(tx: Transaction, *, now: Instant) -> int:
    """Forget the previews nobody came back to, and what was declined and not appealed in time (L12); how many."""
    return imports.drop_old(tx, before=now - DRAFTS_KEPT) + imports.drop_kept(tx, now=now)


def renew_import_cards(tx: Transaction, import_id: int, matter_id: int, *, now: Instant) -> None:
    """Let the cards about an import, or those about the appeal against it, say what now holds."""
    for kind in (Kind.REQUEST, Kind.ANSWER):
        for card in posts.of_import(tx, import_id, kind):
            if (card.appeal_id or import_id) == matter_id:
                correct(tx, card, now=now)


def older_case(tx: Transaction, chapter: Chapter, *, now: Instant) -> Case:
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


def record_import(tx: Transaction, kind: DecisionKind, found: Import, *, by: int, policy: Policy, now: Instant) -> None:
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


def decided_already(view: ImportView) -> ImportDecidedError:
    """What who presses second is told: who has decided, on appeal if there was one."""
    won = view.appeal is not None and view.appeal.state is AppealState.GRANTED
    decided_by = view.appeal.decided_by if won and view.appeal else view.imported.decided_by
    return ImportDecidedError(decided_by or 0, confirmed=view.imported.state is not ImportState.DECLINED)


def _check_free(tx: Transaction, series_id: int, series_title: str) -> None:
    if imports.under_way(tx, series_id) is not None:
        raise ImportUnderWayError(series_title)


def known_import(tx: Transaction, import_id: int) -> Import:
    """An import that must be there.

    Raises:
        ImportGoneError: it is not.
    """
    found = imports.find(tx, import_id)
    if found is None:
        raise ImportGoneError
    return found


def travelling(known: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """Those that are at home and may be told of in the network (the second law)."""
    return tuple(one for one in known if one.state is ChapterState.RELEASED and one.reach is Reach.NETWORK)
