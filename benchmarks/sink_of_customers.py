"""The sink's process: a shop with any number of customers who are all due for the same message.

    python benchmarks/sink_of_customers.py COUNT [claimed]

prints its port. Every row it returns is one that the product's own codecs made. With `claimed`, each
customer's message is claimed, and so waits for SES's reports.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "functions")]

from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.order import order_attributes
from outreach.adapters.dynamodb.items.profile import profile_change
from outreach.adapters.dynamodb.journeys.enrollment_change import new_row
from outreach.domain.intake.customer import Consent, Customer, Profile, Purchases
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.campaign import Campaign, Driver, Key, MessageClass, Reentry
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, Trigger
from outreach.domain.sending.gate import is_held_out
from outreach.domain.sending.send import Send, SendStatus
from sink import Sink, serve

TEMPLATES = Path(__file__).parents[1] / "templates"
NOW = datetime.now(UTC).replace(microsecond=0)
ORDERED = NOW - timedelta(days=91)
SAMPLE = "c-0000000"
"""Replaced in every row by a customer's id."""
ORDER_ID = "o-0000001"
"""Of the order that began every run."""
STEP = "we-miss-you"
"""The step whose message is due, or was claimed."""
WIN_BACK = Campaign(
    name="win-back", title="", message_class=MessageClass.MARKETING, topic="offers", trigger="order.placed",
    key=Key.CUSTOMER, reentry=Reentry.RESTART, driver=Driver.SWEEP, steps=(), holdout=0.1,
)  # fmt: skip


def customer_ids(number: int) -> list[str]:
    """Customers who are not held out of the campaign, so that each gets a message."""
    everybody = (f"c-{place:07d}" for place in count(1))
    return list(islice((each for each in everybody if not is_held_out(WIN_BACK, each)), number))


def rows(*, claimed: bool = False) -> dict[str, dict[str, Any]]:
    """The enrollment, the profile and the order of the sample, by the first word of their sort key."""
    sends = {STEP: Send(STEP, SendStatus.CLAIMED, NOW)} if claimed else {}
    enrollment = Enrollment(
        id=EnrollmentId(SAMPLE, "win-back", SAMPLE),
        trigger=Trigger("evt-0000001", "order.placed", ORDERED, order_id=ORDER_ID),
        bundle=BundledCampaigns(TEMPLATES).pinned("win-back", "").version,
        started_at=ORDERED,
        step="wait-90d",
        entered_at=ORDERED,
        due_at=ORDERED + timedelta(days=90),
        consumed={"order.placed": ORDERED},
        sends=sends,
        swept=True,
    )
    known = ("email", "first_name", "last_name", "locale", "country", "time_zone")
    customer = Customer(
        id=SAMPLE,
        profile=Profile("ana@example.com", "Ana", "García", "en-GB", "GB", _zone_where_it_is_noon()),
        as_of=dict.fromkeys(known, ORDERED),
        consent=Consent(marketing=True, at=ORDERED, source="checkout"),
        purchases=Purchases(3, Decimal("149.70"), "EUR", ORDERED),
        seen=dict.fromkeys(
            ("customer.signed_up", "order.placed", "order.shipped", "order.delivered"), ORDERED
        ),
    )
    order = Order(
        id=ORDER_ID, status="delivered", placed_at=ORDERED, promised_at=ORDERED, total=Decimal("59.90"),
        currency="EUR", items=(OrderItem("x1", "Oven", 1, "oven", "59.90"),), counted=True, version=1,
    )  # fmt: skip
    return {
        "ENROLLMENT": new_row(enrollment, keys.enrollment(enrollment.id), shards=1),
        "PROFILE": {**keys.profile(SAMPLE), **_set_by(profile_change(customer).update("t", {}))},
        "ORDER": {**keys.order(SAMPLE, order.id), **order_attributes(order)},
    }


def _set_by(update: Any) -> dict[str, Any]:
    """The attributes that an update sets."""
    sets = update["UpdateExpression"].removeprefix("SET ").split(" REMOVE ")[0]
    parts = (part.split(" = ") for part in sets.split(", "))
    names, values = update.get("ExpressionAttributeNames", {}), update["ExpressionAttributeValues"]
    return {names.get(name, name): values[value] for name, value in parts}


def _zone_where_it_is_noon() -> str:
    """So that the delivery hours are open, whenever this runs. These zones have the sign reversed."""
    offset = 12 - NOW.hour
    return f"Etc/GMT{-offset:+d}"


class Shop:
    """Answers reads for every customer, and each due enrollment once."""

    def __init__(self, number: int, *, claimed: bool) -> None:
        self._texts = {kind: json.dumps(row) for kind, row in rows(claimed=claimed).items()}
        self._ids = iter(customer_ids(number))

    def row(self, partition: str, sort: str) -> dict[str, Any] | None:
        text = self._texts.get(sort.split("#", maxsplit=1)[0])
        if text is None or not partition.startswith(keys.CUSTOMERS):
            return None
        row: dict[str, Any] = json.loads(text.replace(SAMPLE, partition.removeprefix(keys.CUSTOMERS)))
        return row

    def due(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        if request.get("IndexName") != keys.DUE_INDEX:
            return []
        found = islice(self._ids, request.get("Limit", 1000))
        return [dict(keys.enrollment(EnrollmentId(each, "win-back", each))) for each in found]


if __name__ == "__main__":
    shop = Shop(int(sys.argv[1]), claimed="claimed" in sys.argv[2:])
    asyncio.run(serve(Sink(shop.row, shop.due)))
