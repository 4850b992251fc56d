"""What a file says of its own origin: read, bounded, and nothing but a word of IPTC's list and a name."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.images import (
    a_gif,
    a_jpeg,
    a_jpeg_with_manifest,
    a_jpeg_with_xmp,
    a_manifest,
    a_png,
    a_png_with_xmp,
    a_webp,
    an_xmp,
)
from usecases.image_files import is_whole, media_type
from usecases.statements import SourceType, Statement, stated_origin

SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
BY_FIREFLY = Statement(SourceType.TRAINED, "Firefly 3")
BY_CHATGPT = Statement(SourceType.TRAINED, "ChatGPT")
FILES = {
    "jpeg xmp": a_jpeg_with_xmp(an_xmp()),
    "png xmp": a_png_with_xmp(an_xmp()),
    "png xmp packed": a_png_with_xmp(an_xmp(), packed=True),
    "webp xmp": a_webp((b"ODD ", b"odd"), (b"XMP ", an_xmp())),
    "png c2pa": a_png("", (b"caBX", a_manifest())),
    "webp c2pa": a_webp((b"C2PA", a_manifest())),
    "jpeg c2pa in two": a_jpeg_with_manifest(a_manifest(), split_at=120),
}


@pytest.mark.parametrize("name", FILES)
def test_a_statement_is_read_where_programs_write_it(name: str) -> None:
    """XMP and C2PA, in each kind of file."""
    assert stated_origin(FILES[name]) == (BY_FIREFLY if "xmp" in name else BY_CHATGPT)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (an_xmp(SOURCES + "compositeWithTrainedAlgorithmicMedia"), SourceType.COMPOSITE_TRAINED),
        (an_xmp(SOURCES + "algorithmicMedia"), SourceType.ALGORITHMIC),
        (an_xmp(SOURCES + "digitalCapture"), SourceType.CAMERA),
        (an_xmp("trainedAlgorithmicMedia"), SourceType.TRAINED),
        (
            b'<rdf:Description Iptc4xmpExt:DigitalSourceType="' + SOURCES.encode() + b'digitalCreation"/>',
            "digitalCreation",
        ),
        (an_xmp(SOURCES + "digitalCapture") + an_xmp(), SourceType.TRAINED),
    ],
)
def test_it_says_which_of_the_types_it_is(packet: bytes, expected: str) -> None:
    """In the forms people's programs write; of several the one that an author is asked about."""
    found = stated_origin(a_jpeg_with_xmp(packet))
    assert found is not None
    assert found.source_type == expected


@pytest.mark.parametrize(
    "data",
    [
        a_png(),
        a_gif(),
        a_jpeg(),
        a_jpeg_with_xmp(an_xmp(SOURCES + "somethingNobodyKnows")),
        a_jpeg_with_xmp(an_xmp(SOURCES + "trainedAlgorithmicMediaOfAnotherKind")),
        a_png("", (b"tEXt", b"parameters\0Steps: 20, Sampler: Euler")),
        a_jpeg()[:-4] + an_xmp(),
        a_png() + an_xmp(),
        b"no image " + an_xmp(),
        b"",
    ],
    ids=range(10),
)
def test_silence_means_nothing_and_nothing_else_is_looked_at(data: bytes) -> None:
    """Not the pixels, not what stands behind the image, not what a program noted for itself."""
    assert stated_origin(data) is None


@settings(max_examples=300)
@given(data=st.data())
def test_a_hostile_file_comes_to_no_more_than_a_word_and_a_name(data: st.DataObject) -> None:
    """Cut off, overwritten, with any lengths in it: never an error, never more than we ask about."""
    file = bytearray(data.draw(st.sampled_from(sorted(FILES.values()))))
    for _ in range(data.draw(st.integers(0, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    made = bytes(file[: data.draw(st.integers(0, len(file)))])
    found = stated_origin(made)
    assert found is None or (found.source_type in SourceType and len(found.tool) <= 100)
    kind = media_type(made)
    assert kind is None or isinstance(is_whole(made, kind), bool)


def test_a_bomb_in_a_text_chunk_is_unpacked_no_further_than_we_read() -> None:
    """A gigabyte of packed text, a million small chunks, a packet of brackets: all in a moment."""
    began = time.perf_counter()
    assert stated_origin(a_png_with_xmp(b" " * 40_000_000 + an_xmp(), packed=True)) is None
    packing = time.perf_counter() - began
    began = time.perf_counter()
    assert stated_origin(a_png("", *[(b"tEXt", b"")] * 500_000)) is None
    assert stated_origin(a_jpeg_with_xmp(b"DigitalSourceType" * 3_000)) is None
    assert stated_origin(a_png("", (b"caBX", b"claim_generator_info" * 200_000))) is None
    assert time.perf_counter() - began < 5 + packing


@pytest.mark.parametrize(
    ("data", "kind"),
    [(a_png(), "image/png"), (a_jpeg(), "image/jpeg"), (a_gif(), "image/gif"), (a_webp(), "image/webp")],
)
def test_a_kind_is_known_by_its_bytes_and_a_cut_file_by_its_frame(data: bytes, kind: str) -> None:
    """Trailing bytes, as of a polyglot, change nothing: we keep and hand on what we were given."""
    assert media_type(data) == kind
    assert is_whole(data, kind)
    assert not is_whole(data[: len(data) - 8], kind)
    assert media_type(data + b"PK\x03\x04 a hidden archive") == kind


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"BM....", b"<svg/>", b"RIFF....WAVE", b"%PDF-1.7", b"II*\0"])
def test_other_files_are_no_images(data: bytes) -> None:
    """Whatever they are called."""
    assert media_type(data) is None
