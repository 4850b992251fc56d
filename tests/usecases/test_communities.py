"""Setting a community up: all of it, or nothing."""

from pathlib import Path

import pytest

from cogs.replies.refusals import sentence
from rules.policy import Policy
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, a_community, a_database
from usecases.communities import SetUp, find_community, make_policy, set_up
from usecases.people import Person
from usecases.policy_refusals import PolicyRangeError
from usecases.refusals import SetupIncompleteError, UnknownZoneError

MO = Person(GUILD, 1)


def test_a_first_setup_that_lacks_a_channel_stores_nothing_and_names_it(tmp_path: Path) -> None:
    """No half-set-up community."""
    with a_database(tmp_path) as tx:
        with pytest.raises(SetupIncompleteError) as told:
            set_up(tx, SetUp(person=MO, home_id=11, notices_id=14), now=NEW_YEAR)
        assert told.value.missing == ("network", "moderators")
        assert find_community(tx, MO) is None


def test_a_zone_is_taken_as_people_type_it_and_rubbish_is_refused(tmp_path: Path) -> None:
    """IANA names, whatever their case."""
    with a_database(tmp_path) as tx:
        with pytest.raises(UnknownZoneError):
            a_community(tx, zone="Middle Earth")
        assert find_community(tx, MO) is None
        a_community(tx, zone="europe/berlin")
        community = find_community(tx, MO)
        assert community is not None
        assert (community.policy.zone, community.policy.version) == ("Europe/Berlin", 1)


def test_a_later_setup_changes_only_what_it_names(tmp_path: Path) -> None:
    """And only a new zone makes a new version of the policy."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        moved = set_up(tx, SetUp(person=MO, network_id=99), now=NEW_YEAR)
        assert (moved.home_id, moved.network_id, moved.notices_id, moved.policy.version) == (11, 99, 14, 1)
        zoned = set_up(tx, SetUp(person=MO, zone="Asia/Tokyo"), now=NEW_YEAR)
        assert (zoned.network_id, zoned.policy.version, zoned.policy.zone) == (99, 2, "Asia/Tokyo")
        assert find_community(tx, MO) == zoned


def test_a_policy_without_days_is_refused_where_it_is_made(tmp_path: Path) -> None:
    """C1, C2: with every number that the rules cannot bear; nothing is stored."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        with pytest.raises(PolicyRangeError) as refused:
            make_policy(tx, MO, Policy(version=2, chapter_days=0, waiting_limit=-1), now=NEW_YEAR)
        assert [one.name for one in refused.value.numbers] == ["chapter_days", "waiting_limit"]
        assert "`chapter_days` is 1 to 365, not 0" in sentence(refused.value)
        make_policy(tx, MO, Policy(version=2, chapter_days=1), now=NEW_YEAR)


def test_one_that_was_written_into_the_database_by_hand_breaks_no_rule(tmp_path: Path) -> None:
    """C2: the nearest policy that can hold is in force."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        tx.run("UPDATE policies SET document = json_set(document, '$.chapter_days', 0, '$.series_days', 'x')")
        community = find_community(tx, MO)
        assert community is not None
        assert (community.policy.chapter_days, community.policy.series_days) == (1, 14)
