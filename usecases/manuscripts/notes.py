"""Footnotes in HTML: each program writes them in its own way, but in all of them mark and note lead to each other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from selectolax.lexbor import LexborNode

_WORDS = {"a", "sup", "sub", "span", "small", "b", "i", "em", "strong", "font"}
"""Elements around or in a mark that may have its name."""
_HOLDERS = {"li", "div", "aside", "dd"}
"""Elements that hold all paragraphs of one note."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ANY_HEADING = ", ".join(_HEADINGS)
_SAID = ("epub:type", "role")
"""Attributes that say what a link is for: `noteref`, `doc-noteref`."""

Place = tuple[str, str]
"""A document's path, and a name in it."""


@dataclass(slots=True)
class Notes:
    """What belongs to notes, by the `mem_id` of its element; a key begins with `footnote-`."""

    marks: dict[int, str] = field(default_factory=dict)
    """Links that stand for a note, and its key."""
    bodies: dict[int, str] = field(default_factory=dict)
    """Elements that hold a note's text, and its key."""
    texts: dict[str, tuple[str, LexborNode]] = field(default_factory=dict)
    """Such an element by its key, and the path of its document."""
    returns: set[int] = field(default_factory=set)
    """Links that lead from a note back to its mark."""


def find_notes(documents: Iterable[tuple[str, LexborNode]], resolve: Callable[[str, str], str]) -> Notes:
    """The notes of documents that are read as one.

    Args:
        documents: the path and the root of each.
        resolve: from a document's path and a reference in it to the path of what is meant.
    """
    links: list[tuple[LexborNode, Place]] = []
    named: dict[Place, LexborNode] = {}
    for path, root in documents:
        for node in root.css("[id], a[name]"):
            for name in (node.attributes.get("id"), node.attributes.get("name")):
                named.setdefault((path, name or ""), node)
        for link in root.css("a[href]"):
            reference, fragment = urldefrag(link.attributes.get("href") or "")
            if fragment:
                links.append((link, (resolve(path, reference), fragment)))
    return _matched(links, named)


def _matched(links: list[tuple[LexborNode, Place]], named: dict[Place, LexborNode]) -> Notes:
    notes = Notes()
    leads_to = {link.mem_id: named.get(place) for link, place in links}
    for link, place in links:
        target = named.get(place)
        if target is None or link.mem_id in notes.returns:
            continue
        body = _block(target)
        if body is None or body.tag in _HEADINGS or body.css_first(_ANY_HEADING) or _is_within(link, body):
            continue
        names = {node.mem_id for node in _names(link)}
        back = [other for other in body.css("a[href]") if _leads_into(names, leads_to.get(other.mem_id))]
        body = _whole(body, link)
        if back or body.mem_id in notes.bodies or any("noteref" in str(link.attributes.get(said)) for said in _SAID):
            key = notes.bodies.setdefault(body.mem_id, f"footnote-{len(notes.bodies)}")
            notes.marks[link.mem_id] = key
            notes.texts[key] = (place[0], body)
            notes.returns.update(other.mem_id for other in back)
    return notes


def _leads_into(names: set[int], target: LexborNode | None) -> bool:
    return target is not None and target.mem_id in names


def _names(link: LexborNode) -> Iterator[LexborNode]:
    """The elements that may carry the name of a mark: the link, what is in it, and what is only around it."""
    yield from link.css("*")
    around: LexborNode | None = link
    while around is not None and around.tag in _WORDS:
        yield around
        around = around.parent


def _block(node: LexborNode) -> LexborNode | None:
    """The paragraph, or what else holds the words at a place."""
    around: LexborNode | None = node
    while around is not None and around.tag in _WORDS:
        around = around.parent
    return around


def _whole(body: LexborNode, link: LexborNode) -> LexborNode:
    """The element around a note's paragraphs, if it holds nothing but this note."""
    while (
        (around := body.parent) is not None
        and around.tag in _HOLDERS
        and len(around.css("a[href]")) == len(body.css("a[href]"))
        and not around.css_first(_ANY_HEADING)
        and not _is_within(link, around)
    ):
        body = around
    return body


def _is_within(node: LexborNode, outer: LexborNode) -> bool:
    around: LexborNode | None = node
    while around is not None and around.mem_id != outer.mem_id:
        around = around.parent
    return around is not None
