"""The stack's table, as template.yaml declares it, made in whatever DynamoDB the client speaks to."""

from typing import TYPE_CHECKING

from stack_files import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_AT_CREATION = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Only what decides how rows are found; encryption, TTL and backups change no answer."""
    (declared,) = resources("AWS::DynamoDB::Table").values()
    client.create_table(TableName=name, **{part: declared[part] for part in _AT_CREATION})
