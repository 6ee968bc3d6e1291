"""Customers, their orders and their events, as the table knows them."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.order_item import read_order
from outreach.adapters.dynamodb.profile_item import read_profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.attributes import Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.customer import Customer
    from outreach.domain.order import Order


class DynamoCustomers:
    """Keeps the port Customers. Every read is consistent: decisions rest on it."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def customer(self, customer_id: str) -> "Customer":
        """A customer nobody has heard of is an empty one of version 0."""
        return read_profile(customer_id, self._row(keys.profile(customer_id)))

    def order(self, customer_id: str, order_id: str) -> "Order | None":
        """None when no event has mentioned it yet."""
        row = self._row(keys.order(customer_id, order_id))
        return read_order(order_id, row) if row else None

    def took_in(self, customer_id: str, event_id: str) -> bool:
        """Whether this event was stored before (and not longer ago than events are remembered)."""
        return bool(self._row(keys.event(customer_id, event_id)))

    def _row(self, key: "Key") -> "Item":
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
