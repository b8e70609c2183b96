"""The accent that a hue gives, and whether it can be read (WCAG 2.2, 1.4.3). Pure.

Lightness and chroma are those of tokens.css; what cannot be read with them is made darker, or lighter in the dark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

AA = 4.5
STEP = 0.005
WHITE = (1.0, 0.0)

# (lightness, chroma) of tokens.css: light, dark.
ACCENT = ((0.505, 0.2), (0.512, 0.19))
ACCENT_HI = ((0.455, 0.2), (0.485, 0.19))
ACCENT_TEXT = ((0.475, 0.2), (0.77, 0.115))
ACCENT_SOFT = ((0.962, 0.018), (0.285, 0.055))
SURFACE = ((1.0, 0.0), (0.208, 0.008))


@dataclass(frozen=True)
class Figure:
    """A pair of colours: how well it can be read, after `lightness` was moved so that it can."""

    contrast: float
    lightness: float
    moved: bool
    colour: str


@dataclass(frozen=True)
class Accent:
    """In one theme: white on the accent, its text on the page and on its own soft ground."""

    fill: Figure
    hover: Figure
    text: Figure

    @property
    def lowest(self) -> float:
        return min(self.fill.contrast, self.hover.contrast, self.text.contrast)

    @property
    def moved(self) -> bool:
        return self.fill.moved or self.hover.moved or self.text.moved


def accent(hue: int, *, dark: bool = False) -> Accent:
    """What this hue gives in a theme."""
    place = int(dark)
    white = luminance(*WHITE, hue)
    soft, surface = luminance(*ACCENT_SOFT[place], hue), luminance(*SURFACE[place], 264)
    fill = _readable(ACCENT[place], hue, [white], darker=True)
    hover = _readable(ACCENT_HI[place], hue, [white], darker=True)
    return Accent(fill, hover, _readable(ACCENT_TEXT[place], hue, [soft, surface], darker=not dark))


def contrast(first: float, second: float) -> float:
    """Of two luminances."""
    high, low = max(first, second), min(first, second)
    return (high + 0.05) / (low + 0.05)


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour, as far as sRGB can show it."""
    red, green, blue = _linear(lightness, chroma, hue)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def as_hex(lightness: float, chroma: float, hue: float) -> str:
    """For mail programs, which know nothing else."""
    return "#" + "".join(f"{round(255 * _gamma(part)):02x}" for part in _linear(lightness, chroma, hue))


def _readable(of: tuple[float, float], hue: int, grounds: list[float], *, darker: bool) -> Figure:
    lightness, chroma = of
    moved = False
    while (found := min(contrast(luminance(lightness, chroma, hue), ground) for ground in grounds)) < AA:
        lightness += -STEP if darker else STEP
        moved = True
    return Figure(round(found, 2), round(lightness, 3), moved, as_hex(lightness, chroma, hue))


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return _shown(red), _shown(green), _shown(blue)


def _shown(part: float) -> float:
    return min(1.0, max(0.0, part))


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
