"""What somebody probably meant by a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.6
"""Difflib's own default: about one wrong letter in three still counts as a slip."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that ends an error message: the nearest known word, else all of them."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=_ALIKE)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"there is: {', '.join(words)}" if words else "there is none"
