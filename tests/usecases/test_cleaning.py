"""Cleaning an image's file: the same picture to the last bit, and nothing of a person or a place."""

import time
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        for written in (PLACE.encode(), PLACE.encode("utf-16-be"), PLACE.encode("utf-16-le")):
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
