"""In which direction a language is written."""

from __future__ import annotations

from typing import Literal

type Direction = Literal["ltr", "rtl"]

_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""Languages that are written from right to left unless a script says otherwise (CLDR)."""
_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})
"""Scripts of ISO 15924 that are written from right to left."""
_SCRIPT_LENGTH = 4


def direction_of(language: str) -> Direction:
    """Of a language tag (BCP 47) such as `ar` or `az-Arab`: its script decides, else its language."""
    first, *more = language.replace("_", "-").lower().split("-")
    script = next((each for each in more if len(each) == _SCRIPT_LENGTH and each.isalpha()), "")
    is_rtl = script in _SCRIPTS if script else first in _LANGUAGES
    return "rtl" if is_rtl else "ltr"
