"""Carrying deliveries out: what is to be done now, and what came of it (R2 to R4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from rules.deliveries import (
    DECIDED_BY_TRYING,
    EDITS_AN_HOUR,
    PRIVATE,
    PUBLISH_WINDOW,
    PUBLISHES_AN_HOUR,
    UNHURRIED,
    Approach,
    Event,
    Kind,
    Outcome,
    State,
    approach,
    next_attempt,
)
from rules.labels import Reach
from storage import (
    budgets,
    challenges,
    chapters,
    communities,
    deliveries,
    exceptions,
    holds,
    images,
    imports,
    posts,
    releases,
    series,
)
from storage.chapters import Chapter, ChapterState
from storage.communities import Community
from storage.copies import Gap
from storage.deliveries import Delivery
from storage.exceptions import GrantedException
from storage.holds import Hold
from storage.images import Image
from storage.series import Series
from storage.transaction import Transaction
from usecases.appeals import AppealView, view_appeal
from usecases.chapters import Receipt, receipt_of
from usecases.copies import forgotten, gap_of
from usecases.imports import ImportView, view_import
from usecases.memberships import settle_members, write_down
from usecases.news import News, news_of, next_turn, note_closed, tell_followers
from usecases.people import Person
from usecases.questions import QuestionView, start_question, view_question
from usecases.refusals import NotHeldError
from usecases.requests import RequestView, view_request
from usecases.rulings import RulingView, view_ruling
from usecases.turns import Standing, standing

_TARGETS: dict[Kind, Callable[[Community], int | None]] = {
    kind: lambda _: None
    for kind in Kind  # its home thread, or the message it belongs to: nothing chooses another
} | {
    Kind.THREAD: lambda community: community.home_id,
    Kind.ANNOUNCEMENT: lambda community: community.network_id,
    Kind.NOTICE: lambda community: community.notices_id,
    Kind.ANSWER: lambda community: community.notices_id,
    Kind.CHALLENGE: lambda community: community.notices_id,
    Kind.QUESTION: lambda community: community.notices_id,
    Kind.REMINDER: lambda community: community.notices_id,
    Kind.REQUEST: lambda community: community.moderators_id,
    Kind.REPORT: lambda community: community.moderators_id,
    Kind.SET_BACK: lambda community: community.moderators_id,
}
"""The channel that a community's settings name for each kind."""
_AT_A_TIME = 32
"""Channels that are sent to side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One claimed delivery with all its bearer has to know."""

    delivery: Delivery
    approach: Approach
    community: Community
    series: Series | None
    chapter: Chapter | None
    receipt: Receipt | None
    """With a notice: what it tells."""
    request: RequestView | None
    """With a request's card, or its answer: what is asked and decided."""
    exception: GrantedException | None
    """With the answer to a grant or a revocation."""
    standing: Standing | None
    """With a change to an entered series: where it now stands (H4)."""
    hold: Hold | None
    """With the answer to a hold or its end."""
    question: QuestionView | None
    """With a question, its reminder, its card, or what was decided about it."""
    ruling: RulingView | None
    """With a set label, or the card for its second reader."""
    appeal: AppealView | None
    """With an appeal's card, or its answer."""
    imported: ImportView | None
    """With an import's card or its answer, or with the announcement of older work as a whole (C13)."""
    image: Image | None
    """With an image: what its author says of it (L5)."""
    next_promise: Instant | None
    """With an announcement: when the next chapter comes (R5)."""
    heading_id: int | None
    """The message at which the chapter begins, once it is there."""
    news: tuple[News, ...]
    """With a direct message: what it tells."""
    gap: Gap | None
    """The time of which nothing is known and in which it may have been done, since a copy was put back."""
    subject: Delivery | None
    """With a publish: the announcement; with a correction: what it corrects; with a report: what is held."""

    @property
    def moot(self) -> bool:
        """L10: it would announce a chapter that no longer travels: what stands of it is found, nothing is sent."""
        stays = _stays_home(self.chapter) or (self.imported is not None and not self.imported.announced)
        return self.delivery.kind is Kind.ANNOUNCEMENT and stays


def claim_due(tx: Transaction, *, now: Instant) -> list[Errand]:
    """Take on what is due, at most one delivery a channel, and one direct message in all."""
    errands = []
    for one in [*_claimable(tx, now=now), *_next_message(tx, now=now)]:
        gap = forgotten(tx, one)
        if gap is not None:
            deliveries.doubt(tx, one.id, since=gap.begin)
        claimed = deliveries.claim(tx, one, now=now)
        try:
            errands.append(_errand(tx, claimed, now=now))
        except LookupError as error:  # one that lacks what it is about holds up no other
            settle(tx, claimed, Outcome(Event.REFUSE, problem=f"something it belongs to is missing: {error}"), now=now)
    return errands


def settle(tx: Transaction, claimed: Delivery, outcome: Outcome, *, publish: bool = False, now: Instant) -> State:
    """Write down what came of an attempt, and plan what follows from it; the state that now holds.

    Args:
        tx: the transaction.
        claimed: the delivery as it was claimed; if somebody else has claimed it since, only `DONE` still counts.
        outcome: what the hands saw.
        publish: an announcement that now stands in a channel which other servers follow.
        now: the present moment.
    """
    delivery = deliveries.find(tx, claimed.id)
    overtaken = delivery.claimed_at != claimed.claimed_at
    if delivery.state is not State.SENDING or (overtaken and outcome.event is not Event.DONE):
        return delivery.state
    travels = not _is_kept_home(tx, delivery)
    state = deliveries.settle(
        tx,
        delivery,
        Event.POSTPONE if outcome.event is Event.CANCEL and travels else outcome.event,  # again, meanwhile (L10)
        due=next_attempt(outcome, attempts=delivery.attempts, now=now),
        message_id=outcome.message_id,
        problem=outcome.problem,
        now=now,
    )
    if state is State.SENT and delivery.kind is Kind.THREAD and delivery.series_id and outcome.message_id:
        series.set_thread(tx, delivery.series_id, outcome.message_id)
        deliveries.give_target(tx, delivery.series_id, outcome.message_id)
    if state is State.SENT and delivery.kind is Kind.QUESTION and delivery.question_id:
        start_question(tx, delivery.question_id, now=now)
    if delivery.chapter_id is not None and chapters.is_withdrawn(tx, delivery.chapter_id):
        posts.cancel(tx, delivery.chapter_id)  # what Discord did not take is not tried again (C11)
        state, publish = deliveries.find(tx, delivery.id).state, False
    if state is State.SENT and delivery.kind is Kind.HEADING and delivery.chapter_id is not None:
        _tell_followers(tx, delivery.chapter_id, stood_since=outcome.stood_since, now=now)
    if state is State.HELD and delivery.kind in PRIVATE:
        deliveries.cancel(tx, deliveries.find(tx, delivery.id))
        state = State.CANCELLED
        note_closed(tx, delivery, outcome, now=now)
    write_down(tx, delivery, state, outcome)
    if state is State.CANCELLED:
        deliveries.cancel_about(tx, delivery.id)
    if state is State.SENT and publish:
        _plan_publish(tx, delivery, now=now)
    if state is State.HELD and delivery.kind is not Kind.REPORT:
        community = communities.find(tx, delivery.community_id)
        _plan_after(tx, Kind.REPORT, delivery, community.moderators_id if community else None, now=now)
    return state


def resume(tx: Transaction, person: Person, delivery_id: int, *, now: Instant) -> int:
    """R3: a person has mended what held a delivery: try it and what else is held in the same channel again.

    Each goes to the channel that the settings now name; how many they are. What a person has to decide about is tried
    again by itself alone.

    Raises:
        NotHeldError: it is not held any more, or not this community's.
    """
    delivery = deliveries.find_maybe(tx, delivery_id)
    if delivery is None or delivery.community_id != person.community_id or delivery.state is not State.HELD:
        raise NotHeldError
    held = deliveries.held_in(tx, delivery.community_id, delivery.target_id)
    return _try_again(tx, [one for one in held if one.id == delivery_id or not _asks(one)], now=now)


def resume_all(tx: Transaction, person: Person, *, now: Instant) -> int:
    """R3: try all that is held in a community again, but for what a person has to decide about; how many they are."""
    return _try_again(tx, [one for one in deliveries.held(tx, person.community_id) if not _asks(one)], now=now)


def _try_again(tx: Transaction, held: Sequence[Delivery], *, now: Instant) -> int:
    for one in held:
        community = communities.find(tx, one.community_id)
        moved = community and _TARGETS[one.kind](community)
        deliveries.resume(tx, one, target_id=moved or one.target_id, due=now)
    return len(held)


def _asks(held: Delivery) -> bool:
    return held.problem in DECIDED_BY_TRYING


def next_due(tx: Transaction, *, now: Instant) -> Instant | None:
    """The next moment at which a delivery becomes due."""
    turn = next_turn(tx, now=now)
    message_at = turn[1] if turn is not None and turn[1] > now else None
    return min((at for at in (deliveries.next_due(tx, now=now), message_at) if at is not None), default=None)


def is_adopted(tx: Transaction, message_id: int) -> bool:
    """Whether a message on Discord is some delivery's already."""
    return deliveries.knows_message(tx, message_id)


def _tell_followers(tx: Transaction, chapter_id: int, *, stood_since: Instant | None, now: Instant) -> None:
    """A chapter has come to its home, or was found there: those who follow it hear of it in the way they chose."""
    if stood_since is not None:
        chapters.was_out(tx, chapter_id, since=stood_since)
    chapter = chapters.find(tx, chapter_id)
    if chapter is not None and chapter.state is ChapterState.RELEASED:
        settle_members(tx, chapter, now=now)
        if chapter.import_id is None:  # older work is no news; it is told of as a whole (C13)
            tell_followers(tx, chapter, now=now)


def _plan_publish(tx: Transaction, announcement: Delivery, *, now: Instant) -> None:
    """R1: publish an announcement; of a chapter that stays home it is kept, for the day it is put back (L10)."""
    planned = _plan_after(tx, Kind.PUBLISH, announcement, announcement.target_id, now=now)
    if _is_kept_home(tx, announcement):
        deliveries.cancel(tx, deliveries.find(tx, planned))


def _plan_after(tx: Transaction, kind: Kind, subject: Delivery, target_id: int | None, *, now: Instant) -> int:
    return deliveries.plan(
        tx,
        kind,
        community_id=subject.community_id,
        target_id=target_id,
        series_id=subject.series_id,
        chapter_id=subject.chapter_id,
        subject_id=subject.id,
        import_id=subject.import_id,
        now=now,
    )


def _claimable(tx: Transaction, *, now: Instant) -> list[Delivery]:
    """R4: what may be carried out now; what may not is put off or cancelled, and holds up nothing else."""
    while due := deliveries.claimable(tx, now=now, limit=_AT_A_TIME):
        within = [one for one in due if _still_wanted(tx, one) and _within_budget(tx, one, now=now)]
        if within:
            return within
    return []


def _still_wanted(tx: Transaction, delivery: Delivery) -> bool:
    """L10: nothing is published of a chapter that no longer travels (the second law)."""
    if delivery.kind is not Kind.PUBLISH or not _is_kept_home(tx, delivery):
        return True
    deliveries.cancel(tx, delivery)
    return False


def _stays_home(chapter: Chapter | None) -> bool:
    return chapter is not None and chapter.reach is Reach.PERSONAL


def _is_kept_home(tx: Transaction, delivery: Delivery) -> bool:
    """L10: what it tells of in the network does not travel; older work does as long as any of it may (C13)."""
    if delivery.import_id is not None:
        return not imports.travels(tx, delivery.import_id)
    return _stays_home(_chapter_of(tx, delivery))


def _chapter_of(tx: Transaction, delivery: Delivery) -> Chapter | None:
    return None if delivery.chapter_id is None else chapters.find(tx, delivery.chapter_id)


def _next_message(tx: Transaction, *, now: Instant) -> list[Delivery]:
    """The first direct message in line, if its turn has come."""
    turn = next_turn(tx, now=now)
    return [deliveries.find(tx, turn[0])] if turn is not None and turn[1] <= now else []


def _within_budget(tx: Transaction, delivery: Delivery, *, now: Instant) -> bool:
    """R4: may this be published, or a promise be corrected, now? What is over the hour's budget waits its turn."""
    since = now - PUBLISH_WINDOW
    if delivery.target_id is None:
        return True
    if delivery.kind is Kind.PUBLISH:
        budget, (made, oldest) = PUBLISHES_AN_HOUR, budgets.published_since(tx, delivery.target_id, since)
    elif delivery.kind is Kind.EDIT and delivery.body == UNHURRIED:
        budget, (made, oldest) = EDITS_AN_HOUR, budgets.edited_since(tx, delivery.target_id, since)
    else:
        return True
    if made < budget or oldest is None:
        return True
    deliveries.postpone(tx, delivery.id, due=oldest + PUBLISH_WINDOW)
    return False


def _errand(tx: Transaction, delivery: Delivery, *, now: Instant) -> Errand:
    community = communities.find(tx, delivery.community_id)
    if community is None:
        raise LookupError(f"community {delivery.community_id}")
    chapter = _chapter_of(tx, delivery)
    gap = gap_of(tx, delivery)
    errand = Errand(
        delivery=delivery,
        approach=approach(delivery.kind, attempted_at=delivery.lost_at, now=now, forgotten=gap is not None),
        community=community,
        series=None if delivery.series_id is None else series.find(tx, delivery.series_id),
        chapter=chapter,
        receipt=receipt_of(tx, chapter, community, now=now) if chapter and delivery.kind is Kind.NOTICE else None,
        request=None if delivery.request_id is None else view_request(tx, delivery.request_id, now=now),
        exception=None if delivery.exception_id is None else exceptions.find(tx, delivery.exception_id),
        hold=None if delivery.hold_id is None else holds.find(tx, delivery.hold_id),
        question=None if delivery.question_id is None else view_question(tx, delivery.question_id, now=now),
        ruling=None if delivery.ruling_id is None else view_ruling(tx, delivery.ruling_id, now=now),
        appeal=None if delivery.appeal_id is None else view_appeal(tx, delivery.appeal_id, now=now),
        imported=None if delivery.import_id is None else view_import(tx, delivery.import_id, now=now),
        image=_image(tx, delivery),
        standing=_standing(tx, delivery),
        next_promise=releases.next_promise(tx, chapter.series_id) if chapter else None,
        heading_id=posts.heading_message(tx, chapter.id) if chapter else None,
        news=news_of(tx, delivery) if delivery.kind is Kind.DIRECT else (),
        gap=gap,
        subject=None if delivery.subject_id is None else deliveries.find(tx, delivery.subject_id),
    )
    return replace(errand, approach=Approach.LOOK_FIRST) if errand.moot else errand


def _image(tx: Transaction, delivery: Delivery) -> Image | None:
    """The image that is posted, or whose post is corrected."""
    subject = None if delivery.subject_id is None else deliveries.find_maybe(tx, delivery.subject_id)
    image_id = delivery.image_id or (subject.image_id if subject else None)
    return None if image_id is None else images.find(tx, image_id)


def _standing(tx: Transaction, delivery: Delivery) -> Standing | None:
    if delivery.challenge_id is None or delivery.series_id is None:
        return None
    challenge = challenges.find(tx, delivery.challenge_id)
    return None if challenge is None else standing(tx, delivery.series_id, challenge)
