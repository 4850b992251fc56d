"""A moderator lets older work in, or keeps it out with words (C13, N5)."""

from dataclasses import replace

from whenever import Instant

from rules.appeals import appeal_until
from rules.deliveries import Kind
from storage import deliveries, imports, series
from storage.decisions import DecisionKind
from storage.imports import Import, ImportState
from storage.transaction import Transaction
from usecases.cards import place_for
from usecases.import_refusals import ImportGoneError, OwnImportError
from usecases.imports import (
    ImportView,
    decided_already,
    known_import,
    record_import,
    renew_import_cards,
    view_import,
)
from usecases.people import Person, community_of


def check_confirmable(tx: Transaction, moderator: Person, import_id: int, *, now: Instant) -> Import:
    """Whether a moderator may decide about an import, still.

    Raises:
        ImportGoneError, ImportDecidedError, OwnImportError: why not.
    """
    found = known_import(tx, import_id)
    if found.community_id != moderator.community_id:
        raise ImportGoneError
    if found.decided_by is not None:
        raise decided_already(view_import(tx, import_id, now=now))
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
    found = check_confirmable(tx, moderator, import_id, now=now)
    return _decide(tx, moderator, found, ImportState.CONFIRMED, None, now=now)


def decline_import(tx: Transaction, moderator: Person, import_id: int, reason: str, *, now: Instant) -> ImportView:
    """C13: keep older work out, with words for its author (N5); what was read is kept as long as that can be appealed.

    Raises:
        ImportGoneError, ImportDecidedError, OwnImportError: why not.
    """
    found = check_confirmable(tx, moderator, import_id, now=now)
    return _decide(tx, moderator, found, ImportState.DECLINED, reason, now=now)


def let_declined_in(tx: Transaction, moderator: Person, found: Import, answer: str, *, now: Instant) -> None:
    """L12: an appeal was won: what was declined comes in as if it had been confirmed."""
    imports.overturn(tx, found.id, next_at=now)
    policy = community_of(tx, moderator).policy
    won = replace(found, answer=answer)
    record_import(tx, DecisionKind.IMPORT_CONFIRMED, won, by=moderator.id, policy=policy, now=now)


def forget_declined(tx: Transaction, found: Import) -> None:
    """L12: an appeal was not won, which settles it: what was read is forgotten."""
    imports.drop_chapters(tx, found.id)


def _decide(
    tx: Transaction, moderator: Person, found: Import, state: ImportState, answer: str | None, *, now: Instant
) -> ImportView:
    confirmed, community = state is ImportState.CONFIRMED, community_of(tx, moderator)
    imports.decide(
        tx,
        found.id,
        state,
        by=moderator.id,
        answer=answer,
        next_at=now if confirmed else None,
        kept_until=None if confirmed else appeal_until(now, community.policy),
        now=now,
    )
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
    renew_import_cards(tx, found.id, found.id, now=now)
    kind = DecisionKind.IMPORT_CONFIRMED if confirmed else DecisionKind.IMPORT_DECLINED
    decided = replace(found, answer=answer)
    record_import(tx, kind, decided, by=moderator.id, policy=community.policy, now=now)
    return view_import(tx, found.id, now=now)
