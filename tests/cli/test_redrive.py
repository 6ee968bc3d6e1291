"""`outreach redrive`: refused events get another chance, and none is lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from outreach_tools.local import LocalCloud
from outreach_tools.redrive import dead_letters

type Outreach = Callable[..., Result]


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=Path(__file__).parents[2]) as running:
        yield running


def sign_up_too_early(cloud: LocalCloud, customer_id: str) -> None:
    """A clock three hours ahead: refused now, and sound once those hours have passed."""
    cloud.emit(
        "customer.signed_up",
        {
            "event_id": f"e-{customer_id}",
            "occurred_at": "2026-03-02T12:00:00Z",
            "customer": {
                "id": customer_id,
                "email": f"{customer_id}@example.com",
                "consent": {"marketing": True},
            },
        },
    )


def welcomed(cloud: LocalCloud) -> list[str]:
    return [mail.headers["X-Outreach-Customer"] for mail in cloud.outbox]


def lying(cloud: LocalCloud) -> int:
    letters = dead_letters(cloud.client("sqs"), cloud.outputs["DeadLetterQueueUrl"])
    return letters.about_how_many()


def test_a_refused_event_is_taken_in_after_a_redrive(outreach: Outreach, cloud: LocalCloud) -> None:
    sign_up_too_early(cloud, "c1")
    assert (welcomed(cloud), lying(cloud)) == ([], 1)
    cloud.advance(hours=3)
    redriven = outreach("redrive", stack=cloud)
    cloud.settle()
    assert redriven.exit_code == 0
    assert redriven.stdout.splitlines()[-1] == "1 events sent back to intake"
    assert "occurred_at" in redriven.stdout
    assert (welcomed(cloud), lying(cloud)) == (["c1"], 0)


def test_a_dry_run_shows_the_reasons_and_leaves_everything(outreach: Outreach, cloud: LocalCloud) -> None:
    for customer_id in ("c1", "c2"):
        sign_up_too_early(cloud, customer_id)
    cloud.advance(hours=3)
    shown = json.loads(outreach("redrive", "--dry-run", "--json", stack=cloud).stdout)
    assert (shown["found"], shown["redriven"]) == (2, 0)
    assert [(count, reason.partition(":")[0]) for reason, count in shown["reasons"].items()] == [
        (2, "occurred_at")
    ]
    cloud.settle()
    assert (welcomed(cloud), lying(cloud)) == ([], 2)


def test_an_event_that_is_refused_again_waits_for_the_next_redrive(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    sign_up_too_early(cloud, "c1")
    cloud.advance(minutes=1)
    assert outreach("redrive", stack=cloud).stdout.endswith("1 events sent back to intake\n")
    cloud.advance(minutes=1)
    assert (welcomed(cloud), lying(cloud)) == ([], 1)
    cloud.advance(hours=3)
    outreach("redrive", stack=cloud)
    cloud.settle()
    assert welcomed(cloud) == ["c1"]


def test_feedback_has_a_dead_letter_queue_of_its_own(outreach: Outreach, cloud: LocalCloud) -> None:
    queue = cloud.outputs["FeedbackQueueUrl"]
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="nonsense")
    cloud.advance(minutes=1)
    shown = outreach("redrive", "--feedback", "--dry-run", stack=cloud).stdout

    assert "1 x message: is not JSON" in shown
    assert outreach("redrive", stack=cloud).stdout == "0 events sent back to intake\n"
    assert outreach("redrive", "--feedback", stack=cloud).stdout.endswith("1 reports sent back to intake\n")


def test_more_letters_than_one_answer_of_sqs_holds_are_all_sent(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    names = [f"c{number}" for number in range(12)]
    for customer_id in names:
        sign_up_too_early(cloud, customer_id)
    cloud.advance(hours=3)
    assert json.loads(outreach("redrive", "--json", stack=cloud).stdout)["redriven"] == 12
    cloud.advance(minutes=2)  # mails of one moment go out one after another
    assert sorted(welcomed(cloud)) == sorted(names)


def test_nothing_is_lost_or_doubled_when_it_dies_between_sending_and_deleting(cloud: LocalCloud) -> None:
    class Dead(BaseException):
        pass

    class DiesBeforeDeleting:
        """The real client until it comes to deleting."""

        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, name: str) -> Any:
            if name == "delete_message":
                raise Dead
            return getattr(self._client, name)

    sign_up_too_early(cloud, "c1")
    cloud.advance(hours=3)
    dead, intake = cloud.outputs["DeadLetterQueueUrl"], cloud.outputs["IntakeQueueUrl"]
    with pytest.raises(Dead):
        list(dead_letters(DiesBeforeDeleting(cloud.client("sqs")), dead).send_back(intake))
    cloud.advance(minutes=10)
    assert (welcomed(cloud), lying(cloud)) == (["c1"], 1)
    assert len(list(dead_letters(cloud.client("sqs"), dead).send_back(intake))) == 1
    cloud.settle()
    assert (welcomed(cloud), lying(cloud)) == (["c1"], 0)
