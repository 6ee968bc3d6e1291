"""The few pages that links in messages lead to: small, in the reader's language, without an address."""

from outreach.adapters.pages.pages import Pages
from outreach.adapters.pages.request import PageRequest, read_request

__all__ = ["PageRequest", "Pages", "read_request"]
