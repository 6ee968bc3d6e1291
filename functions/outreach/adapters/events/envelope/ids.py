"""What an id may be, for code that checks it and for code that only shows it."""

LONGEST_ID = 128
"""Bytes of UTF-8: encoded, an id must fit into an SES message tag of 256 characters."""


def is_id(text: str) -> bool:
    """Whether it is short and printable enough for a key, a message tag and a log."""
    return bool(text) and text.isprintable() and text == text.strip() and len(text.encode()) <= LONGEST_ID


def looks_like_an_address(text: str) -> bool:
    """Whether it has an `@` and a dot after it, as every deliverable e-mail address has."""
    return "." in text.partition("@")[2]
