"""A verdict in words: the same in the preview, the receipt, the notice and `/why` (N1, N2, N4)."""

from whenever import Instant

from cogs.replies.cards import Press, countdown, counted, every, full_time, paragraphs, plain, quoted, short_time
from cogs.replies.images import image_faults, image_line
from rules.cadence import Because, LaneKind, Slot, gap_days, rule_of
from rules.images import Lack
from rules.labels import Ai, Cure, Fault, LabelFinding, Labels
from rules.policy import Policy
from rules.repairs import repair_until
from rules.verdict import Verdict
from storage.chapters import Chapter

LABEL_LINES = {
    Ai.NONE: "Written without AI",
    Ai.ASSISTED: "Written with the help of AI",
    Ai.GENERATED: "Mostly written by AI",
}
"""The label every release carries, also for `none` (R5)."""

_CURES: dict[Cure, tuple[tuple[str, str], ...]] = {
    Cure.ADD_LABEL: (("Add the label for me", "add-label"),),
    Cure.MOVE_UP: (("Move it up", "move-up"),),
    Cure.DESCRIBE_IMAGES: (("Describe images", "describe-images"),),
    Cure.ANSWER: (("No AI in the text", "label-none"), ("AI assisted", "label-assisted")),
}
"""The buttons of each cure, with their verbs; they act on a draft and on a chapter that was handed in."""


def label_line(labels: Labels, disclosure: str | None) -> str:
    """R5: how the story and its images were made, in its author's own words where they gave some."""
    line = LABEL_LINES[labels.ai]
    said = disclosure if labels.ai is not Ai.NONE else None
    text = f"{line}: {quoted(said)}" if said else f"{line}."
    return f"{text} {image_line(labels.images)}".rstrip()


def when(slot: Slot, policy: Policy, *, now: Instant) -> str:  # noqa: PLR0911 - one case a reason
    """N1: the exact time and what decided it."""
    if slot.because is Because.NOW:
        return f"**Out at once.** {_free_since(slot, policy)}"
    out = f"**Out {full_time(slot.at)}** ({countdown(slot.at)})"
    if slot.because is Because.WANTED:
        return f"{out}, as you wished (rule C8)."
    if slot.because is Because.HOLD:
        return f"{out}: a moderator's pause kept it back, and has ended (rule C9)."
    if slot.because is Because.IMPORTED:
        day = f"<t:{slot.at.timestamp()}:D>"
        return (
            f"**First out {day}**, elsewhere: it is older work that a moderator has let in. It counts in no lane and "
            "moves no other chapter (rule C13)."
        )
    if slot.because is Because.EXCEPTION:
        soon = "**Out at once**" if slot.at <= now else out
        return f"{soon}, by a moderator's exception (rule E2). {waiting_reason(slot, policy, now=now)}"
    if slot.because is Because.CHALLENGE:
        soon = "**Out at once**" if slot.at <= now else out
        return f"{soon}. {_in_challenge(slot)}"
    if slot.because is Because.MOVED:
        return f"{out}, the time of the place you moved it to (rule C9)."
    return " ".join(part for part in (f"{out}.", waiting_reason(slot, policy, now=now), _in_challenge(slot)) if part)


def why_it_waits(slot: Slot, policy: Policy, *, now: Instant) -> str:
    """E6: what keeps a chapter waiting, for a moderator who decides about it."""
    challenge = _in_challenge(slot)
    if slot.because is Because.CHALLENGE and challenge:
        return challenge
    return " ".join(part for part in (waiting_reason(slot, policy, now=now, whose="their"), challenge) if part)


def waiting_reason(slot: Slot, policy: Policy, *, now: Instant, whose: str = "your") -> str:
    """N1: which rule makes a chapter wait, and which earlier release it counts from."""
    last = slot.lane.last
    if last is None:
        return ""
    days = gap_days(slot.lane.kind, policy)
    verb = "came out" if last.slot <= now else "comes out"
    rule = rule_of(slot.lane.kind)
    if slot.lane.kind is LaneKind.CHAPTER:
        pace = f"Here a series brings a chapter {every(days)} (rule {rule})"
        return f"{pace}, counted from {quoted(last.title)}, which {verb} {full_time(last.slot)}."
    pace = f"Here an author may start a series every {days} days (rule {rule})"
    if not last.series_title:
        return f"{pace}, counted from one that started {full_time(last.slot)} and was deleted since."
    return f"{pace}, counted from {whose} {quoted(last.series_title)}, which {verb} first {full_time(last.slot)}."


def where(verdict: Verdict, policy: Policy) -> str:
    """N2: the reach, and each failing label with the place it concerns and its cure."""
    if not verdict.restricted:
        return "**In its home thread and in the network channel.** Its label is complete."
    reasons = [_fault(finding, policy) for finding in verdict.label_findings]
    reasons.append(image_faults(verdict.label_findings))
    return " ".join(("**In its home thread only**, for its followers.", *(reason for reason in reasons if reason)))


def _fault(finding: LabelFinding, policy: Policy) -> str | None:  # noqa: PLR0911 - one case a fault
    """The text's failing label: what is wrong and what mends it."""
    opening = f"the first {paragraphs(policy.disclosure_paragraphs)}"
    match finding.fault:
        case Fault.GENERATED:
            return "Text mostly written by AI stays with its author's own followers here (rule L4)."
        case Fault.SAYS_OTHERWISE:
            return (
                "The form says that no AI was used, and your sentence speaks of AI, so I would rather ask than guess. "
                "If it tells readers that there is no AI in it, press **No AI in the text**; if AI helped, press "
                "**AI assisted**. Until you answer, it stays at home (rule L14)."
            )
        case Fault.MENDED_TOO_LATE:
            return (
                f"Its label is complete now. It was mended more than {counted(policy.repair_days, 'day')} after the "
                "release, so it is not announced any more (rule L10)."
            )
        case Fault.NOT_NAMING_AI:
            return (
                "Its disclosure does not name AI, so that readers could miss what it says (rule L7). "
                "Hand it in again with a sentence that does, such as "
                f"{quoted(policy.standard_disclosure)}"
            )
        case Fault.DISCLOSED_TOO_LATE:
            return (
                f"Your sentence about AI stands in paragraph {finding.paragraph}; readers should meet it "
                f"within {opening} (rule L3). **Move it up** mends that in one press."
            )
        case Fault.NOT_DISCLOSED:
            return (
                f"Readers should meet your sentence about AI within {opening}, and it is not in the text "
                "(rule L3). **Add the label for me** puts it first, in one press."
            )
        case Lack():
            return None


def sentence_sought(verdict: Verdict, labels: Labels) -> str | None:
    """L7: which sentence was looked for, where that matters."""
    if any(finding.cure in {Cure.ADD_LABEL, Cure.MOVE_UP} for finding in verdict.label_findings):
        return f"-# The sentence: {plain(labels.sentence)}"
    return None


def still_mendable(chapter: Chapter, verdict: Verdict, policy: Policy, *, announced: bool, now: Instant) -> str | None:
    """L10: what mending the label of a chapter that is out still does, and until when."""
    if chapter.released_at is None or chapter.here_since is None or not verdict.restricted:
        return None
    if announced:
        return "When its label is mended, its announcement stands in the network channel again (rule L10)."
    until = repair_until(chapter.here_since, policy)
    if until < now:
        return None
    days = counted(policy.repair_days, "day")
    return f"Mended until {full_time(until)}, {days} after its release, it is still announced, once (rule L10)."


def cure_presses(verdict: Verdict, chapter: Chapter) -> list[Press]:
    """L8, L14: the buttons of the cures that apply; images can be described as long as there are any."""
    cures = {finding.cure for finding in verdict.label_findings if finding.cure}
    cures |= {Cure.DESCRIBE_IMAGES} if chapter.labels.images else set()
    return [Press(label, verb, chapter.id) for cure in Cure if cure in cures for label, verb in _CURES[cure]]


def _in_challenge(slot: Slot) -> str | None:
    """H2, H4, H5: what an entered challenge does for a chapter, or why it does nothing."""
    if slot.turn is None:
        return None
    challenge = slot.turn.challenge
    until = f"{quoted(challenge.name)}, whose deadline is {short_time(challenge.deadline)}"
    if slot.because is Because.CHALLENGE:
        last, free_from = slot.lane.last, slot.free_from
        alone = (
            f" Rule {rule_of(slot.lane.kind)} alone, counted from {quoted(last.title)}, would let it out "
            f"{full_time(free_from)}."
            if last and free_from
            else ""
        )
        return f"It is part of {until}: what waits is spread over the time left (rules H2, H3).{alone}"
    if slot.lane.kind is LaneKind.SERIES:
        return f"It starts your entry for {until}; a challenge lifts rule C2, not C1 (rule H5)."
    if slot.at >= challenge.deadline:
        return f"It no longer fits into {until}; handed in before it, it counts all the same (rules H4, H6)."
    return None


def _free_since(slot: Slot, policy: Policy) -> str:
    kind = slot.lane.kind
    rule = rule_of(kind)
    if slot.free_from is None:
        return "Nothing came before it, so there is nothing to wait for (rule C3)."
    days = gap_days(kind, policy)
    earlier = "release in this series" if kind is LaneKind.CHAPTER else "series start"
    return f"Your last {earlier} is {days} days or more ago (rule {rule})."
