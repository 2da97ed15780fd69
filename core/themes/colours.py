"""Colours as numbers: contrast after WCAG 2.2, and lightness as the eye sees it (OKLCH), to find a near colour that passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import atan2
from math import cos
from math import hypot
from math import sin

#: What is asked of text, and of marks, edges and the focus ring (WCAG 1.4.3, 1.4.11).
TEXT, MARK = 4.5, 3.0
WHITE, INK = "#ffffff", "#10181b"
HEX = re.compile(r"#[0-9a-f]{6}")


def rgb(colour: str) -> tuple[float, float, float]:
    """The three parts of `#rrggbb`, 0 to 1. Raises ValueError."""
    if not HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is no colour")
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    red, green, blue = map(_linear, rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=4096)
def ratio(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma, hue (radians)."""
    red, green, blue = map(_linear, rgb(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, hypot(a, b), atan2(b, a)


def from_oklch(light: float, chroma: float, hue: float) -> str:
    """The colour, with as much of its chroma as a screen shows."""
    light = min(max(light, 0.0), 1.0)
    for step in range(33):
        found = _parts(light, chroma * (1 - step / 32), hue)
        if all(-0.001 <= part <= 1.001 for part in found):
            break
    return "#" + "".join(f"{round(255 * _curved(min(max(part, 0.0), 1.0))):02x}" for part in found)


def tint(colour: str, light: float, share: float = 1.0, most: float = 0.4) -> str:
    """The same hue at another lightness, with a share of its chroma and no more than `most`."""
    _light, chroma, hue = oklch(colour)
    return from_oklch(light, min(chroma * share, most), hue)


def nearest(colour: str, passes: Callable[[str], bool], *, darker: bool) -> str | None:
    """The colour itself where it passes, else the nearest of its hue that does, made darker (or lighter) bit by bit."""
    if passes(colour):
        return colour
    light, chroma, hue = oklch(colour)
    for step in range(1, 201):
        reached = light - step / 200 if darker else light + step / 200
        if not 0 <= reached <= 1:
            break
        if passes(found := from_oklch(reached, chroma, hue)):
            return found
    return None


def _parts(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
