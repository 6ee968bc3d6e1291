"""Which e-mail addresses can be mailed through SES, and the one form in which each is stored."""

import re

from outreach.adapters.ses.domain_names import ascii_domain

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254
"""Octets (RFC 5321 4.5.3.1, less the angle brackets of a path)."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*")
_DOMAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def mailable(text: str) -> str:
    """The address with its domain in lower case and in ASCII (IDNA), as SES takes it and reports it back.

    SES takes no local part outside 7-bit ASCII. Two dots in a row, and one right before the @, break RFC 5321
    but exist in real addresses (old ones of docomo.ne.jp): such an address is tried, and SES decides. Quoted
    local parts and address literals are not taken. Raises ValueError with what would be right, never with the
    address.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError("must be an e-mail address: one name, one @, one domain")
    if not local.isascii():
        raise ValueError("must have only ASCII letters before the @: SES delivers to no other")
    if not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValueError(
            f"must have 1 to {LONGEST_LOCAL} letters, digits or ._%+- before the @, no dot first"
        )
    domain = _ascii(domain)
    labels = domain.split(".")
    if len(labels) == 1 or not all(map(_DOMAIN_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise ValueError("must have a full domain after the @, such as example.com")
    address = f"{local}@{domain}"
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"is too long: an address has {LONGEST_ADDRESS} characters at most")
    return address


def _ascii(domain: str) -> str:
    try:
        return ascii_domain(domain)
    except ValueError:
        raise ValueError("must have a valid domain after the @, such as example.com") from None
