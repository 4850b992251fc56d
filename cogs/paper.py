"""What all pictures are drawn on and with; with it comes Pillow, so it is imported when something is drawn.

Everything is drawn for a phone, which shows a picture at half its width: no letter is set smaller than `SMALL`.
The ground is opaque paper, so that Discord's dark and light theme make no difference. Pillow's own font knows little
beyond ASCII: words of people are drawn only where it has every letter, and are left to the text of the answer
elsewhere.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

WIDTH = 800
MARGIN = 29
SMALL, MEDIUM, LARGE = 27, 30, 42
"""Sizes of letters."""
PAPER, LEAF = (0xEF, 0xE6, 0xD5), (0xFF, 0xFC, 0xF5)
"""The ground, and what lies on it."""
INK, FADED = (0x33, 0x2C, 0x22), (0x6C, 0x5F, 0x4B)
COLOURS = (
    (0x2A, 0x62, 0x88),
    (0xA4, 0x47, 0x2F),
    (0x22, 0x6C, 0x44),
    (0x6B, 0x48, 0x84),
    (0x86, 0x60, 0x0E),
    (0x9C, 0x38, 0x61),
    (0x43, 0x5C, 0x66),
    (0x6E, 0x53, 0x42),
)
"""Each is readable on paper, on a leaf, and on its own pale shade."""
_FILL = 0.13
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAME_LETTER = {"\u2013": "-", "\u2014": "-", "\u00a0": " "}
"""Letters of titles that the font lacks and that another one stands for without loss."""
_SIGNS = {
    "tick": ((0.05, 0.55), (0.18, 0.42), (0.38, 0.62), (0.82, 0.16), (0.95, 0.29), (0.38, 0.88)),
    "plus": (
        *((0.42, 0.12), (0.58, 0.12), (0.58, 0.42), (0.88, 0.42), (0.88, 0.58), (0.58, 0.58)),
        *((0.58, 0.88), (0.42, 0.88), (0.42, 0.58), (0.12, 0.58), (0.12, 0.42), (0.42, 0.42)),
    ),
    "star": tuple(
        (0.5 + radius * sin(turn * pi / 5), 0.53 - radius * cos(turn * pi / 5))
        for turn, radius in zip(range(10), (0.5, 0.21) * 5, strict=True)
    ),
    "left": ((0.05, 0.5), (0.8, 0.1), (0.8, 0.9)),
    "right": ((0.95, 0.5), (0.2, 0.1), (0.2, 0.9)),
    "flag": ((0.18, 0.02), (0.92, 0.3), (0.3, 0.56), (0.3, 0.98), (0.18, 0.98)),
}
"""Their corners, in parts of a side."""
_FINER = 4
"""Shapes are drawn so many times larger and made smaller, for smooth edges."""
_SHADES = 128
_NO_LETTER = "\uffff"


Colour = tuple[int, int, int]


class Box(NamedTuple):
    """A place in the picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """The picture in the making."""

    image: Image.Image
    draw: ImageDraw.ImageDraw

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = SMALL,
        colour: Colour = INK,
        at: str = "lm",
        bold: bool = False,
    ) -> None:
        """Words at a point; `at` is Pillow's anchor."""
        self.draw.text((x, y), text, colour, font(size), at, stroke_width=0.6 if bold else 0, stroke_fill=colour)

    def shape(self, name: str, box: Box, colour: Colour) -> None:
        """One of the shapes below, in one colour."""
        self.image.paste(colour, (box.x, box.y), _mask(name, box.width, box.height))


def a_page(height: int) -> Page:
    """Empty paper."""
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return Page(image, ImageDraw.Draw(image))


def fitting(words: str, width: float) -> str:
    """As much of a title as fits, or nothing where the font lacks one of its letters."""
    known = "".join(_SAME_LETTER.get(letter, letter) for letter in words)
    if not all(_has(letter) for letter in known):
        return ""
    letters = font(SMALL)
    if letters.getlength(known) <= width:
        return known
    while known and letters.getlength(known + "…") > width:
        known = known[:-1].rstrip()
    return known + "…"


@lru_cache(maxsize=2048)
def _has(letter: str) -> bool:
    """Whether the font draws it, and not the box that stands for what it lacks."""
    return letter == " " or bytes(font(SMALL).getmask(letter)) != bytes(font(SMALL).getmask(_NO_LETTER))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The letters of one size."""
    letters = ImageFont.load_default(size)
    if not isinstance(letters, ImageFont.FreeTypeFont):  # Pillow built without FreeType has tiny letters only
        raise ImportError("Pillow lacks FreeType")  # noqa: TRY004 - to who asked it is as if it were missing
    return letters


@lru_cache(maxsize=256)
def _mask(name: str, width: int, height: int) -> Image.Image:
    """A shape as a mask."""
    wide, high = width * _FINER, height * _FINER
    mask = Image.new("L", (wide, high))
    draw = ImageDraw.Draw(mask)
    match name:
        case "cell":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), 14 * _FINER, 255)
        case "pill":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, 255)
        case "square":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), 5 * _FINER, 255)
        case "ring":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, None, 255, 2 * _FINER)
        case "dashes":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, None, 255, 3 * _FINER)
            gaps = max(1, (wide - high) // (11 * _FINER))
            for at in range(gaps):
                middle = high // 2 + (wide - high) * (2 * at + 1) / (2 * gaps)
                draw.rectangle((middle - 2.5 * _FINER, 0, middle + 2.5 * _FINER, high), 0)
        case _:
            points = [(round(x * wide), round(y * high)) for x, y in _SIGNS[name]]
            draw.polygon(points, 255)
    return mask.reduce(_FINER)


def pale(colour: Colour) -> Colour:
    """A colour that is only hinted at."""
    return mixed(colour, LEAF, _FILL)


def mixed(colour: Colour, ground: Colour, part: float) -> Colour:
    """So much of one colour on another."""
    red, green, blue = (round(one * part + other * (1 - part)) for one, other in zip(colour, ground, strict=True))
    return red, green, blue


def png(page: Page) -> bytes:
    """The page as a file."""
    packed = BytesIO()
    page.image.quantize(_SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()
