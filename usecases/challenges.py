"""Challenges: opening one, moving its deadline, ending it, entering a series (H1, H4, H7)."""

from collections import Counter
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules.challenges import Challenge, counts_as_entered
from storage import challenges, decisions, series
from storage.challenges import ChallengeState, CommunityChallenge, Move
from storage.decisions import DecisionKind
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.challenge_refusals import (
    ChallengeGoneError,
    ChallengeNameTakenError,
    ChallengeNotOpenError,
    ChallengeOverError,
    DeadlinePastError,
    InChallengeError,
    OpensTooLateError,
    UnknownChallengeError,
)
from usecases.deadlines import Deadline
from usecases.people import Person, community_of, pick
from usecases.series import own_series
from usecases.turns import Change, Standing, outlook, replan, standing, tell

DRAFTS_KEPT = TimeDelta(hours=24)
"""How long the buttons of a preview work."""
LATELY = TimeDelta(hours=24 * 60)
ENDED_SHOWN = 3
"""Of the challenges that ended lately, so many are listed."""
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeChallenge:
    """What `/challenge open` was given."""

    moderator: Person
    name: str
    deadline: Deadline
    opens: Instant | None = None
    window_days: int | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class MovePreview:
    """H7: what another deadline would do."""

    move: Move
    challenge: CommunityChallenge
    """As it would be."""
    before: Instant
    standings: tuple[Standing, ...]
    """Where each entered series would stand."""


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """H7: what another deadline has done; each author hears of it."""

    challenge: CommunityChallenge
    series: int
    chapters: int
    """How many of them come sooner now."""


@dataclass(frozen=True, slots=True)
class ListedChallenge:
    """A challenge as everybody sees it."""

    challenge: CommunityChallenge
    entrants: tuple[tuple[int, int], ...]
    """Who takes part, each with how many series; the most first."""
    chapters: int
    """How many chapters are part of it (H6)."""
    mine: tuple[str, ...]
    """The titles of one's own series in it."""

    @property
    def series(self) -> int:
        """How many series are entered."""
        return sum(number for _, number in self.entrants)


def propose_challenge(tx: Transaction, request: ProposeChallenge, *, now: Instant) -> CommunityChallenge:
    """H1: keep what a preview shows, so that it can be confirmed once, also after a restart.

    Raises:
        NotSetUpError: the community is not set up.
        DeadlinePastError, OpensTooLateError, ChallengeNameTakenError: it could not be opened so.
    """
    community = community_of(tx, request.moderator)
    challenges.drop_old_drafts(tx, before=now - DRAFTS_KEPT)
    days = community.policy.challenge_days if request.window_days is None else request.window_days
    draft = CommunityChallenge(
        terms=Challenge(
            id=new_id(now),
            name=" ".join(request.name.split()),
            opens=now if request.opens is None else request.opens,
            deadline=request.deadline.at,
            zone=request.deadline.zone,
            window_days=days,
        ),
        community_id=community.id,
        about=request.about,
        state=ChallengeState.DRAFT,
        made_by=request.moderator.id,
    )
    _check_terms(tx, draft, now=now)
    challenges.add_draft(tx, draft, now=now)
    return draft


def open_challenge(tx: Transaction, moderator: Person, draft_id: int, *, now: Instant) -> CommunityChallenge:
    """H1: open what the preview showed. Pressed twice, it answers the same.

    Raises:
        ChallengeGoneError: there is no such draft any more.
        DeadlinePastError, ChallengeNameTakenError: it cannot be opened any more.
    """
    draft = _found(tx, moderator, draft_id)
    if draft.state is not ChallengeState.DRAFT:
        return draft
    _check_terms(tx, draft, now=now)
    challenges.open_draft(tx, draft, now=now)
    _record(tx, DecisionKind.CHALLENGE_OPENED, draft, moderator, now=now)
    return replace(draft, state=ChallengeState.OPEN)


def cancel_challenge(tx: Transaction, moderator: Person, draft_id: int) -> CommunityChallenge:
    """Forget a draft.

    Raises:
        ChallengeGoneError: there is no such draft any more.
    """
    draft = _found(tx, moderator, draft_id)
    if not challenges.drop_draft(tx, draft_id):
        raise ChallengeGoneError
    return draft


def propose_move(
    tx: Transaction, moderator: Person, challenge_text: str, deadline: Deadline, *, now: Instant
) -> MovePreview:
    """H7: what another deadline would do, kept to be confirmed once.

    Raises:
        UnknownChallengeError, AmbiguousTitleError, ChallengeOverError: it is not clear which challenge is meant.
        DeadlinePastError, OpensTooLateError: the deadline cannot be that.
    """
    challenge = running_challenge(tx, moderator, challenge_text, now=now)
    challenges.drop_old_drafts(tx, before=now - DRAFTS_KEPT)
    move = Move(
        id=new_id(now),
        challenge_id=challenge.terms.id,
        deadline=deadline.at,
        zone=deadline.zone,
        made_by=moderator.id,
    )
    after = _after(challenge, move)
    _check_deadline(after.terms, now=now)
    challenges.add_move(tx, move, now=now)
    entered = challenges.entered(tx, challenge.terms.id)
    standings = tuple(outlook(tx, one, after, now=now) for one in entered)
    return MovePreview(move, after, challenge.terms.deadline, standings)


def move_deadline(tx: Transaction, moderator: Person, move_id: int, *, now: Instant) -> MovedDeadline:
    """H7, C9: give a challenge the other deadline and plan what waits anew: earlier, or not at all.

    Raises:
        ChallengeGoneError: this move was confirmed, cancelled or forgotten.
        ChallengeOverError, DeadlinePastError: it is too late for it.
    """
    move = challenges.find_move(tx, move_id)
    challenge = None if move is None else challenges.find(tx, move.challenge_id)
    if move is None or challenge is None or challenge.community_id != moderator.community_id:
        raise ChallengeGoneError
    _check_running(challenge, now=now)
    after = _after(challenge, move)
    _check_deadline(after.terms, now=now)
    challenges.confirm_move(tx, move, after.terms, now=now)
    _record(tx, DecisionKind.CHALLENGE_MOVED, after, moderator, now=now)
    entered = challenges.entered(tx, challenge.terms.id)
    moved = [replan(tx, one, by=moderator.id, now=now) for one in entered]
    for one in entered:
        tell(tx, one, after, Change.MOVED, now=now)
    return MovedDeadline(after, len(entered), sum(len(chapters) for chapters in moved))


def cancel_move(tx: Transaction, moderator: Person, move_id: int) -> CommunityChallenge:
    """Forget another deadline; the challenge as it stays.

    Raises:
        ChallengeGoneError: this move was confirmed, cancelled or forgotten.
    """
    move = challenges.find_move(tx, move_id)
    challenge = None if move is None else challenges.find(tx, move.challenge_id)
    if move is None or challenge is None or challenge.community_id != moderator.community_id:
        raise ChallengeGoneError
    challenges.drop_move(tx, move_id)
    return challenge


def close_challenge(tx: Transaction, moderator: Person, challenge_text: str, *, now: Instant) -> ListedChallenge:
    """End a challenge before its deadline; what was promised stands (C9), and each author hears of it.

    Raises:
        UnknownChallengeError, AmbiguousTitleError, ChallengeOverError: there is nothing to close.
    """
    challenge = running_challenge(tx, moderator, challenge_text, now=now)
    challenges.close(tx, challenge.terms.id, by=moderator.id, now=now)
    closed = replace(challenge, state=ChallengeState.CLOSED, closed_by=moderator.id, closed_at=now)
    _record(tx, DecisionKind.CHALLENGE_CLOSED, closed, moderator, now=now)
    for one in challenges.entered(tx, challenge.terms.id):
        tell(tx, one, closed, Change.CLOSED, now=now)
    return _listed(tx, closed, moderator)


def list_challenges(tx: Transaction, person: Person, *, now: Instant) -> list[ListedChallenge]:
    """Challenges that are open or will be, the next deadline first; then the few that ended lately, the last first."""
    community_of(tx, person)
    every = challenges.of_community(tx, person.community_id)
    ended = sorted((one for one in every if now - LATELY <= one.ends_at <= now), key=lambda one: one.ends_at)
    shown = [*_running(tx, person.community_id, now=now), *ended[: -ENDED_SHOWN - 1 : -1]]
    return [_listed(tx, one, person) for one in shown]


def enter_challenge(
    tx: Transaction, person: Person, series_text: str, challenge_text: str, *, now: Instant
) -> Standing:
    """H1, H2, H4: enter a series; what waits of it is planned anew at once. Entered twice, it answers the same.

    Raises:
        NotSetUpError, NoSeriesError, UnknownSeriesError, AmbiguousTitleError: it is not clear what is to be entered.
        UnknownChallengeError, ChallengeOverError, ChallengeNotOpenError: the challenge cannot be entered.
        InChallengeError: the series is in another one.
    """
    community_of(tx, person)
    mine = own_series(tx, person, series_text)
    challenge = running_challenge(tx, person, challenge_text, now=now)
    if now < challenge.terms.opens:
        raise ChallengeNotOpenError(challenge.terms.name, challenge.terms.opens)
    present = challenges.entry(tx, mine.id, now=now)
    if present is not None and present.terms.id != challenge.terms.id:
        raise InChallengeError(mine.title, present.terms.name, present.terms.deadline)
    if present is None:
        _enter(tx, person, mine, challenge, now=now)
    return standing(tx, mine.id, challenge)


def running_challenge(tx: Transaction, person: Person, text: str, *, now: Instant) -> CommunityChallenge:
    """The one of a community's challenges that a text means, if it is not over.

    Raises:
        UnknownChallengeError: none is called so.
        AmbiguousTitleError: several are.
        ChallengeOverError: it is over.
    """
    running = _running(tx, person.community_id, now=now)
    found = _pick(text, running) or _pick(text, _newest_of_each_name(tx, person.community_id))
    if found is None:
        raise UnknownChallengeError(text, tuple(one.terms.name for one in running[:_SHOWN]))
    _check_running(found, now=now)
    return found


def suggest_challenges(
    tx: Transaction, person: Person, typed: str, *, enterable: bool = False, now: Instant
) -> list[CommunityChallenge]:
    """Challenges that are not over and whose name holds what was typed so far; `enterable`, only those open now."""
    return [
        one
        for one in _running(tx, person.community_id, now=now)
        if typed.strip().casefold() in one.terms.name.casefold() and not (enterable and now < one.terms.opens)
    ]


def _enter(tx: Transaction, person: Person, mine: Series, challenge: CommunityChallenge, *, now: Instant) -> None:
    challenges.enter(tx, challenge.terms.id, mine.id, now=now)
    _record(tx, DecisionKind.CHALLENGE_ENTERED, challenge, person, series_id=mine.id, now=now)
    replan(tx, mine.id, by=person.id, now=now)


def _running(tx: Transaction, community_id: int, *, now: Instant) -> list[CommunityChallenge]:
    every = challenges.of_community(tx, community_id)
    running = [one for one in every if one.state is ChallengeState.OPEN and now < one.terms.deadline]
    return sorted(running, key=lambda one: (one.terms.deadline, one.terms.id))


def _newest_of_each_name(tx: Transaction, community_id: int) -> list[CommunityChallenge]:
    """Last year's challenge of the same name is not meant."""
    newest: dict[str, CommunityChallenge] = {}
    for one in challenges.of_community(tx, community_id):
        newest.setdefault(one.terms.name.casefold(), one)
    return list(newest.values())


def _pick(text: str, choices: list[CommunityChallenge]) -> CommunityChallenge | None:
    return pick(text, choices, key=lambda one: one.terms.id, names=lambda one: (one.terms.name,))


def _listed(tx: Transaction, challenge: CommunityChallenge, person: Person) -> ListedChallenge:
    terms = challenge.terms
    entered = [series.find(tx, one) for one in challenges.entered(tx, terms.id)]
    chapters = [one for one in challenges.entered_chapters(tx, terms.id) if counts_as_entered(*one, terms)]
    mine = tuple(one.title for one in entered if one.author_id == person.id)
    entrants = tuple(Counter(one.author_id for one in entered).most_common())
    return ListedChallenge(challenge, entrants, len(chapters), mine)


def _found(tx: Transaction, moderator: Person, challenge_id: int) -> CommunityChallenge:
    found = challenges.find(tx, challenge_id)
    if found is None or found.community_id != moderator.community_id:
        raise ChallengeGoneError
    return found


def _after(challenge: CommunityChallenge, move: Move) -> CommunityChallenge:
    terms = replace(challenge.terms, deadline=move.deadline, zone=move.zone)
    return replace(challenge, terms=terms, moved_by=move.made_by)


def _check_terms(tx: Transaction, draft: CommunityChallenge, *, now: Instant) -> None:
    _check_deadline(draft.terms, now=now)
    names = {one.terms.name.casefold() for one in _running(tx, draft.community_id, now=now)}
    if draft.terms.name.casefold() in names:
        raise ChallengeNameTakenError(draft.terms.name)


def _check_deadline(terms: Challenge, *, now: Instant) -> None:
    if terms.deadline <= now:
        raise DeadlinePastError(terms.deadline)
    if terms.opens >= terms.deadline:
        raise OpensTooLateError(terms.opens, terms.deadline)


def _check_running(challenge: CommunityChallenge, *, now: Instant) -> None:
    terms = challenge.terms
    if challenge.closed_at is not None:
        raise ChallengeOverError(terms.name, challenge.closed_at, closed=True)
    if terms.deadline <= now:
        raise ChallengeOverError(terms.name, terms.deadline, closed=False)


def _record(
    tx: Transaction,
    kind: DecisionKind,
    challenge: CommunityChallenge,
    person: Person,
    *,
    series_id: int | None = None,
    now: Instant,
) -> None:
    decisions.record(
        tx,
        kind,
        community_id=challenge.community_id,
        chapter_id=None,
        actor_id=person.id,
        policy_version=community_of(tx, person).policy.version,
        inputs=challenges.facts_of(challenge, series_id=series_id),
        now=now,
    )
