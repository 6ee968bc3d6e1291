"""What an id may be, for those who check it and for those who only show it."""

LONGEST_ID = 128
"""Bytes of UTF-8: encoded, an id must fit into an SES message tag of 256 characters."""


def is_id(text: str) -> bool:
    """Whether it is short and printable enough for a key, a message tag and a log."""
    return bool(text) and text.isprintable() and text == text.strip() and len(text.encode()) <= LONGEST_ID


def looks_like_an_address(text: str) -> bool:
    """Whether it has an `@` and a dot after it, as every e-mail address has that can be mailed."""
    return "." in text.partition("@")[2]
