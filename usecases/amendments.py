"""Changing a policy: typed, shown with what it would do, and confirmed by who typed it (C9, N4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from rules.amendments import Change, changes
from rules.policy import Policy
from storage import amendments, communities, trials
from storage.amendments import Amendment
from storage.communities import PolicyVersion
from storage.transaction import Transaction, new_id
from usecases.communities import make_policy
from usecases.drafts import DRAFTS_KEPT
from usecases.people import Person, community_of
from usecases.policies import policy_versions
from usecases.policy_refusals import AmendmentGoneError, UnknownVersionError
from usecases.promises import earlier_with
from usecases.typed_policies import FIELDS, Mistake, read_typed, text_of


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """What an owner has typed, against the policy in force; nothing of it counts yet."""

    amendment: Amendment
    base: PolicyVersion
    """The version in force."""
    after: Policy
    """What would be in force; a field with a mistake stays in it as it is."""
    changes: tuple[Change, ...]
    mistakes: tuple[Mistake, ...]
    meanwhile: bool = False
    """The policy has changed since the owner last saw it."""

    @property
    def confirmable(self) -> bool:
        """Something changes, and nothing is wrong."""
        return bool(self.changes) and not self.mistakes


@dataclass(frozen=True, slots=True)
class AmendmentForm:
    """What the forms show."""

    amendment: Amendment
    seen: Policy
    """The version that its owner has seen it against."""
    texts: Mapping[str, str]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """A new version that is in force."""

    before: Policy
    policy: Policy


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits of one series."""

    series_id: int
    author_id: int
    chapters: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """C9: what a changed policy would do to what waits: nothing by itself, but it may offer earlier slots."""

    waiting: int = 0
    authors: frozenset[int] = frozenset()
    earlier: int = 0
    """Waiting chapters for which an earlier slot would be offered."""
    offered: frozenset[int] = frozenset()
    """The authors to whom."""


def open_amendment(tx: Transaction, owner: Person, version: int | None, *, now: Instant) -> AmendmentView:
    """`/policy edit`: what the owner has begun to change, or nothing yet.

    Args:
        tx: the transaction.
        owner: who changes the policy.
        version: begin with the numbers of this earlier version; what was typed before is then forgotten.
        now: the present moment.

    Raises:
        NotSetUpError: the community is not set up.
        UnknownVersionError: there is no such version.
    """
    amendments.drop_old(tx, before=now - DRAFTS_KEPT)
    policy = community_of(tx, owner).policy
    known = amendments.of_owner(tx, owner.community_id, owner.id)
    if known is None:
        known = Amendment(new_id(now), owner.community_id, owner.id, policy.version, {})
        amendments.add(tx, known, now=now)
    if version is not None:
        typed = _typed_of(tx, owner, version, policy)
        known = replace(known, base_version=policy.version, typed=typed)
        amendments.save(tx, known, now=now)
    return _view(tx, owner, known, now=now)


def see_amendment(tx: Transaction, owner: Person, amendment_id: int) -> AmendmentForm:
    """What the forms of an amendment show: what was typed, or else what held when its owner last saw it.

    Raises:
        AmendmentGoneError: it was confirmed or dropped, or is somebody else's.
    """
    amendment = _own(tx, owner, amendment_id)
    seen = communities.policy_version(tx, owner.community_id, amendment.base_version)
    _, mistakes = read_typed(seen, amendment.typed)
    return AmendmentForm(
        amendment, seen, {name: text_of(seen, name) for name in FIELDS} | dict(amendment.typed), mistakes
    )


def type_in(
    tx: Transaction, owner: Person, amendment_id: int, typed: Mapping[str, str], *, now: Instant
) -> AmendmentView:
    """Keep what was typed into some fields, also what is wrong; a field that says what holds is not changed.

    Raises:
        AmendmentGoneError: it was confirmed or dropped, or is somebody else's.
    """
    form = see_amendment(tx, owner, amendment_id)
    amendment = replace(form.amendment, typed=_unlike(form.seen, {**form.amendment.typed, **typed}))
    amendments.save(tx, amendment, now=now)
    return _view(tx, owner, amendment, now=now)


def confirm_amendment(tx: Transaction, owner: Person, amendment_id: int, *, now: Instant) -> Amended | AmendmentView:
    """Let it hold, if the policy is still the one that the owner has seen; else show it anew and do nothing.

    Raises:
        AmendmentGoneError: it was confirmed or dropped, or is somebody else's.
    """
    view = _view(tx, owner, _own(tx, owner, amendment_id), now=now)
    if view.meanwhile or not view.confirmable:
        return view
    make_policy(tx, owner, view.after, now=now)
    amendments.drop(tx, amendment_id)
    return Amended(view.base.policy, view.after)


def drop_amendment(tx: Transaction, owner: Person, amendment_id: int) -> None:
    """Leave the policy as it is.

    Raises:
        AmendmentGoneError: it was confirmed or dropped, or is somebody else's.
    """
    amendments.drop(tx, _own(tx, owner, amendment_id).id)


def what_waits(tx: Transaction, owner: Person) -> list[Waits]:
    """What a changed policy may offer earlier slots for."""
    return [Waits(*row) for row in trials.waiting_by_series(tx, owner.community_id)]


def look_at(
    tx: Transaction, before: Policy, after: Policy, some: Sequence[Waits], so_far: Outlook, *, now: Instant
) -> Outlook:
    """C9: what a changed policy would offer for some of what waits, added to what it would for the rest.

    A gap that could be closed already is no news.
    """
    counts = [(one, earlier_with(tx, one.series_id, before, after, now=now)) for one in some]
    return Outlook(
        waiting=so_far.waiting + sum(one.chapters for one in some),
        authors=so_far.authors | {one.author_id for one in some},
        earlier=so_far.earlier + sum(count for _, count in counts),
        offered=so_far.offered | {one.author_id for one, count in counts if count},
    )


def _view(tx: Transaction, owner: Person, amendment: Amendment, *, now: Instant) -> AmendmentView:
    """As it stands against the version in force, which from then on is the one that its owner has seen."""
    base = policy_versions(tx, owner)[0]
    meanwhile = amendment.base_version != base.policy.version
    if meanwhile:
        typed = _unlike(base.policy, amendment.typed)
        amendment = replace(amendment, base_version=base.policy.version, typed=typed)
        amendments.save(tx, amendment, now=now)
    read, mistakes = read_typed(base.policy, amendment.typed)
    after = replace(read, version=base.policy.version + 1)
    return AmendmentView(amendment, base, after, changes(base.policy, after), mistakes, meanwhile)


def _unlike(policy: Policy, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, but for fields that say what a policy says already."""
    kept = {}
    for name, text in typed.items():
        read, mistakes = read_typed(policy, {name: text})
        if mistakes or changes(policy, read):
            kept[name] = text
    return kept


def _typed_of(tx: Transaction, owner: Person, version: int, policy: Policy) -> dict[str, str]:
    """What one would have to type to go back to an earlier version."""
    known = {one.policy.version: one.policy for one in policy_versions(tx, owner)}
    if version not in known:
        raise UnknownVersionError(version, policy.version)
    return {one.name: text_of(known[version], one.name) for one in changes(policy, known[version])}


def _own(tx: Transaction, owner: Person, amendment_id: int) -> Amendment:
    amendment = amendments.find(tx, amendment_id)
    if amendment is None or (amendment.community_id, amendment.owner_id) != (owner.community_id, owner.id):
        raise AmendmentGoneError
    return amendment
