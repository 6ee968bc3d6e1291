"""The one table: all that the product remembers."""

from outreach.adapters.dynamodb.table import DynamoTable

__all__ = ["DynamoTable"]
