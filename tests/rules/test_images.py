"""L5: where is each image from, and what does its label lack?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import prose
from rules.images import ImageLabel, Lack, Origin, Unshown, lacks, made_by_ai
from rules.labels import Ai, Cure, Declaration, Labels, Reach, image_label, inspect, label_findings, reach_of
from rules.policy import AI_WORDS
from rules.verdict import evaluate
from storage.decisions import answer_of, case_of, inputs_of
from tests.rules.build import a_case, a_policy, some_labels

WORDS = st.sampled_from(("", " ", "\u200b", "A lantern", "Cover made with AI", "The maid said so", "KI-Bild", "Rui"))
IMAGES = st.lists(st.tuples(st.sampled_from((None, *Origin)), WORDS, WORDS), max_size=5)


def labelled(origin: Origin | None, caption: str = "", source: str = "", number: int = 1) -> ImageLabel:
    """An image's label under the default policy."""
    return image_label(ImageLabel(number, origin, caption, source), a_policy())


def test_l5_a_caption_names_ai_only_where_somebody_has_looked() -> None:
    """What nobody has looked at travels nowhere."""
    assert lacks(ImageLabel(1, Origin.AI, "Cover made with AI", "Firefly")) == (Lack.CAPTION,)


def test_an_image_that_is_not_shown_is_in_the_file_unless_it_is_said_to_be_missing() -> None:
    """Most are."""
    assert Unshown(1, "map.svg", "SVG", "A map").there


def test_l5_images_made_by_ai_are_those_of_which_their_author_says_so() -> None:
    """Nobody else's word counts, and no picture is looked at."""
    mine, unsaid, made = labelled(Origin.OWN), labelled(None, number=2), labelled(Origin.AI, number=3)
    assert made_by_ai([mine, unsaid, made]) == (made,)


def with_images(given: list[tuple[Origin | None, str, str]], ai: Ai = Ai.NONE) -> Labels:
    """A text's labels, and those of its images."""
    text = some_labels(ai)
    images = tuple(labelled(*one, number) for number, one in enumerate(given, start=1))
    return Labels(text.ai, text.sentence, text.stands_in, names_ai=text.names_ai, images=images)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (labelled(None), (Lack.ORIGIN,)),
        (labelled(None, "Made with AI", "Firefly"), (Lack.ORIGIN,)),
        (labelled(Origin.OWN), ()),
        (labelled(Origin.OTHERS), (Lack.CREDIT,)),
        (labelled(Origin.OTHERS, "A map", "\u200b "), (Lack.CREDIT,)),
        (labelled(Origin.OTHERS, source="Rui, by permission"), ()),
        (labelled(Origin.AI), (Lack.CAPTION, Lack.SOURCE)),
        (labelled(Origin.AI, "My cover", "Firefly, asked by Ines"), (Lack.CAPTION,)),
        (labelled(Origin.AI, "The maid in Spain", "Firefly"), (Lack.CAPTION,)),
        (labelled(Origin.AI, "Cover made with AI"), (Lack.SOURCE,)),
        (labelled(Origin.AI, "Cover made with AI", "Firefly, asked by Ines"), ()),
        (labelled(Origin.AI, "表紙は生成AIで作りました", "Firefly"), ()),
    ],
)
def test_l5_what_an_image_lacks(label: ImageLabel, expected: tuple[Lack, ...]) -> None:
    """An answer, a credit, a caption that names AI in one of the policy's words, a source."""
    assert lacks(label) == expected


@pytest.mark.parametrize("ai", Ai)
def test_l5_images_are_judged_by_the_policy_whatever_is_said_of_the_text(ai: Ai) -> None:
    """Their captions are looked at anew, and nothing else that was said of them changes."""
    said = ImageLabel(1, Origin.AI, "Cover made with AI", "Firefly")
    labels = inspect(Declaration(ai, None), prose.read("One."), a_policy(), [said])
    assert labels.images == (image_label(said, a_policy()),)


def test_l5_l8_each_finding_names_its_image_and_the_press_that_cures_it() -> None:
    """N2; beside what is wrong with the text."""
    labels = with_images([(Origin.OWN, "", ""), (None, "", ""), (Origin.AI, "", "")], Ai.ASSISTED)
    text, *images = label_findings(labels, a_policy())
    assert text.cure is Cure.ADD_LABEL
    assert [(one.rule, one.fault, one.image, one.cure) for one in images] == [
        ("L5", Lack.ORIGIN, 2, Cure.DESCRIBE_IMAGES),
        ("L5", Lack.CAPTION, 3, Cure.DESCRIBE_IMAGES),
        ("L5", Lack.SOURCE, 3, Cure.DESCRIBE_IMAGES),
    ]


def says_ai(caption: str) -> bool:
    """Of the captions above: whether it names AI, known because it was written so."""
    return caption in {"Cover made with AI", "KI-Bild"}


@settings(max_examples=200)
@given(given=IMAGES)
def test_l5_one_failing_image_keeps_the_chapter_home_and_nothing_else_does(
    given: list[tuple[Origin | None, str, str]],
) -> None:
    """Against the plain wording of the rule."""

    def may_travel(origin: Origin | None, caption: str, source: str) -> bool:
        named = source.strip(" \u200b") != ""
        if origin is Origin.AI:
            return named and says_ai(caption)
        return origin is Origin.OWN or (origin is Origin.OTHERS and named)

    expected = Reach.NETWORK if all(may_travel(*one) for one in given) else Reach.PERSONAL
    findings = label_findings(with_images(given), a_policy())
    assert reach_of(findings) is expected
    failing = [number for number, one in enumerate(given, start=1) if not may_travel(*one)]
    assert sorted({one.image for one in findings if one.image is not None}) == failing


@settings(max_examples=100)
@given(given=IMAGES)
def test_c12_images_change_no_time_and_a_record_with_them_evaluates_to_itself(
    given: list[tuple[Origin | None, str, str]],
) -> None:
    """L13; whatever a verdict depends on is recorded."""
    case = a_case(labels=with_images(given))
    verdict = evaluate(case)
    assert verdict.slot == evaluate(a_case()).slot
    again = case_of(inputs_of(case), case.policy)
    assert again == case
    assert answer_of(evaluate(again)) == answer_of(verdict)


def test_l7_the_caption_is_judged_by_the_policys_own_words() -> None:
    """A community may have others."""
    label = ImageLabel(1, Origin.AI, "Made by the Muse", "Ines")
    assert lacks(image_label(label, a_policy())) == (Lack.CAPTION,)
    assert lacks(image_label(label, a_policy(ai_words=(*AI_WORDS, "the Muse")))) == ()
