"""Small round pictures for the people of the demo and for the bot, drawn when it starts."""

import io
from functools import cache
from pathlib import Path

import simcord.preview
from PIL import Image, ImageDraw, ImageFont

SIZE = 128
DARK = (24, 25, 32)
FONT = Path(simcord.preview.__file__).with_name("static") / "fonts" / "noto-sans-latin-v2.015.ttf"


@cache
def portrait(letter: str, colour: int) -> bytes:
    """A PNG disc in this colour with this letter on it."""
    image = Image.new("RGB", (SIZE, SIZE), _rgb(colour))
    font = ImageFont.truetype(str(FONT), 72)
    ImageDraw.Draw(image).text((SIZE / 2, SIZE / 2 + 2), letter, font=font, fill=DARK, anchor="mm", stroke_width=2)
    return _png(image)


@cache
def printers_mark() -> bytes:
    """Colophon's own picture: an open book under a lamp's flame, as a printer's mark."""
    image = Image.new("RGB", (SIZE * 4, SIZE * 4), (43, 36, 68))
    draw = ImageDraw.Draw(image)
    gold, paper = (246, 196, 83), (244, 239, 226)
    draw.polygon([(256, 70), (306, 168), (256, 226), (206, 168)], fill=gold)
    draw.ellipse((206, 126, 306, 226), fill=gold)
    draw.polygon([(244, 262), (90, 228), (90, 396), (244, 436)], fill=paper)
    draw.polygon([(268, 262), (422, 228), (422, 396), (268, 436)], fill=paper)
    for line in (284, 322, 360):
        draw.line([(116, line - 6), (222, line + 20)], fill=(150, 140, 170), width=12)
        draw.line([(290, line + 20), (396, line - 6)], fill=(150, 140, 170), width=12)
    return _png(image.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _rgb(colour: int) -> tuple[int, int, int]:
    return (colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
