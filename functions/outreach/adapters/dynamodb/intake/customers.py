"""Customers, their orders and their events in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.event import read_event
from outreach.adapters.dynamodb.items.order import read_order
from outreach.adapters.dynamodb.items.profile import read_profile, stops_change
from outreach.adapters.dynamodb.rows_of_customer import rows_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.intake.customer import Customer
    from outreach.domain.intake.order import Order
    from outreach.domain.intake.repeats import StoredEvent


class DynamoCustomers:
    """Implements the ports Customers and StoppedCustomers. Every read is consistent: decisions rest on it."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def customer(self, customer_id: str) -> Customer:
        """A customer without events is an empty one of version 0."""
        return read_profile(customer_id, self._row(keys.profile(customer_id)))

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """None when no event has mentioned it yet."""
        row = self._row(keys.order(customer_id, order_id))
        return read_order(order_id, row) if row else None

    def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All of them."""
        rows = rows_of(self._client, self._table, customer_id, keys.ORDERS)
        return tuple(read_order(keys.order_id(row), row) for row in rows)

    def stored_event(self, customer_id: str, event_id: str) -> StoredEvent | None:
        """The event that was taken in under this id, within the time that events are remembered."""
        row = self._row(keys.event(customer_id, event_id))
        return read_event(row) if row else None

    def save_stops(self, customer: Customer) -> None:
        """Store an operator's stops. Raises ConflictError when the profile changed since it was read."""
        change = stops_change(customer)
        with conflict_when_changed("the customer"):
            self._client.update_item(**change.update(self._table, keys.profile(customer.id)))

    def _row(self, key: Key) -> Item:
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
