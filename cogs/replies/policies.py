"""What a community's owner reads about its policy: its versions, and a change from the form to its confirmation."""

from collections.abc import Sequence
from itertools import pairwise

import discord
from discord import ui

from cogs.replies.cards import (
    GOOD,
    MOST_TEXT,
    NOT_SO,
    QUIET,
    WAITS,
    Press,
    card,
    countdown,
    counted,
    plain,
    short_time,
    shortened,
)
from cogs.replies.policy_words import (
    TITLES,
    change_lines,
    mistake_line,
    mistake_words,
    policy_lines,
)
from rules.amendments import LONGEST_SENTENCE, changes
from storage.communities import PolicyVersion
from usecases import policy_refusals as facts
from usecases.amendments import Amended, AmendmentForm, AmendmentView, Outlook
from usecases.policy_refusals import PolicyRefusalError

_MOST_CHANGES, _MOST_MISTAKES = 1700, 1200
"""Characters of a card that each may take; only who changes everything at once to long words meets them."""
NO_AMENDMENT = 0
"""The number of a press that begins with nothing typed."""


def shown(versions: Sequence[PolicyVersion]) -> ui.LayoutView:
    """`/policy show`: what holds, since when and by whom, and what held before."""
    live = versions[0]
    body = [
        f"## The policy here, version {live.policy.version}",
        f"It holds since {short_time(live.made_at)} ({countdown(live.made_at)}), made by <@{live.made_by}>.",
        *policy_lines(live.policy),
        "`/rules` says the same to everybody, without names.",
    ]
    room = MOST_TEXT - sum(len(part) + 2 for part in body) - 200
    return card(
        *body[:-1],
        _older(versions, room),
        body[-1],
        presses=[Press("Change it", "policy-edit", NO_AMENDMENT, discord.ButtonStyle.primary)],
    )


def compared(pair: tuple[PolicyVersion, PolicyVersion] | None) -> ui.LayoutView:
    """`/policy diff`: two versions in words."""
    if pair is None:
        return card(
            "There is one version of the policy so far, so there is nothing to compare. "
            "`/policy edit` makes another one; you see what it does before it counts."
        )
    early, late = pair
    differing = changes(early.policy, late.policy)
    return card(
        f"## The policy: version {early.policy.version} → version {late.policy.version}",
        "\n".join(_made(one) for one in pair),
        change_lines(differing) or "Both say the same.",
        "What is not listed is the same in both." if differing else None,
        "A chapter is judged by the version under which it was handed in (rules C9, L9).",
    )


def change(view: AmendmentView, outlook: Outlook | None) -> ui.LayoutView:
    """`/policy edit`: what was typed, what is wrong with it, and what it would do; nothing of it counts yet."""
    number = view.amendment.id
    ready = [Press("Confirm", "policy-confirm", number, discord.ButtonStyle.success)] if view.confirmable else []
    trial = [Press("Try it", "policy-try", number, discord.ButtonStyle.primary)] if view.changes else []
    return card(
        "## Changing the policy",
        meanwhile(view),
        f"**This would change:**\n{shortened(change_lines(view.changes), _MOST_CHANGES)}"
        if view.changes
        else _nothing_yet(view),
        _mistakes(view),
        would_do(outlook) if outlook is not None and view.confirmable else None,
        "-# Nothing is changed yet. What you have typed keeps for 24 hours; `/policy edit` brings it back.",
        colour=NOT_SO if view.mistakes else WAITS if view.changes else QUIET,
        presses=[*ready, *trial, *form_presses(number), *_cancel(view)],
    )


def amended(done: Amended, outlook: Outlook) -> ui.LayoutView:
    """The new version holds."""
    return card(
        f"## Version {done.policy.version} of the policy holds now",
        change_lines(changes(done.before, done.policy)),
        "It binds what is handed in from now on; `/rules` shows it to everybody. "
        "Every promise stands, and what was handed in before keeps its own version (rules C9, L9).",
        _offered(outlook, done=True),
        "It stands in the log of `/review audit`. `/policy edit` with `version` goes back.",
        colour=GOOD,
    )


def dropped() -> ui.LayoutView:
    """Nothing is changed after all."""
    return card("The policy stays as it is. What you had typed is forgotten.")


def would_do(outlook: Outlook) -> str:
    """C9: what a change does to what waits: it breaks no promise, and may offer something."""
    if outlook.waiting == 0:
        return "**What it would do:** Nothing waits at present. It binds what is handed in from then on (rules C9, L9)."
    waits = counted(outlook.waiting, "chapter")
    authors = counted(len(outlook.authors), "author")
    return (
        f"**What it would do:** Nothing that is promised moves: {waits} of {authors} "
        f"{'waits and keeps its time' if outlook.waiting == 1 else 'wait and keep their times'}, judged by the version "
        f"under which {'it was' if outlook.waiting == 1 else 'they were'} handed in (rules C9, L9). "
        f"{_offered(outlook, done=False)}"
    )


def meanwhile(view: AmendmentView) -> str | None:
    """That somebody else was quicker, where that is so."""
    if not view.meanwhile:
        return None
    return (
        f"**The policy has changed since you saw it, so I have done nothing yet.** <@{view.base.made_by}> has made "
        f"version {view.base.policy.version} ({countdown(view.base.made_at)}). What you typed is kept; "
        "this is what it would change now."
    )


def form_presses(amendment_id: int) -> list[Press]:
    """The three forms of a policy."""
    return [Press(label, verb, amendment_id) for verb, (label, _) in FORMS.items()]


def form(verb: str, shown: AmendmentForm) -> ui.Modal:
    """One of the three forms, filled in with what was typed or else with what holds; a mistake stands at its field."""
    label, names = FORMS[verb]
    made = ui.Modal(title=f"The policy: {label.lower()}", custom_id=f"policy-form:{shown.amendment.id}")
    wrong = {one.name: mistake_words(one) for one in shown.mistakes}
    for name in names:
        told = f"Not yet: {wrong[name]}" if name in wrong else _DESCRIPTIONS[name]
        made.add_item(
            ui.Label(text=TITLES[name], description=shortened(told, 100), component=_component(name, shown.texts[name]))
        )
    made.stop()
    return made


FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "policy-times": ("Times", ("chapter_days", "series_days", "measure", "zone", "waiting_limit")),
    "policy-labels": (
        "Labels",
        ("generated_travels", "disclosure_paragraphs", "standard_disclosure", "ai_words", "repair_days"),
    ),
    "policy-answers": (
        "Challenges and answers",
        ("challenge_days", "challenge_lifts_start", "question_hours", "appeal_days"),
    ),
}
"""The forms by the verbs of their buttons; Discord has room for five fields in one."""


def refusal(error: PolicyRefusalError) -> str:
    """The words for a refusal about a policy."""
    match error:
        case facts.NotOwnerError():
            return (
                "Only who manages this server changes its policy: members with **Manage Server**. "
                "`/rules` shows everybody what holds."
            )
        case facts.AmendmentGoneError():
            return (
                "This change was confirmed or cancelled already, or 24 hours have passed. Nothing was changed now; "
                "`/policy show` says what holds, and `/policy edit` begins anew."
            )
        case facts.UnknownVersionError(version=version, newest=newest):
            return f"The policy has no version {version}; {_there_are(newest)} `/policy show` lists them."
        case facts.PolicyRangeError(numbers=numbers, words=words):
            wrong = [f"`{one.name}` is {one.least} to {one.most}, not {plain(str(one.value))}" for one in numbers]
            wrong += [f"`{one.name}` ({TITLES[one.name].lower()}) cannot be {plain(one.words[:80])}" for one in words]
            return f"The rules could not be kept with this policy, so nothing was changed: {'; '.join(wrong)}."
    raise TypeError(type(error))


def _there_are(newest: int) -> str:
    return "there is only version 1 so far." if newest == 1 else f"there are versions 1 to {newest}."


def _made(one: PolicyVersion) -> str:
    return f"- version {one.policy.version}: made {short_time(one.made_at)} by <@{one.made_by}>"


def _older(versions: Sequence[PolicyVersion], room: int) -> str | None:
    """What each version changed, newest first, as far as there is room."""
    lines: list[str] = []
    for late, early in pairwise(versions):
        made = f"- Version {late.policy.version}, {short_time(late.made_at)} by <@{late.made_by}>:"
        what = "; ".join(line[2:] for line in change_lines(changes(early.policy, late.policy)).splitlines())
        lines.append(f"{made} {what or 'nothing'}")
    first = versions[-1]
    lines.append(f"- Version {first.policy.version}, {short_time(first.made_at)} by <@{first.made_by}>: the first one")
    kept: list[str] = []
    for line in lines:
        if len(line) + 1 > room:
            kept.append(f"- …and {counted(len(lines) - len(kept), 'older version')}; `/policy diff` shows each")
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join(["**What each version changed**", *kept]) if len(versions) > 1 else None


def _nothing_yet(view: AmendmentView) -> str:
    said = "" if view.mistakes else "Nothing differs from what holds. "
    return f"{said}Pick a part; its form shows what holds, and you change what you want."


def _mistakes(view: AmendmentView) -> str | None:
    if not view.mistakes:
        return None
    lines = shortened("\n".join(mistake_line(one) for one in view.mistakes), _MOST_MISTAKES)
    return f"**Not right yet, so it cannot be confirmed:**\n{lines}\n\nThe form still holds all that you typed."


def _cancel(view: AmendmentView) -> list[Press]:
    return [Press("Cancel", "policy-cancel", view.amendment.id)] if view.amendment.typed else []


def _offered(outlook: Outlook, *, done: bool) -> str:
    if outlook.earlier == 0:
        return "None of what waits could come earlier by it." if outlook.waiting else "Nothing waits at present."
    could = f"{counted(outlook.earlier, 'chapter')} of {counted(len(outlook.offered), 'author')} could come earlier"
    offers = "offers" if done else "would offer"
    return (
        f"{could}: their `/chapter queue` {offers} **Release earlier**, and nothing comes earlier but by their own "
        "press (rule C9)."
    )


_DESCRIPTIONS = {
    "chapter_days": "Rule C2: 1 to 365 days after the chapter before it",
    "series_days": "Rule C1: 1 to 365 days after the author's previous start",
    "measure": "Rule C4: what “so many days later” means",
    "zone": "Rule C4: a name such as Europe/Berlin, America/New_York or UTC",
    "waiting_limit": "Rule C7: 1 to 500; the next one gets a clear refusal",
    "generated_travels": "Rule L4: text mostly written by AI, with few edits",
    "disclosure_paragraphs": "Rule L3: 1 to 20, counted from the first",
    "repair_days": "Rule L10: 1 to 365; a label mended later brings no announcement",
    "standard_disclosure": "Rule L7: counts where an author gives no sentence; it names AI",
    "ai_words": "Rule L7: one a line, beside those that are built in",
    "challenge_days": "Rule H1: 1 to 60, where a moderator says nothing else",
    "challenge_lifts_start": "Rule H5: whether C1 is lifted too, for an entry's first chapter",
    "question_hours": "Rule L11: 1 to 720, before a moderator may set a label",
    "appeal_days": "Rule L12: 1 to 60, for another moderator to answer",
}
_CHOICES = {
    "measure": {
        "civil": "The same time on the clock, days later",
        "elapsed": "24 hours a day, also when clocks change",
        "midnight": "The last day opens at midnight",
    },
    "generated_travels": {"never": "Stays at home", "if_disclosed": "Travels if its disclosure counts"},
    "challenge_lifts_start": {"no": "No: a start waits as always", "yes": "Yes: a start goes faster, too"},
}


def _component(name: str, text: str) -> ui.Select[ui.Modal] | ui.TextInput[ui.Modal]:
    if name in _CHOICES:
        options = [
            discord.SelectOption(label=label, value=value, default=value == text)
            for value, label in _CHOICES[name].items()
        ]
        return ui.Select(custom_id=name, required=True, options=options)
    long = name in {"standard_disclosure", "ai_words"}
    most = {"standard_disclosure": LONGEST_SENTENCE, "ai_words": 4000}.get(name, 100)
    return ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=text[:most] or None,
        required=name != "ai_words",
        max_length=most,
    )
