"""The unsubscribe link of a shop."""

from typing import Any

from outreach.usecases.intake.unsubscribe import Unsubscribe
from usecases.shop import Shop


def door(shop: Shop, **ports: Any) -> Unsubscribe:
    """Over ports that the shop's seams count; some may be given instead."""
    around = shop.seams.around
    table = around(shop.table)
    usual: dict[str, Any] = {
        "customers": table,
        "addresses": around(shop.table.addresses),
        "store": table,
        "enrollments": table,
        "campaigns": around(shop.campaigns),
        "workflows": around(shop.workflows),
        "announcer": around(shop.announcer),
        "clock": around(shop.clock),
    }
    return Unsubscribe(**(usual | ports))
