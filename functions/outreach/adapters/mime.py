"""What of an e-mail must be plain ASCII, made so: addresses, header values, tags."""

import re
from email.utils import formataddr, parseaddr
from unicodedata import normalize
from urllib.parse import quote

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")
_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_TAG = 256
_LONGEST_HEADER = 995
_LONGEST_LABEL = 63
"""Bytes between two dots of a domain (RFC 1035)."""


def ascii_address(address: str) -> str:
    """The address as SES takes it: the domain in Punycode, the part before the @ as it is.

    Raises ValueError when that part is not ASCII (SES has no SMTPUTF8) or the domain cannot be
    written so. The message never holds the address.
    """
    local, at, domain = address.rpartition("@")
    if not (at and local and domain and local.isascii()):
        raise ValueError("not an address that SES can mail: the part before the @ must be ASCII")
    # Lower case and NFKC, then Punycode: IDNA 2008 for every domain that can be registered. The
    # standard library's codec is IDNA 2003, which sends straße.de's mail to strasse.de.
    plain = normalize("NFKC", domain).lower().replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    labels = [label if label.isascii() else _punycode(label) for label in plain.split(".")]
    if any(not label or len(label) > _LONGEST_LABEL for label in labels):
        raise ValueError("not an address that SES can mail: its domain has a part that is empty or too long")
    return f"{local}@{'.'.join(labels)}"


def sender_address(sender: str) -> str:
    """A From or Reply-To such as `Ana's Shop <hello@shop.example>`; a name that is not ASCII is encoded."""
    name, address = parseaddr(sender)
    try:
        return formataddr((name, ascii_address(address)))
    except ValueError as error:
        raise ValueError("the sender must be an address, or a name and <an address>") from error


def header_value(value: str) -> str:
    """Printable ASCII, at most 995 characters (SES limit); everything else is percent-encoded."""
    return quote(value, safe=_PRINTABLE)[:_LONGEST_HEADER]


def tag_value(value: str) -> str:
    """Letters, digits, `_` and `-`, at most 256 characters (SES limit)."""
    return _NOT_IN_TAGS.sub("_", value)[:_LONGEST_TAG]


def _punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode()}"
