"""Free text as messages may show it: what customers and producers typed reaches other people."""

import re
from unicodedata import category, normalize

LONGEST_NAME = 80
"""Characters of a name that a message shows."""

_CONTROLS = (chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))
_BIDI_OVERRIDES = map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_DROPPED = str.maketrans(
    dict.fromkeys([each for each in _CONTROLS if each not in "\n\t"] + [*_BIDI_OVERRIDES])
)
"""Control characters but line feed and tab, and characters that reverse the text after them (UAX 9)."""
_LINK = re.compile(r"://|\bwww\.|@|[^\W_][\w-]*\.[^\W\d_]{2,}/", re.IGNORECASE)
"""What mail programs turn into a link: a scheme, `www.`, an address, a host with a path."""
_NO_NAMES = frozenset({"null", "none", "undefined", "nan"})
"""What programs write for a missing name."""


def without_controls(text: str) -> str:
    """The text as a message shows it; line feeds and tabs stay."""
    return text if text.isprintable() else text.translate(_DROPPED)


def is_name(text: str) -> bool:
    """Whether a message may show it as a name.

    Spammers fill sign-up forms with advertising as the name and another person's address; that person's
    complaint counts against the account. A link, more than 80 characters, no letter of an alphabet, and the
    word for no value are no name.
    """
    plain = "".join(each for each in normalize("NFKC", text) if category(each) != "Cf")
    return (
        len(text) <= LONGEST_NAME
        and not _LINK.search(plain)
        and any(each.isalpha() for each in plain)
        and plain.strip().lower() not in _NO_NAMES
    )
