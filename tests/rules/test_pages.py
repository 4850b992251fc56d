"""R1: the messages of a chapter: within the limit, whole, in order, in its styles, and harmless."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.discord_markdown import size
from rules.pages import MESSAGE, SMALLEST
from rules.pages import pages as laid_out
from rules.prose import BlockKind, read
from rules.spans import INVISIBLE, Role
from tests.rules.reader import Shown, letters, shown

EXAMPLES = 120
LIMITS = st.integers(SMALLEST, 400)


def pages(markdown: str, *, title: str = "", limit: int = MESSAGE) -> tuple[str, ...]:
    """The messages of a chapter without images."""
    return tuple(page for page in laid_out(markdown, title=title, limit=limit) if isinstance(page, str))


def page(markdown: str) -> str:
    """The one message of a short chapter."""
    (only,) = pages(markdown)
    return only


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("One\ntwo.\n\n\n\nThree.", "One two.\n\nThree.", id="lines flow, paragraphs are parted"),
        pytest.param("One\\\ntwo  \nthree", "One\ntwo\nthree", id="a poem's lines stay"),
        pytest.param("One\\\n\\\ntwo", "One\n\ntwo", id="and its stanzas"),
        pytest.param("*a **b** c* ~~d~~ `e*`", "*a **b** c* ~~d~~ `e*`", id="styles"),
        pytest.param("***a** b* **c *d***", "***a** b* **c *d***", id="styles within styles"),
        pytest.param("*a***b** c", "*a*\u200b**b** c", id="signs that would melt are held apart"),
        pytest.param("_a_ __b__", "*a* **b**", id="one sign for each style"),
        pytest.param("# A\n\n### B\n\n#### C *d*\n\n# E#", "# A\n\n### B\n\n**C *d***\n\n# E\\#", id="headings"),
        pytest.param("A\n\n***\n\nB\n\n◆ ◆ ◆", "A\n\n\\* \\* \\*\n\nB\n\n◆ ◆ ◆", id="scene breaks"),
        pytest.param("> A\\\n> b\n>\n> C\n\nD", "> A\n> b\n> \n> C\n\nD", id="a quote"),
        pytest.param("- A\n  - B\\\n    c\n- D", "- A\n  - B\n    c\n- D", id="a list in a list"),
        pytest.param("3. A\n\n   B\n4. C", "3. A\n   B\n4. C", id="a list with numbers"),
        pytest.param("> - A\n> - B", "> - A\n> - B", id="a list in a quote"),
        pytest.param("```py\nx = '*'\n\n@everyone\n```", "```py\nx = '*'\n\n@\u200beveryone\n```", id="code"),
        pytest.param("![A *map*](m.png 'By me') B ![](x)", "*[image: A map]* B *[image]*", id="images are named"),
        pytest.param("A[^n]. B[^2]\n\n[^n]: C\n    D\n\n    E", "A[n]. B[^2]\n\n-# [n] C D\n-# E", id="footnotes"),
        pytest.param("[^1]: Note\n\nA[^1]", "A[1]\n\n-# [1] Note", id="footnotes come last"),
        pytest.param("[A](https://a.org/b_(c))", "[A](<https://a.org/b_%28c%29>)", id="a link"),
        pytest.param("[A](javascript:x) [B](/c)", "A B", id="a link not for the web is its text"),
        pytest.param("[https://a.org](https://b.org)", "<https://a.org>", id="a link that lies is its text"),
        pytest.param("See https://a.org/b_c*.", "See https://a.org/b\\_c\\*.", id="an odd address is text"),
        pytest.param("See (https://a.org/b_c).", "See (<https://a.org/b_c>).", id="an address shows no preview"),
        pytest.param("<b>no</b> & &lt;i&gt;", "\\<b>no\\</b> & \\<i>", id="HTML is text"),
    ],
)
def test_r1_a_chapter_in_discords_markdown(markdown: str, expected: str) -> None:
    assert page(markdown) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It's a well-known (ordinary) line, isn't it? Yes; 10:30:45 - at 5% + 1 = 6.",
        "“Why?” she said… «Pourquoi ?» – „Warum?“",
        "He said: no. She #tagged it! 1.5 is not a list; nor is -this-.",
        "字、かな。한국어 ไทย العربية",
    ],
)
def test_r1_ordinary_prose_reads_as_it_was_typed(text: str) -> None:
    assert page(text) == text


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("<@123> <@!1> <@&1>", "\\<\\@123> \\<\\@!1> \\<\\@&1>"),
        ("<#1> </cmd:1> <id:home>", "\\<#1> \\</cmd:1> \\<id:home>"),
        ("<:x:1> <a:x:1> <t:0:R>", "\\<\\:x:1> \\<a\\:x:1> \\<t:0:R>"),
        ("||spoiler|| a|b", "\\|\\|spoiler\\|\\| a|b"),
        (":smile: a:b", "\\:smile: a:b"),
        ("\\*a\\* snake\\_case \\`b\\` ~~~", "\\*a\\* snake\\_case \\`b\\` \\~\\~\\~"),
        ("\\[a](b)", "[a]\\(b)"),
        ("C:\\\\dir\\\\*", "C:\\\\dir\\\\\\*"),
        ("\\# a", "\\# a"),
        ("\\- a", "\\- a"),
        ("\\-# a", "\\-# a"),
        ("\\>>> a", "\\>>> a"),
        ("1986\\. It was", "1986\\. It was"),
        ("a\\\n\\# b", "a\n\\# b"),
    ],
)
def test_r1_literal_text_stays_literal(literal: str, expected: str) -> None:
    assert page(literal) == expected


def test_r1_messages_end_between_blocks_where_that_is_possible() -> None:
    one, two, three = "a " * 30 + "a.", "b " * 30 + "b.", "c " * 30 + "c."

    assert pages(f"{one}\n\n{two}\n\n{three}", limit=130) == (f"{one}\n\n{two}", three)


def test_r1_a_heading_goes_with_what_it_heads() -> None:
    one, two = "a " * 30 + "a.", "b " * 30 + "b."

    assert pages(f"{one}\n\n# B\n\n## C\n\n{two}", limit=120) == (one, f"# B\n\n## C\n\n{two}")


def test_r1_a_long_paragraph_is_cut_after_sentences_and_what_is_open_opens_again() -> None:
    found = pages("It was a *dark night. Nobody saw* the two of them. " * 4, limit=100)

    assert found == (
        "It was a *dark night. Nobody saw* the two of them. It was a *dark night.*",
        "*Nobody saw* the two of them. It was a *dark night. Nobody saw* the two of them.",
        "It was a *dark night. Nobody saw* the two of them.",
    )


def test_r1_a_long_sentence_is_cut_at_spaces_and_a_long_word_anywhere() -> None:
    assert all(re.fullmatch(r"(?:word ?)+(?<! )", part) for part in pages("word " * 100, limit=100))
    assert pages("x" * 250, limit=100) == ("x" * 99, "x" * 99, "x" * 52)


def test_r1_a_sentence_without_spaces_is_cut_after_its_stop() -> None:
    assert all(part.endswith("。") for part in pages("これは長い物語です。" * 30, limit=100))


def test_r1_characters_of_several_parts_stay_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    assert all(set(part.split(family)) == {""} for part in pages(family * 40, limit=100))
    assert all(part.startswith("e") for part in pages("e\u0301" * 120, limit=100))


def test_r1_what_counts_twice_for_discord_counts_twice_here() -> None:
    assert [size(part) for part in pages("\U0001f525" * 150, limit=100)] == [98, 98, 98, 6]


def test_r1_a_long_poem_is_cut_between_its_lines() -> None:
    found = pages("\\\n".join(f"*Line {number}, of which there are many*" for number in range(30)), limit=200)

    assert all(re.fullmatch(r"(?:\*Line \d+, of which there are many\*\n?)+", part) for part in found)


def test_r1_a_long_quote_is_a_quote_in_each_message() -> None:
    assert all(part.startswith("> ") for part in pages("> " + "It was. " * 60, limit=100))


def test_r1_long_code_has_its_fences_in_each_message() -> None:
    found = pages("```py\n" + "x = 1\n" * 60 + "```", limit=100)

    assert len(found) > 1
    assert all(part.startswith("```py\nx = 1") and part.endswith("x = 1\n```") for part in found)


@pytest.mark.parametrize("nothing", ["", "\n\n", "\u200b", "&nbsp;", "[a]: /b", "```\n```", "> ", "-", "\u3164"])
def test_r1_what_shows_nothing_has_no_messages(nothing: str) -> None:
    assert pages(nothing) == ()


# --- Properties: manuscripts made of parts whose look is known ----------------

WORD = st.text("abc ж字é\U0001f525 \u0301" + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", max_size=12).map(
    lambda word: f"x{word}y"
) | (st.sampled_from(["@everyone", "<@1>", "||x||", "[a](b)", "# a", "1. a", ":smile:", "x" * 150, "Word. " * 30]))
Made = tuple[str, list[Shown]]


def literal(word: str) -> Made:
    """A word as Markdown that shows just it."""
    markdown = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", word.strip())
    return markdown, [(sign, frozenset()) for sign in word if not sign.isspace()]


def styled(sign: str, made: Made) -> Made:
    """The same in one more style."""
    markdown, look = made
    if any(sign in styles for _, styles in look):
        return made
    edge = ("x", frozenset((sign,)))
    return f"{sign}x{markdown}x{sign}", [edge, *((seen, styles | {sign}) for seen, styles in look), edge]


def linked(made: Made) -> Made:
    """The same as a link, which Discord shows only where its text has no brackets and is none itself."""
    target = "https://example.org/a"
    live = not {"[", "]"} & {sign for sign, _ in made[1]}
    return f"[{made[0]}]({target})", [(sign, styles | {target} if live else styles) for sign, styles in made[1]]


def joined(by: str, parts: list[Made]) -> Made:
    """Several, one after another."""
    return by.join(part for part, _ in parts), [seen for _, look in parts for seen in look]


PLAIN = WORD.map(literal)
STYLED = st.recursive(
    PLAIN,
    lambda inner: st.tuples(st.sampled_from(["*", "**", "~~"]), inner).map(lambda pair: styled(*pair)),
    max_leaves=3,
)
CODE = st.text("ab1*_~@<|", min_size=1, max_size=8).map(lambda code: (f"`{code}`", [(s, frozenset("`")) for s in code]))
INLINE = st.one_of(PLAIN, STYLED, CODE, PLAIN.map(linked))
LINE = st.lists(INLINE, min_size=1, max_size=4).map(lambda parts: joined(" ", parts))
POEM = st.lists(LINE, min_size=1, max_size=3).map(lambda lines: joined("\\\n", lines))


def prefixed(sign: str, made: Made) -> Made:
    """The same behind a block's sign, on each of its lines."""
    hanging = sign if sign == "> " else " " * len(sign)
    return sign + made[0].replace("\n", "\n" + hanging), made[1]


BLOCK = st.one_of(
    POEM,
    st.tuples(st.sampled_from(["> ", "- ", "7. ", "> ", "- "]), POEM).map(lambda pair: prefixed(*pair)),
    st.tuples(st.sampled_from(["# ", "## ", "### "]), LINE).map(lambda pair: (pair[0] + pair[1][0], pair[1][1])),
    st.just(("***", [("*", frozenset[str]())] * 3)),
    st.just(("```\na *b*\n```", [(sign, frozenset("`")) for sign in "a*b*"])),
)
CHAPTER = st.lists(BLOCK, min_size=1, max_size=5).map(lambda blocks: joined("\n\n", blocks))


@settings(max_examples=EXAMPLES, deadline=None)
@given(CHAPTER, LIMITS)
def test_r1_all_that_the_chapter_shows_is_shown_in_order_in_its_styles(chapter: Made, limit: int) -> None:
    markdown, look = chapter

    assert [seen for part in pages(markdown, limit=limit) for seen in shown(part)] == look


ANYTHING = st.text("*_~`[]()<>@:#-+>|!&^=\\ \t\n1.axyé\U0001f525\u0301\u200b", max_size=120) | st.lists(
    st.sampled_from(
        ["@everyone", "@here", "<@1>", "<@&1>", "`", "**", "*", "~~", "\n\n", "\n", "> ", "- ", "a ", "https://a.b/_"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(ANYTHING, LIMITS)
def test_r1_whatever_was_typed_every_message_is_sound_harmless_and_nothing_is_lost(markdown: str, limit: int) -> None:
    found = pages(markdown, limit=limit)

    for part in found:
        assert 0 < size(part) <= limit
        assert part == part.strip()
        assert not re.search(r"<@|@everyone|@here", part)
    seen = "".join(letters(part) for part in found)
    blocks = sorted(read(markdown), key=lambda block: block.kind is BlockKind.FOOTNOTE)
    spans = [span for block in blocks for span in block.spans if span.role is not Role.SIGN]
    images = [f"[image: {span.text}]" if span.text else "[image]" for span in spans if span.role is Role.IMAGE]
    texts = "".join(images.pop(0) if span.role is Role.IMAGE else span.text for span in spans)
    assert INVISIBLE.sub("", seen) == "".join(INVISIBLE.sub("", texts).split())


@pytest.mark.parametrize(
    "hostile",
    [
        "*" * 1_000_000,
        "x" * 1_000_000,
        "word " * 40_000,
        "*a" * 10_000,
        "`a" * 10_000,
        "[" * 20_000,
        "[a](https://b.org) " * 2_000,
        "> " * 20_000 + "a",
        "- a\n" * 5_000,
        "a\\\n" * 5_000,
        "https://a...." * 3_000,
        ":a" * 20_000,
        "```\n" + "`" * 50_000,
    ],
    ids=lambda text: text[:6].strip(),
)
def test_hostile_text_is_paged_in_bounded_time(hostile: str) -> None:
    """Every cost is in proportion; a square would take minutes."""
    started = time.perf_counter()
    assert all(size(part) <= MESSAGE for part in pages(hostile))
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# The Door\n\nIt was shut.", ("It was shut.",)),
        ("## *the door*\n\nIt was shut.", ("It was shut.",)),
        ("# Another door\n\nIt was shut.", ("# Another door\n\nIt was shut.",)),
        ("It was shut.\n\n# The Door", ("It was shut.\n\n# The Door",)),
        ("# The Door", ("# The Door",)),
    ],
)
def test_r1_a_first_heading_that_only_repeats_the_title_is_left_out(markdown: str, expected: tuple[str, ...]) -> None:
    """The chapter's own heading stands above it already."""
    assert pages(markdown, title="The Door") == expected


def test_a_first_heading_without_a_word_is_no_title_that_repeats() -> None:
    """Nothing of the text is lost, also where the title has no letters."""
    assert pages("# `_`\n\nThe end.") == ("# `_`\n\nThe end.",)


IMAGES = (
    "One.\n\n![A map](image:2)\n\nTwo.\n\n![](image:1) ![](image:7)\n\n![](image:2)\n\n[^1]: A note.\n\nThree.[^1]\n"
)


def test_an_image_that_is_kept_is_a_page_of_its_own_wherever_it_stands() -> None:
    """Text before it, text after it; one that stands nowhere follows, one that is not kept is named."""
    assert laid_out(IMAGES, images={1, 2, 3}) == ("One.", 2, "Two.", 1, 2, "Three.[1]\n\n-# [1] A note.", 3)
    assert laid_out("One.", images={2, 1}) == ("One.", 1, 2)
    assert laid_out(IMAGES, images={1})[1] == 1
    assert "[image: A map]" in pages(IMAGES)[0]


@settings(max_examples=EXAMPLES)
@given(
    pieces=st.lists(st.sampled_from(("Text.", "# A head", "> Quote", "- item", "![](image:1)", "![x](image:2)"))),
    images=st.sets(st.integers(1, 4)),
)
def test_every_kept_image_is_shown_where_it_stands_and_at_least_once(pieces: list[str], images: set[int]) -> None:
    """Nothing of the text is lost around it."""
    markdown = "\n\n".join(pieces)
    found = laid_out(markdown, images=images)
    standing = [int(piece[-2]) for piece in pieces if piece.startswith("!") and int(piece[-2]) in images]
    assert [page for page in found if isinstance(page, int)] == standing + sorted(images - set(standing))
    words = [word for page in found if isinstance(page, str) for word in page.split() if word.isalpha()]
    assert [word for word in words if word in {"head", "Quote", "item"}] == [
        word for piece in pieces for word in piece.split() if word in {"head", "Quote", "item"}
    ]
