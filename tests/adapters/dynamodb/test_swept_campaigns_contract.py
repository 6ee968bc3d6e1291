"""Which campaigns were ever swept: the same of the table in memory and of the real one."""

from typing import TYPE_CHECKING

import pytest

from fake_table import FakeTable
from outreach.adapters.dynamodb import DynamoTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.ports.sweeps import SweptCampaigns


@pytest.fixture(params=["fake", "dynamodb"])
def swept(request: pytest.FixtureRequest) -> "SweptCampaigns":
    if request.param == "fake":
        return FakeTable()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    return DynamoTable(client, request.getfixturevalue("table"), shards=2).swept_campaigns


def test_names_are_kept_for_good(swept: "SweptCampaigns") -> None:
    assert swept.swept_campaigns() == frozenset()

    swept.remember_swept({"win-back", "news"})
    swept.remember_swept({"news", "offers"})

    assert swept.swept_campaigns() == {"win-back", "news", "offers"}
