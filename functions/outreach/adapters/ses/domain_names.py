"""Domains in the one form that SES takes and reports back: events, sends and suppressions use it."""

from unicodedata import category, normalize

_LONGEST_LABEL = 63
"""Bytes between two dots (RFC 1035)."""
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Letters of some scripts need them (RFC 5892, appendix A)."""


def ascii_domain(domain: str) -> str:
    """In lower case and in Punycode. Raises ValueError, without the domain, when it cannot be written so.

    Lower case and NFKC, then Punycode: IDNA 2008 for every domain that can be registered. The standard
    library's codec is IDNA 2003, which sends straße.de's mail to strasse.de.
    """
    plain = normalize("NFKC", domain).lower().replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    labels = [label if label.isascii() else _punycode(label) for label in plain.split(".")]
    if any(not label or len(label) > _LONGEST_LABEL for label in labels):
        raise ValueError("a part of the domain is empty or too long")
    return ".".join(labels)


def _punycode(label: str) -> str:
    """Blanks and invisible characters come from copying; they are part of no domain."""
    if any(category(each)[0] in "CZ" and each not in _JOINERS for each in label):
        raise ValueError("the domain holds a character that no domain has")
    return f"xn--{label.encode('punycode').decode()}"
