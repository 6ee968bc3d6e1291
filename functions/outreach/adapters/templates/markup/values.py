"""The values of MJML's attributes: compilers pass on anything, and mail programs guess."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH = r"(?:0|-?(?:\d+(?:\.\d+)?|\.\d+)(?:px|%|em|rem))"
_COLOUR = r"(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]+|(?:rgb|hsl)a?\([\d\s.,%/]+\))"
_LENGTHS = rf"{_LENGTH}(?:\s+{_LENGTH}){{0,3}}"
_PADDING = rf"(?:{_LENGTH}|\d+)(?:\s+(?:{_LENGTH}|\d+)){{0,3}}"
"""MJML calculates with the numbers, and its own samples leave out the unit."""

_FORMS: Mapping[str, tuple[str, str]] = {
    "colour": (_COLOUR, "a colour such as #2f5d46 or white"),
    "length": (rf"{_LENGTH}|auto", "a length with its unit, such as 16px or 50%"),
    "lengths": (_LENGTHS, "one to four lengths with their units, such as 10px 24px"),
    "padding": (_PADDING, "one to four lengths with their units, such as 10px 24px"),
    "line height": (rf"{_LENGTH}|\d+(?:\.\d+)?|normal", "a length or a factor, such as 24px or 1.5"),
    "spacing": (rf"{_LENGTH}|normal", "a length with its unit, such as 0.5px"),
    "weight": (r"[1-9]00|normal|bold|bolder|lighter", "normal, bold, or a number from 100 to 900"),
    "side": (r"left|center|right|justify", "left, center, right or justify"),
    "height": (r"top|middle|bottom|baseline", "top, middle or bottom"),
    "direction": (r"ltr|rtl", "ltr or rtl"),
    "truth": (r"true|false", "true or false"),
}
_PATTERNS = {form: re.compile(pattern, re.IGNORECASE) for form, (pattern, _) in _FORMS.items()}
_KINDS: Mapping[str, str] = {
    "color": "colour",
    "background-color": "colour",
    "container-background-color": "colour",
    "inner-background-color": "colour",
    "border-color": "colour",
    "font-size": "length",
    "width": "length",
    "height": "length",
    "icon-size": "length",
    "padding": "padding",
    "padding-top": "padding",
    "padding-right": "padding",
    "padding-bottom": "padding",
    "padding-left": "padding",
    "inner-padding": "padding",
    "border-radius": "lengths",
    "border-width": "lengths",
    "line-height": "line height",
    "letter-spacing": "spacing",
    "font-weight": "weight",
    "align": "side",
    "text-align": "side",
    "vertical-align": "height",
    "direction": "direction",
    "fluid-on-mobile": "truth",
}


def value_problem(name: str, value: str) -> str:
    """What is wrong with an attribute of a component; empty when nothing is."""
    kind = _KINDS.get(name)
    text = value.strip()
    if kind is None or not text or _PATTERNS[kind].fullmatch(text):
        return ""
    return f"{name} cannot be {text[:40]!r}: write {_FORMS[kind][1]}"
