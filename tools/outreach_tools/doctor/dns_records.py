"""Asks DNS for text records."""

from collections.abc import Sequence

import dns.exception
import dns.resolver

from outreach_tools.deployment.reserved_domains import is_reserved

_LIFETIME_SECONDS = 5.0


def txt_records(name: str, resolver: dns.resolver.Resolver | None = None) -> Sequence[str] | None:
    """The TXT records of a name; none when there are none, None when DNS gave no answer.

    Reserved domains (RFC 2606) are not queried: they have none.
    """
    if is_reserved(name):
        return ()
    asked = resolver or dns.resolver.get_default_resolver()
    try:
        answer = asked.resolve(name, "TXT", lifetime=_LIFETIME_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
