"""Domains that are reserved for examples and tests: they cannot be verified in SES."""

_TOP_LEVEL = frozenset({"test", "example", "invalid", "localhost"})
"""RFC 2606 section 2."""
_SECOND_LEVEL = frozenset({"example.com", "example.net", "example.org"})
"""RFC 2606 section 3."""


def is_reserved(domain: str) -> bool:
    """Whether the domain, or one that it belongs to, is reserved by RFC 2606."""
    labels = domain.lower().rstrip(".").split(".")
    return labels[-1] in _TOP_LEVEL or ".".join(labels[-2:]) in _SECOND_LEVEL
