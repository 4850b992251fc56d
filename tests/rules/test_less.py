"""R6: what a reader asked to see less of, held against what a release is."""

from hypothesis import given
from hypothesis import strategies as some

from rules.images import ImageLabel, Origin
from rules.labels import Ai
from rules.less import Key, LabelKind, LessKind, hidden_by, key_of, keys_of, label_kinds, tags_of

words = some.text(alphabet="abÄß ,#", max_size=12)


def test_tags_are_what_stands_between_commas_whatever_its_case_and_spacing() -> None:
    """As people write them."""
    assert tags_of(" Slow  burn, #Sea ,sea,, ÄRGER") == ("slow burn", "sea", "ärger")
    assert tags_of(None) == tags_of(" , ") == ()


def test_a_release_has_its_keys_from_the_narrowest_to_the_widest() -> None:
    """In this order they are offered."""
    keys = keys_of(series_id=7, author_id=8, tags="sea", labels=label_kinds(Ai.ASSISTED, ()))
    assert [str(key) for key in keys] == ["series:7", "author:8", "tag:sea", "label:assisted"]


def test_l5_images_made_by_ai_and_images_without_a_label_are_kinds_of_label_too() -> None:
    """Beside what is said of the text; one's own and credited ones are none."""
    mine = ImageLabel(1, Origin.OWN)
    drawn = ImageLabel(2, Origin.AI, "Drawn by AI", "some tool", names_ai=True)
    unsaid = ImageLabel(3)
    assert label_kinds(Ai.NONE, [mine]) == (LabelKind.NONE,)
    assert label_kinds(Ai.NONE, [mine, drawn]) == (LabelKind.NONE, LabelKind.AI_IMAGES)
    both = (LabelKind.GENERATED, LabelKind.AI_IMAGES, LabelKind.UNDECLARED_IMAGES)
    assert label_kinds(Ai.GENERATED, [unsaid, drawn]) == both


def test_only_what_str_made_is_a_key() -> None:
    """What comes back from Discord may be anything."""
    assert key_of("tag:a:b") == Key(LessKind.TAG, "a:b")
    assert [key_of(text) for text in ("", "tag", "tag:", "god:mode")] == [None] * 4


@given(
    asked=some.frozensets(some.sampled_from(["series:1", "series:2", "author:1", "tag:ab", "label:none"])),
    series=some.sampled_from([1, 2]),
    author=some.sampled_from([1, 2]),
    tags=words,
    label=some.sampled_from(LabelKind),
)
def test_r6_a_release_is_hidden_exactly_when_the_reader_asked_for_less_of_something_it_is(
    asked: frozenset[str], series: int, author: int, tags: str, label: LabelKind
) -> None:
    """In plain words: this series, this author, one of its tags, its label."""
    plain = (
        f"series:{series}" in asked
        or f"author:{author}" in asked
        or ("tag:ab" in asked and "ab" in [" ".join(tag.split()) for tag in tags.lower().replace("#", " ").split(",")])
        or f"label:{label}" in asked
    )
    release = keys_of(series_id=series, author_id=author, tags=tags, labels=[label])
    assert bool(hidden_by({key for text in asked if (key := key_of(text))}, release)) is plain
