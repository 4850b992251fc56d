"""The log: every decision with the inputs it was made from, so that evaluating them again gives the same answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from whenever import Instant

from rules.cadence import Earlier, Lane, LaneKind
from rules.challenges import Challenge, Turn
from rules.exceptions import Grant
from rules.images import ImageLabel, Origin
from rules.labels import Ai, Labels
from rules.policy import Measure, Policy
from rules.repairs import Repair
from rules.verdict import Case, Verdict
from storage.transaction import Row, Transaction, maybe_milliseconds, maybe_moment, milliseconds, moment, next_ids

_to_json = json.JSONEncoder(ensure_ascii=False).encode

THE_BOT = 0
"""The actor of what nobody pressed."""


class DecisionKind(StrEnum):
    """What was decided."""

    SUBMITTED = "submitted"
    REPLANNED = "replanned"
    """The slot of a waiting chapter was decided anew: an exception, a closed gap, a challenge."""
    RELEASED = "released"
    RELABELLED = "relabelled"
    """A chapter was given another label: by a moderator, or after it went out (L10)."""
    WITHDRAWN = "withdrawn"
    HELD = "held"
    """A moderator has paused a chapter or a series."""
    RESUMED = "resumed"
    ASKED = "asked"
    """A moderator has asked about a label (L11)."""
    ANSWERED = "answered"
    LEFT = "left"
    """The label stays as it is (L11)."""
    READ = "read"
    """One of two moderators has read a label otherwise than its author says (L11)."""
    READ_OTHERWISE = "read_otherwise"
    """The second of them has not."""
    DOUBTS_READ = "doubts_read"
    """A moderator has read what readers say of a label."""
    APPEALED = "appealed"
    APPEAL_GRANTED = "appeal_granted"
    APPEAL_KEPT = "appeal_kept"
    """What was appealed against stands (L12)."""
    CHALLENGE_OPENED = "challenge_opened"
    CHALLENGE_MOVED = "challenge_moved"
    CHALLENGE_CLOSED = "challenge_closed"
    CHALLENGE_ENTERED = "challenge_entered"
    EXCEPTION_GRANTED = "exception_granted"
    EXCEPTION_REVOKED = "exception_revoked"
    REQUEST_DECLINED = "request_declined"
    IMPORT_ASKED = "import_asked"
    """An author asks to bring older work in (C13)."""
    IMPORT_CONFIRMED = "import_confirmed"
    IMPORT_DECLINED = "import_declined"
    POLICY_CHANGED = "policy_changed"
    """The community's policy has a new version."""
    IMPORTED = "imported"
    """An older chapter is out, with its original date."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the log."""

    id: int
    chapter_id: int | None
    kind: DecisionKind
    actor_id: int
    made_at: Instant
    policy_version: int
    inputs: str
    answer: str


@dataclass(frozen=True, slots=True)
class Deed:
    """That somebody decided something, and when."""

    by: int
    at: Instant


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision with what it was about, as far as it was about that."""

    decision: Decision
    chapter_title: str | None
    series_title: str | None
    author_id: int | None
    """Whose work it concerns."""
    undone: Deed | None = None
    """The won appeal that has undone it (L12)."""
    undoes: Deed | None = None
    """What it has undone (L12)."""


_DECISION = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions WHERE id = :decision
"""

_LATEST_SLOT = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id = :chapter AND kind IN ('submitted', 'replanned', 'imported') ORDER BY id DESC LIMIT 1
"""

_DECLINED = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id IS :chapter AND kind IN ('request_declined', 'import_declined')
       AND COALESCE(json_extract(inputs, '$.request'), json_extract(inputs, '$.import')) = :act
"""

_NEWEST = """
    SELECT d.id, d.chapter_id, d.kind, d.actor_id, d.made_at, d.policy_version, d.inputs, d.answer,
           c.title AS chapter_title, s.title AS series_title,
           COALESCE(c.author_id, e.author_id, s.author_id) AS author_id
      FROM decisions d
      LEFT JOIN chapters c ON c.id = d.chapter_id
      LEFT JOIN exceptions e ON e.id = json_extract(d.inputs, '$.exception')
      LEFT JOIN series s ON s.id = COALESCE(c.series_id, e.series_id, json_extract(d.inputs, '$.series'))
     WHERE d.community_id = :community
       AND (:author IS NULL OR COALESCE(c.author_id, e.author_id, s.author_id) = :author)
       AND (:chapter IS NULL OR d.chapter_id = :chapter)
     ORDER BY d.id DESC LIMIT :limit
"""

_ALL = """
    SELECT id, community_id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer
      FROM decisions WHERE id > :after ORDER BY id LIMIT :limit
"""

_LATEST = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id = :chapter AND kind = :kind ORDER BY id DESC LIMIT 1
"""


def record(
    tx: Transaction,
    kind: DecisionKind,
    *,
    community_id: int,
    chapter_id: int | None,
    actor_id: int,
    policy_version: int,
    inputs: str = "{}",
    answer: str = "{}",
    now: Instant,
) -> None:
    """Add a row; rows are never changed."""
    tx.insert(
        "decisions",
        {
            "id": next_ids(tx, "decisions", now),
            "community_id": community_id,
            "chapter_id": chapter_id,
            "kind": kind,
            "actor_id": actor_id,
            "made_at": milliseconds(now),
            "policy_version": policy_version,
            "inputs": inputs,
            "answer": answer,
        },
    )


def find(tx: Transaction, decision_id: int) -> Decision | None:
    """One decision."""
    return _decision(tx.one(_DECISION, decision=decision_id))


def latest(tx: Transaction, chapter_id: int, kind: DecisionKind) -> Decision | None:
    """The last decision of one kind on a chapter."""
    return _decision(tx.one(_LATEST, chapter=chapter_id, kind=kind))


def latest_slot(tx: Transaction, chapter_id: int) -> Decision | None:
    """The decision that gave a chapter the slot it now has."""
    return _decision(tx.one(_LATEST_SLOT, chapter=chapter_id))


def declined(tx: Transaction, chapter_id: int | None, act_id: int) -> Decision | None:
    """The decision by which a request about a chapter, or an import, was declined."""
    return _decision(tx.one(_DECLINED, chapter=chapter_id, act=act_id))


def _decision(row: Row | None) -> Decision | None:
    return None if row is None else _known(row)


def _known(row: Row) -> Decision:
    return Decision(
        row["id"],
        row["chapter_id"],
        DecisionKind(row["kind"]),
        row["actor_id"],
        moment(row["made_at"]),
        row["policy_version"],
        row["inputs"],
        row["answer"],
    )


def newest(
    tx: Transaction, community_id: int, *, author_id: int | None, chapter_id: int | None, limit: int
) -> list[Logged]:
    """The log of a community, newest first; of one author's work or one chapter, if it is given."""
    rows = tx.all(_NEWEST, community=community_id, author=author_id, chapter=chapter_id, limit=limit)
    return [Logged(_known(row), row["chapter_title"], row["series_title"], row["author_id"]) for row in rows]


def each(tx: Transaction, *, at_a_time: int = 1000) -> Iterator[tuple[int, Decision]]:
    """Every decision of the database with its community's id, oldest first."""
    after = -1
    while rows := tx.all(_ALL, after=after, limit=at_a_time):
        yield from ((row["community_id"], _known(row)) for row in rows)
        after = rows[-1]["id"]


def inputs_of(case: Case, facts: Mapping[str, Any] | None = None) -> str:
    """A case as it is recorded; its policy by its version. `facts` are told beside it, and decide nothing."""
    last, labels, grant, pace = case.lane.last, case.labels, case.grant, case.pace
    return _to_json(
        {
            "now": milliseconds(case.now),
            "wanted": maybe_milliseconds(case.wanted),
            "lane": case.lane.kind,
            "last": last and [last.chapter_id, last.title, last.series_title, milliseconds(last.slot)],
            "grant": grant and [grant.id, grant.lane, grant.series_id, grant.uses_left, milliseconds(grant.ends_at)],
            "pace": pace and [pace.zone, pace.measure, pace.series_days, pace.chapter_days],
            "place": maybe_milliseconds(case.place),
            "resumed": maybe_milliseconds(case.resumed),
            "imported": maybe_milliseconds(case.imported),
            "turn": case.turn and _recorded_turn(case.turn),
            "labels": [labels.ai, labels.sentence, labels.stands_in, labels.names_ai, labels.answered],
            "images": [[one.number, one.origin, one.caption, one.source, one.names_ai] for one in labels.images],
            "repair": case.repair and _recorded_repair(case.repair),
            **(facts or {}),
        }
    )


def answer_of(verdict: Verdict) -> str:
    """A verdict as it is recorded: two verdicts are the same exactly when these are."""
    return _to_json(
        {
            "slot": milliseconds(verdict.slot.at),
            "because": verdict.slot.because,
            "free_from": maybe_milliseconds(verdict.slot.free_from),
            "reach": verdict.reach,
            "findings": [[f.rule, f.fault, f.paragraph, f.cure, f.image] for f in verdict.label_findings],
        }
    )


def withdrawal_of(released_at: Instant, *, copied: bool, laned: bool, now: Instant) -> str:
    """What C11 decides from when a released chapter is withdrawn, as it is recorded."""
    return json.dumps(
        {"now": milliseconds(now), "released": milliseconds(released_at), "copied": copied, "laned": laned}
    )


def counting_of(*, counts: bool) -> str:
    """What C11 decided, as it is recorded."""
    return json.dumps({"counts": counts})


def case_of(inputs: str, policy: Policy) -> Case:
    """A recorded case, ready to be evaluated again."""
    document: dict[str, Any] = json.loads(inputs)
    last = document["last"]
    ai, sentence, stands_in, names_ai, *answered = document["labels"]
    return Case(
        now=moment(document["now"]),
        wanted=maybe_moment(document["wanted"]),
        lane=Lane(
            LaneKind(document["lane"]),
            None if last is None else Earlier(last[0], last[1], last[2], moment(last[3])),
        ),
        labels=Labels(
            Ai(ai),
            sentence,
            stands_in,
            names_ai=names_ai,
            images=_images(document.get("images", ())),
            answered=any(answered),
        ),
        policy=policy,
        grant=_grant(document.get("grant")),
        pace=_pace(document.get("pace"), policy),
        place=maybe_moment(document.get("place")),
        resumed=maybe_moment(document.get("resumed")),
        imported=maybe_moment(document.get("imported")),
        turn=_turn(document.get("turn")),
        repair=_repair(document.get("repair")),
    )


def _images(recorded: Sequence[list[Any]]) -> tuple[ImageLabel, ...]:
    return tuple(
        ImageLabel(number, None if origin is None else Origin(origin), caption, source, names_ai=names_ai)
        for number, origin, caption, source, names_ai in recorded
    )


def _recorded_turn(turn: Turn) -> dict[str, Any]:
    challenge = turn.challenge
    return {
        "challenge": [challenge.id, challenge.name, challenge.zone, challenge.window_days],
        "opens": milliseconds(challenge.opens),
        "deadline": milliseconds(challenge.deadline),
        "planned": milliseconds(turn.planned_at),
        "last": maybe_milliseconds(turn.last_slot),
        "ahead": maybe_milliseconds(turn.ahead),
        "place": [turn.position, turn.number],
    }


def _turn(recorded: dict[str, Any] | None) -> Turn | None:
    if recorded is None:
        return None
    number, name, zone, window_days = recorded["challenge"]
    position, among = recorded["place"]
    return Turn(
        challenge=Challenge(
            id=number,
            name=name,
            opens=moment(recorded["opens"]),
            deadline=moment(recorded["deadline"]),
            zone=zone,
            window_days=window_days,
        ),
        planned_at=moment(recorded["planned"]),
        last_slot=maybe_moment(recorded["last"]),
        number=among,
        position=position,
        ahead=maybe_moment(recorded["ahead"]),
    )


def _recorded_repair(repair: Repair) -> list[Any]:
    return [milliseconds(repair.released_at), milliseconds(repair.at), repair.announced, repair.excused]


def _repair(recorded: list[Any] | None) -> Repair | None:
    if recorded is None:
        return None
    released_at, at, announced, excused = recorded
    return Repair(moment(released_at), moment(at), announced=announced, excused=excused)


def _pace(recorded: list[Any] | None, policy: Policy) -> Policy | None:
    if recorded is None:
        return None
    zone, measure, series_days, chapter_days = recorded
    return replace(policy, zone=zone, measure=Measure(measure), series_days=series_days, chapter_days=chapter_days)


def _grant(recorded: list[Any] | None) -> Grant | None:
    if recorded is None:
        return None
    number, lane, series_id, uses_left, ends_at = recorded
    return Grant(id=number, lane=LaneKind(lane), series_id=series_id, uses_left=uses_left, ends_at=moment(ends_at))
