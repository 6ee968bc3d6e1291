"""A shop in front of the deployed stack: it puts events on the bus, and checks the results."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from referee.deployment import Deployed
from referee.emulators import Emulators

_PATIENCE = 90
"""Seconds until something that has not happened is a failure."""


class Shop:
    """Its customers are in a zone where it is noon, so that no message waits for the morning."""

    def __init__(self, emulators: Emulators, deployed: Deployed) -> None:
        self._emulators = emulators
        self.outputs = deployed.outputs
        self._events = 0
        self.now = datetime.now(UTC)

    def customer(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "email": f"{name}@example.test",
            "first_name": name.capitalize(),
            "time_zone": f"Etc/GMT{self.now.hour - 12:+d}",  # POSIX's sign: east is minus
            "consent": {"marketing": True, "source": "checkout"},
        }

    def tell(self, name: str, customer: dict[str, Any], *, days_ago: float = 0, **more: Any) -> str:
        """Put one event on the bus; returns its id."""
        self._events += 1
        event_id = f"evt-{self._events}"
        at = (self.now - timedelta(days=days_ago)).isoformat()
        self.put(name, {"event_id": event_id, "occurred_at": at, "customer": customer, **more})
        return event_id

    def put(self, name: str, detail: dict[str, Any]) -> None:
        entry = {"Source": "shop", "DetailType": name, "Detail": json.dumps(detail)}
        answer = self._emulators.client("events").put_events(
            Entries=[entry | {"EventBusName": self.outputs["BusName"]}]
        )
        if answer["FailedEntryCount"]:
            raise AssertionError(f"PutEvents refused {name}: {answer['Entries']}")

    def order(self, order_id: str, *, days_ago: float = 0) -> dict[str, Any]:
        placed_at = self.now - timedelta(days=days_ago)
        item = {"sku": "o-1", "name": "Oven", "quantity": 1, "product_line": "oven", "price": "59.90"}
        return {
            "id": order_id,
            "placed_at": placed_at.isoformat(),
            "promised_at": (placed_at + timedelta(days=5)).isoformat(),
            "total": "59.90",
            "currency": "EUR",
            "items": [item],
        }

    def mail_to(self, name: str, campaign: str) -> list[dict[str, Any]]:
        """What a customer got of a campaign, as the headers of the messages name it."""
        header = {"name": "X-Outreach-Campaign", "value": campaign}
        found = (each for each in self._emulators.mail() if header in each.get("headers", ()))
        return [each for each in found if each["destination"]["to"] == [f"{name}@example.test"]]

    def row(self, partition: str, sort: str) -> dict[str, Any]:
        key = {"PK": {"S": partition}, "SK": {"S": sort}}
        table = self.outputs["TableName"]
        found: dict[str, Any] = self.client("dynamodb").get_item(
            TableName=table, Key=key, ConsistentRead=True
        )
        row: dict[str, Any] = found.get("Item", {})
        return row

    def client(self, service: str) -> Any:
        return self._emulators.client(service)

    def post(self, url: str) -> int:
        """POST what a mail program does for one click; the status. The API is reached by its host's name."""
        parts = urlsplit(url)
        request = urllib.request.Request(
            f"{self._emulators.aws_url}{parts.path}",
            data=b"List-Unsubscribe=One-Click",
            headers={
                "Host": f"{(parts.hostname or '').partition('.')[0]}.execute-api.localhost",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status: int = answer.status
                return status
        except urllib.error.HTTPError as error:
            return error.code


def eventually[Result](what: str, look: Callable[[], Result]) -> Result:
    """The first result that is true. Raises AssertionError."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what}: not within {_PATIENCE} s")
