"""R6: what readers choose is theirs alone, and reaches no chapter."""

from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest
from discord.ui import LayoutView, TextDisplay
from hypothesis import given, settings
from hypothesis import strategies as some
from whenever import Instant

from cogs.replies.announcements import explained
from cogs.replies.feeds import page as feed_page
from cogs.replies.follows import followed, listed
from rules.deliveries import Event, Kind, Outcome, State
from rules.labels import Ai, Declaration
from rules.less import Key, LabelKind, LessKind
from rules.pages import pages
from storage import feeds, memberships, posts
from storage.deliveries import Delivery
from storage.follows import How
from storage.memberships import Membership
from storage.series import Series
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, STORY, a_community, a_database, a_series, handed_in
from tests.usecases.test_exceptions import MO
from tests.usecases.test_rulings import a_doubted_chapter, ruled
from usecases.announcements import explain, explain_message
from usecases.deliveries import claim_due, settle
from usecases.doubts import say_doubt
from usecases.feeds import ENTRIES, LOOKED_THROUGH, look_at_feed, read_feed
from usecases.follows import FollowRequest, follow, list_follows, story, suggest_stories, unfollow
from usecases.labels import Cause, Change, relabel
from usecases.less import ask_less, ask_less_of_label, choices, list_less, undo_less, undo_named
from usecases.people import Person
from usecases.refusals import ChapterGoneError, NotOursError, UnknownStoryError
from usecases.releases import Release, release_chapter
from usecases.review_refusals import ReviewRefusalError

LIA = Person(GUILD, 201)
ELSEWHERE = Person(GUILD + 1, RUI.id)
_threads = count(5000)


def out(tx: Transaction, series: Series, *, now: Instant = NEW_YEAR, **changes: object) -> int:
    """A chapter that is out and stands on Discord; its id."""
    chapter = handed_in(tx, series, now=now, **changes).chapter
    assert chapter.slot is not None
    release_chapter(tx, Release(chapter.id, STORY, pages(STORY, title=chapter.title)), now=chapter.slot)
    post(tx, now=chapter.slot)
    return chapter.id


def post(tx: Transaction, *, now: Instant) -> list[Delivery]:
    """Let everything that is due stand on Discord."""
    done = []
    while errands := claim_due(tx, now=now):
        for errand in errands:
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=next(_threads)), now=now)
            done.append(errand.delivery)
    return done


def copied(tx: Transaction, chapter_id: int, times: int) -> None:
    """As many further releases like one, a millisecond apart."""
    names = [row["name"] for row in tx.all("PRAGMA table_info(chapters)")]
    values = [f"{name} + n" if name in {"id", "released_at"} else name for name in names]
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times)"
    columns = f"INSERT INTO chapters ({', '.join(names)}) SELECT {', '.join(values)}"
    tx.run(f"{numbers} {columns} FROM chapters, numbers WHERE id = :chapter", times=times, chapter=chapter_id)


def of_author(person: Person) -> FollowRequest:
    """All of Ines."""
    return FollowRequest(person=person, author_id=INES.id, series_id=None)


def let_in(tx: Transaction, series: Series, *, day: int, title: str, room: bool = False) -> list[int]:
    """A chapter comes on a day: for whom Discord is asked, whose thread is full but for `room`."""
    at = NEW_YEAR.add(hours=24 * day)
    chapter = handed_in(tx, series, now=NEW_YEAR, title=title).chapter
    release_chapter(tx, Release(chapter.id, STORY, pages(STORY, title=title)), now=at)
    asked: list[int] = []
    while errands := claim_due(tx, now=at):
        for errand in errands:
            one, done = errand.delivery, Outcome(Event.DONE, message_id=next(_threads))
            if one.kind is Kind.JOIN and not room:
                done = Outcome(Event.REFUSE, problem=Membership.FULL)
            asked += [one.reader_id] if one.kind is Kind.JOIN and one.reader_id else []
            settle(tx, one, done, now=at)
    return asked


def follows(series: Series, person: Person = RUI, how: How | None = None) -> FollowRequest:
    """A reader and one of Ines's series."""
    return FollowRequest(person=person, author_id=series.author_id, series_id=series.id, how=how)


def said(tx: Transaction, chapter_id: int) -> str:
    """What a reader is told of why a chapter is here."""
    return text_of(explained(explain(tx, RUI, chapter_id)))


def text_of(view: LayoutView) -> str:
    """All that stands on a card."""
    return " ".join(part.content for part in view.walk_children() if isinstance(part, TextDisplay))


def shown(tx: Transaction, person: Person = RUI, *, followed_only: bool = False) -> list[int]:
    """The chapters on the first page of somebody's feed."""
    feed = read_feed(tx, person, after=None, followed_only=followed_only, now=NEW_YEAR.add(hours=24 * 400))
    return [entry.chapter.id for entry in feed.entries]


class TestMembership:
    """What is planned for a home thread is what the reader wants now."""

    def test_unfollowed_before_discord_was_asked_nobody_is_added(self, tx: Transaction) -> None:
        """The row is cancelled."""
        series = a_series(tx)
        out(tx, series)
        follow(tx, follows(series), now=NEW_YEAR)
        unfollow(tx, follows(series), now=NEW_YEAR)
        assert post(tx, now=NEW_YEAR) == []
        assert memberships.find(tx, series.id, RUI.id) is None

    def test_one_who_is_taken_out_and_follows_again_is_let_in_again_in_that_order(self, tx: Transaction) -> None:
        """Both are rows, one after the other."""
        series = a_series(tx)
        out(tx, series)
        follow(tx, follows(series), now=NEW_YEAR)
        post(tx, now=NEW_YEAR)
        unfollow(tx, follows(series), now=NEW_YEAR)
        follow(tx, follows(series), now=NEW_YEAR)
        assert [one.kind for one in post(tx, now=NEW_YEAR)] == [Kind.LEAVE, Kind.JOIN]
        assert memberships.find(tx, series.id, RUI.id) is Membership.ADDED

    def test_a_refusal_is_given_up_and_reported_to_nobody(self, tx: Transaction) -> None:
        """Whom somebody follows is no business of the moderators'."""
        series = a_series(tx)
        out(tx, series)
        follow(tx, follows(series), now=NEW_YEAR)
        (errand,) = claim_due(tx, now=NEW_YEAR)
        refused = Outcome(Event.REFUSE, problem=Membership.FULL)
        assert settle(tx, errand.delivery, refused, now=NEW_YEAR) is State.CANCELLED
        assert claim_due(tx, now=NEW_YEAR) == []
        assert memberships.find(tx, series.id, RUI.id) is Membership.FULL

    def test_a_full_thread_is_asked_once_and_again_with_its_next_chapter(self, tx: Transaction) -> None:
        """Who has followed longest is the first; the others are told where they look, and miss nothing."""
        series = a_series(tx)
        crowd = [Person(GUILD, 900 - number) for number in range(5)]
        for number, person in enumerate(crowd):
            follow(tx, of_author(person), now=NEW_YEAR.add(minutes=number))
        out(tx, series)  # one by one, all are let in
        tx.run("UPDATE memberships SET state = 'full'")
        asked = [let_in(tx, series, day=day, title=f"Day {day}") for day in (3, 6)]
        assert asked == [[crowd[0].id], [crowd[0].id]]
        assert {memberships.find(tx, series.id, person.id) for person in crowd} == {Membership.FULL}

        page = look_at_feed(tx, crowd[4], now=NEW_YEAR.add(hours=24 * 7))
        assert [(one.series_title, one.why) for one in page.kept_out] == [("The Salt Road", Membership.FULL)]
        assert [entry.followed for entry in page.entries] == [True] * 3
        text = text_of(feed_page(page))
        assert "the home thread of “The Salt Road” has 1,000 members, as many as Discord allows" in text
        assert look_at_feed(tx, RUI, now=NEW_YEAR).kept_out == ()

        assert let_in(tx, series, day=9, title="Day 9", room=True) == [person.id for person in crowd]
        assert look_at_feed(tx, crowd[4], now=NEW_YEAR.add(hours=24 * 10)).kept_out == ()

    def test_whom_discord_refuses_is_told_so_and_tried_again(self, tx: Transaction) -> None:
        """A moderator may have unlocked the thread meanwhile; each for themselves."""
        series = a_series(tx)
        out(tx, series)
        for person in (RUI, LIA):
            follow(tx, follows(series, person), now=NEW_YEAR)
        (errand,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, errand.delivery, Outcome(Event.REFUSE, problem=Membership.REFUSED), now=NEW_YEAR)
        post(tx, now=NEW_YEAR)
        assert memberships.find(tx, series.id, LIA.id) is Membership.ADDED
        (one,) = list_follows(tx, RUI)
        assert one.kept_out is Membership.REFUSED
        assert "since Discord does not let me add you to its home thread" in text_of(listed([one]))
        assert let_in(tx, series, day=3, title="Two", room=True) == [RUI.id]
        (one,) = list_follows(tx, RUI)
        assert one.kept_out is None

    def test_a_crowd_that_is_written_to_is_told_how_long_that_takes(self, tx: Transaction) -> None:
        """Before they wonder."""
        series = a_series(tx)
        out(tx, series)
        done = follow(tx, follows(series, RUI, How.MESSAGE), now=NEW_YEAR)
        assert done.written_to == 1
        assert "minutes" not in text_of(followed(done))
        text = text_of(followed(replace(done, written_to=2000)))
        assert "2,000 readers hear of it so" in text
        assert "it can take 100 minutes until it is your turn" in text

    def test_a_chapter_lets_in_who_waited_and_out_who_no_longer_wants(self, tx: Transaction) -> None:
        """What an archived thread had not allowed; each once, in one statement for all."""
        series = a_series(tx)
        out(tx, series)
        for person in (RUI, LIA):
            follow(tx, follows(series, person), now=NEW_YEAR)
        asleep = Outcome(Event.REFUSE, problem=Membership.ASLEEP)
        (errand,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, errand.delivery, asleep, now=NEW_YEAR)
        post(tx, now=NEW_YEAR)
        unfollow(tx, follows(series, LIA), now=NEW_YEAR)
        (errand,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, errand.delivery, asleep, now=NEW_YEAR)
        later = NEW_YEAR.add(hours=72)
        second = handed_in(tx, series, now=NEW_YEAR, title="Two").chapter
        release_chapter(tx, Release(second.id, STORY, pages(STORY, title="Two")), now=later)
        kinds = [(one.kind, one.reader_id) for one in post(tx, now=later) if one.reader_id is not None]
        assert kinds == [(Kind.LEAVE, LIA.id), (Kind.JOIN, RUI.id)]
        assert memberships.find(tx, series.id, RUI.id) is Membership.ADDED
        assert memberships.find(tx, series.id, LIA.id) is None


class TestFollowing:
    """Only what is out, only here."""

    def test_only_what_is_out_can_be_found_and_its_title_may_hold_anything(self, tx: Transaction) -> None:
        """Percent signs and underscores mean themselves."""
        series = a_series(tx, "100% sea_salt!")
        a_series(tx, "Not out")
        with pytest.raises(UnknownStoryError):
            story(tx, RUI, "100%")
        out(tx, series)
        assert [one.title for one in suggest_stories(tx, RUI, "A_S")] == ["100% sea_salt!"]
        assert suggest_stories(tx, RUI, "a%s") == []
        assert story(tx, RUI, "100%").id == series.id
        assert story(tx, RUI, str(series.id)).id == series.id

    def test_another_way_of_hearing_replaces_the_first(self, tx: Transaction) -> None:
        """One follow, and its home thread follows suit."""
        series = a_series(tx)
        out(tx, series)
        follow(tx, follows(series), now=NEW_YEAR)
        post(tx, now=NEW_YEAR)
        follow(tx, follows(series, how=How.FEED), now=NEW_YEAR)
        assert [one.kind for one in post(tx, now=NEW_YEAR)] == [Kind.LEAVE]
        (kept,) = list_follows(tx, RUI)
        assert kept.how is How.FEED
        assert list_follows(tx, LIA) == []

    def test_following_what_one_wanted_less_of_shows_it_again(self, tx: Transaction) -> None:
        """The later wish wins; what is wider stays, and is named."""
        series = a_series(tx)
        chapter = out(tx, series)
        for chosen in (f"series:{series.id}", f"author:{INES.id}"):
            ask_less(tx, RUI, chapter, chosen, now=NEW_YEAR)
        done = follow(tx, follows(series), now=NEW_YEAR)
        assert done.left_out == (Key(LessKind.AUTHOR, str(INES.id)),)
        assert [one.key.kind for one in list_less(tx, RUI)] == [LessKind.AUTHOR]


class TestFeed:
    """From an index, in a bounded number of steps, for one reader."""

    def test_pages_hold_each_release_once_newest_first(self, tx: Transaction) -> None:
        """Also those of one moment."""
        made = [
            out(tx, a_series(tx, f"S{n}", person=Person(GUILD, 300 + n)), person=Person(GUILD, 300 + n))
            for n in range(19)
        ]
        seen: list[int] = []
        after: int | None = None
        while True:
            feed = read_feed(tx, RUI, after=after, followed_only=False, now=NEW_YEAR)
            seen += [entry.chapter.id for entry in feed.entries]
            assert feed.first is (after is None)
            if feed.older is None:
                break
            assert len(feed.entries) == ENTRIES
            after = feed.older
        assert seen == sorted(made, reverse=True)

    def test_new_is_what_came_since_the_look_before(self, tx: Transaction) -> None:
        """Turning pages does not count as a look."""
        series = a_series(tx)
        out(tx, series)
        assert [entry.new for entry in look_at_feed(tx, RUI, now=NEW_YEAR.add(hours=1)).entries] == [False]
        out(tx, series, title="Two")
        at = NEW_YEAR.add(hours=80)
        assert [entry.new for entry in look_at_feed(tx, RUI, now=at).entries] == [True, False]
        again = read_feed(tx, RUI, after=None, followed_only=False, now=at)
        assert [entry.new for entry in again.entries] == [True, False]
        assert [entry.new for entry in look_at_feed(tx, RUI, now=at).entries] == [False, False]

    def test_l10_what_a_mended_label_brings_to_everybody_is_new_then(self, tx: Transaction) -> None:
        """Also for who looked while it stayed in its home; whoever follows it has seen it there when it came."""
        series = a_series(tx)
        first = out(tx, series)
        mended = out(tx, series, title="Two", ai=Ai.GENERATED)
        last = out(tx, series, title="Three")
        follow(tx, follows(series, LIA), now=NEW_YEAR)
        look, later = NEW_YEAR.add(hours=24 * 8), NEW_YEAR.add(hours=24 * 11)
        for reader in (RUI, LIA):
            look_at_feed(tx, reader, now=look)
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.NONE))
        relabel(tx, mended, change, now=look.add(hours=24))
        shown = look_at_feed(tx, RUI, now=later)
        assert [(entry.chapter.id, entry.new) for entry in shown.entries] == [
            (mended, True),
            (last, False),
            (first, False),
        ]
        text = text_of(feed_page(shown))
        since = look.add(hours=24).timestamp()
        assert f"in its home · for everybody since its label was mended, <t:{since}:R>" in text
        theirs = look_at_feed(tx, LIA, now=later)
        assert [(entry.chapter.id, entry.new) for entry in theirs.entries] == [
            (last, False),
            (mended, False),
            (first, False),
        ]
        assert "mended" not in text_of(feed_page(theirs))

    def test_l10_pages_hold_each_release_once_also_what_was_mended(self, tx: Transaction) -> None:
        """Among the others, by when it came to everybody."""
        series = a_series(tx)
        made = [out(tx, series, title=str(n), ai=Ai.GENERATED if n % 3 else Ai.NONE) for n in range(20)]
        for number, chapter in enumerate(made):
            change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.NONE))
            relabel(tx, chapter, change, now=NEW_YEAR.add(hours=24 * (3 * number + 10)))
        seen: list[int] = []
        after: int | None = None
        while True:
            feed = read_feed(tx, RUI, after=after, followed_only=False, now=NEW_YEAR.add(hours=24 * 100))
            seen += [entry.chapter.id for entry in feed.entries]
            if feed.older is None:
                break
            after = feed.older
        came = {n: 3 * n + (10 if n % 3 else 0) for n in range(20)}
        assert seen == [made[n] for n in sorted(came, key=lambda n: came[n], reverse=True)]

    def test_one_who_wants_to_see_nothing_is_not_looked_for_without_end(
        self, tx: Transaction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The page ends, and the next one goes on from there."""
        monkeypatch.setattr("usecases.feeds.LOOKED_THROUGH", 100)
        assert LOOKED_THROUGH > 100
        series = a_series(tx)
        first = out(tx, series)
        copied(tx, first, 130)
        ask_less_of_label(tx, RUI, LabelKind.NONE, now=NEW_YEAR)
        at = NEW_YEAR.add(hours=1)
        page = read_feed(tx, RUI, after=None, followed_only=False, now=at)
        assert (page.entries, page.left_out, page.older is not None) == ((), 100, True)
        rest = read_feed(tx, RUI, after=page.older, followed_only=False, now=at)
        assert (rest.entries, rest.left_out, rest.older) == ((), 31, None)

    def test_it_is_read_from_indexes(self, tx: Transaction) -> None:
        """No table is walked through, and nothing is sorted."""
        values = dict.fromkeys(("reader", "community", "before", "chapter", "limit"), 1)
        plan = [row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {feeds._OUT}", **values)]
        assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step]
        assert any("chapters_out" in step for step in plan)
        assert any("chapters_mended" in step for step in plan)
        assert not any("follows_of_author" in step for step in plan)


class TestLess:
    """Kept, listed, undone; by nobody else."""

    def test_what_is_no_key_of_the_chapter_is_not_kept(self, tx: Transaction) -> None:
        """Whatever Discord hands back to us."""
        chapter = out(tx, a_series(tx))
        for chosen in ("label:generated", "series:1", "nonsense", ""):
            with pytest.raises(ChapterGoneError):
                ask_less(tx, RUI, chapter, chosen, now=NEW_YEAR)
        assert list_less(tx, RUI) == []

    def test_nobody_undoes_anothers_wish_and_undone_twice_is_undone(self, tx: Transaction) -> None:
        """The number on a button proves nothing."""
        chapter = out(tx, a_series(tx))
        kept = ask_less(tx, RUI, chapter, "label:none", now=NEW_YEAR)
        assert ask_less(tx, RUI, chapter, "label:none", now=NEW_YEAR).less.id == kept.less.id
        assert undo_less(tx, LIA, kept.less.id) is None
        assert undo_less(tx, ELSEWHERE, kept.less.id) is None
        assert shown(tx) == []
        assert undo_less(tx, RUI, kept.less.id) == kept.less
        assert undo_less(tx, RUI, kept.less.id) is None
        assert undo_named(tx, RUI, None) is None
        assert shown(tx) == [chapter]


class TestWhy:
    """From the record; in this community alone."""

    def test_another_community_learns_nothing(self, tx: Transaction) -> None:
        """By no button, and by no message's number."""
        a_community(tx, person=Person(GUILD + 1, 1))
        chapter = out(tx, a_series(tx))
        for ask in (explain, choices):
            with pytest.raises(ChapterGoneError):
                ask(tx, ELSEWHERE, chapter)
        heading = posts.heading_message(tx, chapter)
        assert heading is not None
        assert explain_message(tx, RUI, heading).at_home
        with pytest.raises(NotOursError):
            explain_message(tx, ELSEWHERE, heading)

    def test_l11_a_label_that_moderators_have_set_is_not_called_its_authors_word(self, tx: Transaction) -> None:
        """Nobody's name, no reason: those are for its author."""
        chapter = a_doubted_chapter(tx)
        assert "word of its author" in said(tx, chapter.id)
        ruled(tx, chapter)
        told = said(tx, chapter.id)
        assert "people who moderate here have set it" in told
        assert "see paragraph 3" not in told
        assert f"<@{MO.id}>" not in told
        assert "It stays here because its label is not yet as this community asks for it" in told

    def test_a_message_is_found_by_its_index(self, tx: Transaction) -> None:
        """However many there are."""
        plan = tx.all("EXPLAIN QUERY PLAN SELECT * FROM deliveries d WHERE d.message_id = 1 ORDER BY d.id LIMIT 1")
        assert "deliveries_of_message" in plan[0]["detail"]


_PRESSES = (
    "follow",
    "follow author",
    "unfollow",
    "unfollow author",
    "less",
    "label",
    "undo",
    "feed",
    "why",
    "doubt",
    "post",
)


@settings(max_examples=25, deadline=None)
@given(
    presses=some.lists(
        some.tuples(some.sampled_from(_PRESSES), some.sampled_from([RUI, LIA, INES]), some.integers(0, 5)), max_size=30
    )
)
def test_r6_no_sequence_of_readers_presses_changes_any_chapters_reach_or_time(
    tmp_path_factory: pytest.TempPathFactory, presses: list[tuple[str, Person, int]]
) -> None:
    """Nor anything else of a chapter, a series or a decision; nor what another reader has chosen."""
    with a_database(tmp_path_factory.mktemp("readers")) as tx:
        a_community(tx)
        series = a_series(tx)
        chapters = [out(tx, series), out(tx, a_series(tx, "Machine Dreams", person=LIA), person=LIA, ai=Ai.GENERATED)]
        handed_in(tx, series, title="Two")
        before = _works(tx)
        for press, person, number in presses:
            theirs = _chosen(tx, but=person)
            _press(tx, press, person, chapters[number % 2], series, number)
            assert _chosen(tx, but=person) == theirs
        assert _works(tx) == before


def _press(  # noqa: C901 - one case a press
    tx: Transaction, press: str, person: Person, chapter: int, series: Series, number: int
) -> None:
    """What one reader does."""
    how = list(How)[number % len(How)]
    of_author = FollowRequest(person=person, author_id=series.author_id, series_id=None, how=how)
    match press:
        case "follow":
            follow(tx, follows(series, person, how), now=NEW_YEAR)
        case "follow author":
            follow(tx, of_author, now=NEW_YEAR)
        case "unfollow":
            unfollow(tx, follows(series, person), now=NEW_YEAR)
        case "unfollow author":
            unfollow(tx, of_author, now=NEW_YEAR)
        case "less":
            keys = choices(tx, person, chapter).keys
            ask_less(tx, person, chapter, str(keys[number % len(keys)]), now=NEW_YEAR)
        case "label":
            ask_less_of_label(tx, person, list(LabelKind)[number % len(LabelKind)], now=NEW_YEAR)
        case "doubt":
            with suppress(ReviewRefusalError):
                say_doubt(tx, person, chapter, "Hm.", now=NEW_YEAR)
        case "undo":
            undo_named(tx, person, None)
        case "feed":
            look_at_feed(tx, person, now=NEW_YEAR)
        case "why":
            explain(tx, person, chapter)
        case "post":
            post(tx, now=NEW_YEAR)


def _works(tx: Transaction) -> list[tuple[object, ...]]:
    """All that is stored of works and decisions on them."""
    tables = ("chapters", "series", "decisions", "policies", "communities", "manuscripts")
    return [tuple(row) for table in tables for row in tx.all(f"SELECT * FROM {table}")]


def _chosen(tx: Transaction, *, but: Person) -> list[tuple[object, ...]]:
    """All that the other readers have chosen."""
    tables = ("follows", "less", "readers")
    return [
        tuple(row)
        for table in tables
        for row in tx.all(f"SELECT * FROM {table} WHERE reader_id <> :reader", reader=but.id)
    ]
