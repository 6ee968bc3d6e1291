"""One sweeper for each campaign shard: the same of the lease in memory and of the row in the table."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from builders import NOW
from fakes import FakeShardLease
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.sweeps.shard_lease import LEASE
from outreach.ports.sweeps import NextLook

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.ports.sweeps import ShardLease

SHARD = ("win-back", 1)


@pytest.fixture(params=["fake", "dynamodb"])
def lease(request: pytest.FixtureRequest) -> "ShardLease":
    if request.param == "fake":
        return FakeShardLease()
    client: DynamoDBClient = request.getfixturevalue("dynamodb")
    return DynamoTable(client, request.getfixturevalue("table"), shards=2).shard_lease


def test_of_two_who_want_a_shard_one_gets_it(lease: "ShardLease") -> None:
    assert lease.acquire(*SHARD, owner="first", now=NOW)
    assert not lease.acquire(*SHARD, owner="second", now=NOW)
    assert lease.attended_until(*SHARD) == NOW + LEASE


def test_other_shards_and_campaigns_are_free(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)

    assert lease.acquire("win-back", 0, owner="second", now=NOW)
    assert lease.acquire("news", 1, owner="third", now=NOW)


def test_an_owner_takes_its_own_lease_again_and_longer(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)

    assert lease.acquire(*SHARD, owner="first", now=NOW + timedelta(minutes=15))

    assert not lease.acquire(*SHARD, owner="second", now=NOW + LEASE)
    assert lease.acquire(*SHARD, owner="second", now=NOW + timedelta(minutes=15) + LEASE)


def test_a_released_lease_is_free(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)

    assert lease.release(*SHARD, owner="first")

    assert lease.attended_until(*SHARD) is None
    assert lease.acquire(*SHARD, owner="second", now=NOW)


def test_who_finds_it_held_has_its_owner_sweep_once_more(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)
    for rival in ("second", "third"):
        lease.acquire(*SHARD, owner=rival, now=NOW)

    assert not lease.release(*SHARD, owner="first")
    assert not lease.acquire(*SHARD, owner="second", now=NOW + timedelta(seconds=1))
    assert not lease.release(*SHARD, owner="first")
    assert lease.release(*SHARD, owner="first")


def test_the_retry_of_a_call_that_crashed_still_knows_that_it_was_asked(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)
    lease.acquire(*SHARD, owner="second", now=NOW)

    assert lease.acquire(*SHARD, owner="first", now=NOW + timedelta(seconds=30))

    assert not lease.release(*SHARD, owner="first")


def test_an_owner_that_lost_the_lease_meanwhile_leaves_it_to_the_new_one(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)
    lease.acquire(*SHARD, owner="second", now=NOW + LEASE)

    assert lease.release(*SHARD, owner="first")
    lease.abandon(*SHARD, owner="first")

    assert not lease.acquire(*SHARD, owner="third", now=NOW + LEASE)
    assert not lease.release(*SHARD, owner="second")


def test_an_owner_that_fails_abandons_it_even_when_asked(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)
    lease.acquire(*SHARD, owner="second", now=NOW)

    lease.abandon(*SHARD, owner="first")

    assert lease.acquire(*SHARD, owner="third", now=NOW)
    assert lease.release(*SHARD, owner="third")


def test_until_when_a_shard_was_found_held_is_known_until_it_is_swept_again(lease: "ShardLease") -> None:
    assert lease.attended_until(*SHARD) is None
    assert lease.next_look(*SHARD) is None
    lease.acquire(*SHARD, owner="first", now=NOW)
    lease.release(*SHARD, owner="first", look=NextLook(NOW + timedelta(hours=1), is_held=True))
    assert lease.attended_until(*SHARD) == lease.next_look(*SHARD) == NOW + timedelta(hours=1)

    lease.acquire(*SHARD, owner="second", now=NOW + timedelta(hours=1))
    lease.release(*SHARD, owner="second")

    assert lease.attended_until(*SHARD) is None


def test_a_look_at_what_an_error_left_behind_attends_to_nothing(lease: "ShardLease") -> None:
    lease.acquire(*SHARD, owner="first", now=NOW)
    lease.release(*SHARD, owner="first", look=NextLook(NOW + timedelta(hours=1), is_held=False))

    assert lease.next_look(*SHARD) == NOW + timedelta(hours=1)
    assert lease.attended_until(*SHARD) is None
