"""Cleaning an image's file: the same picture to the last bit, and nothing of a person or a place."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from tests import photographs as real
from tests.images import (
    AI_URL,
    a_chunk,
    a_gif,
    a_jpeg,
    a_jpeg_with_manifest,
    a_jpeg_with_xmp,
    a_manifest,
    a_png,
    a_png_with_xmp,
    a_riff,
    a_segment,
    a_webp,
    an_xmp,
)
from tests.photographs import ORIENTATION, PLACE, Photograph, everything, in_its_colours, notes, seen
from usecases.cleaning import BrokenImageError, clean_image, cleaned
from usecases.cleaning.profiles import wordless
from usecases.image_files import is_whole, media_type
from usecases.refusals import UnacceptableImageError, Unfit
from usecases.statements import SourceType, Statement, stated_origin

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BY_FIREFLY, BY_CHATGPT = (Statement(SourceType.TRAINED, tool) for tool in ("Firefly 3", "ChatGPT"))


class TestRealPictures:
    """Whatever a camera or a program wrote into them."""

    @SLOW
    @given(photograph=real.photographs())
    def test_the_picture_is_the_same_and_the_rest_is_gone(self, photograph: Photograph) -> None:
        """Pixels, frames, times, transparency and colours; the way up, and no other note; no hidden word anywhere."""
        clean = cleaned(photograph.data)
        assert seen(clean) == seen(photograph.data)
        assert len(seen(clean)) <= photograph.frames
        assert in_its_colours(clean) == in_its_colours(photograph.data)
        way_up = {ORIENTATION: photograph.orientation} if photograph.orientation > 1 else {}
        assert notes(clean) == way_up
        for written in (PLACE.encode(), PLACE[:8].encode("utf-16-be"), PLACE[:8].encode("utf-16-le")):
            assert written not in everything(clean)
        assert PLACE.encode() in photograph.data

    @SLOW
    @given(photograph=real.photographs())
    def test_a_clean_file_stays_as_it_is(self, photograph: Photograph) -> None:
        """So that the same picture, handed in again, is known again."""
        clean = cleaned(photograph.data)
        assert cleaned(clean) == clean
        kind = media_type(clean)
        assert kind == media_type(photograph.data)
        assert kind is not None
        assert is_whole(clean, kind)

    @SLOW
    @given(photograph=st.one_of(real.jpegs(), real.pngs(), real.webps()))
    def test_the_one_word_of_its_origin_stays(self, photograph: Photograph) -> None:
        """With the tool, and without all that stood around it."""
        assert stated_origin(cleaned(photograph.data)) == stated_origin(photograph.data) == BY_FIREFLY

    def test_a_second_picture_behind_the_first_goes(self) -> None:
        """It may show what was cut away, and has notes of its own."""
        photograph = real.a_telephones_photograph()
        assert len(seen(photograph)) == 2
        clean = cleaned(photograph)
        (alone,) = seen(clean)
        assert alone == seen(photograph)[0]
        assert notes(clean) == {ORIENTATION: 6}
        assert PLACE.encode() not in clean

    @SLOW
    @given(photograph=real.photographs(), data=st.data())
    def test_a_cut_off_picture_is_refused(self, photograph: Photograph, data: st.DataObject) -> None:
        """Never passed on in the hope that nothing is in it."""
        clean = cleaned(photograph.data)
        short = clean[: data.draw(st.integers(0, len(clean) - 2))]
        with pytest.raises(BrokenImageError):
            cleaned(short)

    @SLOW
    @given(photograph=real.photographs(), data=st.data())
    def test_of_a_damaged_file_nothing_comes_out_but_a_clean_one_or_a_refusal(
        self, photograph: Photograph, data: st.DataObject
    ) -> None:
        """Whatever bytes were changed."""
        file = bytearray(photograph.data)
        for _ in range(data.draw(st.integers(1, 8))):
            file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
        try:
            clean = cleaned(bytes(file))
        except BrokenImageError:
            return
        assert cleaned(clean) == clean


JFIF = b"JFIF\0\1\2\1\0\x48\0\x48\0\0"
FRAME = bytes(16) + b"VP8L" + struct.pack("<I", 6) + b"pixels"
CONTROL = b"!\xf9\x04\x01\x07\0\3\0"
LOOP = b"!\xff\x0bNETSCAPE2.0\3\1\2\0\0"
IMAGE = b",\0\0\0\0\1\0\1\0\x80abcdef\2\2D\1\0"
SCREEN = b"GIF89a\1\0\1\0\x80\0\0abcdef"
SCANS = (
    a_segment(0xC2, b"a progressive frame")
    + a_segment(0xDD, b"\0\1")
    + a_segment(0xDA, b"one")
    + b"pixels\xff\x00\xff\xd0pixels\xff\xd7"
    + a_segment(0xC4, b"a table between two scans")
    + a_segment(0xDA, b"two")
    + b"pixels\xff\xd9"
)


class TestPieces:
    """What draws a picture stays, whether or not this machine's decoder needs it."""

    @pytest.mark.parametrize(
        "data",
        [
            a_png("", *((name, b"kept") for name in b"cICP sRGB gAMA cHRM mDCV cLLI sBIT PLTE tRNS bKGD hIST".split())),
            a_png("", (b"pHYs", b"kept"), (b"acTL", b"kept"), (b"fcTL", b"kept"), (b"fdAT", b"kept")),
            b"\xff\xd8" + a_segment(0xE0, JFIF) + a_segment(0xDB, b"numbers") + SCANS,
            b"\xff\xd8" + a_segment(0xEE, b"Adobe\0\x64\0\0\0\0\1") + SCANS,
            a_riff((b"VP8X", bytes(10)), (b"ALPH", b"clear"), (b"VP8 ", b"pixels")),
            a_riff((b"VP8X", bytes(10)), (b"ANIM", b"loops"), (b"ANMF", FRAME), (b"ANMF", FRAME)),
            SCREEN + LOOP + CONTROL + IMAGE + CONTROL + IMAGE + b";",
        ],
        ids=range(7),
    )
    def test_it_stays_as_it_is(self, data: bytes) -> None:
        """To the byte."""
        assert cleaned(data) == data

    @pytest.mark.parametrize(
        ("data", "clean"),
        [
            (a_jpeg((0xE0, JFIF[:-2] + b"\1\1rgb")), a_jpeg((0xE0, JFIF))),
            (a_jpeg((0xE0, JFIF), (0xE0, b"JFXX\0 a thumbnail")), a_jpeg((0xE0, JFIF))),
            (a_jpeg((0xEE, b"Adobe\0\x64\0\0\0\0\1, and a name")), a_jpeg((0xEE, b"Adobe\0\x64\0\0\0\0\1"))),
            (a_jpeg((0xE2, b"ICC_PROFILE\0\1\2half of a profile")), a_jpeg()),
            (a_jpeg()[:-2] + a_segment(0xFE, b"a name") + b"\xff\xd9", a_jpeg()),
            (a_png("", (b"iCCP", b"a name\0\0no profile")), a_png()),
            (a_riff((b"VP8L", b"pixels"), (b"EXIF", b"a place")), a_riff((b"VP8L", b"pixels"))),
            (
                a_riff((b"VP8X", b"\x2c" + bytes(9)), (b"ANMF", FRAME + b"NAME" + struct.pack("<I", 4) + b"Ines")),
                a_riff((b"VP8X", bytes(10)), (b"ANMF", FRAME)),
            ),
            (SCREEN + CONTROL[:-1] + b"\4Ines\0" + IMAGE + b";", SCREEN + CONTROL + IMAGE + b";"),
            (SCREEN + CONTROL + b"!\xfe\4Ines\0" + IMAGE + b";", SCREEN + CONTROL + IMAGE + b";"),
            (SCREEN + CONTROL + b"!\1\4Ines\0" + IMAGE + b";", SCREEN + IMAGE + b";"),
            (SCREEN + LOOP[:-1] + b"\4Ines\0" + IMAGE + b";", SCREEN + LOOP + IMAGE + b";"),
        ],
        ids=range(12),
    )
    def test_what_hides_beside_it_goes(self, data: bytes, clean: bytes) -> None:
        """Thumbnails, names, and what stands in a piece behind all that draws."""
        assert cleaned(data) == clean

    def test_a_profile_keeps_its_numbers_and_loses_its_words(self) -> None:
        """Everything where it was: tags, sizes, and an empty text where one has to be."""
        profile = real.a_profile()
        empty = wordless(profile)
        assert real.PLACE[:8].encode("utf-16-be") in profile
        assert real.PLACE[:8].encode("utf-16-be") not in empty
        assert (len(empty), empty[128:132], wordless(empty)) == (len(profile), profile[128:132], empty)
        assert ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(empty))).strip() == ""
        for broken in (b"", b"x" * 200, profile[:140], profile[:128] + b"\xff\xff\xff\xff" + profile[132:]):
            assert wordless(broken) == b""


class TestOrigin:
    """What a file says of how it was made stays, as one word of IPTC's list."""

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (a_jpeg_with_xmp(an_xmp()), BY_FIREFLY),
            (a_png_with_xmp(an_xmp(), packed=True), BY_FIREFLY),
            (a_webp((b"XMP ", an_xmp())), BY_FIREFLY),
            (a_png("", (b"caBX", a_manifest())), BY_CHATGPT),
            (a_webp((b"C2PA", a_manifest())), BY_CHATGPT),
            (a_riff((b"VP8L", b"pixels"), (b"C2PA", a_manifest())), BY_CHATGPT),
            (a_jpeg_with_manifest(a_manifest(), split_at=120), BY_CHATGPT),
        ],
        ids=range(7),
    )
    def test_a_signed_manifest_goes_and_its_word_stays(self, data: bytes, said: Statement) -> None:
        """A signature covers every byte of its file, so that it would be broken anyway."""
        clean = cleaned(data)
        assert stated_origin(clean) == said
        assert AI_URL.encode() in clean
        for gone in (b"jumb", b"caBX", b"C2PA", b"c2pa"):
            assert gone not in clean

    def test_a_camera_is_not_named(self) -> None:
        """A telephone's name is often its owner's."""
        url = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
        clean = cleaned(a_jpeg_with_xmp(an_xmp(url, "Ines' telephone")))
        assert stated_origin(clean) == Statement(SourceType.CAMERA, "")
        assert b"Ines" not in clean

    @pytest.mark.parametrize("tool", ["A &amp; B", "<i>x", 'a" b', "\u202etxt", "ж" * 300, "a\tb", "&lt;&quot;", " "])
    def test_a_tools_name_is_only_words(self, tool: str) -> None:
        """Whatever a program calls itself, it stays within its quotes and as it is."""
        data = a_png("", (b"caBX", a_manifest(tool=tool.encode()[:23].decode("utf-8", "ignore"))))
        clean = cleaned(data)
        assert stated_origin(clean) == stated_origin(data)
        assert cleaned(clean) == clean
        assert clean.count(b"CreatorTool") <= 1

    def test_who_says_nothing_gets_nothing_written(self) -> None:
        """A file that needs no change is not changed."""
        for data in (a_png("x"), a_jpeg(), a_gif(), a_webp()):
            assert cleaned(data) == data


class TestBroken:
    """Refused, with the reason that helps."""

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"MZ", Unfit.NO_IMAGE),
            (a_png()[:-30], Unfit.CUT_OFF),
            (a_jpeg()[:-2], Unfit.CUT_OFF),
            (a_gif()[:-1], Unfit.CUT_OFF),
            (a_webp()[:-2], Unfit.CUT_OFF),
            (a_png("", (b"ODDX", b"a picture cannot be shown without it")), Unfit.BROKEN),
            (b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", bytes(13)) + a_chunk(b"IEND", b""), Unfit.BROKEN),
            (a_jpeg((0xF7, b"another kind of JPEG")), Unfit.BROKEN),
            (b"\xff\xd8" + a_segment(0xFE, b"no picture") + b"\xff\xd9", Unfit.BROKEN),
            (a_riff((b"VP8X", bytes(10)), (b"EXIF", b"no picture")), Unfit.BROKEN),
            (a_riff((b"VP8X", b"short"), (b"VP8 ", b"pixels")), Unfit.BROKEN),
            (a_gif()[:13] + b"\x99" + a_gif()[13:], Unfit.BROKEN),
            (a_gif()[:13] + b";", Unfit.BROKEN),
        ],
        ids=range(13),
    )
    def test_a_file_that_cannot_be_followed_is_refused(self, data: bytes, reason: Unfit) -> None:
        """By name."""
        with pytest.raises(UnacceptableImageError) as refused:
            clean_image(data, "a.png")
        assert (refused.value.reason, refused.value.name) == (reason, "a.png")

    def test_the_largest_and_worst_files_are_done_with_in_seconds(self) -> None:
        """A million pieces, a run of markers that are none, a profile that unpacks without end."""
        began = time.process_time()
        for data in (
            a_png("", *[(b"tEXt", b"")] * 300_000),
            a_jpeg()[:-8] + b"\xff" * 20_000_000 + b"\xff\xd9",
            a_jpeg(*[(0xFE, b"")] * 300_000),
            a_gif()[:-1] + b"\0" * 1_000_000 + b";",
            a_png("", (b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000)))),
            a_webp(*[(b"HIDE", b"")] * 300_000),
        ):
            assert len(cleaned(data)) < 21_000_000
        assert time.process_time() - began < 10
