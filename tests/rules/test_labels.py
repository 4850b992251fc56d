"""L1 to L4, L7, L8: how far does a chapter travel?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import prose
from rules.labels import (
    Ai,
    Cure,
    Declaration,
    Fault,
    Labels,
    Reach,
    inspect,
    label_findings,
    names_ai,
    reach_of,
)
from rules.policy import AI_WORDS, GeneratedTravels
from tests.rules.build import a_policy, some_labels

SENTENCE = "I used AI to find the names."


def reach(text: str, ai: Ai = Ai.ASSISTED, disclosure: str | None = SENTENCE) -> Reach:
    """The reach of a text under the default policy."""
    labels = inspect(Declaration(ai, None if ai is Ai.NONE else disclosure), prose.read(text), a_policy())
    return reach_of(label_findings(labels, a_policy()))


def test_l2_a_chapter_without_ai_reaches_the_network() -> None:
    """Whatever its text says; no sentence is looked for in it."""
    assert reach("One.\n\nTwo.", Ai.NONE) is Reach.NETWORK
    found = inspect(Declaration(Ai.NONE, SENTENCE), prose.read(SENTENCE), a_policy())
    assert found == Labels(Ai.NONE, SENTENCE, None, names_ai=True), "only the sentence is read (L14)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SENTENCE}\n\nTwo.\n\nThree.", Reach.NETWORK),
        (f"One.\n\n{SENTENCE}\n\nThree.", Reach.NETWORK),
        (f"One.\n\nTwo.\n\n{SENTENCE}", Reach.PERSONAL),
        ("One.\n\nTwo.\n\nThree.", Reach.PERSONAL),
        (f"# A title\n\n## A part\n\nOne.\n\n{SENTENCE}", Reach.NETWORK),
        (f"One.\n\n* * *\n\n{SENTENCE}", Reach.NETWORK),
        ("One.\n\ni used  ai to find *the names*\n\nThree.", Reach.NETWORK),
        (f"> A motto.\n\n{SENTENCE}\n\nStory.", Reach.NETWORK),
        (f"> A motto.\n\nStory.\n\n{SENTENCE}", Reach.PERSONAL),
        (f"- one\n- two\n\n{SENTENCE}", Reach.PERSONAL),
        (f"\u200b\n\n\u200b\n\nOne.\n\n{SENTENCE}", Reach.NETWORK),
        (f"Before the story: {SENTENCE} Enjoy.\n\nTwo.", Reach.NETWORK),
    ],
)
def test_l3_an_assisted_chapter_travels_with_its_sentence_in_the_first_two_paragraphs(
    text: str, expected: Reach
) -> None:
    """L3, L6, L7: on the text as readers will see it."""
    assert reach(text) is expected


def test_l3_the_finding_names_the_paragraph_and_the_one_press_that_cures_it() -> None:
    """L8, N2."""
    (late,) = label_findings(some_labels(Ai.ASSISTED, stands_in=3), a_policy())
    assert (late.rule, late.fault, late.paragraph, late.cure) == ("L3", Fault.DISCLOSED_TOO_LATE, 3, Cure.MOVE_UP)
    (missing,) = label_findings(some_labels(Ai.ASSISTED), a_policy())
    assert (missing.fault, missing.cure) == (Fault.NOT_DISCLOSED, Cure.ADD_LABEL)
    assert label_findings(some_labels(Ai.ASSISTED, stands_in=2), a_policy()) == ()


def test_l4_generated_text_stays_home_disclosed_or_not() -> None:
    """And may travel, disclosed, where a policy lets it."""
    assert reach(f"{SENTENCE}\n\nTwo.", Ai.GENERATED) is Reach.PERSONAL
    open_policy = a_policy(generated_travels=GeneratedTravels.IF_DISCLOSED)
    assert label_findings(some_labels(Ai.GENERATED, stands_in=1), open_policy) == ()
    (finding,) = label_findings(some_labels(Ai.GENERATED), open_policy)
    assert finding.cure is Cure.ADD_LABEL


def test_l7_without_a_sentence_of_the_authors_the_standard_one_is_looked_for() -> None:
    """The community's own words count."""
    policy = a_policy()
    text = f"{policy.standard_disclosure}\n\nTwo."
    assert reach(text, disclosure=None) is Reach.NETWORK
    assert names_ai(policy.standard_disclosure, policy.ai_words)


@pytest.mark.parametrize("words", [(), ("",), ("\u200b", " ")])
def test_l7_without_a_word_for_ai_no_sentence_names_it(words: tuple[str, ...]) -> None:
    """A policy whose words are gone keeps what is undisclosed at home: the stricter holds."""
    assert not names_ai("This chapter was written with the help of AI.", words)


@pytest.mark.parametrize(
    "sentence",
    [
        "Written with AI.",
        "Mit KI übersetzt.",
        "Écrit avec l'aide de l'intelligence artificielle.",
        "Escrito con ayuda de IA.",
        "ИИ помог мне с именами.",
        "この章は生成AIを使って書きました。",
        "本章由人工智能辅助写作。",
        "인공지능의 도움을 받았습니다.",
        "ฉันใช้ปัญญาประดิษฐ์ช่วยแปล",
        "Tôi đã dùng trí tuệ nhân tạo.",
        "I asked ChatGPT for names.",
        "An A.I. helped.",
    ],
)
def test_l7_a_disclosure_names_ai_in_any_language(sentence: str) -> None:
    """In one of the policy's words."""
    assert names_ai(sentence, AI_WORDS)


@pytest.mark.parametrize(
    "sentence", ["The rain in Spain.", "Said the maid.", "I had help.", "Kind regards, Kiki", "Trí tuệ nhân tạox"]
)
def test_l7_a_word_inside_another_names_nothing(sentence: str) -> None:
    """Only whole words count."""
    assert not names_ai(sentence, AI_WORDS)
    (finding,) = label_findings(some_labels(Ai.ASSISTED, stands_in=1, names_ai=False), a_policy())
    assert finding.rule == "L7"


def test_l7_a_community_may_add_words_in_any_script() -> None:
    """Also in one that sets no spaces, such as Khmer."""
    assert names_ai("ខ្ញុំប្រើបញ្ញាសិប្បនិម្មិតជួយបកប្រែ", (*AI_WORDS, "បញ្ញាសិប្បនិម្មិត"))


paragraph = st.text(alphabet="abcdefghij ,.", min_size=1, max_size=40).map(lambda text: f"x{text}x")


@settings(max_examples=60)
@given(opening=st.lists(paragraph, max_size=4), rest=st.lists(paragraph, max_size=5), ai=st.sampled_from(Ai))
def test_l7_text_after_the_second_paragraph_changes_nothing(opening: list[str], rest: list[str], ai: Ai) -> None:
    """Once the sentence stands in the opening, no other text is looked at."""
    text = "\n\n".join([SENTENCE, *opening])
    assert reach(text, ai) is reach("\n\n".join([text, *rest]), ai)


@settings(max_examples=60)
@given(text=st.text(max_size=300))
def test_nothing_detects_ai(text: str) -> None:
    """No prose with `ai=none` ever changes reach."""
    assert reach(text, Ai.NONE, None) is Reach.NETWORK


def test_l14_a_sentence_that_names_ai_beside_none_keeps_a_chapter_home_until_its_author_has_answered() -> None:
    """Two buttons ask; whatever was said by who knows the sentence is an answer."""
    unclear = Declaration(Ai.NONE, "Made with the help of AI.")
    blocks, policy = prose.read("One."), a_policy()
    (finding,) = label_findings(inspect(unclear, blocks, policy), policy)
    assert (finding.rule, finding.fault, finding.cure) == ("L14", Fault.SAYS_OTHERWISE, Cure.ANSWER)
    said = unclear.said(Ai.NONE)
    assert said == Declaration(Ai.NONE, "Made with the help of AI.", answered=True)
    assert label_findings(inspect(said, blocks, policy), policy) == ()
    assert said.said(Ai.ASSISTED) == unclear.said(Ai.ASSISTED) == Declaration(Ai.ASSISTED, "Made with the help of AI.")
