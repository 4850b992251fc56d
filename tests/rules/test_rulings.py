"""L11, L12: when a label may be set, and who may answer an appeal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.appeals import Bar, answer_until, appeal_until, bar
from rules.policy import Policy
from rules.rulings import Asked, Obstacle, RulingReason, needs_second_reader, obstacle
from tests.rules.build import NEW_YEAR

REASONS = st.sampled_from(RulingReason)
ASKED = st.none() | st.builds(Asked, answered=st.booleans(), may_be_decided=st.booleans(), left=st.booleans())

ANSWERED = Asked(answered=True, may_be_decided=True, left=False)
SILENT = Asked(answered=False, may_be_decided=True, left=False)
OPEN = Asked(answered=False, may_be_decided=False, left=False)
LEFT = Asked(answered=True, may_be_decided=True, left=True)


def test_the_list_of_reasons_is_fixed_and_no_detector_is_on_it() -> None:
    """L7, L11: four, and no others."""
    assert [str(reason) for reason in RulingReason] == [
        "author_said_so",
        "leftover_prompt",
        "file_metadata",
        "two_readers",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, Obstacle.NOT_ASKED),
        (LEFT, Obstacle.NOT_ASKED),
        (OPEN, Obstacle.TIME_LEFT),
        (SILENT, None),
        (ANSWERED, None),
    ],
)
def test_the_author_is_asked_first(asked: Asked | None, found: Obstacle | None) -> None:
    """For what they have not said by themselves."""
    for reason in set(RulingReason) - {RulingReason.AUTHOR_SAID_SO}:
        assert obstacle(reason, asked, noted=True) is found


@pytest.mark.parametrize(("asked", "found"), [(None, Obstacle.SAID_WHERE), (SILENT, Obstacle.SAID_WHERE)])
def test_what_they_said_elsewhere_is_named(asked: Asked | None, found: Obstacle) -> None:
    """Silence is no word of theirs."""
    assert obstacle(RulingReason.AUTHOR_SAID_SO, asked, noted=False) is found
    assert obstacle(RulingReason.AUTHOR_SAID_SO, asked, noted=True) is None
    assert obstacle(RulingReason.AUTHOR_SAID_SO, ANSWERED, noted=False) is None
    assert obstacle(RulingReason.AUTHOR_SAID_SO, LEFT, noted=False) is Obstacle.SAID_WHERE


@given(REASONS, ASKED, st.booleans())
def test_no_label_is_set_but_after_a_question_or_the_authors_own_word(
    reason: RulingReason, asked: Asked | None, noted: bool
) -> None:
    """The property of L11, in its plain words."""
    had_their_time = asked is not None and asked.may_be_decided and not asked.left
    own_word = reason is RulingReason.AUTHOR_SAID_SO and (noted or (asked is not None and asked.answered))
    if obstacle(reason, asked, noted=noted) is None:
        assert had_their_time or own_word
    if had_their_time and reason is not RulingReason.AUTHOR_SAID_SO:
        assert obstacle(reason, asked, noted=noted) is None


def test_two_read_it_so_takes_two_and_nothing_else_does() -> None:
    """L11."""
    assert [reason for reason in RulingReason if needs_second_reader(reason)] == [RulingReason.TWO_READERS]


def test_an_appeal_is_to_be_answered_within_seven_civil_days() -> None:
    """L12: through a clock change, at the same time on the wall."""
    assert answer_until(NEW_YEAR, Policy()) == NEW_YEAR.add(hours=7 * 24)
    before_spring = NEW_YEAR.add(hours=24 * 84)
    assert answer_until(before_spring, Policy(zone="Europe/Berlin")) == before_spring.add(hours=7 * 24 - 1)


def test_what_was_declined_is_kept_for_an_appeal_as_long_as_an_answer_may_take() -> None:
    """L12, C13."""
    assert appeal_until(NEW_YEAR, Policy(appeal_days=3)) == NEW_YEAR.add(hours=3 * 24)


def test_neither_the_author_nor_who_decided_answers_an_appeal() -> None:
    """L12: another moderator does."""
    assert bar(1, author_id=1, judges={1, 2}) is Bar.OWN
    assert bar(2, author_id=1, judges={2, 3}) is Bar.JUDGE
    assert bar(3, author_id=1, judges={2, 3}) is Bar.JUDGE
    assert bar(4, author_id=1, judges={2, 3}) is None
    assert bar(4, author_id=9, judges={2, 3}) is None
