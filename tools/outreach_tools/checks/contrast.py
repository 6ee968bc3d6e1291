"""How well one colour can be read on another, by the rules of WCAG 2.2."""

import re
from dataclasses import dataclass

AA = 4.5
"""Level AA for text (success criterion 1.4.3)."""
AA_LARGE = 3.0
"""Level AA for text of 24 px, or of 18.66 px in bold."""
_LINEAR_UP_TO = 0.04045
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", re.IGNORECASE)
_NAMES = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "green": "#008000",
    "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00", "navy": "#000080", "blue": "#0000ff",
    "teal": "#008080", "aqua": "#00ffff", "orange": "#ffa500",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of three channels, each from 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def luminance(self) -> float:
        """Relative luminance, from 0 (black) to 1 (white)."""
        linear = (_linear(channel / 255) for channel in (self.red, self.green, self.blue))
        return sum(share * channel for share, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def colour_of(text: str) -> Colour | None:
    """The colour as CSS writes it; None for what is no opaque colour, such as `inherit`."""
    written = text.strip().lower().removesuffix("!important").strip()
    written = _NAMES.get(written, written)
    if match := _HEX.fullmatch(written):
        digits = match[1] if len(match[1]) > len("rgb") else "".join(2 * digit for digit in match[1])
        return Colour(*(int(digits[place : place + 2], 16) for place in (0, 2, 4)))
    if match := _RGB.fullmatch(written):
        return Colour(*(min(int(channel), 255) for channel in match.groups()))
    return None


def contrast(one: Colour, other: Colour) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4
