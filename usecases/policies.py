"""Looking at the versions of a community's policy: `/policy show` and `/policy diff`."""

from storage import communities
from storage.communities import PolicyVersion
from storage.transaction import Transaction
from usecases.people import Person, community_of
from usecases.policy_refusals import UnknownVersionError


def policy_versions(tx: Transaction, person: Person) -> list[PolicyVersion]:
    """All versions of a community's policy, the one in force first.

    Raises:
        NotSetUpError: the community is not set up.
    """
    community_of(tx, person)
    return communities.versions(tx, person.community_id)


def two_versions(
    tx: Transaction, person: Person, before: int | None, after: int | None
) -> tuple[PolicyVersion, PolicyVersion] | None:
    """Two versions to be compared: those that are named, else the one in force and the one before the other.

    Returns:
        `None` while there is one version only.

    Raises:
        NotSetUpError: the community is not set up.
        UnknownVersionError: there is no such version.
    """
    known = {one.policy.version: one for one in policy_versions(tx, person)}
    newest = max(known)
    for asked in (before, after):
        if asked is not None and asked not in known:
            raise UnknownVersionError(asked, newest)
    if len(known) == 1:
        return None
    late = newest if after is None else after
    early = max((number for number in known if number < late), default=newest) if before is None else before
    return known[early], known[late]
