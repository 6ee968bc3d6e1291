"""Free text from outside, as messages may show it: what customers and producers typed reaches strangers."""

import re
from unicodedata import category, normalize

LONGEST_NAME = 80
"""Characters of a name that a message shows."""

_CONTROLS = (chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))
_BIDI_OVERRIDES = map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_DROPPED = str.maketrans(
    dict.fromkeys([each for each in _CONTROLS if each not in "\n\t"] + [*_BIDI_OVERRIDES])
)
"""Control characters but line feed and tab, and what turns round the text that follows (UAX 9)."""
_LINK = re.compile(r"://|\bwww\.|@|[^\W_][\w-]*\.[^\W\d_]{2,}/", re.IGNORECASE)
"""What mail programs make a link of: a scheme, `www.`, an address, a host with a path."""
_NO_NAMES = frozenset({"null", "none", "undefined", "nan"})
"""What programs write that had no name."""


def without_controls(text: str) -> str:
    """The text as a message shows it; line feeds and tabs stay."""
    return text if text.isprintable() else text.translate(_DROPPED)


def is_name(text: str) -> bool:
    """Whether a message may show it as a name.

    Sign-up forms are fed with advertising as the name and a stranger's address; the stranger's complaint
    falls on the account. A link, more than 80 characters, no letter at all, and the word for no value are no
    name.
    """
    plain = "".join(each for each in normalize("NFKC", text) if category(each) != "Cf")
    return (
        len(text) <= LONGEST_NAME
        and not _LINK.search(plain)
        and any(each.isalpha() for each in plain)
        and plain.strip().lower() not in _NO_NAMES
    )
