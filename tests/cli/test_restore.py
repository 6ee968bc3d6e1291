"""`outreach restore`: what each step refuses, and that it names the next step."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from typer.testing import Result

from local_cloud import LocalCloud
from stack_files import ROOT

type Outreach = Callable[..., Result]

ROWS = "the-rows-of-that-time"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=ROOT) as running:
        running.client("dynamodb").create_table(
            TableName=ROWS,
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        running.advance(hours=2)  # the archives are that old
        yield running


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("yesterday", "must be an instant"),
        ("2026-03-01T09:00:00", "has no offset from UTC"),
        ("2030-03-01T09:00:00Z", "must lie in the past"),
        ("2020-03-01T09:00:00Z", "more than 35 days back"),
    ],
)
def test_a_time_that_cannot_be_restored_is_refused(
    outreach: Outreach, cloud: LocalCloud, to: str, problem: str
) -> None:
    refused = outreach("restore", "begin", "--to", to, stack=cloud)

    assert refused.exit_code == 1
    assert problem in refused.stderr


@pytest.mark.parametrize("step", ["copy", "replay", "check", "finish", "cancel"])
def test_without_a_restore_each_step_says_how_to_begin(
    outreach: Outreach, cloud: LocalCloud, step: str
) -> None:
    refused = outreach("restore", step, stack=cloud)

    assert refused.exit_code == 1
    assert "outreach restore begin" in refused.stderr


def test_each_step_waits_for_the_one_before_it(outreach: Outreach, cloud: LocalCloud) -> None:
    def words(*arguments: str) -> str:
        result = outreach("restore", *arguments, stack=cloud)
        return result.stdout if result.exit_code == 0 else result.stderr

    to = (cloud.now - timedelta(hours=1)).isoformat()
    assert "next: outreach restore copy" in words("begin", "--to", to, "--rows", ROWS)
    assert "has begun" in words("begin", "--to", to, "--rows", ROWS)
    status = json.loads(outreach("sending", "status", "--json", stack=cloud).stdout)
    assert (status["marketing"], status["transactional"]) == ("paused", "paused")
    assert "what was being sent ends by then" in words("copy")
    assert "not copied yet" in words("replay")
    cloud.advance(minutes=17)
    assert "next: outreach restore replay" in words("copy")
    assert "events are archived by then" in words("replay")
    assert "rows were copied already" in words("cancel")
    cloud.advance(minutes=11)
    assert "next: outreach restore replay" in words("replay")
    assert "not everything was replayed" in words("finish")
    for _ in range(6):
        cloud.advance(minutes=5)
        said = words("replay")
    assert "next: outreach restore check" in said
    assert "0 messages are uncertain; next: outreach restore finish" in words("check")
    assert "next: outreach sending resume" in words("finish")
    assert "outreach restore begin" in words("finish")


def test_a_restore_of_which_nothing_was_copied_can_be_cancelled(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    to = (cloud.now - timedelta(hours=1)).isoformat()
    begun = json.loads(outreach("restore", "begin", "--to", to, "--json", stack=cloud).stdout)

    cancelled = outreach("restore", "cancel", "--json", stack=cloud)

    assert json.loads(cancelled.stdout) == {"rows": begun["rows"], "next": "outreach sending resume"}
    assert begun["rows"] in cloud.client("dynamodb").list_tables()["TableNames"], "DynamoDB made it"
    assert outreach("restore", "copy", stack=cloud).exit_code == 1


def test_a_time_before_the_archives_were_made_is_refused_unless_that_is_wanted(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    to = (cloud.now - timedelta(days=3)).isoformat()

    refused = outreach("restore", "begin", "--to", to, "--rows", ROWS, stack=cloud)
    wanted = outreach("restore", "begin", "--to", to, "--rows", ROWS, "--incomplete", stack=cloud)
    outreach("restore", "cancel", stack=cloud)

    assert (refused.exit_code, wanted.exit_code) == (1, 0)
    assert "are archived since" in refused.stderr
