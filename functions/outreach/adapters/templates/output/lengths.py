"""Lengths as MJML reads them: the compiler here takes every length that is not in px for none.

MJML calculates the widths of columns, pictures and dividers with the number in front of a unit, and writes
the length itself into the page as its author did.
"""

from __future__ import annotations

import re

_OTHER_UNITS = ("", "%", "em", "rem")
_FEWEST_ZEROS = 6
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(%|em|rem)?")
_MARKED = re.compile(rf"(?<![\d.])(\d+|\d*\.\d*?[1-9])(\.?)(0{{{_FEWEST_ZEROS},}})px")
_PADDING = "padding"


def in_pixels(name: str, value: str) -> str:
    """The value with each length in px; how many zeros it ends with says which unit it had."""
    if not name.startswith(_PADDING) and not name.endswith(_PADDING):
        return value
    return " ".join(map(_marked, value.split()))


def as_written(html: str) -> str:
    """The page with the units of `in_pixels` taken back."""
    return _MARKED.sub(_unmarked, html) if "0" * _FEWEST_ZEROS in html else html


def _marked(length: str) -> str:
    match = _LENGTH.fullmatch(length)
    if match is None:
        return length
    point = "" if "." in match[1] else "."
    return f"{match[1]}{point}{'0' * (_FEWEST_ZEROS + _OTHER_UNITS.index(match[2] or ''))}px"


def _unmarked(marked: re.Match[str]) -> str:
    zeros = len(marked[3]) - _FEWEST_ZEROS
    is_marked = zeros < len(_OTHER_UNITS) and ("." in marked[1]) != bool(marked[2])
    return f"{marked[1]}{_OTHER_UNITS[zeros]}" if is_marked else marked[0]
