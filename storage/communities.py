"""Communities and the versions of their policies."""

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

from whenever import Instant

from rules.policy import GeneratedTravels, Measure, Policy, within_range
from storage.transaction import Row, Transaction, milliseconds, moment


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a policy: since when it held, and who made it."""

    policy: Policy
    made_at: Instant
    made_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """One Discord server that uses the bot; its channels are Discord's ids."""

    id: int
    home_id: int
    network_id: int
    moderators_id: int
    notices_id: int | None
    policy: Policy


_COMMUNITY = """
    SELECT c.id, c.home_id, c.network_id, c.moderators_id, c.notices_id, p.version, p.document
      FROM communities c JOIN policies p ON p.community_id = c.id AND p.version = c.policy_version
     WHERE c.id = :community
"""

_ALL_COMMUNITIES = """
    SELECT c.id, c.home_id, c.network_id, c.moderators_id, c.notices_id, p.version, p.document
      FROM communities c JOIN policies p ON p.community_id = c.id AND p.version = c.policy_version
     ORDER BY c.id
"""

_POLICY = """
    SELECT version, document FROM policies WHERE community_id = :community AND version = :version
"""

_VERSIONS = """
    SELECT version, document, made_at, made_by FROM policies WHERE community_id = :community ORDER BY version DESC
"""

_PUT_IN_FORCE = "UPDATE communities SET policy_version = :version WHERE id = :community"

_SAVE_COMMUNITY = """
    INSERT INTO communities (id, home_id, network_id, moderators_id, notices_id, policy_version, set_up_at, set_up_by)
    VALUES (:community, :home, :network, :moderators, :notices, :version, :now, :person)
        ON CONFLICT (id) DO UPDATE
       SET home_id = :home, network_id = :network, moderators_id = :moderators, notices_id = :notices,
           policy_version = :version, set_up_at = :now, set_up_by = :person
"""

_SAVE_POLICY = """
    INSERT INTO policies (community_id, version, document, made_at, made_by)
    VALUES (:community, :version, :document, :now, :person)
"""


def find(tx: Transaction, community_id: int) -> Community | None:
    """A community with the policy now in force, `None` before its `/setup`."""
    row = tx.one(_COMMUNITY, community=community_id)
    return None if row is None else _community(row)


def every(tx: Transaction) -> list[Community]:
    """All communities, for `colophon check`."""
    return [_community(row) for row in tx.all(_ALL_COMMUNITIES)]


def policy_version(tx: Transaction, community_id: int, version: int) -> Policy:
    """One version of a policy, in force or not; versions are never deleted."""
    row = tx.one(_POLICY, community=community_id, version=version)
    if row is None:
        raise LookupError(f"policy {version} of community {community_id}")
    return _policy(row["version"], row["document"])


def versions(tx: Transaction, community_id: int) -> list[PolicyVersion]:
    """All versions of a policy, the one in force first."""
    return [
        PolicyVersion(_policy(row["version"], row["document"]), moment(row["made_at"]), row["made_by"])
        for row in tx.all(_VERSIONS, community=community_id)
    ]


def put_in_force(tx: Transaction, community_id: int, version: int) -> None:
    """Let a version that is kept be the one that holds."""
    tx.run(_PUT_IN_FORCE, community=community_id, version=version)


def save(tx: Transaction, community: Community, *, by: int, now: Instant) -> None:
    """Keep a community's settings."""
    tx.run(
        _SAVE_COMMUNITY,
        community=community.id,
        home=community.home_id,
        network=community.network_id,
        moderators=community.moderators_id,
        notices=community.notices_id,
        version=community.policy.version,
        now=milliseconds(now),
        person=by,
    )


def save_policy(tx: Transaction, community_id: int, policy: Policy, *, by: int, now: Instant) -> None:
    """Keep a new version of a policy."""
    document = asdict(policy)
    del document["version"]
    tx.run(
        _SAVE_POLICY,
        community=community_id,
        version=policy.version,
        document=json.dumps(document, ensure_ascii=False),
        now=milliseconds(now),
        person=by,
    )


def _community(row: Row) -> Community:
    return Community(
        id=row["id"],
        home_id=row["home_id"],
        network_id=row["network_id"],
        moderators_id=row["moderators_id"],
        notices_id=row["notices_id"],
        policy=_policy(row["version"], row["document"]),
    )


@lru_cache(maxsize=256)
def _policy(version: int, document: str) -> Policy:
    known = {field.name for field in fields(Policy)}
    values = {name: value for name, value in json.loads(document).items() if name in known}
    values["measure"] = Measure(values["measure"])
    values["generated_travels"] = GeneratedTravels(values["generated_travels"])
    values["ai_words"] = tuple(values["ai_words"])
    return within_range(Policy(version=version, **values))
