"""L3, L6, L7: where a disclosure stands, as readers meet it: one table, and what changes nothing in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import prose
from rules.labels import Ai, Cure, Declaration, Fault, LabelFinding, inspect, label_findings
from rules.policy import Policy
from usecases.manuscripts import read_manuscript

EN = "I used AI to find the names."
LONG = "An AI, ChatGPT, helped me with “names” and dates – nothing else."
PNG = "data:image/png;base64,iVBORw0KGgo="
STORY = "The bell rang twice.\n\nNobody came.\n\nIt was the baker.\n"

TRAVELS: tuple[LabelFinding, ...] = ()
MISSING = (LabelFinding("L3", Fault.NOT_DISCLOSED, cure=Cure.ADD_LABEL),)


def late(paragraph: int) -> tuple[LabelFinding, ...]:
    """The sentence stands, but in a paragraph after the opening ones."""
    return (LabelFinding("L3", Fault.DISCLOSED_TOO_LATE, paragraph, Cure.MOVE_UP),)


def findings(text: str, sentence: str = EN, ai: Ai = Ai.ASSISTED) -> tuple[LabelFinding, ...]:
    """What keeps a handed-in file home under the default policy."""
    text = read_manuscript("one.md", text.encode()).markdown
    return label_findings(inspect(Declaration(ai, sentence), prose.read(text), Policy()), Policy())


OPENINGS = {
    "first paragraph": (f"{EN}\n\n{STORY}", TRAVELS),
    "second paragraph": (f"The bell rang.\n\n{EN}\n\n{STORY}", TRAVELS),
    "third paragraph": (f"The bell rang.\n\nTwice.\n\n{EN}\n", late(3)),
    "last of many": (f"{STORY}\n{STORY}\n{EN}\n", late(7)),
    "nowhere": (STORY, MISSING),
    "nothing but the sentence": (EN, TRAVELS),
    "inside a paragraph": (f"Before we begin: {EN} Enjoy it.\n\n{STORY}", TRAVELS),
    "a title first": (f"# One\n\nThe bell rang.\n\n{EN}\n", TRAVELS),
    "a title, a subtitle and a part": (f"# One\n\n## A bell\n\n### Part 1\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "an underlined title": (f"One\n===\n\nThe bell rang.\n\n{EN}\n", TRAVELS),
    "a title in bold is a paragraph": (f"**One**\n\nThe bell rang.\n\n{EN}\n", late(3)),
    "in the title itself": (f"# {EN}\n\n{STORY}", MISSING),
    "an author's note before it": (f"Author's note: thank you!\n\n{EN}\n\n{STORY}", TRAVELS),
    "two author's notes before it": (f"A/N: thank you!\n\nA/N: and you!\n\n{EN}\n", late(3)),
    "an epigraph": (f"> All happy families are alike.\n\n{EN}\n\n{STORY}", TRAVELS),
    "an epigraph of two paragraphs": (f"> All happy families\n>\n> are alike.\n\n{EN}\n", late(3)),
    "in a block quote": (f"> {EN}\n\n{STORY}", TRAVELS),
    "in the second paragraph of a quote": (f"> Tolstoy:\n>\n> {EN}\n\n{STORY}", TRAVELS),
    "one-line paragraphs": (f"Yes.\n\nNo.\n\nYes.\n\n{EN}\n", late(4)),
    "lines without a blank one between are one paragraph": (f"Yes.\nNo.\nYes.\n{EN}\n", TRAVELS),
    "a dialogue": (f"“Yes?”\n\n“No.”\n\n{EN}\n", late(3)),
    "a dialogue with dashes": (f"— Yes?\n\n— No.\n\n{EN}\n", late(3)),
    "zero-width paragraphs are none": (f"\u200b\n\n\u200b\u200c\n\n\ufeff\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "no-break spaces are none": (f"\u00a0\n\n&nbsp;\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "zero-width characters in the sentence": ("I used\u200b A\u200dI to find\u2060 the names.\n\nThe bell.\n", TRAVELS),
    "soft hyphens in the sentence": ("I used AI to find the na\u00admes.\n\nThe bell.\n", TRAVELS),
    "a list": (f"- bread\n- salt\n\n{EN}\n", late(3)),
    "in a list's second item": (f"- bread\n- {EN}\n\n{STORY}", TRAVELS),
    "a numbered list": (f"1. bread\n2. salt\n3. {EN}\n", late(3)),
    "an image first": (f"![a lamp]({PNG})\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "three images first": (f"![a]({PNG})\n\n![b]({PNG})\n\n![c]({PNG})\n\n{EN}\n", TRAVELS),
    "in an image's description": (f"![{EN}]({PNG})\n\n{STORY}", MISSING),
    "an image that is not in the file shows as words": (f"![a lamp](lamp.png)\n\nThe bell.\n\n{EN}\n", late(3)),
    "in bold": (f"**{EN}**\n\n{STORY}", TRAVELS),
    "in bold italics": (f"***{EN}***\n\n{STORY}", TRAVELS),
    "split by emphasis": ("I used *AI* to **find** the _names_.\n\nThe bell.\n", TRAVELS),
    "emphasis within a word": ("I used AI to find the na**mes**.\n\nThe bell.\n", TRAVELS),
    "struck out": (f"~~{EN}~~\n\n{STORY}", TRAVELS),
    "with struck-out words between": ("I used AI ~~only~~ to find the names.\n\nThe bell.\n", MISSING),
    "behind a spoiler": (f"||{EN}||\n\n{STORY}", TRAVELS),
    "across a line break": ("I used AI\nto find\nthe names.\n\nThe bell.\n", TRAVELS),
    "across a hard line break": ("I used AI  \nto find\\\nthe names.\n\nThe bell.\n", TRAVELS),
    "across two paragraphs": ("I used AI to\n\nfind the names.\n\nThe bell.\n", MISSING),
    "other spacing": ("I  used   AI to find\tthe names.\n\nThe bell.\n", TRAVELS),
    "other case": ("i USED ai TO FIND THE NAMES.\n\nThe bell.\n", TRAVELS),
    "without its stop": ("I used AI to find the names\n\nThe bell.\n", TRAVELS),
    "with more stops": ("I used AI to find the names!!\n\nThe bell.\n", TRAVELS),
    "full-width letters": ("Ｉ ｕｓｅｄ ＡＩ ｔｏ ｆｉｎｄ ｔｈｅ ｎａｍｅｓ．\n\nThe bell.\n", TRAVELS),
    "other words": ("AI was used to find the names.\n\nThe bell.\n", MISSING),
    "a word more": ("I used AI to find all the names.\n\nThe bell.\n", MISSING),
    "cut inside a word": ("I used AI to find the namesakes.\n\nThe bell.\n", MISSING),
    "in a footnote": (f"The bell.[^1]\n\nNobody came.\n\n[^1]: {EN}\n", MISSING),
    "a footnote before it": (f"[^1]: Thanks!\n\nThe bell.[^1]\n\n{EN}\n", TRAVELS),
    "in a code block": (f"```\n{EN}\n```\n\n{STORY}", TRAVELS),
    "a code block before it": (f"```\ndear diary\n```\n\n{EN}\n\n{STORY}", TRAVELS),
    "dividers before it": (f"***\n\n---\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "in an HTML comment": (f"<!-- {EN} -->\n\n{STORY}", MISSING),
    "an HTML comment before it": (f"<!-- a -->\n\n<!-- b -->\n\nThe bell.\n\n{EN}\n", TRAVELS),
    "in a link's text": (f"[{EN}](https://example.org)\n\n{STORY}", TRAVELS),
    "in a link's address": (
        "[Read](https://example.org/I%20used%20AI%20to%20find%20the%20names.)\n\nThe bell.\n",
        MISSING,
    ),
    "Windows line ends": (f"The bell.\r\n\r\n{EN}\r\n\r\nNobody came.\r\n", TRAVELS),
    "tabs and spaces as a blank line": (f"The bell.\n \t \n{EN}\n", TRAVELS),
}


@pytest.mark.parametrize(("text", "expected"), OPENINGS.values(), ids=list(OPENINGS))
def test_l3_every_opening_has_its_finding(text: str, expected: tuple[LabelFinding, ...]) -> None:
    """N2: and the finding names the paragraph."""
    assert findings(text) == expected


LANGUAGES = {
    "German": ("KI hat mir bei den Namen geholfen.", "Die Glocke.\n\n{}\n"),
    "French, with a no-break space": ("L’IA m’a aidée : rien d’autre.", "La cloche.\n\n{}\n"),
    "French, straight apostrophes in the form": ("L'IA m'a aidée.", "L’IA m’a aidée.\n\nLa cloche.\n"),
    "Spanish": ("Usé inteligencia artificial para los nombres.", "¿Sí?\n\n{}\n"),
    "Turkish": ("İsimleri yapay zekâ buldu.", "Zil çaldı.\n\n{}\n"),
    "Vietnamese": ("Trí tuệ nhân tạo đã giúp tôi.", "Chuông.\n\n{}\n"),
    "Russian": ("ИИ помог мне с именами.", "Звонок.\n\n{}\n"),
    "Ukrainian": ("ШІ допоміг мені.", "Дзвінок.\n\n{}\n"),
    "Greek": ("Η τεχνητή νοημοσύνη με βοήθησε.", "Το κουδούνι.\n\n{}\n"),
    "Arabic, from right to left": ("ساعدني الذكاء الاصطناعي في الأسماء.", "رنّ الجرس.\n\n{}\n"),
    "Hebrew, with marks of direction": ("בינה מלאכותית עזרה לי.", "\u200fהפעמון.\n\n\u200f{}\u200f\n"),
    "Japanese, without spaces": ("この章は生成AIを使って書きました。", "鐘が鳴った。\n\n前書き{}よろしく。\n"),
    "Chinese, without spaces": ("本章由人工智能辅助写作。", "钟响了。\n\n{}\n"),
    "Chinese, broken over two lines": ("本章由人工智能辅助写作。", "本章由人工智能\n辅助写作。\n\n钟响了。\n"),
    "Korean": ("인공지능의 도움을 받았습니다.", "종이 울렸다.\n\n{}\n"),
    "Thai, without spaces": ("ปัญญาประดิษฐ์ช่วยตั้งชื่อ", "ระฆังดัง\n\n{}\n"),
    "smart quotes and dashes in the text": (
        LONG,
        'The bell.\n\nAn AI, ChatGPT, helped me with "names" and dates - nothing else.\n',
    ),
    "decomposed letters in the text": ("Übersetzt mit KI für euch.", "U\u0308bersetzt mit KI fu\u0308r euch.\n\nJa.\n"),
}


@pytest.mark.parametrize(("sentence", "text"), LANGUAGES.values(), ids=list(LANGUAGES))
def test_l7_a_disclosure_is_found_in_every_language(sentence: str, text: str) -> None:
    """And names AI in one of the policy's words."""
    assert findings(text.format(sentence), sentence) == TRAVELS
    assert findings(f"x\n\ny\n\n{sentence}\n", sentence) == late(3)


@pytest.mark.parametrize("sentence", ["No AI was used.", "Not written by ChatGPT!", "Ohne KI geschrieben."])
def test_l7_l14_a_negation_is_a_sentence_like_any_other(sentence: str) -> None:
    """With `assisted` it counts as the author's own words; with `none` the author is asked (L14), and never judged."""
    text = f"{sentence}\n\n{STORY}"
    assert findings(text, sentence) == TRAVELS
    assert [finding.rule for finding in findings(text, sentence, Ai.NONE)] == ["L14"]
    assert label_findings(inspect(Declaration(Ai.NONE), prose.read(text), Policy()), Policy()) == TRAVELS


_LINE = st.text(alphabet="abcdefgh ABC,;!?", min_size=1, max_size=30).map(lambda line: f"w{line}w")
_NO_PROSE = st.lists(
    st.sampled_from(("", "\u200b", "# A title", "## A part", "***", f"![a lamp]({PNG})", "<!-- hidden -->", "&nbsp;")),
    max_size=6,
)


@settings(max_examples=80)
@given(opening=st.lists(_LINE, max_size=1), rest=st.lists(_LINE | st.just(EN), max_size=6), ai=st.sampled_from(Ai))
def test_l3_what_stands_after_the_opening_paragraphs_changes_nothing(
    opening: list[str], rest: list[str], ai: Ai
) -> None:
    """Once the sentence stands in one of them."""
    text = "\n\n".join([*opening, EN])
    assert findings("\n\n".join([text, *rest]), ai=ai) == findings(text, ai=ai)


@settings(max_examples=80)
@given(before=_NO_PROSE, between=_NO_PROSE, paragraphs=st.lists(_LINE, max_size=4))
def test_l6_what_is_no_prose_changes_nothing(before: list[str], between: list[str], paragraphs: list[str]) -> None:
    """Blank lines, titles, dividers, images, comments and invisible characters, wherever they stand."""
    bare = "\n\n".join([*paragraphs, EN])
    dressed = "\n\n".join([*before, *(part for one in paragraphs for part in (one, *between)), *before, EN])
    assert findings(dressed) == findings(bare)
