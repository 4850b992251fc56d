"""The rules page in plain words, made from the policy in force: what a newcomer reads in a minute."""

from discord import ui

from cogs.replies.cards import QUIET, card, counted, every, paragraphs, plain, quoted
from rules.policy import GeneratedTravels, Measure, Policy

_MEASURES = {
    Measure.CIVIL: "Days end at the same time on the clock",
    Measure.ELAPSED: "A day is 24 hours, also when clocks change",
    Measure.MIDNIGHT: "The last day opens at midnight",
}


def page(policy: Policy) -> ui.LayoutView:
    """`/rules`: what the policy asks, how far a chapter travels, what is never done, and whom to ask."""
    return card(
        "## The rules here, in a minute",
        f"**When?** A series brings a chapter {every(policy.chapter_days)}; an author may start a series every "
        f"{counted(policy.series_days, 'day')}. {_MEASURES[policy.measure]} (time zone {plain(policy.zone)}). Too "
        "early is never refused: the chapter waits for its time, and its author is told it at once. Up to "
        f"{counted(policy.waiting_limit, 'chapter')} of a series may wait. This holds for everybody, with AI or "
        "without (rules C1 to C12).",
        "**How far?** As far as the author's own label says (rules L1 to L7):\n"
        "- `none`: announced to everybody.\n"
        "- `assisted`: announced too, if a sentence within the first "
        f"{paragraphs(policy.disclosure_paragraphs)} says so and names AI, such as "
        f"{quoted(policy.standard_disclosure)}\n"
        f"- `generated`, mostly written by AI: {_GENERATED[policy.generated_travels]}",
        "**Mending a label** takes one press, or `/chapter label`. Before the release it leaves no trace; within "
        f"{counted(policy.repair_days, 'day')} after it, the chapter is still announced, once (rules L8 to L10).",
        "**Faster?** Ask a moderator for an exception with `/chapter ask`. A series in a challenge goes faster in its "
        f"last {counted(policy.challenge_days, 'day')}, or as that challenge says"
        f"{_LIFTED if policy.challenge_lifts_start else ''} (rules E1 to H7).",
        "**Never:** Nobody's text is searched for signs of AI. There is no detector, and no score counts as a reason. "
        "Nothing is ranked. What readers press never sums up against anybody. No text goes anywhere but to Discord.",
        "**Something wrong?** `/why` shows every reason. Moderators who doubt a label ask first, and the author has "
        f"{counted(policy.question_hours, 'hour')} to answer. A label that they set, or a request they declined, can "
        "be appealed once with `/appeal`; another moderator answers, in words, within "
        f"{counted(policy.appeal_days, 'day')} (rules L11, L12).",
        f"-# Version {policy.version} of this community's policy; {counted(len(policy.ai_words), 'word')} in many "
        "languages count as naming AI.",
        colour=QUIET,
    )


_GENERATED = {
    GeneratedTravels.NEVER: "at home, for its followers.",
    GeneratedTravels.IF_DISCLOSED: "announced on the same terms as `assisted`.",
}
_LIFTED = ", and may also start sooner"
