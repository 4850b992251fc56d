"""The Markdown of manuscripts: CommonMark, `~~strike~~` and footnotes, never HTML.

Where CommonMark and prose disagree, prose wins: an indented first line is no code, a line of `~~~` is a scene break
and fences nothing, and what is nested absurdly deep is plain text. Parsing costs time in proportion to the text.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, fence, paragraph
from markdown_it.rules_inline import StateInline, autolink, backtick, image, link
from markdown_it.token import Token
from markdown_it.utils import EnvType

END = "end"
"""In the `meta` of a link's, image's, note mark's or code span's last token: where its markup ends in the content."""
LABEL = "label"
"""In the `meta` of `note_open`: the footnote's label. A `note_mark` has it as its content."""

_DEEPEST = 12
"""Levels of quotes (one each) and lists (two each); what lies deeper is plain text."""
_BRACKETS = 6
"""Levels of brackets that are tried as links; each costs another look at the text."""
_NOTE = re.compile(r"\[\^([^\s\[\]]{1,60})\]")
_LONG_RUN = re.compile(r"([*_~])\1{19,}")
"""So many signs in a row are an ornament."""
_ADDRESS = re.compile(r"<(?:https?://|[^<>\s:@]{1,64}@)", re.IGNORECASE)
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def block_tokens(markdown: str) -> tuple[list[Token], EnvType]:
    """The blocks of a text, and what its spans need to know: link targets and footnotes."""
    env: EnvType = {}
    return _BLOCKS.parse(markdown, env), env


def span_tokens(content: str, env: EnvType) -> list[Token]:
    """The spans of a block's content. Escapes and entities are `text_special`, with the source in `markup`."""
    tokens: list[Token] = []
    _SPANS.inline.parse(content, _SPANS, env, tokens)
    return tokens


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Code in backticks only: a line of tildes parts scenes."""
    first = state.bMarks[start] + state.tShift[start]
    return state.src.startswith("`", first) and fence(state, start, end, silent)


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Text under too many quotes and lists is read as it stands; the parser itself would drop it."""
    return state.level >= _DEEPEST and paragraph(state, start, end, silent)


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote's text, `[^1]: …`, outside of quotes and lists; more of it is indented by four."""
    outside = state.level == 0 or (silent and state.sCount[start] < state.blkIndent)
    first = state.bMarks[start] + state.tShift[start]
    found = _NOTE.match(state.src, first, state.eMarks[start]) if outside else None
    if found is None or not state.src.startswith(":", found.end()):
        return False
    if silent:
        return True
    state.env.setdefault("notes", set()).add(found[1])
    token = state.push("note_open", "", 1)
    token.meta[LABEL] = found[1]
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent
    state.blkIndent += 4
    state.bMarks[start] = min(state.skipSpaces(found.end() + 1), state.eMarks[start])
    state.tShift[start], state.sCount[start] = 0, state.blkIndent
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent = before
    token.map = [start, state.line]
    state.push("note_close", "", -1)
    return True


def _long_run(state: StateInline, silent: bool) -> bool:
    """A row of signs is text; the parser would make a token of each."""
    found = _LONG_RUN.match(state.src, state.pos, state.posMax) if state.src[state.pos] in "*_~" else None
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _note_mark(state: StateInline, silent: bool) -> bool:
    """A footnote's mark, `[^1]`, where there is such a note; else it is text."""
    found = _NOTE.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "[" else None
    if found is None or found[1] not in state.env.get("notes", ()):
        return False
    if not silent:
        state.push("note_mark", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _autolink(state: StateInline, silent: bool) -> bool:
    """A link such as `<https://…>` or `<name@example.org>`, which shows what was typed; `<id:home>` is text."""
    start = state.pos
    if not _ADDRESS.match(state.src, start):
        return False
    done = autolink(state, silent)
    if done and not silent:
        state.tokens[-2].content = state.src[start + 1 : state.pos - 1]
    return done


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule that keeps where its markup ended, which the parser forgets."""

    def run(state: StateInline, silent: bool) -> bool:
        before = len(state.tokens)
        done = rule(state, silent)
        if len(state.tokens) > before:
            state.tokens[-1].meta[END] = state.pos
        return done

    return run


class _Parser(MarkdownIt):
    """Takes every link: which ones become live is decided where they are written."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's interface
        return True


def _block_parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False})
    parser.disable(["code", "html_block", "inline", "text_join"])
    parser.block.ruler.at("fence", _fence, _INTERRUPTS)
    parser.block.ruler.before("fence", "note", _note, _INTERRUPTS)
    parser.block.ruler.before("note", "too_deep", _too_deep)
    return parser


def _span_parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": False, "maxNesting": _BRACKETS})
    parser.enable("strikethrough").disable("html_inline")
    for name, rule in (("link", link), ("image", image), ("autolink", _autolink), ("backticks", backtick)):
        parser.inline.ruler.at(name, _placed(rule))
    parser.inline.ruler.before("strikethrough", "long_run", _long_run)
    parser.inline.ruler.before("link", "note_mark", _placed(_note_mark))
    return parser


_BLOCKS, _SPANS = _block_parser(), _span_parser()
