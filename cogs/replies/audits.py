"""The log in words: who did what, when, and from what (N5)."""

import json
from typing import Any

from discord import ui
from whenever import Instant

from cogs.replies.cards import MOST_TEXT, QUIET, card, counted, plain, quoted, short_time, shortened
from cogs.replies.policy_words import change_words, recorded_changes
from cogs.replies.rulings import REASONS
from rules.cadence import Because, LaneKind, rule_of
from rules.labels import Reach
from rules.rulings import RulingReason
from storage.decisions import THE_BOT, DecisionKind, Logged
from usecases.labels import Cause

_LONGEST_TITLE = 80
_LONGEST_REASON = 200


def log(entries: list[Logged]) -> ui.LayoutView:
    """`/review audit`: as many of the newest decisions as fit."""
    if not entries:
        return card("Nothing has been decided yet.")
    lines: list[str] = []
    room = MOST_TEXT - 200
    for entry in entries:
        line = _entry(entry)
        if len(line) > room:
            break
        lines.append(line)
        room -= len(line) + 2
    return card("## The log, newest first", *lines, colour=QUIET)


def _entry(entry: Logged) -> str:
    decision = entry.decision
    inputs, answer = json.loads(decision.inputs), json.loads(decision.answer)
    who = "the bot" if decision.actor_id == THE_BOT else f"<@{decision.actor_id}>"
    act = _ACTS[decision.kind].format(subject=_subject(entry, inputs), author=f"<@{entry.author_id}>")
    facts = [*_undoing(entry, inputs), *_facts(decision.kind, inputs, answer), f"policy {decision.policy_version}"]
    return f"{short_time(decision.made_at)} {act} by {who}\n-# {' · '.join(facts)}"


def _undoing(entry: Logged, inputs: dict[str, Any]) -> list[str]:
    """L12: in what was undone, and in what has undone it."""
    undone, undoes, facts = entry.undone, entry.undoes, []
    if undone is not None:
        facts.append(f"**undone** {short_time(undone.at)}: <@{undone.by}> granted an appeal against it (rule L12)")
    if undoes is not None:
        facts.append(f"undoes what <@{undoes.by}> decided {short_time(undoes.at)} (rule L12)")
    if inputs.get("cause") == Cause.APPEAL:
        facts.append("given back by a won appeal (rule L12)")
    return facts


def _subject(entry: Logged, inputs: dict[str, Any]) -> str:
    title = entry.chapter_title or (entry.series_title if inputs.get("series") else inputs.get("name"))
    return quoted(shortened(title, _LONGEST_TITLE)) if title else "something that is gone"


def _facts(kind: DecisionKind, inputs: dict[str, Any], answer: dict[str, Any]) -> list[str]:  # noqa: C901 - flat
    """What it was decided from, in a few words, from the record."""
    facts: list[str] = []
    if "slot" in answer:
        facts += [f"out {_moment(answer['slot'])} by {_cause(inputs, answer)}", _REACH[answer["reach"]]]
        facts += [f"{rule}: {str(fault).replace('_', ' ')}" for rule, fault, *_ in answer["findings"]]
    if "before" in inputs:
        facts.append(f"label {inputs['before']['ai']} → {inputs['labels'][0]}")
    if kind is DecisionKind.CHALLENGE_ENTERED:
        facts.append(f"in {quoted(inputs['name'])}")
    if "deadline" in inputs:
        facts.append(f"deadline {_moment(inputs['deadline'])}, window of {counted(inputs['window_days'], 'day')}")
    if "uses" in inputs:
        lifted = rule_of(LaneKind(inputs["lane"]))
        facts.append(f"lifts rule {lifted} {counted(inputs['uses'], 'time')}, until {_moment(inputs['ends'])}")
    if "chapters" in inputs:
        facts.append(counted(inputs["chapters"], "chapter"))
    if "policy" in inputs:
        facts += [change_words(one) for one in recorded_changes(inputs["policy"])]
    if inputs.get("until"):
        facts.append(f"until {_moment(inputs['until'])}")
    if "counts" in answer and inputs.get("laned", True):  # older work has no slot (C13)
        facts.append("its slot stays counted (rule C11)" if answer["counts"] else "its slot is free again (rule C11)")
    if inputs.get("ground"):
        facts.append(REASONS[RulingReason(inputs["ground"])])
    if inputs.get("reason"):
        facts.append(f"“{plain(shortened(str(inputs['reason']), _LONGEST_REASON))}”")
    return facts


def _cause(inputs: dict[str, Any], answer: dict[str, Any]) -> str:
    because = Because(answer["because"])
    return f"rule {rule_of(LaneKind(inputs['lane']))}" if because is Because.LANE else _CAUSES[because]


def _moment(stored: int) -> str:
    return short_time(Instant.from_timestamp(stored, unit="millisecond"))


_ACTS = {
    DecisionKind.SUBMITTED: "{subject} handed in",
    DecisionKind.REPLANNED: "{subject} given another time",
    DecisionKind.RELEASED: "{subject} released",
    DecisionKind.RELABELLED: "{subject} given another label",
    DecisionKind.WITHDRAWN: "{subject} withdrawn",
    DecisionKind.HELD: "{subject} paused",
    DecisionKind.RESUMED: "{subject} resumed",
    DecisionKind.ASKED: "the author of {subject} asked about its label",
    DecisionKind.ANSWERED: "a question about {subject} answered",
    DecisionKind.LEFT: "the label of {subject} left as it is",
    DecisionKind.READ: "{subject} read otherwise than its label says, by the first of two",
    DecisionKind.READ_OTHERWISE: "{subject} not read otherwise than its label says, by the second",
    DecisionKind.DOUBTS_READ: "what readers say of the label of {subject} read",
    DecisionKind.APPEALED: "an appeal about {subject} made",
    DecisionKind.APPEAL_GRANTED: "an appeal about {subject} granted",
    DecisionKind.APPEAL_KEPT: "an appeal about {subject} answered; it stays as decided",
    DecisionKind.CHALLENGE_OPENED: "the challenge {subject} opened",
    DecisionKind.CHALLENGE_MOVED: "the challenge {subject} given another deadline",
    DecisionKind.CHALLENGE_CLOSED: "the challenge {subject} closed",
    DecisionKind.CHALLENGE_ENTERED: "{subject} entered in a challenge",
    DecisionKind.EXCEPTION_GRANTED: "an exception granted to {author}",
    DecisionKind.EXCEPTION_REVOKED: "an exception of {author} revoked",
    DecisionKind.IMPORT_ASKED: "older work of {subject} brought in, to be confirmed,",
    DecisionKind.IMPORT_CONFIRMED: "older work of {subject} let in",
    DecisionKind.IMPORT_DECLINED: "older work of {subject} declined",
    DecisionKind.IMPORTED: "{subject} posted as older work",
    DecisionKind.POLICY_CHANGED: "the policy changed",
    DecisionKind.REQUEST_DECLINED: "the request of {author} about {subject} declined",
}
_CAUSES = {
    Because.NOW: "nothing that would hold it back",
    Because.WANTED: "its author's wish (rule C8)",
    Because.EXCEPTION: "an exception (rule E2)",
    Because.CHALLENGE: "its challenge (rule H2)",
    Because.HOLD: "the end of a pause (rule C9)",
    Because.IMPORTED: "its original date (rule C13)",
    Because.MOVED: "the place its author gave it (rule C9)",
}
_REACH = {Reach.NETWORK: "home and network", Reach.PERSONAL: "home only"}
