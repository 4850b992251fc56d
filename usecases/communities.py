"""Setting a community up."""

import json
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from whenever import Instant

from rules.amendments import changes, faults
from rules.policy import Policy
from storage import communities, decisions
from storage.communities import Community
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from usecases.people import Person, community_of
from usecases.policy_refusals import PolicyRangeError
from usecases.refusals import SetupIncompleteError, UnknownZoneError


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What `/setup` was given; what is missing stays as it is."""

    person: Person
    home_id: int | None = None
    network_id: int | None = None
    moderators_id: int | None = None
    notices_id: int | None = None
    zone: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing was given: the moderator wants to be guided."""
        return not any((self.home_id, self.network_id, self.moderators_id, self.notices_id, self.zone))


def set_up(tx: Transaction, request: SetUp, *, now: Instant) -> Community:
    """Store a community's settings, all of them or none; a new zone makes a new version of its policy (C9).

    Raises:
        SetupIncompleteError: a first set-up lacks something.
        UnknownZoneError: the zone is none of the IANA names.
    """
    before = communities.find(tx, request.person.community_id)
    zone = None if request.zone is None else known_zone(request.zone)
    home, network, moderators = _channels(request, before)
    policy = before.policy if before else Policy(zone=zone or Policy().zone)
    if zone is not None and before and zone != policy.zone:
        policy = replace(policy, version=policy.version + 1, zone=zone)
    community = Community(
        id=request.person.community_id,
        home_id=home,
        network_id=network,
        moderators_id=moderators,
        notices_id=request.notices_id or (before.notices_id if before else None),
        policy=before.policy if before else policy,
    )
    communities.save(tx, community, by=request.person.id, now=now)
    if before is None or before.policy.version != policy.version:
        make_policy(tx, request.person, policy, now=now)
    return replace(community, policy=policy)


def make_policy(tx: Transaction, person: Person, policy: Policy, *, now: Instant) -> None:
    """Let a new version of a community's policy hold from now on for what is handed in (C9); the log says so (N5).

    Raises:
        PolicyRangeError: the rules cannot be kept with it.
        UnknownZoneError: its zone is none of the IANA names.
    """
    unbearable = faults(policy)
    if unbearable:
        raise PolicyRangeError(unbearable)
    known_zone(policy.zone)
    before = communities.find(tx, person.community_id)
    communities.save_policy(tx, person.community_id, policy, by=person.id, now=now)
    communities.put_in_force(tx, person.community_id, policy.version)
    if before is not None:
        _record(tx, person, before.policy, policy, now=now)


def find_community(tx: Transaction, person: Person) -> Community | None:
    """The community as it is set up, or `None`."""
    return communities.find(tx, person.community_id)


def require_community(tx: Transaction, person: Person) -> Community:
    """The community as it is set up.

    Raises:
        NotSetUpError: it is not.
    """
    return community_of(tx, person)


def known_zone(text: str) -> str:
    """An IANA zone's name as it is written, whatever the case it was typed in.

    Raises:
        UnknownZoneError: there is no such zone.
    """
    wanted = text.strip().replace(" ", "_").casefold()
    for zone in available_timezones():
        if zone.casefold() == wanted:
            return zone
    raise UnknownZoneError(text)


def _record(tx: Transaction, person: Person, before: Policy, after: Policy, *, now: Instant) -> None:
    changed = {one.name: [one.before, one.after] for one in changes(before, after)}
    decisions.record(
        tx,
        DecisionKind.POLICY_CHANGED,
        community_id=person.community_id,
        chapter_id=None,
        actor_id=person.id,
        policy_version=after.version,
        inputs=json.dumps({"policy": changed, "from": before.version}, ensure_ascii=False),
        now=now,
    )


def _channels(request: SetUp, before: Community | None) -> tuple[int, int, int]:
    home = request.home_id or (before and before.home_id)
    network = request.network_id or (before and before.network_id)
    moderators = request.moderators_id or (before and before.moderators_id)
    if not home or not network or not moderators:
        given = {"home": home, "network": network, "moderators": moderators}
        raise SetupIncompleteError(tuple(name for name, channel in given.items() if not channel))
    return home, network, moderators
