"""A day and a bit in a shop: what each customer does, and which messages each must get exactly once."""

from collections import Counter
from datetime import datetime
from typing import Any

from local_cloud import LocalCloud

DAY_BEFORE = "2026-03-01T04:00:00Z"
START = "2026-03-02T04:00:00Z"
"""An hour before the daily sweep."""
PARAMETERS = {"DueShards": "1"}
"""So that a sweep finds all its customers on one page."""

LEAVER = "c-reader-2"
"""The customers who opt out or leave when a rival acts."""

type ExpectedMessage = tuple[str, str]
"""A customer and a message."""

EXPECTED: Counter[ExpectedMessage] = Counter(
    {
        ("c-greeted", "hello"): 1,
        ("c-buyer", "placed"): 1,
        ("c-buyer", "on-its-way"): 1,
        ("c-reader-1", "letter"): 1,
        ("c-reader-2", "letter"): 1,
        ("c-reader-3", "letter"): 1,
        ("c-guest-1", "reminder"): 1,
        ("c-guest-2", "reminder"): 1,
        ("c-guest-1", "last-reminder"): 1,
        ("c-guest-2", "last-reminder"): 1,
    }
)
TRANSACTIONAL = frozenset({"placed", "on-its-way", "reminder", "last-reminder"})


def tell_day_before(cloud: LocalCloud) -> None:
    """Others do the same the day before, so that every function has been called when the story begins."""
    happens(cloud, "letter.wanted", "w-reader")
    happens(cloud, "visit.booked", "w-guest", order={"id": "o-w-guest"})
    happens(cloud, "customer.signed_up", "w-greeted")
    happens(cloud, "order.placed", "w-buyer", order={"id": "o-w"})
    cloud.advance(hours=4)
    happens(cloud, "order.shipped", "w-buyer", order={"id": "o-w"})
    cloud.advance(until=datetime.fromisoformat(START))


def tell(cloud: LocalCloud) -> None:
    """Everything that happens until nothing more can."""
    for number in (1, 2, 3):
        happens(cloud, "letter.wanted", f"c-reader-{number}")
    for number in (1, 2):
        happens(cloud, "visit.booked", f"c-guest-{number}", order={"id": f"o-guest-{number}"})
    happens(cloud, "customer.signed_up", "c-greeted")
    happens(cloud, "order.placed", "c-buyer", order={"id": "o-1"})
    cloud.advance(hours=4)
    happens(cloud, "order.shipped", "c-buyer", order={"id": "o-1"})
    # The next day's sweep at 05:00 sends what was released, its later calls what follows that.
    cloud.advance(until=datetime.fromisoformat("2026-03-03T14:00:00Z"))


def happens(cloud: LocalCloud, name: str, customer_id: str, **body: Any) -> None:
    """An event of the shop about a customer who wants marketing."""
    now = cloud.now.isoformat()
    customer = {
        "id": customer_id,
        "email": f"{customer_id}@example.com",
        "consent": {"marketing": True, "at": now},
    }
    detail = {"event_id": f"{customer_id} {name}", "occurred_at": now, "customer": customer, **body}
    cloud.emit(name, detail)
