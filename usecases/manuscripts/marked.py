"""Markdown files: kept as typed, without what was never meant to be read."""

import re

_FRONT_MATTER_LINE = re.compile(r"\s*$|\s+\S|#|- |[^\s:#][^:]*:(?:\s|$)")
"""A line of YAML as people write it above a text: empty, indented, a comment, a list item or `key: value`."""
_FENCES = ("---", "...")
_COMMENT_OR_CODE = re.compile(r"<!--|^ {0,3}(?P<fence>`{3,}|~{3,})", re.MULTILINE)


def read_marked(text: str) -> str:
    """A Markdown text without YAML front matter and HTML comments.

    Args:
        text: tidy text (see `decoding.tidy`).
    """
    return _without_comments(_without_front_matter(text)).strip("\n")


def _without_front_matter(text: str) -> str:
    """Only what stands between `---` in the very first line and the next fence, and only if it looks like YAML."""
    first, *lines = text.split("\n")
    if first.rstrip() != _FENCES[0]:
        return text
    for at, line in enumerate(lines):
        if line.rstrip() in _FENCES:
            has_key = any(":" in line for line in lines[:at])
            return "\n".join(lines[at + 1 :]) if has_key or not at else text
        if not _FRONT_MATTER_LINE.match(line):
            return text
    return text


def _without_comments(text: str) -> str:
    """An HTML comment is a note to self. One that never ends is text, and in a code block it is an example."""
    kept: list[str] = []
    at = 0
    while mark := _COMMENT_OR_CODE.search(text, at):
        fence = mark["fence"]
        if fence:
            closing = re.compile(rf"^ {{0,3}}{fence}+[ \t]*$", re.MULTILINE).search(text, mark.end())
            end = closing.end() if closing else len(text)
            kept.append(text[at:end])
            at = end
            continue
        end = text.find("-->", mark.start() + len("<!"))
        if end < 0:
            break
        kept.append(text[at : mark.start()])
        at = end + len("-->")
    return "".join([*kept, text[at:]])
