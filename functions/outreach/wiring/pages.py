"""Signed links and the public pages they lead to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.settings import settings
from outreach.wiring.storage import secrets

if TYPE_CHECKING:
    from outreach.adapters.pages import Pages
    from outreach.adapters.pages.signed_links import SignedLinks, UnsignedLinks


@cache
def links() -> SignedLinks:
    from outreach.adapters.pages.signed_links import SignedLinks

    return SignedLinks(settings()["PUBLIC_URL"], key=link_key)


@cache
def unsigned_links() -> UnsignedLinks:
    """For functions that decide and write no message."""
    from outreach.adapters.pages.signed_links import UnsignedLinks

    return UnsignedLinks(settings()["PUBLIC_URL"])


@cache
def link_reader() -> SignedLinks:
    """For functions that only read tokens and do not know the address of the API (a circular reference)."""
    from outreach.adapters.pages.signed_links import SignedLinks

    return SignedLinks("", key=known_link_key)


@cache
def pages() -> Pages:
    """Under the name that messages come from."""
    from outreach.adapters.pages import Pages
    from outreach.adapters.ses.mime import sender_name

    return Pages(sender_name(settings()["SENDER"]))


@cache
def link_key() -> bytes:
    """The stack's own secret if one was given, else one that the stack makes."""
    given = settings()["LINK_SECRET"]
    return given.encode() if given else secrets().get_or_create("links")


@cache
def known_link_key() -> bytes:
    """The same for functions that only read links. Raises InvalidTokenError while no link was ever signed."""
    from outreach.domain.errors import InvalidTokenError

    given = settings()["LINK_SECRET"]
    key = given.encode() if given else secrets().get("links")
    if key is None:
        raise InvalidTokenError("this stack has signed no link yet")
    return key
