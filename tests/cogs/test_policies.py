"""The words about a policy fit where they stand, whatever a community has made of it."""

from dataclasses import fields, replace

import pytest

from cogs.replies.cards import MOST_TEXT
from cogs.replies.policies import FORMS, change, compared, form, shown
from cogs.replies.policy_words import MEASURES, RULES, TITLES, mistake_words
from rules.amendments import LONGEST_SENTENCE, Fault, changes
from rules.policy import AI_WORDS, GeneratedTravels, Measure, Policy
from storage.amendments import Amendment
from storage.communities import PolicyVersion
from tests.faces.stage import text_of_view
from tests.rules.build import NEW_YEAR
from usecases.amendments import AmendmentForm, AmendmentView, Outlook
from usecases.typed_policies import FIELDS, Misread, Mistake, read_typed, text_of

OTHER = Policy(
    version=2,
    zone="America/Argentina/ComodRivadavia",
    measure=Measure.ELAPSED,
    series_days=365,
    chapter_days=365,
    waiting_limit=500,
    disclosure_paragraphs=20,
    generated_travels=GeneratedTravels.IF_DISCLOSED,
    repair_days=365,
    standard_disclosure=("AI " * 160).strip(),
    challenge_days=60,
    challenge_lifts_start=True,
    question_hours=720,
    appeal_days=60,
    ai_words=(*AI_WORDS, *(f"{'Machine' * 7} {number}" for number in range(60))),
)
VERSIONS = [
    PolicyVersion(replace(OTHER if number % 2 else Policy(), version=number), NEW_YEAR, 10**18)
    for number in range(300, 0, -1)
]


def test_every_field_has_a_name_a_rule_and_a_form() -> None:
    """A new one, too."""
    names = {one.name for one in fields(Policy)} - {"version"}
    assert set(TITLES) == set(RULES) == set(FIELDS) == names
    assert sorted(name for _, of_form in FORMS.values() for name in of_form) == sorted(names)
    assert set(MEASURES) == set(Measure)


@pytest.mark.parametrize("policy", [Policy(), OTHER], ids=["default", "other"])
@pytest.mark.parametrize("verb", FORMS)
def test_every_form_keeps_to_what_discord_takes(verb: str, policy: Policy) -> None:
    """Five fields, 45 characters over each, 100 below; a select has its choice, a text its limit."""
    texts = {name: text_of(policy, name) for name in FIELDS}
    mistakes = tuple(
        Mistake(name, "x" * 4000, fault, 1, 365)
        for name, fault in zip(FORMS[verb][1], [*Misread, Fault.SAYS_NOTHING], strict=False)
    )
    for wrong in ((), mistakes):
        shown_form = AmendmentForm(Amendment(1, 2, 3, 1, {}), policy, texts, wrong)
        payload = form(verb, shown_form).to_dict()
        assert len(payload["title"]) <= 45
        assert 1 <= len(payload["components"]) <= 5
        for label in payload["components"]:
            assert len(label["label"]) <= 45
            assert len(label["description"]) <= 100
            field = label["component"]
            name = field["custom_id"]
            if "options" in field:
                assert [one["value"] for one in field["options"] if one.get("default")] == [texts[name]]
                assert all(len(one["label"]) <= 100 for one in field["options"])
            else:
                assert len(field.get("value") or "") <= field["max_length"] <= 4000
                assert read_typed(policy, {name: field.get("value") or ""}) == (policy, ())


def test_cards_hold_what_they_must_however_much_there_is() -> None:
    """Of many versions the newest are told, of long words the beginning."""
    text = text_of_view(shown(VERSIONS))
    assert len(text) <= MOST_TEXT
    assert "older versions; `/policy diff` shows each" in text
    assert "`/rules` says the same to everybody" in text
    assert len(text_of_view(compared((VERSIONS[1], VERSIONS[0])))) <= MOST_TEXT
    mistakes = tuple(Mistake(name, "x" * 500, Misread.OUT_OF_RANGE, 1, 365) for name in FIELDS)
    view = AmendmentView(
        Amendment(1, 2, 3, 1, {"zone": "x"}), VERSIONS[0], OTHER, changes(Policy(), OTHER), mistakes, meanwhile=True
    )
    card = text_of_view(change(view, Outlook(9, frozenset({1}), 3, frozenset({1}))))
    assert len(card) <= MOST_TEXT
    assert "Nothing is changed yet" in card


def test_every_mistake_has_its_sentence() -> None:
    """Short enough to stand at its field."""
    for fault in (*Misread, *Fault):
        for most in (60, LONGEST_SENTENCE):
            words = mistake_words(Mistake("zone", "a word", fault, 1, most))
            assert words.endswith((".", "none."))
            assert len(f"Not yet: {words}") <= 100
