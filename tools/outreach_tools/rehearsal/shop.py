"""The shop of a rehearsal: customers sign up, orders arrive, messages arrive, time passes."""

from datetime import timedelta
from typing import Any

from local_cloud import LocalCloud, SentEmail
from outreach.adapters.bundles.bundle import Bundle
from outreach_tools.publishing.publish import keep_deployed
from outreach_tools.publishing.published_versions import PublishedVersions

PRODUCTS = {
    "espresso": ("Espresso Machine Duo", "749.00"),
    "oven": ("Bread & pizza oven", "489.00"),
    "skillet": ("Cast-iron skillet", "89.00"),
}
"""Per product line what is ordered, and its price."""


class Shop:
    """A stack with customers. All live at example.com and consent to mail."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self._events = 0
        self._seen = 0

    def keep(self, bundle: Bundle) -> None:
        """Record what the stack was deployed with, as `make deploy` does."""
        published_versions = PublishedVersions.of(self.cloud)
        keep_deployed(published_versions, bundle, author="rehearsal", now=self.cloud.now)

    def signs_up(self, name: str, locale: str | None = None) -> None:
        """A new customer."""
        said = {} if locale is None else {"locale": locale}
        profile = {
            "email": self.address(name),
            "first_name": name.capitalize(),
            "consent": {"marketing": True, "source": "rehearsal", "at": self.cloud.now.isoformat()},
        }
        self._tell("customer.signed_up", name, {"customer": {"id": name, **profile, **said}})

    def gets(self, name: str, line: str) -> None:
        """An order of one thing is placed and delivered."""
        product, price = PRODUCTS[line]
        item = {"sku": line, "name": product, "product_line": line, "quantity": 1, "price": price}
        order = {"id": f"o-{name}-{line}", "total": price, "currency": "EUR", "items": [item]}
        for status in ("placed", "delivered"):
            self._tell(f"order.{status}", name, {"order": {**order, "status": status}})

    def waits(self, span: timedelta) -> None:
        """Time passes, with all that happens in it."""
        self.cloud.advance(seconds=span.total_seconds())

    def new_emails(self) -> tuple[SentEmail, ...]:
        """The messages sent since the last call."""
        emails = tuple(self.cloud.outbox[self._seen :])
        self._seen += len(emails)
        return emails

    @staticmethod
    def address(name: str) -> str:
        return f"{name}@example.com"

    def _tell(self, event: str, name: str, detail: dict[str, Any]) -> None:
        self._events += 1
        known = {"customer": {"id": name}, **detail}
        instant = {"event_id": f"rehearsal-{self._events}", "occurred_at": self.cloud.now.isoformat()}
        self.cloud.emit(event, {**instant, **known})
