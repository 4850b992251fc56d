"""HTML, as the readers of word processor files give it, to our one form.

Written for the tags that carry a story. Everything else is looked through: its text stays, its tag goes.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest

from usecases.manuscripts.forms import Manuscript
from usecases.manuscripts.gallery import Gallery
from usecases.manuscripts.markup import HARD_BREAK, LONGEST_MANUSCRIPT, SCENE_BREAK, is_scene_break, paragraph
from usecases.manuscripts.spans import ATOM, Mark, Span, render
from usecases.refusals import Unreadable, UnreadableManuscriptError

_MARKS = {
    "em": Mark.EMPHASIS,
    "i": Mark.EMPHASIS,
    "u": Mark.EMPHASIS,  # a typescript underlines what print sets in italics
    "strong": Mark.STRONG,
    "b": Mark.STRONG,
    "s": Mark.STRIKE,
    "cite": Mark.EMPHASIS,
    "dfn": Mark.EMPHASIS,
    "del": Mark.STRIKE,
    "strike": Mark.STRIKE,
    "a": Mark.LINK,
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "li", "table", "tr", "td", "th", "dl", "dt", "dd", *_HEADINGS}
_BLOCKS |= {
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "center",
    "address",
    "pre",
}
_BLOCKS |= {"hgroup", "details", "summary", "fieldset", "legend", "caption", "body"}
_UNSEEN = {"script", "style", "title"}
_SAFE_TARGET = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_TARGET_ESCAPES = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C"})
_NOTE = re.compile(r"#?(?P<key>(?:foot|end)note-(?!ref-).+)")
_NOTE_RETURN = re.compile(r"#(?:foot|end)note-ref-")
_GAP = re.compile(r"[ \t\n\r\f]+")
DEEPEST_TAGS = 300
"""Tags within each other; a saved page of a story site has some forty."""
_DEEPEST_CONTAINER = 8
"""Lists and quotes within each other; deeper ones are shown at this depth."""


def to_manuscript(html: str, gallery: Gallery) -> Manuscript:
    """The visible text of an HTML document in our form, with the images that the gallery finds for it.

    A note is a link to `#footnote-…` or `#endnote-…`, and its text a list item of that id; notes come out numbered
    in the order of their references. Cells of a table row are parted by bars. Links lead to the web or to a mailbox.

    Raises:
        UnreadableManuscriptError: `bomb`, `too_long` or `too_many_images`.
    """
    composer = Composer(gallery)
    composer.feed(html)
    composer.close()
    return composer.finish()


@dataclass(eq=False, slots=True)
class _Container:
    """A quote, a list item or a note around blocks: what stands before its first line, and before all others."""

    first: str
    rest: str
    is_item: bool = False
    is_note: bool = False
    is_quote: bool = False
    begun: bool = False

    def prefix(self) -> str:
        """What the next line of it begins with."""
        begun, self.begun = self.begun, True
        return self.rest if begun else self.first


@dataclass(slots=True)
class _Block:
    """Finished lines, and the containers around them, outermost first. An image stands outside of them all."""

    text: str
    containers: tuple[_Container, ...] = ()
    is_image: bool = False

    @property
    def is_note(self) -> bool:
        """Whether it belongs to a note."""
        return any(container.is_note for container in self.containers)


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end, and what was so before it."""

    tag: str
    containers: int
    start: int = 0
    target: str = ""
    silent: bool = False
    count: int = 0
    rows: list[int] = field(default_factory=list)


class Composer(HTMLParser):
    """Composes a manuscript from tags and text, in the order in which they are handled.

    Collects characters and spans until a block ends, and blocks until the document does.
    """

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(convert_charrefs=True)
        self._gallery = gallery
        self._blocks: list[_Block] = []
        self._containers: list[_Container] = []
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._length = 0
        self._total = 0
        self._spans: list[Span] = []
        self._atoms: list[str] = []
        self._images: list[tuple[int, str]] = []
        self._notes: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "br":
                self._add("\n")
            case "hr":
                self._flush()
                self._place(SCENE_BREAK)
            case "img":
                self._add_image(attributes)
            case "input":
                self._add("\N{BALLOT BOX WITH CHECK} " if "checked" in attributes else "\N{BALLOT BOX} ")
            case _ if tag in _BLOCKS:
                self._flush()
                self._open_block(tag, attributes)
            case _ if tag in _MARKS or tag in _UNSEEN:
                self._open_span(tag, attributes)
        if len(self._open) > DEEPEST_TAGS:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="depth", limit=DEEPEST_TAGS)

    def handle_endtag(self, tag: str) -> None:
        """End the innermost element of this name, and all within it; without one, nothing."""
        if not any(opened.tag == tag for opened in self._open):
            return
        if tag in _BLOCKS:
            self._flush()
        while self._open:
            opened = self._open.pop()
            self._close(opened)
            if opened.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take in text, in which any white space is one space."""
        text = _GAP.sub(" ", data).replace(ATOM, "")
        if text.startswith(" ") and (not self._text or self._text[-1].endswith((" ", "\n"))):
            text = text[1:]
        self._add(text)

    def finish(self) -> Manuscript:
        """All blocks as one text. A scene break parts something: one of two, and one above the notes, is left out."""
        self._flush()
        written: list[str] = []
        before: tuple[_Container, ...] = ()
        for block, after in zip_longest(self._blocks, self._blocks[1:]):
            if block.text == SCENE_BREAK and (after is None or after.text == SCENE_BREAK or after.is_note):
                continue
            if written:
                written.append(_gap(before, block.containers))
            for line in block.text.split("\n"):
                prefix = "".join(container.prefix() for container in block.containers)
                written.append(f"{prefix}{line}\n")
            written[-1] = written[-1][:-1]
            before = block.containers
        return Manuscript("".join(written), self._gallery.images, self._gallery.unshown)

    def can_show(self, source: str) -> bool:
        """Whether there is an image behind a reference that can be shown."""
        return self._gallery.can_show(source)

    # Characters

    def _add(self, text: str) -> None:
        if text and not any(opened.silent for opened in self._open):
            self._text.append(text)
            self._length += len(text)
            self._total += len(text)
        if self._total > LONGEST_MANUSCRIPT:
            raise UnreadableManuscriptError(Unreadable.TOO_LONG, length=self._total, limit=LONGEST_MANUSCRIPT)

    def _add_atom(self, markup: str) -> None:
        if not any(opened.silent for opened in self._open):
            self._add(ATOM)
            self._atoms.append(markup)

    def _add_image(self, attributes: dict[str, str]) -> None:
        """An image of the file stands by itself, one on the network is a link, any other is its alt text."""
        if any(opened.silent for opened in self._open):
            return
        source, alt = attributes.get("src", ""), " ".join(attributes.get("alt", "").split())
        if shown := self._gallery.show(source, alt):
            self._images.append((self._length, shown))
        elif _SAFE_TARGET.fullmatch(source):
            start = self._length
            self._add(alt or source)
            self._spans.append(Span(Mark.LINK, start, self._length, source.translate(_TARGET_ESCAPES)))
        else:
            self._gallery.leave_out(source, alt)
            self._add(alt)

    def _open_span(self, tag: str, attributes: dict[str, str]) -> None:
        opened = _Open(tag, len(self._containers), self._length, silent=tag in _UNSEEN)
        target = attributes.get("href", "")
        if note := _NOTE.fullmatch(target):
            self._add_atom(f"[^{self._notes.setdefault(note['key'], len(self._notes) + 1)}]")
            opened.silent = True
        elif _NOTE_RETURN.match(target):
            opened.silent = True
        elif _SAFE_TARGET.fullmatch(target):
            opened.target = target.translate(_TARGET_ESCAPES)
        self._open.append(opened)

    def _close(self, opened: _Open) -> None:
        del self._containers[opened.containers :]
        if opened.tag in _MARKS:
            self._mark(_MARKS[opened.tag], opened)
        elif opened.tag == "tr":
            self._join_cells(opened.rows)

    def _mark(self, mark: Mark, opened: _Open) -> None:
        if mark is Mark.LINK and not opened.target:
            return
        self._spans.append(Span(mark, opened.start, self._length, opened.target))

    # Blocks

    def _open_block(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(_Open(tag, len(self._containers)))
        if tag == "li":
            self._open_item(attributes.get("id", ""))
        elif tag == "blockquote":
            self._contain(self._quote())
        elif tag in ("td", "th"):
            row = next((opened for opened in reversed(self._open) if opened.tag == "tr"), None)
            if row:
                row.rows.append(len(self._blocks))

    def _open_item(self, name: str) -> None:
        note = _NOTE.fullmatch(name)
        if note and note["key"] in self._notes:
            self._contain(_Container(f"[^{self._notes[note['key']]}]: ", " " * 4, is_note=True))
            return
        around = next((opened for opened in reversed(self._open) if opened.tag in ("ul", "ol")), None)
        sign = "- "
        if around and around.tag == "ol":
            around.count += 1
            sign = f"{around.count}. "
        self._contain(_Container(sign, " " * len(sign), is_item=True))

    def _quote(self) -> _Container:
        """A new quote, or the one that ended just now: each paragraph of a quote may be told as one."""
        depth = len(self._containers)
        last = self._blocks[-1].containers if self._blocks else ()
        goes_on = len(last) > depth and last[depth].is_quote and last[:depth] == tuple(self._containers)
        return last[depth] if goes_on else _Container("> ", "> ", is_quote=True)

    def _contain(self, container: _Container) -> None:
        if len(self._containers) < _DEEPEST_CONTAINER:
            self._containers.append(container)

    def _join_cells(self, starts: Sequence[int]) -> None:
        """Cells of one paragraph each become one line; a box around a text, and other layouts, stay paragraphs."""
        cells = self._blocks[starts[0] :] if len(starts) > 1 else []
        if not cells or len(cells) > len(starts) or any(cell.is_image for cell in cells):
            return
        line = " | ".join(cell.text.replace(HARD_BREAK, " ") for cell in cells)
        self._blocks[starts[0] :] = [_Block(line, cells[0].containers)]

    def _flush(self) -> None:
        """End the block that is being collected. Marks that are still open go on in the next one."""
        text = "".join(self._text)
        going = [opened for opened in self._open if opened.tag in _MARKS]
        for opened in going:
            self._mark(_MARKS[opened.tag], opened)
            opened.start = 0
        spans, atoms, images = self._spans, self._atoms, self._images
        self._text, self._length, self._spans, self._atoms, self._images = [], 0, [], [], []
        self._write(text, spans, atoms, images)

    def _write(self, text: str, spans: list[Span], atoms: list[str], images: list[tuple[int, str]]) -> None:
        """Place what was collected. Images part no paragraph: they stand before the one they begin, or after it."""
        level = next((_HEADINGS[opened.tag] for opened in reversed(self._open) if opened.tag in _HEADINGS), 0)
        rest, waiting = iter(atoms), deque(images)
        for start, end in [(0, len(text))] if level else _pieces(text):
            while waiting and not text[start : waiting[0][0]].strip():
                self._place_image(waiting.popleft()[1])
            piece, inside = text[start:end], [_within(span, start, end) for span in spans]
            own = [next(rest, "") for _ in range(piece.count(ATOM))]
            self._write_piece(piece, inside, own, level)
            while waiting and waiting[0][0] <= end:
                self._place_image(waiting.popleft()[1])
        for _, shown in waiting:
            self._place_image(shown)

    def _write_piece(self, text: str, spans: list[Span], atoms: list[str], level: int) -> None:
        """A heading of this level; or, at level 0, a paragraph or a scene break."""
        if level:
            spans = [span for span in spans if span.mark is not Mark.STRONG]
            line = _GAP.sub(" ", render(text.replace("\n", " "), spans, atoms)).strip()
            written = f"{'#' * level} {line}" if line else ""
        elif is_scene_break(text) and not any(container.is_item for container in self._containers):
            written = SCENE_BREAK
        else:
            written = paragraph(render(text, spans, atoms))
        if written:
            self._place(written)

    def _place_image(self, shown: str) -> None:
        """An image stands outside of quotes and lists, which go on behind it, and before a note, which would not."""
        note = next((container for container in self._containers if container.is_note), None)
        begun = (number for number, block in enumerate(self._blocks) if note and note in block.containers)
        self._blocks.insert(next(begun, len(self._blocks)), _Block(shown, is_image=True))

    def _place(self, text: str) -> None:
        self._blocks.append(_Block(text, tuple(self._containers)))


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs of a block begin and end: empty lines and scene breaks made of line breaks part them too."""
    pieces: list[tuple[int, int]] = []
    at = 0
    begun: int | None = None
    for line in text.split("\n"):
        end = at + len(line)
        if not line.strip() or is_scene_break(line):
            if begun is not None:
                pieces.append((begun, at - 1))
            begun = None
            if line.strip():
                pieces.append((at, end))
        elif begun is None:
            begun = at
        at = end + 1
    if begun is not None:
        pieces.append((begun, len(text)))
    return pieces


def _within(span: Span, start: int, end: int) -> Span:
    """The part of a span that lies in `text[start:end]`, counted from there; empty when there is none."""
    first = min(max(span.start, start), end) - start
    return Span(span.mark, first, max(first, min(span.end, end) - start), span.target)


def _gap(before: tuple[_Container, ...], after: tuple[_Container, ...]) -> str:
    """What parts two blocks: items of a list only a line end, all else an empty line, marked where a quote goes on."""
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] is after[shared]:
        shared += 1
    begins = after[shared:]
    if begins and begins[0].is_item and (shared < len(before) and before[shared].is_item):
        return "\n"
    if begins and begins[0].is_item and shared == len(before) and shared and before[-1].is_item:
        return "\n"
    return "\n" + "".join(container.rest for container in after[:shared]).rstrip() + "\n"
