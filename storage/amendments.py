"""Amendments: changes of a policy that their owner has typed and not confirmed yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Row, Transaction, milliseconds


@dataclass(frozen=True, slots=True)
class Amendment:
    """What one owner would change, as it was typed."""

    id: int
    community_id: int
    owner_id: int
    base_version: int
    """The version of the policy that the owner has seen it against."""
    typed: Mapping[str, str]
    """By the names of a policy's fields; fields that stay are not in it."""


_FIND = "SELECT id, community_id, owner_id, base_version, typed FROM amendments WHERE id = :amendment"

_OF_OWNER = """
    SELECT id, community_id, owner_id, base_version, typed FROM amendments
     WHERE community_id = :community AND owner_id = :owner
"""

_SET = "UPDATE amendments SET base_version = :version, typed = :typed, made_at = :now WHERE id = :amendment"

_DROP = "DELETE FROM amendments WHERE id = :amendment"

_DROP_OLD = "DELETE FROM amendments WHERE made_at < :before"


def add(tx: Transaction, amendment: Amendment, *, now: Instant) -> None:
    """Keep what an owner begins to type."""
    tx.insert(
        "amendments",
        {
            "id": amendment.id,
            "community_id": amendment.community_id,
            "owner_id": amendment.owner_id,
            "base_version": amendment.base_version,
            "typed": _to_json(amendment.typed),
            "made_at": milliseconds(now),
        },
    )


def find(tx: Transaction, amendment_id: int) -> Amendment | None:
    """One amendment, until it is confirmed or dropped."""
    return _amendment(tx.one(_FIND, amendment=amendment_id))


def of_owner(tx: Transaction, community_id: int, owner_id: int) -> Amendment | None:
    """What a person has begun to change in a community; there is never more than one."""
    return _amendment(tx.one(_OF_OWNER, community=community_id, owner=owner_id))


def save(tx: Transaction, amendment: Amendment, *, now: Instant) -> None:
    """Keep what was typed since, and against which version."""
    typed = _to_json(amendment.typed)
    tx.run(_SET, amendment=amendment.id, version=amendment.base_version, typed=typed, now=milliseconds(now))


def drop(tx: Transaction, amendment_id: int) -> None:
    """Forget it."""
    tx.run(_DROP, amendment=amendment_id)


def drop_old(tx: Transaction, *, before: Instant) -> int:
    """Forget amendments that nobody came back to; how many."""
    return tx.run(_DROP_OLD, before=milliseconds(before))


def _to_json(typed: Mapping[str, str]) -> str:
    return json.dumps(dict(typed), ensure_ascii=False)


def _amendment(row: Row | None) -> Amendment | None:
    if row is None:
        return None
    return Amendment(row["id"], row["community_id"], row["owner_id"], row["base_version"], json.loads(row["typed"]))
