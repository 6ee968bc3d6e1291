"""Which requests a server on this machine answers: those that address it by its own name.

A page of another site can make a browser send requests to 127.0.0.1. Its `Origin` names that site, and after
DNS rebinding its `Host` does.
"""

from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def host_of(header: str) -> str:
    """The name in a Host header, in lower case, without port and brackets; empty for an invalid one."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def origin_host(header: str) -> str:
    """The name of the site in an Origin header; empty for `null` and for an invalid one."""
    try:
        return urlsplit(header).hostname or ""
    except ValueError:
        return ""
