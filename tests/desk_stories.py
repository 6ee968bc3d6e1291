"""What a shop reports to the stack in the tests of the operators' commands."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from local_cloud import LocalCloud


def reports(
    cloud: LocalCloud,
    name: str,
    customer_id: str,
    event_id: str,
    *,
    ago: timedelta = timedelta(0),
    **body: Any,
) -> None:
    """An event that happened so long ago."""
    customer = {"id": customer_id, **body.pop("customer", {})}
    detail = {
        "event_id": event_id,
        "occurred_at": (cloud.now - ago).isoformat(),
        "customer": customer,
        **body,
    }
    cloud.emit(name, detail)


def waits_for_ten(cloud: LocalCloud) -> None:
    """Until it is ten in the morning, when every campaign may send."""
    ten = datetime.combine(cloud.now.date(), time(10), UTC)
    cloud.advance(until=ten if ten >= cloud.now else ten + timedelta(days=1))


def signs_up(
    cloud: LocalCloud,
    customer_id: str,
    *,
    name: str = "customer.signed_up",
    email: str | None = None,
    consents: bool = True,
) -> None:
    """With a yes to marketing, unless it says otherwise."""
    customer: dict[str, Any] = {"email": email or f"{customer_id}@example.com", "time_zone": "Etc/UTC"}
    if consents:
        customer["consent"] = {"marketing": True, "at": cloud.now.isoformat(), "source": "checkout"}
    reports(cloud, name, customer_id, f"sign-up-{customer_id}", customer=customer)


def gets_delivered(cloud: LocalCloud, customer_id: str, order_id: str, *, ago: timedelta) -> None:
    """An espresso machine: its first lesson is due a day after that."""
    item = {"sku": "x1", "name": "Espresso machine", "quantity": 1, "product_line": "espresso"}
    order = {"id": order_id, "items": [item]}
    reports(cloud, "order.delivered", customer_id, f"delivered-{order_id}", ago=ago, order=order)


def orders(cloud: LocalCloud, customer_id: str, order_id: str, *, ago: timedelta = timedelta(0)) -> None:
    """The first message of win-back, which sweeps drive, is due 90 days after that."""
    reports(cloud, "order.placed", customer_id, f"placed-{order_id}", ago=ago, order={"id": order_id})


def got(cloud: LocalCloud, customer_id: str) -> list[str]:
    """The messages that were sent to the customer, in order."""
    mails = [mail for mail in cloud.outbox if mail.headers["X-Outreach-Customer"] == customer_id]
    return [mail.headers["X-Outreach-Message"] for mail in mails]
