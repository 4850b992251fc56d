"""L6, L7, and the text side of L8: paragraphs as readers see them, a sentence among them, and its cures."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import prose
from rules.prose import BlockKind, moved_up, opening, paragraphs, plain, read, standing, with_label, words
from rules.spans import INVISIBLE, Role

SENTENCE = "I used AI to find the names."
EXAMPLES = 150


def texts(markdown: str) -> list[str]:
    """What L6 counts, as readers see it."""
    return [" ".join(block.text.split()) for block in paragraphs(read(markdown))]


def shown(markdown: str) -> str:
    """Every visible character of a manuscript but its space, in order."""
    spans = (span for block in read(markdown) for span in block.spans if span.role is not Role.SIGN)
    return "".join(INVISIBLE.sub("", "".join(span.text for span in spans)).split())


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("# Title\n\nFirst.\n\nSecond.", ["First.", "Second."], id="a title is none"),
        pytest.param("Title\n=====\n\nFirst.", ["First."], id="an underlined title is none"),
        pytest.param("A/N: hello.\n\n***\n\nFirst.", ["A/N: hello.", "First."], id="an author's note is one"),
        pytest.param("> To you.\n>\n> E. B.\n\nFirst.", ["To you.", "E. B.", "First."], id="an epigraph's are"),
        pytest.param("> > Deep.\n\nFirst.", ["Deep.", "First."], id="a quote in a quote is one"),
        pytest.param("No.\n\nYes.\n\n“Why?”", ["No.", "Yes.", "“Why?”"], id="one line is one"),
        pytest.param("— Why?\n\n— Because.", ["— Why?", "— Because."], id="each line of a dialogue is one"),
        pytest.param("- one\n- two\n  - three", ["one", "two", "three"], id="each item of a list is one"),
        pytest.param("1. one\n\n   more", ["one", "more"], id="each paragraph of an item is one"),
        pytest.param("![A map](map.png)\n\nFirst.", ["First."], id="an image is none"),
        pytest.param("![A](a.png) ![B](b.png 'By me')\n\nFirst.", ["First."], id="images are none, nor their captions"),
        pytest.param("\u200b\n\n&nbsp;\n\n\ufeff\u2060\n\nFirst.", ["First."], id="invisible characters are none"),
        pytest.param("\u3164\n\n\u2800\n\nFirst.", ["First."], id="fillers that pass for letters are none"),
        pytest.param("**Chapter One**\n\nFirst.", ["Chapter One", "First."], id="a bold line is one: no guessing"),
        pytest.param("No[^1].\n\n[^1]: A note.\n\n    More.\n\nYes.", ["No.", "Yes."], id="footnotes are none"),
        pytest.param("```\nTo: you\n```\n\nFirst.", ["To: you", "First."], id="a letter in a fence is one"),
        pytest.param("    Indented.\n\n\tToo.", ["Indented.", "Too."], id="an indented line is one"),
        pytest.param("One\\\ntwo\n\nThree", ["One two", "Three"], id="a line break ends none"),
        pytest.param("<b>No</b> tags.", ["<b>No</b> tags."], id="HTML is text"),
        pytest.param("*No **AI** was* [used](https://example.org) `here`", ["No AI was used here"], id="markup"),
        pytest.param("مرحبا بكم.\n\nشكرا", ["مرحبا بكم.", "شكرا"], id="right to left"),
        pytest.param("これは物語です。\n\n終わり", ["これは物語です。", "終わり"], id="Japanese"),
    ],
)
def test_l6_a_paragraph_is_a_block_of_visible_prose(markdown: str, expected: list[str]) -> None:
    assert texts(markdown) == expected


@pytest.mark.parametrize(
    "divider",
    [
        "***",
        "* * *",
        "---",
        "\\* \\* \\*",
        "~~~",
        "~ ~ ~",
        "#",
        "\\#",
        "##",
        "⁂",
        "◆ ◆ ◆",
        "-o-",
        "oOo",
        "…",
        "🔥🔥",
    ],
)
def test_l6_a_divider_is_none_however_it_is_typed(divider: str) -> None:
    assert texts(f"First.\n\n{divider}\n\nSecond.") == ["First.", "Second."]


@pytest.mark.parametrize("short", ["X", "0", "No", "“O!”", "1", "字", "å"])
def test_l6_one_letter_is_enough_for_a_paragraph(short: str) -> None:
    assert texts(f"{short}\n\nSecond.") == [short, "Second."]


def test_l6_each_block_knows_what_it_is() -> None:
    markdown = "# T\n\nP\n\n> Q\n\n- I\n\n***\n\n![i](i.png)\n\n```\nC\n```\n\nN[^1]\n\n[^1]: F"

    assert [block.kind for block in read(markdown)] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.QUOTE,
        BlockKind.ITEM,
        BlockKind.DIVIDER,
        BlockKind.IMAGE,
        BlockKind.CODE,
        BlockKind.PARAGRAPH,
        BlockKind.FOOTNOTE,
    ]


def test_l6_each_block_knows_its_lines() -> None:
    blocks = read("# T\n\nOne\ntwo\n\n> Q\n")

    assert [(block.first_line, block.end_line) for block in blocks] == [(0, 1), (2, 4), (5, 6)]


ABOVE = st.lists(
    st.sampled_from(
        ["\n", "\n\n", "# Title\n\n", "***\n\n", "![A map](map.png)\n\n", "\u200b\n\n", "&nbsp;\n\n", "⁂\n\n"]
    ),
    max_size=5,
).map("".join)
LINE = st.text("abc äß字*_`~ .,!'\u201c\u200b[](<@#:&\\1", min_size=1, max_size=25).map(lambda line: f"x{line}")
STORY = st.lists(LINE, min_size=1, max_size=5).map("\n\n".join)


@settings(max_examples=EXAMPLES, deadline=None)
@given(ABOVE, STORY)
def test_l6_nothing_that_is_no_paragraph_changes_the_paragraphs(above: str, story: str) -> None:
    assert texts(above + story) == texts(story)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text("*_~`[]()<>!#-+>|\n \t\\1.ab^:&;", max_size=80))
def test_l6_spans_cover_each_block_and_know_where_they_stand(markdown: str) -> None:
    for block in read(markdown):
        edges = [edge for span in block.spans for edge in (span.start, span.end)]
        assert edges[::2][1:] == edges[1::2][:-1]
        plain_text = [
            span for span in block.spans if span.role is Role.TEXT and span.end - span.start == len(span.text)
        ]
        assert all(block.content[span.start : span.end].replace("\n", " ") == span.text for span in plain_text)


@pytest.mark.parametrize(
    "other",
    [
        "I USED AI TO FIND THE NAMES",
        "I used *AI* to find the names.",
        "I used __AI__ to ~~find~~ the names!",
        "  I used\n\tAI to   find the names…  ",
        "I used A\u200bI to find the na\u00admes.",
        "\uff29 used \uff21\uff29 to find the names\uff0e",
        "I used AI to ﬁnd the names?!",
    ],
)
def test_l7_case_spacing_emphasis_and_invisible_characters_are_ignored(other: str) -> None:
    assert plain(other) == plain(SENTENCE)


def test_l7_quotation_marks_and_dashes_are_alike_in_any_shape() -> None:
    assert plain("«Don\u2019t» \u2014 it\u2013s `so`") == plain('"Don\'t" -- it-s so')


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=40))
def test_l7_the_plain_form_is_final(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("markdown", "number"),
    [
        (SENTENCE, 1),
        ("Hello.\n\nI used\n*AI* to **find the** names", 2),
        (f"# Title\n\n> Q.\n\nNote: {SENTENCE} Enjoy!\n\nText.", 2),
        ("I used [AI](https://example.org) to find the names[^1].\n\n[^1]: n", 1),
        ("I used AI to find the namesakes.", None),
        ("AI used AI to find the names.", None),
        (f"# {SENTENCE}\n\nText.", None),
        (f"![{SENTENCE}](i.png)\n\nText.", None),
        (f"Text.[^1]\n\n[^1]: {SENTENCE}", None),
        (f"A.\n\n- B.\n- {SENTENCE}", 3),
    ],
)
def test_l3_the_paragraph_in_which_the_sentence_stands_is_counted_as_readers_see_it(
    markdown: str, number: int | None
) -> None:
    assert standing("i used AI to find the names", read(markdown)) == number


def test_l3_a_script_without_spaces_has_no_word_ends_to_miss() -> None:
    assert standing("本作はAIを使用しています。", read("序文\n\n注意：本作はAIを使用し\nています。楽しんで")) == 2


@pytest.mark.parametrize("nothing", ["", "  ", "***", "\u200b", "..."])
def test_l3_an_empty_sentence_stands_nowhere(nothing: str) -> None:
    assert standing(nothing, read("Text.\n\n...")) is None


def test_l8_the_label_is_added_after_the_title_before_the_first_paragraph() -> None:
    assert with_label("# Title\n***\n- One\n", SENTENCE) == f"# Title\n***\n\n{SENTENCE}\n\n- One\n"
    assert with_label("# Title", SENTENCE) == f"# Title\n\n{SENTENCE}\n"
    assert with_label("", SENTENCE) == f"{SENTENCE}\n"


@pytest.mark.parametrize(
    "odd",
    [
        "# no title",
        "1. AI",
        "- AI",
        "> AI",
        "*AI* `x` [a](b) ![c](d)",
        "[^1]: AI",
        "[AI]: x",
        "AI &amp; <b>",
        "+ AI\n= x",
    ],
)
def test_l8_the_added_label_is_literal_text(odd: str) -> None:
    assert texts(with_label("Text[^1].\n\n[^1]: n", odd)) == [" ".join(odd.split()), "Text."]


def test_l8_a_label_without_words_changes_nothing() -> None:
    assert with_label("Text.", "***") == "Text."


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param(
            "# T\n\nOne.\n\nTwo.\n\nI used *AI* to\nfind the names.\n\nThree.\n",
            "# T\n\nI used *AI* to find the names.\n\nOne.\n\nTwo.\n\nThree.\n",
            id="a paragraph of its own, with its emphasis",
        ),
        pytest.param(
            "One.\n\nTwo. I used AI to find the names. *Three.*",
            "I used AI to find the names.\n\nOne.\n\nTwo. *Three.*",
            id="from the middle of one",
        ),
        pytest.param(
            "One.\n\n*Two. I used AI to find the names.*",
            "I used AI to find the names.\n\nOne.\n\n*Two.*",
            id="from the end of what is emphasised",
        ),
        pytest.param(
            "One.\n\n**I used _AI_ to find the names. Two**, three",
            "I used _AI_ to find the names.\n\nOne.\n\n**Two**, three",
            id="from the beginning of what is emphasised",
        ),
        pytest.param(
            "One.\n\n> Two\n> I used AI to\n> find the names.\n> Three  \n> four",
            "I used AI to find the names.\n\nOne.\n\n> Two\n> Three  \n> four",
            id="from lines of a quote",
        ),
        pytest.param(
            "One.\r\n\r\n- Two.\r\n- (I used AI to find the names.)\r\n",
            "(I used AI to find the names.)\n\nOne.\r\n\r\n- Two.\r\n",
            id="an item, in parentheses",
        ),
        pytest.param(
            "One.\n\nI used [AI](https://example.org) to find the names[^1]. # Two\n\n[^1]: n",
            "I used [AI](https://example.org) to find the names[^1].\n\nOne.\n\n\\# Two\n\n[^1]: n",
            id="with its link and note; the rest is no heading",
        ),
        pytest.param(
            "One.\n\n1. Two\n2. I used AI to find the names.\n3. Three",
            f"{SENTENCE}\n\nOne.\n\n1. Two\n2. I used AI to find the names.\n3. Three",
            id="repeated where its going would number others anew",
        ),
    ],
)
def test_l8_the_sentence_is_moved_up_and_the_rest_stays_as_it_is(markdown: str, expected: str) -> None:
    assert moved_up(markdown, SENTENCE) == expected


def test_l8_a_sentence_that_stands_first_stays_and_one_that_stands_nowhere_cannot_move() -> None:
    assert moved_up(f"# T\n\nOne. {SENTENCE}", SENTENCE) == f"# T\n\nOne. {SENTENCE}"
    assert moved_up("One.", SENTENCE) is None


FORMS = st.sampled_from(
    [
        SENTENCE,
        "I used\nAI to find the names.",
        "i used **AI** to find *the names*",
        f"*{SENTENCE}*",
        "I used AI *to find the names. And*",
        "[I used AI](https://example.org) to find the names",
        f"> {SENTENCE}",
        f"- {SENTENCE}",
        f"```\n{SENTENCE}\n```",
    ]
)
NASTY = st.text("*_~`[]()<>@:#-+ \n\\!&1ax|.=^\t", max_size=25)


@settings(max_examples=EXAMPLES, deadline=None)
@given(NASTY, FORMS, NASTY, NASTY)
def test_l8_each_cure_puts_the_sentence_first_and_loses_nothing(before: str, form: str, after: str, more: str) -> None:
    markdown = f"Opening.\n\n{before}{form}{after}\n\n{more}"
    labelled, moved = with_label(markdown, SENTENCE), moved_up(markdown, SENTENCE)

    assert standing(SENTENCE, read(labelled)) == 1
    assert sorted(shown(labelled)) == sorted(shown(markdown) + shown(SENTENCE))
    assert (moved is None) == (standing(SENTENCE, read(markdown)) is None)
    if moved not in (None, labelled):
        assert standing(SENTENCE, read(moved)) == 1
        assert sorted(shown(moved)) == sorted(shown(markdown))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One well-known word—two; it's 3.5 at 10:30", 8),
        ("# A title\n\n***\n\nand a *half*word", 5),
        ("物語はAIなし", 6),
        ("สวัสดีครับ", 3),
        ("Привет, мир", 2),
        ("हिन्दी में", 2),
        ("… — !", 0),
    ],
)
def test_r5_words_are_counted_in_any_script(text: str, count: int) -> None:
    assert words(read(text)) == count


def test_an_opening_is_plain_short_and_ends_between_words() -> None:
    blocks = read("# Title\n\nIt *was* a dark\nand stormy night.\n\nThen.")

    assert opening(blocks, 100) == "It was a dark and stormy night. Then."
    assert opening(blocks, 20) == "It was a dark and…"
    assert opening(read("字" * 50), 10) == "字" * 9 + "…"


def test_l3_a_novel_is_searched_in_a_moment() -> None:
    """A hundred thousand words: far under a tenth of a second where it was measured."""
    blocks = read(("It was a dark — and *stormy* — night, and “nobody” knew. " * 12 + "\n\n") * 800)

    started = time.perf_counter()
    assert standing(SENTENCE, blocks) is None
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "hostile",
    [
        "*" * 1_000_000,
        "*a" * 15_000,
        "[" * 30_000,
        "![" * 15_000,
        ">" * 30_000,
        "> " * 15_000 + "a",
        "- " * 15_000 + "a",
        "- a\n" * 8_000,
        "`" * 15_000 + "a`" * 7_000,
        "[^1]: a\n" * 4_000,
        "<" * 30_000,
        "a\u0301" * 15_000,
    ],
    ids=lambda text: text[:6].strip(),
)
def test_hostile_text_is_read_and_cured_in_bounded_time(hostile: str) -> None:
    """Every cost is in proportion; a square would take minutes."""
    started = time.perf_counter()
    prose.with_label(hostile, SENTENCE)
    moved_up(f"Opening.\n\n{hostile} {SENTENCE}", SENTENCE)
    assert time.perf_counter() - started < 20


def test_text_under_absurdly_many_quotes_is_still_there() -> None:
    assert texts("> " * 40 + "Here.")[0].endswith("Here.")
