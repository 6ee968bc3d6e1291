"""What an unknown name probably was meant to be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE = 0.6
"""Difflib's own default: about one wrong character in three still counts as a typing error."""


def near(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most alike, if one is within a typing error."""
    found = get_close_matches(word, sorted(known), n=1, cutoff=_ALIKE)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that ends an error message: the nearest known name, else all of them."""
    words = sorted(known)
    meant = near(word, words)
    if meant is not None:
        return f"did you mean `{meant}`?"
    return f"there is: {', '.join(words)}" if words else "there is none"
