"""L5 and L8 for older work: the images of all its chapters are described in its preview, on one way (C13)."""

from rules.images import Origin
from rules.labels import Reach
from storage import chapters, images
from storage.images import Image
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, a_draft, a_series, an_image
from tests.usecases.test_exceptions import MO
from tests.usecases.test_imports import MARCH, drafted, older, rounds
from tests.usecases.test_questions import refuses
from tests.usecases.test_releases import kinds
from usecases.chapters import submit_chapter, why
from usecases.describing import (
    Answers,
    claim_images,
    describe_image,
    first_of_import,
    first_to_describe,
    import_of,
    see_image,
)
from usecases.drafts import cancel_draft, preview
from usecases.import_decisions import confirm_import
from usecases.import_refusals import ImportAskedError, ImportGoneError
from usecases.imports import ImportView, ask_import, cancel_import, view_import
from usecases.people import Person
from usecases.refusals import DraftGoneError, ImageGoneError, NotYoursError

OWN = Answers(origin=Origin.OWN, caption="", source="", alt="a lantern")
BY_AI = Answers(origin=Origin.AI, caption="", source="", alt="")


def with_images(tx: Transaction) -> ImportView:
    """Three chapters: the newest comes first in the file; two of them have two images each."""
    return drafted(
        tx,
        a_series(tx),
        older("Newest", MARCH.add(days=2), images=(an_image("a"), an_image("b"))),
        older("Plain", MARCH.add(days=1)),
        older("Oldest", MARCH, images=(an_image("c"), an_image("d"))),
    )


def in_order(tx: Transaction, view: ImportView) -> list[Image]:
    """All images as the preview lists their chapters."""
    return [image for one in view.chapters for image in images.of_chapter(tx, one.id)]


def reaches(tx: Transaction, view: ImportView) -> list[Reach]:
    """How far its chapters would travel now."""
    return [verdict.reach for _, verdict in view_import(tx, view.imported.id, now=NEW_YEAR).listed]


class TestTheWay:
    """From image to image through all chapters, in the order of the preview."""

    def test_it_leads_through_the_chapters_and_ends_when_nothing_is_lacking(self, tx: Transaction) -> None:
        """Back to one that lacks something, wherever the author began."""
        view = with_images(tx)
        one, two, three, four = (image.id for image in in_order(tx, view))
        sight = first_of_import(tx, INES, view.imported.id, now=NEW_YEAR)
        assert (sight.image.id, sight.chapter.title, len(sight.others), len(sight.way)) == (one, "Oldest", 2, 4)
        assert [see_image(tx, INES, number).next_id for number in (one, two, three, four)] == [two, three, four, one]
        assert describe_image(tx, INES, three, OWN, now=NEW_YEAR)[1] == four
        assert describe_image(tx, INES, four, BY_AI, now=NEW_YEAR)[1] == four, "a caption is lacking"
        assert describe_image(tx, INES, four, OWN, now=NEW_YEAR)[1] == one
        assert first_of_import(tx, INES, view.imported.id, now=NEW_YEAR).image.id == one
        assert reaches(tx, view) == [Reach.PERSONAL, Reach.NETWORK, Reach.NETWORK]
        assert describe_image(tx, INES, one, OWN, now=NEW_YEAR)[1] == two
        assert describe_image(tx, INES, two, OWN, now=NEW_YEAR)[1] is None
        assert set(reaches(tx, view)) == {Reach.NETWORK}

    def test_all_mine_is_all_of_them(self, tx: Transaction) -> None:
        """But for what was described before; pressed on the image of any chapter."""
        view = with_images(tx)
        first, *_, last = in_order(tx, view)
        describe_image(tx, INES, first.id, BY_AI, now=NEW_YEAR)
        assert claim_images(tx, INES, last.chapter_id, now=NEW_YEAR) == 3
        assert [image.label.origin for image in in_order(tx, view)] == [Origin.AI, Origin.OWN, Origin.OWN, Origin.OWN]

    def test_described_before_they_come_in_they_are_announced_with_the_rest(self, tx: Transaction) -> None:
        """And not once more."""
        view = with_images(tx)
        claim_images(tx, INES, in_order(tx, view)[0].chapter_id, now=NEW_YEAR)
        ask_import(tx, INES, view.imported.id, now=NEW_YEAR)
        confirm_import(tx, MO, view.imported.id, now=NEW_YEAR)
        done = rounds(tx, 9)
        told = [one.imported for one in done if one.imported is not None and one.delivery.kind.value == "announcement"]
        assert [len(one.announced) for one in told] == [3]
        assert kinds(done).count(kinds(done)[-1]) == 1

    def test_a_chapter_of_its_own_and_one_that_came_in_go_by_themselves(self, tx: Transaction) -> None:
        """Each has the way through its own images only."""
        view = with_images(tx)
        draft = a_draft(tx, a_series(tx, "Lanterns"), images=(an_image("e"),))
        assert import_of(tx, draft) is None
        assert len(first_to_describe(tx, INES, draft).way) == 1
        assert import_of(tx, view.chapters[0].id) == view.imported.id
        ask_import(tx, INES, view.imported.id, now=NEW_YEAR)
        confirm_import(tx, MO, view.imported.id, now=NEW_YEAR)
        rounds(tx, 9)
        oldest = why(tx, INES, "Oldest").chapter
        assert import_of(tx, oldest.id) is None
        assert len(first_to_describe(tx, INES, oldest.id).way) == 2
        assert claim_images(tx, INES, oldest.id, now=NEW_YEAR) == 2


class TestWhoAndWhen:
    """Its author, as long as it is a preview."""

    def test_once_a_moderator_is_asked_nothing_of_it_changes(self, tx: Transaction) -> None:
        """Also by an old card; what a moderator looks at is what comes in."""
        view = with_images(tx)
        image = in_order(tx, view)[0]
        ask_import(tx, INES, view.imported.id, now=NEW_YEAR)
        refuses(ImportAskedError, lambda: first_of_import(tx, INES, view.imported.id, now=NEW_YEAR))
        refuses(ImportAskedError, lambda: see_image(tx, INES, image.id))
        refuses(ImportAskedError, lambda: describe_image(tx, INES, image.id, OWN, now=NEW_YEAR))
        refuses(ImportAskedError, lambda: claim_images(tx, INES, image.chapter_id, now=NEW_YEAR))
        assert [one.label.origin for one in in_order(tx, view)] == [None] * 4

    def test_nobody_else_and_nothing_that_is_gone(self, tx: Transaction) -> None:
        """Nor where there is no image."""
        view = with_images(tx)
        image = in_order(tx, view)[0]
        for person in (RUI, Person(GUILD + 1, INES.id)):
            refuses(NotYoursError, lambda person=person: first_of_import(tx, person, view.imported.id, now=NEW_YEAR))
            refuses(NotYoursError, lambda person=person: see_image(tx, person, image.id))
        plain = drafted(tx, a_series(tx, "Lanterns"))
        refuses(ImageGoneError, lambda: first_of_import(tx, INES, plain.imported.id, now=NEW_YEAR))
        cancel_import(tx, INES, view.imported.id, now=NEW_YEAR)
        refuses(ImportGoneError, lambda: first_of_import(tx, INES, view.imported.id, now=NEW_YEAR))

    def test_one_of_its_chapters_is_never_handed_in_by_itself(self, tx: Transaction) -> None:
        """It would take a slot, and come out a second time."""
        view = with_images(tx)
        draft = view.chapters[0].id
        refuses(DraftGoneError, lambda: submit_chapter(tx, INES, draft, now=NEW_YEAR))
        refuses(DraftGoneError, lambda: preview(tx, INES, draft, now=NEW_YEAR))
        refuses(DraftGoneError, lambda: cancel_draft(tx, INES, draft))
        assert chapters.waiting(tx, GUILD, INES.id) == []
