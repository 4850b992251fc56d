"""An author's series: starting one, finding one, listing them."""

from dataclasses import dataclass

from whenever import Instant

from rules.cadence import Lane, LaneKind, next_free
from rules.deliveries import Kind
from storage import chapters, deliveries, series
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.people import Person, community_of, pick
from usecases.refusals import NoSeriesError, UnknownSeriesError


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSeries:
    """What `/series start` was given; `request_id` is Discord's interaction."""

    person: Person
    request_id: int
    title: str
    blurb: str | None = None
    tags: str | None = None
    rating: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesState:
    """A series as its author sees it."""

    series: Series
    waiting: int
    next_promise: Instant | None
    next_free: Instant | None
    """From when a chapter handed in now could go out; `None` means at once."""


@dataclass(frozen=True, slots=True)
class SeriesList:
    """All of an author's series, and from when another may start (C1)."""

    series: tuple[SeriesState, ...]
    next_start: Instant | None


def start_series(tx: Transaction, request: StartSeries, *, now: Instant) -> Series:
    """Make a series and plan its home thread, once, however often Discord repeats the request.

    Raises:
        NotSetUpError: the community has no forum for it yet.
    """
    community = community_of(tx, request.person)
    made = series.by_request(tx, request.request_id)
    if made is not None:
        return made
    new = Series(
        id=new_id(now),
        community_id=community.id,
        author_id=request.person.id,
        title=" ".join(request.title.split()),
        blurb=request.blurb,
        tags=request.tags,
        rating=request.rating,
        complete=False,
        starts_at=None,
        thread_id=None,
    )
    series.add(tx, new, request_id=request.request_id, now=now)
    deliveries.plan(tx, Kind.THREAD, community_id=community.id, target_id=community.home_id, series_id=new.id, now=now)
    return new


def find_series(tx: Transaction, series_id: int) -> Series:
    """A series as it now is."""
    return series.find(tx, series_id)


def own_series(tx: Transaction, person: Person, text: str) -> Series:
    """The one of a person's series that a text means.

    Raises:
        NoSeriesError: there is none yet.
        UnknownSeriesError: none is called so.
        AmbiguousTitleError: several are.
    """
    mine = series.of_author(tx, person.community_id, person.id)
    if not mine:
        raise NoSeriesError
    found = pick(text, mine, key=lambda one: one.id, names=lambda one: (one.title,))
    if found is None:
        raise UnknownSeriesError(text, tuple(one.title for one in mine[:10]))
    return found


def suggest_series(tx: Transaction, person: Person, typed: str) -> list[Series]:
    """An author's series whose title holds what was typed so far, newest first."""
    mine = series.of_author(tx, person.community_id, person.id)
    return [one for one in mine if typed.strip().casefold() in one.title.casefold()]


def list_series(tx: Transaction, person: Person, *, now: Instant) -> SeriesList:
    """Everything `/series list` shows."""
    policy = community_of(tx, person).policy
    start = next_free(Lane(LaneKind.SERIES, chapters.last_start(tx, person.community_id, person.id)), policy)
    states = []
    for one in series.of_author(tx, person.community_id, person.id):
        last = chapters.last_in_series(tx, one.id)
        free = start if last is None else next_free(Lane(LaneKind.CHAPTER, last), policy)
        states.append(
            SeriesState(
                series=one,
                waiting=chapters.count_waiting(tx, one.id),
                next_promise=chapters.next_promise(tx, one.id),
                next_free=future(free, now),
            )
        )
    return SeriesList(tuple(states), future(start, now))


def future(moment: Instant | None, now: Instant) -> Instant | None:
    """A moment that is still to come; `None` for one that is here."""
    return moment if moment is not None and moment > now else None
