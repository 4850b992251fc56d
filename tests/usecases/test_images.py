"""Images on the real database: taken in, described, judged, posted, forgotten (L5, L8, L9)."""

from dataclasses import replace

import pytest
from whenever import Instant

from rules.deliveries import Event, Kind, Outcome, State
from rules.images import Lack, Origin
from rules.labels import Ai, Declaration, Reach
from storage import chapters, communities, images, posts
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, STORY, a_draft, a_series, an_image, handed_in
from tests.usecases.test_releases import THREAD, carry
from usecases import images as limits
from usecases.chapters import find_receipt, submit_chapter, withdraw_chapter
from usecases.deliveries import claim_due, settle
from usecases.describing import Answers, claim_images, describe_image, first_to_describe, see_image
from usecases.drafts import cancel_draft, prepare, preview, set_text
from usecases.images import KEPT_AFTER_RELEASE, image_file, sweep_images, take_in
from usecases.labels import Cause, Change, relabel, replace_text
from usecases.refusals import (
    DraftGoneError,
    ImageGoneError,
    NotReleasedError,
    NotYoursError,
    UnacceptableImageError,
    Unfit,
)
from usecases.releases import Release, chapter_text, release_chapter
from usecases.takedowns import take_down

OWN = Answers(origin=Origin.OWN, caption="", source="", alt="A lantern")
BY_AI = Answers(origin=Origin.AI, caption="Cover made\nwith AI", source="Firefly, asked by Ines", alt="")


def ids(tx: Transaction, chapter_id: int) -> list[int]:
    """The images of a chapter."""
    return [one.id for one in images.of_chapter(tx, chapter_id)]


def release(tx: Transaction, chapter_id: int, now: Instant, pages: tuple[str | int, ...]) -> Reach | None:
    """Let a chapter out."""
    verdict = release_chapter(tx, Release(chapter_id, STORY, pages), now=now)
    return None if verdict is None else verdict.reach


def files(tx: Transaction) -> int:
    """How many files are kept."""
    row = tx.one("SELECT COUNT(*) AS n FROM image_files")
    assert row is not None
    return int(row["n"])


class TestKeeping:
    """Taken in with the chapter, gone with it."""

    def test_a_draft_has_its_images_in_order_and_takes_them_along(self, tx: Transaction) -> None:
        """With their bytes; nobody has said yet where they are from."""
        draft = a_draft(tx, a_series(tx), images=(an_image("a", embedded=True), an_image("b")))
        shown = preview(tx, INES, draft, now=NEW_YEAR)
        assert [(one.label.number, one.embedded, one.label.origin) for one in shown.images] == [
            (1, True, None),
            (2, False, None),
        ]
        assert image_file(tx, shown.images[1].id) == an_image("b").data
        assert [finding.fault for finding in shown.verdict.label_findings] == [Lack.ORIGIN, Lack.ORIGIN]
        cancel_draft(tx, INES, draft)
        assert files(tx) == 0
        with pytest.raises(ImageGoneError):
            see_image(tx, INES, shown.images[0].id)

    def test_too_many_or_too_much_is_refused_and_nothing_is_kept(
        self, tx: Transaction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """For a chapter, and for a community."""
        series, two = a_series(tx), (an_image("a"), an_image("b"))
        for limit, reason in (
            ("MOST_IMAGES", Unfit.TOO_MANY),
            ("LARGEST_CHAPTER", Unfit.CHAPTER_FULL),
            ("LARGEST_COMMUNITY", Unfit.COMMUNITY_FULL),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(limits, limit, 1)
                with pytest.raises(UnacceptableImageError) as refused:
                    a_draft(tx, series, images=two)
            assert refused.value.reason is reason
            assert files(tx) == 0

    def test_files_stay_until_nobody_needs_them(self, tx: Transaction) -> None:
        """Until they are posted and the time for mending labels is over; or until the chapter is taken back."""
        series = a_series(tx)
        out = handed_in(tx, series, images=(an_image("a"),)).chapter.id
        back = handed_in(tx, series, title="Two", images=(an_image("b"),)).chapter.id
        release(tx, out, NEW_YEAR, ("one", 1))
        withdraw_chapter(tx, INES, back, now=NEW_YEAR)
        assert sweep_images(tx, now=NEW_YEAR.add(minutes=1)) == 1
        late = NEW_YEAR + KEPT_AFTER_RELEASE + KEPT_AFTER_RELEASE
        assert sweep_images(tx, now=late) == 0, "it is still to be posted"
        carry(tx, NEW_YEAR)
        assert sweep_images(tx, now=NEW_YEAR + KEPT_AFTER_RELEASE) == 0
        assert sweep_images(tx, now=late) == 1
        assert len(ids(tx, out)) == 1, "what was said of it stays"

    def test_what_is_held_keeps_its_file(self, tx: Transaction) -> None:
        """R3: a person can still have it posted."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        release(tx, chapter, NEW_YEAR, ("one", 1))
        while errands := claim_due(tx, now=NEW_YEAR):
            for errand in errands:
                refused = errand.delivery.kind is Kind.IMAGE
                message = THREAD if errand.delivery.kind is Kind.THREAD else errand.delivery.id % 10**9
                outcome = Outcome(Event.REFUSE, problem="too large") if refused else Outcome(Event.DONE, message)
                settle(tx, errand.delivery, outcome, now=NEW_YEAR)
        assert sweep_images(tx, now=NEW_YEAR.add(hours=24 * 90)) == 0

    @pytest.mark.parametrize("data", [b"", b"MZ", b"\x89PNG\r\n\x1a\n"])
    def test_only_whole_images_are_taken_in(self, data: bytes) -> None:
        """By their bytes."""
        with pytest.raises(UnacceptableImageError):
            take_in(data, "a.png")


class TestReplacing:
    """Another file brings other images; what was attached stays, and so does what was said."""

    def test_answers_follow_the_same_file_and_attached_ones_come_last(self, tx: Transaction) -> None:
        """By the hash of its bytes."""
        first = (an_image("a", embedded=True, alt="From the file"), an_image("b", embedded=True), an_image("c"))
        chapter = handed_in(tx, a_series(tx), images=first).chapter
        for one, said in zip(ids(tx, chapter.id), (OWN, BY_AI, OWN), strict=True):
            describe_image(tx, INES, one, said, now=NEW_YEAR)
        policy = communities.policy_version(tx, GUILD, chapter.policy_version)
        second = (an_image("d", embedded=True, alt="New"), an_image("b", embedded=True), an_image("e", embedded=True))
        replace_text(tx, INES, chapter.id, prepare(STORY, chapter.declaration, policy), second, now=NEW_YEAR)
        found = images.of_chapter(tx, chapter.id)
        assert [image_file(tx, one.id) for one in found] == [an_image(word).data for word in "dbec"]
        assert [one.label.number for one in found] == [1, 2, 3, 4]
        assert [one.label.origin for one in found] == [None, Origin.AI, None, Origin.OWN]
        assert [one.alt for one in found] == ["New", "", "", "A lantern"]
        assert found[1].label.names_ai

    def test_a_cure_of_the_text_leaves_the_images_alone(self, tx: Transaction) -> None:
        """L8."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter
        claim_images(tx, INES, chapter.id, now=NEW_YEAR)
        policy = communities.policy_version(tx, GUILD, chapter.policy_version)
        set_text(tx, INES, chapter.id, prepare("Other.", chapter.declaration, policy))
        found = chapters.find(tx, chapter.id)
        assert found is not None
        assert [one.origin for one in found.labels.images] == [Origin.OWN]


class TestDescribing:
    """L5, L8: from image to image."""

    def test_it_goes_on_with_what_still_lacks_something_and_ends_when_nothing_does(self, tx: Transaction) -> None:
        """The same one first, then those behind it, then those before it."""
        draft = a_draft(tx, a_series(tx), images=(an_image("a"), an_image("b"), an_image("c")))
        one, two, three = ids(tx, draft)
        assert first_to_describe(tx, INES, draft).image.id == one
        assert describe_image(tx, INES, two, replace(BY_AI, source=""), now=NEW_YEAR)[1] == two
        assert describe_image(tx, INES, two, BY_AI, now=NEW_YEAR) == (draft, three)
        assert describe_image(tx, INES, three, OWN, now=NEW_YEAR) == (draft, one)
        assert describe_image(tx, INES, one, OWN, now=NEW_YEAR) == (draft, None)
        assert first_to_describe(tx, INES, draft).image.id == one, "and may be looked at again"
        assert see_image(tx, INES, three).next_id == one
        (label,) = (image.label for image in images.of_chapter(tx, draft) if image.id == two)
        assert (label.caption, label.names_ai) == ("Cover made with AI", True)
        assert not preview(tx, INES, draft, now=NEW_YEAR).verdict.restricted

    def test_all_mine_speaks_of_those_nobody_described(self, tx: Transaction) -> None:
        """And overrides no answer; pressed again it does nothing."""
        draft = a_draft(tx, a_series(tx), images=(an_image("a"), an_image("b"), an_image("c")))
        describe_image(tx, INES, ids(tx, draft)[1], BY_AI, now=NEW_YEAR)
        assert claim_images(tx, INES, draft, now=NEW_YEAR) == 2
        assert claim_images(tx, INES, draft, now=NEW_YEAR) == 0
        assert [one.label.origin for one in images.of_chapter(tx, draft)] == [Origin.OWN, Origin.AI, Origin.OWN]

    def test_only_its_author_describes_and_nothing_that_was_taken_back(self, tx: Transaction) -> None:
        """Checked each time, whichever button it was."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        (image,) = ids(tx, chapter)
        for act in (
            lambda: first_to_describe(tx, RUI, chapter),
            lambda: see_image(tx, RUI, image),
            lambda: describe_image(tx, RUI, image, OWN, now=NEW_YEAR),
            lambda: claim_images(tx, RUI, chapter, now=NEW_YEAR),
        ):
            with pytest.raises(NotYoursError):
                act()
        withdraw_chapter(tx, INES, chapter, now=NEW_YEAR)
        with pytest.raises(NotReleasedError):
            describe_image(tx, INES, image, OWN, now=NEW_YEAR)
        with pytest.raises(DraftGoneError):
            first_to_describe(tx, INES, 1)

    def test_described_while_it_waits_its_notice_is_needed_no_more(self, tx: Transaction) -> None:
        """N2, N3: what is mended is not told; what is spoilt again is."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        claim_images(tx, INES, chapter, now=NEW_YEAR)
        assert Kind.NOTICE not in [one.delivery.kind for one in carry(tx, NEW_YEAR)]
        describe_image(tx, INES, ids(tx, chapter)[0], replace(BY_AI, source=""), now=NEW_YEAR)
        assert Kind.NOTICE in [one.delivery.kind for one in carry(tx, NEW_YEAR)]


class TestAfterTheRelease:
    """L10: mended, it is announced once; made stricter, a neutral line stands there; its posts say what holds."""

    def out(self, tx: Transaction) -> tuple[int, int]:
        """A chapter that is out with personal reach, and its image."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        release(tx, chapter, NEW_YEAR, ("one", 1))
        carry(tx, NEW_YEAR)
        return chapter, ids(tx, chapter)[0]

    def corrected(self, tx: Transaction, now: Instant) -> list[tuple[Kind, Kind | None]]:
        """What is done, and to what."""
        return [(one.delivery.kind, one.subject.kind if one.subject else None) for one in carry(tx, now)]

    def test_described_in_time_it_is_announced_once_and_its_image_says_so(self, tx: Transaction) -> None:
        """Back and forth it stays one announcement."""
        chapter, image = self.out(tx)
        later = NEW_YEAR.add(hours=24 * 13)
        describe_image(tx, INES, image, BY_AI, now=later)
        done = self.corrected(tx, later)
        assert done.count((Kind.ANNOUNCEMENT, None)) == 1
        assert {(Kind.EDIT, Kind.HEADING), (Kind.EDIT, Kind.IMAGE)} <= set(done)
        found = chapters.find(tx, chapter)
        assert found is not None
        assert found.reach is Reach.NETWORK
        describe_image(tx, INES, image, replace(BY_AI, caption="My cover"), now=later)
        stricter = self.corrected(tx, later)
        assert (Kind.EDIT, Kind.ANNOUNCEMENT) in stricter
        describe_image(tx, INES, image, OWN, now=later)
        again = self.corrected(tx, later)
        assert (Kind.ANNOUNCEMENT, None) not in stricter + again

    def test_described_too_late_it_stays_home_and_says_what_holds(self, tx: Transaction) -> None:
        """Its image's post is corrected all the same."""
        _, image = self.out(tx)
        late = NEW_YEAR.add(hours=24 * 15)
        describe_image(tx, INES, image, OWN, now=late)
        done = self.corrected(tx, late)
        assert (Kind.ANNOUNCEMENT, None) not in done
        assert (Kind.EDIT, Kind.IMAGE) in done

    def test_another_label_of_the_text_leaves_the_images_as_they_were_described(self, tx: Transaction) -> None:
        """And their posts alone."""
        chapter, image = self.out(tx)
        describe_image(tx, INES, image, OWN, now=NEW_YEAR)
        carry(tx, NEW_YEAR)
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.GENERATED))
        relabel(tx, chapter, change, now=NEW_YEAR)
        assert (Kind.EDIT, Kind.IMAGE) not in self.corrected(tx, NEW_YEAR)
        assert [one.label.origin for one in images.of_chapter(tx, chapter)] == [Origin.OWN]


class TestReleasing:
    """L9: under the labels it has when it goes out; images in their places."""

    @pytest.mark.parametrize("described", [True, False])
    def test_pages_and_images_are_posted_in_order_and_the_network_hears_only_of_complete_ones(
        self, tx: Transaction, described: bool
    ) -> None:
        """R1; L5."""
        series = a_series(tx)
        handed_in(tx, series)
        later = handed_in(tx, series, title="Two", images=(an_image("a"), an_image("b")))
        assert later.verdict.restricted
        slot = later.verdict.slot.at
        chapter = later.chapter.id
        if described:
            claim_images(tx, INES, chapter, now=NEW_YEAR)
            assert not find_receipt(tx, INES, chapter, now=NEW_YEAR).verdict.restricted
        title, markdown, numbers = chapter_text(tx, chapter)
        assert (title, markdown, numbers) == ("Two", STORY, (1, 2))
        reach = release(tx, chapter, slot, ("one", 1, "two", 2))
        assert reach is (Reach.NETWORK if described else Reach.PERSONAL)
        done = [one for one in carry(tx, slot) if one.chapter and one.chapter.id == chapter]
        kinds = [Kind.HEADING, Kind.PART, Kind.IMAGE, Kind.PART, Kind.IMAGE]
        posted = [one for one in done if one.delivery.kind is not Kind.NOTICE]
        assert [one.delivery.kind for one in posted] == kinds + [Kind.ANNOUNCEMENT] * described
        assert [one.image.label.number for one in posted if one.image] == [1, 2]

    def test_pages_laid_out_for_other_images_are_laid_out_again(self, tx: Transaction) -> None:
        """R2: what changed meanwhile does not slip through."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        assert release(tx, chapter, NEW_YEAR, ("one",)) is None
        assert release(tx, chapter, NEW_YEAR, ("one", 1, 2)) is None
        assert release(tx, chapter, NEW_YEAR, (1, "one", 1)) is Reach.PERSONAL

    def test_images_of_what_is_taken_back_are_taken_down_too(self, tx: Transaction) -> None:
        """C11: they are posts like the others."""
        chapter = handed_in(tx, a_series(tx), images=(an_image("a"),)).chapter.id
        release(tx, chapter, NEW_YEAR, ("one", 1))
        carry(tx, NEW_YEAR)
        made = posts.of_chapter(tx, chapter)
        assert [(one.kind, one.state) for one in made] == [
            (kind, State.SENT) for kind in (Kind.HEADING, Kind.PART, Kind.IMAGE)
        ]
        take_down(tx, INES, chapter, now=NEW_YEAR)
        removed = [one.subject.id for one in carry(tx, NEW_YEAR) if one.subject]
        assert removed == [one.id for one in reversed(made)]


def test_a_draft_judged_by_a_newer_policy_has_its_captions_judged_by_it_too(tx: Transaction) -> None:
    """L9, L7: the words of the version in force when it is handed in."""
    draft = a_draft(tx, a_series(tx), images=(an_image("a"),))
    describe_image(tx, INES, ids(tx, draft)[0], replace(BY_AI, caption="Made by the Muse"), now=NEW_YEAR)
    community = communities.find(tx, GUILD)
    assert community is not None
    policy = replace(community.policy, version=2, ai_words=("the Muse",))
    communities.save_policy(tx, GUILD, policy, by=1, now=NEW_YEAR)
    communities.save(tx, replace(community, policy=policy), by=1, now=NEW_YEAR)
    assert not preview(tx, INES, draft, now=NEW_YEAR).verdict.restricted
    receipt = submit_chapter(tx, INES, draft, now=NEW_YEAR)
    assert not receipt.verdict.restricted
    assert not find_receipt(tx, INES, draft, now=NEW_YEAR).verdict.restricted
