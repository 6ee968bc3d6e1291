"""Turns the parts of an e-mail that must be plain ASCII into it: addresses, header values, tags."""

import re
from email.header import Header
from email.utils import formataddr, unquote
from unicodedata import category
from urllib.parse import quote

from outreach.adapters.ses.domain_names import ascii_domain

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")
_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_TAG = 256
_LONGEST_HEADER = 995
_LONGEST_ENCODED_WORD = 75
"""Characters (RFC 2047 section 2)."""
LONGEST_SENDER = 320
"""Characters of a From, as it is encoded (SES limit)."""
_NOT_IN_A_LINE = frozenset({"Cc", "Zl", "Zp"})
"""Unicode categories: control characters and line ends, which would begin another header."""


def ascii_address(address: str) -> str:
    """The address as SES takes it: the domain in Punycode, the part before the @ as it is.

    Raises ValueError when that part is not ASCII (SES has no SMTPUTF8) or the domain cannot be written so.
    The error never holds the address.
    """
    local, at, domain = address.rpartition("@")
    if not (at and local and domain and local.isascii()):
        raise ValueError("not an address that SES can mail: the part before the @ must be ASCII")
    try:
        return f"{local}@{ascii_domain(domain)}"
    except ValueError as error:
        raise ValueError(f"not an address that SES can mail: {error}") from None


def sender_address(sender: str) -> str:
    """A From or Reply-To such as `Smith, Sons & Co <hello@shop.example>`, as a header has it.

    The name may hold anything but control characters; special characters are quoted, and what is not ASCII
    becomes encoded words of at most 75 characters with spaces between them (RFC 2047), which a reader joins.
    Raises ValueError.
    """
    try:
        name, address = _sender(sender)
        address = ascii_address(address)
    except ValueError as error:
        raise ValueError("the sender must be an address, or a name and <an address>") from error
    written = formataddr((name, address)) if name.isascii() else f"{_encoded_words(name)} <{address}>"
    if len(written) > LONGEST_SENDER:
        raise ValueError(
            f"the sender must be shorter: encoded it has {len(written)} characters, and {LONGEST_SENDER} is "
            "the most that SES takes; give a shorter name"
        )
    return written


def sender_name(sender: str) -> str:
    """The name in it, as people read it; empty when there is only an address. Raises ValueError."""
    return _sender(sender)[0]


def header_value(value: str) -> str:
    """Printable ASCII, at most 995 characters (SES limit); everything else is percent-encoded."""
    return quote(value, safe=_PRINTABLE)[:_LONGEST_HEADER]


def tag_value(value: str) -> str:
    """Letters, digits, `_` and `-`, at most 256 characters (SES limit)."""
    return _NOT_IN_TAGS.sub("_", value)[:_LONGEST_TAG]


def _encoded_words(name: str) -> str:
    return " ".join(Header(name, "utf-8", maxlinelen=_LONGEST_ENCODED_WORD).encode().split())


def _sender(sender: str) -> tuple[str, str]:
    """Name and address. Not by `parseaddr`: a shop's name does not follow the rules of RFC 5322."""
    text = sender.strip()
    name, _, address = text[:-1].rpartition("<") if text.endswith(">") else ("", "", text)
    name, address = name.strip(), address.strip()
    if any(category(each) in _NOT_IN_A_LINE for each in text) or " " in address:
        raise ValueError("not one name and one address on one line")
    is_quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return (unquote(name) if is_quoted else name), address
