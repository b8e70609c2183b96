"""The few lines of CSS that a hue is: tokens.css does the rest. Pure."""

from __future__ import annotations

from firstline.brand import colours
from firstline.brand.colours import Figure


def written(hue: int | None) -> str:
    """Empty where no hue is chosen. What could not be read with the tokens' own lightness gets the moved one."""
    if hue is None:
        return ""
    light, dark = colours.accent(hue), colours.accent(hue, dark=True)
    lines = [f"    --hue: {hue};"]
    for name, of, pair in (
        ("--accent", colours.ACCENT, (light.fill, dark.fill)),
        ("--accent-hi", colours.ACCENT_HI, (light.hover, dark.hover)),
        ("--accent-text", colours.ACCENT_TEXT, (light.text, dark.text)),
    ):
        if any(one.moved for one in pair):
            lines.append(f"    {name}: light-dark({_colour(pair[0], of[0][1])}, {_colour(pair[1], of[1][1])});")
    return "@layer tokens {\n  :root {\n" + "\n".join(lines) + "\n  }\n}\n"


def _colour(figure: Figure, chroma: float) -> str:
    return f"oklch({figure.lightness} {chroma} var(--hue))"
