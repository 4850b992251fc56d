"""An author's series: starting one, finding one, listing them."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Lane, LaneKind, next_free
from rules.deliveries import Kind
from storage import deliveries, imports, lanes, posts, releases, series
from storage.imports import OlderWork
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.people import Person, community_of, emptied, pick
from usecases.posts import correct
from usecases.refusals import NoSeriesError, NothingToChangeError, UnknownSeriesError
from usecases.turns import next_free_in_challenge


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
    older: OlderWork
    """What came out before and was brought in, or is on its way (C13)."""


@dataclass(frozen=True, slots=True)
class SeriesList:
    """All of an author's series, and from when another may start (C1)."""

    series: tuple[SeriesState, ...]
    next_start: Instant | None


CORRECTED_ANNOUNCEMENTS = 10
"""How many of the newest announcements an edit corrects: Discord lets old and published ones be edited seldom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSeries:
    """What `/series edit` was given; what is missing stays as it is, and a dash empties all but the title."""

    person: Person
    series: str
    title: str | None = None
    blurb: str | None = None
    tags: str | None = None
    rating: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing was given to change."""
        return all(words is None for words in (self.title, self.blurb, self.tags, self.rating))


@dataclass(frozen=True, slots=True)
class Edited:
    """A series before and after an edit, and what becomes of its announcements."""

    before: Series
    after: Series
    corrected: int
    left: int
    """Older announcements that stay as they are."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A series that is complete."""

    series: Series
    waiting: int
    news: bool
    """It was not complete before."""


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
    start = next_free(Lane(LaneKind.SERIES, lanes.last_start(tx, person.community_id, person.id)), policy)
    states = []
    for one in series.of_author(tx, person.community_id, person.id):
        last = lanes.last_in_series(tx, one.id)
        free = start if last is None else next_free(Lane(LaneKind.CHAPTER, last), policy)
        states.append(
            SeriesState(
                series=one,
                waiting=lanes.count_waiting(tx, one.id),
                next_promise=releases.next_promise(tx, one.id),
                next_free=future(next_free_in_challenge(tx, one.id, free, policy, now=now), now),
                older=imports.older(tx, one.id),
            )
        )
    return SeriesList(tuple(states), future(start, now))


def edit_series(tx: Transaction, request: EditSeries, *, now: Instant) -> Edited:
    """Change a series' words, and plan the correction of its home and of its newest announcements.

    Raises:
        NothingToChangeError: nothing was given.
        NoSeriesError, UnknownSeriesError, AmbiguousTitleError: it is not clear which series is meant.
    """
    before = own_series(tx, request.person, request.series)
    if request.empty:
        raise NothingToChangeError
    after = replace(
        before,
        title=before.title if request.title is None else " ".join(request.title.split()),
        blurb=before.blurb if request.blurb is None else emptied(request.blurb),
        tags=before.tags if request.tags is None else emptied(request.tags),
        rating=before.rating if request.rating is None else emptied(request.rating),
    )
    series.edit(tx, after)
    home = posts.thread_of_series(tx, after.id)
    announcements = posts.announced(tx, after.id)
    corrected = announcements[:CORRECTED_ANNOUNCEMENTS]
    if home is not None:
        correct(tx, deliveries.find(tx, home), now=now)
    for made in corrected:
        correct(tx, made, now=now)
    return Edited(before, after, len(corrected), len(announcements) - len(corrected))


def finish_series(tx: Transaction, person: Person, text: str) -> Finished:
    """Mark a series complete; nothing else changes.

    Raises:
        NoSeriesError, UnknownSeriesError, AmbiguousTitleError: it is not clear which series is meant.
    """
    found = own_series(tx, person, text)
    news = series.finish(tx, found.id)
    return Finished(series.find(tx, found.id), lanes.count_waiting(tx, found.id), news)


def future(moment: Instant | None, now: Instant) -> Instant | None:
    """A moment that is still to come; `None` for one that is here."""
    return moment if moment is not None and moment > now else None
