"""Real files, changed at random: a little, where it hurts, and often enough."""

import copy
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from tests import photographs

SAMPLES = Path(__file__).parents[1] / "manuscripts"
MARKED = (
    b"---\ntitle: Tides\ndate: 2024-03-05\n---\n\n# Tides\n\nMaren *ran*, **fast**.[^1] ![a](data:image/png;base64,"
    b"iVBORw0KGgo=)\n\n> Who goes?\n\n- a\n  - b ![c][i]\n\n* * *\n\n<!-- x -->\n[^1]: A note.\n\n"
    b"[i]: <data:image/gif;base64,R0lGODlh>\n"
)
PLAIN = (
    "It was the last week of the herring, and the harbour smelled of salt\nand rope.\n\n***\n\n  “No.”\n" * 5
).encode()

_LONGEST_COPY = 4_000
_MOST_ELEMENTS = 5_000
_SPLINTERS = [
    *(b"<", b">", b"</", b"/>", b"&", b"&amp;", b"&#0;", b"&#x110000;", b"&a;", b"]]>", b"<![CDATA[", b"<!--", b"-->"),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b'"',
        b"'",
        b"=",
        b"{",
        b"}",
        b";",
    ),
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\f", b"\xe2\x80\xa8", b"\xef\xbf\xbc", b"\x1b$B"),
    *(b"<p>", b"<div>", b"<li>", b"<table><tr><td>", b"<blockquote>", b"<h1>", b"<a href='#x' id=x>", b"<img src=x>"),
    *(b"<pre>", b"<ruby>x<rt>", b"<svg><image href=x>", b"<style>.a{", b"<template>", b"<b><i><s>", b"<sup>", b"<hr>"),
    *(b"0", b"-1", b"99999999999999999999", b"1e309", b"../../", b"%00", b"data:image/png;base64,", b"\xd9\x85"),
    *(b"*", b"**", b"~~", b"_", b"![", b"](", b"[^1]", b"[^1]: ", b"> ", b"- ", b"1. ", b"```", b"---\n", b"\\", b"`"),
]


def samples(reader: str) -> list[bytes]:
    """The files that a reader's cases begin as."""
    if reader == "md":
        return [MARKED]
    if reader == "txt":
        return [PLAIN, PLAIN.decode().encode("utf-16"), "Она вошла без стука.\r\n".encode("cp1251") * 9]
    if reader == "image":
        return photographs.samples()
    if reader == "zip":
        page = (SAMPLES / "pandoc.html").read_bytes()
        return [_zipped({"2024-03-05 A.md": MARKED, "02 B.html": page, "c.txt": PLAIN})]
    return [path.read_bytes() for path in sorted(SAMPLES.glob(f"*.{reader}"))]


def changed(data: bytes, rng: random.Random) -> bytes:
    """A sample with some changes; in an archive they are mostly in its members, so that it still opens."""
    if not data.startswith(b"PK") or rng.random() < 0.1:
        return _splintered(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for _ in range(rng.randint(1, 3)):
        name = rng.choice([*members])
        tree = _tree(members[name]) if rng.random() < 0.7 else None
        members[name] = _splintered(members[name], rng) if tree is None else _tangled(tree, rng)
        if rng.random() < 0.05:
            members[rng.choice([*members])] = members.pop(name)
    return _zipped(members)


def _zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # without the time of day
    return packed.getvalue()


def _splintered(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        data = rng.choice(_CHANGES)(data, rng)
    return data


def _tree(content: bytes) -> Element | None:
    try:
        return ET.fromstring(content)  # noqa: S314 - our own samples
    except ET.ParseError:
        return None


def _tangled(root: Element, rng: random.Random) -> bytes:
    """XML that is well formed and otherwise wrong."""
    for _ in range(rng.choice((1, 2, 8, 40))):
        elements = list(root.iter())
        one, other = rng.choice(elements), rng.choice(elements)
        match rng.randrange(6):
            case 0:
                one.tag = other.tag
            case 1 if sum(1 for _ in one.iter()) + len(elements) < _MOST_ELEMENTS:
                other.insert(rng.randint(0, len(other)), copy.deepcopy(one))
            case 2 if one.attrib:
                value = rng.choice([*other.attrib.values(), rng.choice(_SPLINTERS).decode("utf-8", "replace")])
                one.set(rng.choice([*one.attrib]), "".join(filter(str.isprintable, value)))
            case 3:
                one.text, other.tail = other.tail, one.text
            case 4 if len(one):
                one.remove(rng.choice(list(one)))
            case _:
                one.attrib.clear()
    content: bytes = ET.tostring(root, encoding="utf-8")
    return content


def _slice(data: bytes, rng: random.Random) -> tuple[int, int]:
    """Some stretch, mostly a short one, often from one tag's beginning to another's."""
    start = rng.randint(0, len(data))
    end = min(len(data), start + rng.choice((1, 8, 80, 800, _LONGEST_COPY)))
    if rng.random() < 0.5:
        start = max(0, data.rfind(b"<", 0, start))
        end = max(start, data.find(b"<", end) if b"<" in data[end:] else len(data))
    return start, end


def _flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randint(0, max(0, len(data) - 1))
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(_SPLINTERS) * rng.choice((1, 1, 1, 3, 50, 3000)) + data[at:]


def _delete(data: bytes, rng: random.Random) -> bytes:
    start, end = _slice(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start, end = _slice(data, rng)
    return data[:end] + data[start:end][:_LONGEST_COPY] * rng.choice((1, 2, 40)) + data[end:]


def _move(data: bytes, rng: random.Random) -> bytes:
    start, end = _slice(data, rng)
    rest = data[:start] + data[end:]
    at = rng.randint(0, len(rest))
    return rest[:at] + data[start:end] + rest[at:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _insert, _insert, _delete, _repeat, _move, _cut)
