"""The one table: all that Outreach stores."""

from outreach.adapters.dynamodb.table import DynamoTable

__all__ = ["DynamoTable"]
