"""The text as readers will see it: its paragraphs, and where in them a sentence stands (L6, L7, the cures of L8)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile

from rules import cuts
from rules.blocks import Block, BlockKind, is_prose, read
from rules.spans import INVISIBLE

__all__ = [
    "Block",
    "BlockKind",
    "moved_up",
    "opening",
    "paragraphs",
    "plain",
    "read",
    "standing",
    "with_label",
    "words",
]

_PROSE = frozenset((BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.ITEM, BlockKind.CODE))

_HAN = (
    "\u3005\u3007\u3040-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Chinese characters and kana."""
_SOUTHEAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
"""Thai, Lao, Burmese and Khmer, which part sentences rather than words."""
_SOUTHEAST_WORD = 4
"""Characters of such a word, vowel signs and tones among them; a rough mean."""

_HAN_SIGN = re.compile(f"[{_HAN}]")
_SOUTHEAST_RUN = re.compile(f"[{_SOUTHEAST}]+")
_UNSPACED = re.compile(f"[{_HAN}{_SOUTHEAST}]")
_BETWEEN_WORDS = re.compile(r"[\s\u2013\u2014\u2026/]+")

_ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc\u2039\u203a\xb4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\xab\xbb\u300c\u300d\u300e\u300f", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58", "-")
)
_SIGNS = str.maketrans("", "", "*_~`")
_ALIKE_UNSIGNED = _ALIKE | _SIGNS
_STOPS = ".!?\u2026\uff01\uff1f\u3002\u061f\u06d4\u0964\u0589"
"""What may end a sentence."""
_ENDS = " " + _STOPS
_SPACE = re.compile(r"\s")
_REPEATED = re.compile(r"\s(?=\s)|-(?=-)")
_HAN_SPACE = re.compile(rf"(?<=[{_HAN}\u3000-\u303f])\s(?=[{_HAN}\u3000-\u303f])")


def paragraphs(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """L6: the blocks of visible prose, in order.

    A quote's paragraph is one, so is a paragraph of a list's item and a block of code, which stories use for letters
    and messages. Headings, dividers, images with their descriptions, and footnotes are none. A short bold line such as
    `**Chapter One**` is one: what stands as a paragraph counts as one, whatever it may mean.
    """
    return tuple(block for block in blocks if block.kind in _PROSE and is_prose(block.text))


def words(blocks: Iterable[Block]) -> int:
    """The words of all these blocks, headings and footnotes among them.

    A word is what stands between spaces and dashes and has a letter or a digit. A Chinese character or kana counts as
    one; scripts of South-East Asia, which write without spaces, count one for every few characters begun.
    """
    return sum(_words(block.text) for block in blocks)


def _words(text: str) -> int:
    if text.isascii():
        spaced, count = text, 0
    else:
        count = len(_HAN_SIGN.findall(text))
        count += sum(-(-len(run) // _SOUTHEAST_WORD) for run in _SOUTHEAST_RUN.findall(text))
        spaced = _UNSPACED.sub(" ", text)
    return count + sum(any(map(str.isalnum, word)) for word in _BETWEEN_WORDS.split(spaced))


def plain(text: str) -> str:
    """L7: the form in which sentences are compared.

    Case, spacing, emphasis and invisible characters are ignored, so are the shapes of quotation marks and dashes, the
    width of characters (NFKC), and the stop at the end.
    """
    folded = _HAN_SPACE.sub("", _REPEATED.sub("", _fold(text)))
    return " ".join(folded.split()).rstrip(_ENDS)


def _fold(text: str) -> str:
    """Each character in its normal form, so far as it does not depend on its neighbours."""
    if text.isascii():
        return INVISIBLE.sub("", text).lower().translate(_SIGNS)
    normal = unicodedata.normalize("NFKC", INVISIBLE.sub("", text).translate(_ALIKE))
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", normal.casefold())).translate(_ALIKE_UNSIGNED)


def standing(sentence: str, blocks: Iterable[Block]) -> int | None:
    """L3, L7: the number, from 1, of the first paragraph in which the sentence stands as whole words; else `None`."""
    wanted = plain(sentence)
    numbered = enumerate(paragraphs(blocks), start=1)
    return next((number for number, block in numbered if wanted and _find(wanted, plain(block.text)) is not None), None)


def _find(wanted: str, text: str) -> int | None:
    """Where `wanted` stands in `text` as whole words, both in plain form."""
    at = text.find(wanted)
    while at >= 0:
        if not _inside_word(text, at) and not _inside_word(text, at + len(wanted)):
            return at
        at = text.find(wanted, at + 1)
    return None


def _inside_word(text: str, at: int) -> bool:
    beside = text[max(at - 1, 0) : at + 1]
    return (
        0 < at < len(text) and not _UNSPACED.search(beside) and all(unicodedata.category(c)[0] in "LMN" for c in beside)
    )


def with_label(markdown: str, sentence: str) -> str:
    """L8, *Add the label for me*: the manuscript with the sentence as its first paragraph, after the title.

    The sentence is literal text. One without a letter or digit is no paragraph, and changes nothing.
    """
    if not is_prose(sentence):
        return markdown
    return _put_first(markdown, cuts.literal(sentence), read(markdown))


def moved_up(markdown: str, sentence: str) -> str | None:
    """L8, *Move it up*: the manuscript with the sentence taken from where it stands and put first.

    Nothing else changes. A sentence in the first paragraph stays there. Where taking it out would change how the text
    around it is read (two lists become one, say), it stays as well and is repeated at the top.

    Returns:
        `None` if the sentence stands nowhere.
    """
    blocks = read(markdown)
    number = standing(sentence, blocks)
    if number is None or number == 1:
        return markdown if number else None
    block = paragraphs(blocks)[number - 1]
    stretch = _locate(sentence, block.text)
    if stretch is None:
        return with_label(markdown, sentence)
    cut = cuts.cut(markdown, block, *stretch)
    moved = _put_first(cut.rest, cut.taken, blocks)
    now = read(moved)
    first = paragraphs(now)[0]
    before = [_sketch(other, cut.left if other is block else other.text) for other in blocks]
    after = [_sketch(other, other.text) for other in now if other is not first]
    safe = first.text.split() == cut.shown.split() and after == [sketch for sketch in before if sketch]
    return moved if safe else with_label(markdown, sentence)


def _locate(sentence: str, text: str) -> tuple[int, int] | None:
    """Where the sentence stands in a text, with the stop behind it; `None` where the plain form misleads."""
    folded, origins = _traced(text)
    wanted = plain(sentence)
    at = _find(wanted, folded)
    if at is None:
        return None
    start, end = origins[at][0], origins[at + len(wanted) - 1][1]
    return start, end + len(text[end:]) - len(text[end:].lstrip(_STOPS))


def _traced(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The plain form but for its ends, and for each of its characters the part of the text it came from."""
    starts = [at for at, sign in enumerate(text) if not (unicodedata.combining(sign) or "\u1160" <= sign <= "\u11ff")]
    folded, origins = "", []
    for part in pairwise([*starts, len(text)]):
        letters = _fold(text[slice(*part)])
        folded += letters
        origins += [part] * len(letters)
    for excess in (_REPEATED, _HAN_SPACE):
        dropped = {match.start() for match in excess.finditer(folded)}
        origins = [part for at, part in enumerate(origins) if at not in dropped]
        folded = excess.sub("", folded)
    return _SPACE.sub(" ", folded), origins


def _sketch(block: Block, text: str | None) -> tuple[BlockKind, str, str] | None:
    """What must not change around a sentence that is moved."""
    if text is None:
        return None
    kind = BlockKind.IMAGE if block.kind in _PROSE and not is_prose(text) else block.kind
    return kind, block.place.marker, " ".join(text.split())


def _put_first(markdown: str, paragraph: str, blocks: Sequence[Block]) -> str:
    """The manuscript with one more paragraph: before the first of its `blocks` that is one, else after the title."""
    prose = paragraphs(blocks)
    title = list(
        takewhile(lambda block: block.kind is BlockKind.HEADING and block.place.top == block.first_line, blocks)
    )
    line = prose[0].place.top if prose else title[-1].end_line if title else 0
    lines = cuts.lines_of(markdown)
    above, below = "".join(lines[:line]), "".join(lines[line:])
    if above and not above.endswith("\n"):
        above += "\n"
    if line and lines[line - 1].strip(" \t\r\n"):
        above += "\n"
    return f"{above}{paragraph}\n\n{below}" if below else f"{above}{paragraph}\n"


def opening(blocks: Iterable[Block], limit_chars: int) -> str:
    """How the text begins, on one line of at most so many characters, cut between words: for a preview."""
    text = ""
    for block in paragraphs(blocks):
        text = " ".join([*text.split(), *block.text.split()])
        if len(text) > limit_chars:
            break
    if len(text) <= limit_chars:
        return text
    head, _, _ = text[:limit_chars].rpartition(" ")
    return (head if len(head) > limit_chars // 2 else text[: limit_chars - 1]).rstrip() + "\N{HORIZONTAL ELLIPSIS}"
