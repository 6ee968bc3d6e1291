"""`outreach redrive`: refused events are sent back, and none is lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from local_cloud import LocalCloud
from outreach_tools.operations.redrive import dead_letters

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
    queue = dead_letters(cloud.client("sqs"), cloud.outputs["DeadLetterQueueUrl"])
    return queue.about_how_many()


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


def test_more_dead_letters_than_one_answer_of_sqs_holds_are_all_sent(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    names = [f"c{number}" for number in range(12)]
    for customer_id in names:
        sign_up_too_early(cloud, customer_id)
    cloud.advance(hours=3)
    assert json.loads(outreach("redrive", "--json", stack=cloud).stdout)["redriven"] == 12
    cloud.advance(minutes=2)  # messages of one instant are sent one after another
    assert sorted(welcomed(cloud)) == sorted(names)


def test_nothing_is_lost_or_doubled_when_it_crashes_between_sending_and_deleting(cloud: LocalCloud) -> None:
    class Dead(BaseException):
        pass

    class DiesBeforeDeleting:
        """The real client, except that the process crashes before deleting."""

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


def broken(cloud: LocalCloud, event_id: str, **detail: Any) -> None:
    cloud.emit("order.placed", {"event_id": event_id, "customer": {"id": "c1"}, **detail}, source="till-7")


def test_each_dead_letter_is_shown_with_its_id_name_source_time_and_reason(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    broken(cloud, "e-1")
    broken(cloud, "ana@example.com")
    cloud.advance(minutes=1)

    lines = outreach("redrive", "--dry-run", "--each", stack=cloud).stdout.splitlines()
    document = json.loads(outreach("redrive", "--dry-run", "--json", stack=cloud).stdout)

    shown = {each["event_id"]: each for each in document["events"]}
    message_id = shown[None]["message_id"]
    assert sorted(line[: line.index("  occurred_at:")] for line in lines[:-1]) == sorted(
        f"{name}  order.placed  till-7  2026-03-02T09:00:00Z" for name in ("e-1", message_id)
    )
    assert (shown["e-1"]["name"], shown["e-1"]["source"]) == ("order.placed", "till-7")
    assert shown["e-1"]["reason"].startswith("occurred_at: is missing")
    assert "ana@" not in str(document) + "".join(lines)


def test_only_the_named_ones_are_sent_back(outreach: Outreach, cloud: LocalCloud) -> None:
    for customer_id in ("c1", "c2", "c3"):
        sign_up_too_early(cloud, customer_id)
    cloud.advance(hours=3)

    sent = outreach("redrive", "--only", "e-c1", "--only", "e-c3", "--only", "e-c9", stack=cloud)
    cloud.advance(minutes=1)

    assert sent.exit_code == 1
    assert sent.stderr == "e-c9 does not lie in the dead-letter queue\n"
    assert sent.stdout.splitlines()[-1] == "2 events sent back to intake"
    assert sorted(welcomed(cloud)) == ["c1", "c3"]
    assert [each.event["detail"]["event_id"] for each in cloud.refused] == ["e-c2"]


def test_it_says_what_came_back_with_which_reason(outreach: Outreach, cloud: LocalCloud) -> None:
    sign_up_too_early(cloud, "c1")
    cloud.advance(hours=3)
    broken(cloud, "e-1")
    broken(cloud, "e-2")
    cloud.advance(minutes=1)

    document = json.loads(outreach("redrive", "--json", stack=cloud).stdout)

    assert (document["redriven"], document["came_back"]) == (
        3,
        {"total": 2, "same_reason": 2, "other_reasons": {}, "still_in_queue": 0},
    )
    cloud.advance(minutes=1)
    assert "2 came back with the same reason" in outreach("redrive", stack=cloud).stdout


def test_what_is_dropped_is_gone_and_on_record(outreach: Outreach, cloud: LocalCloud) -> None:
    for name in ("e-1", "e-2", "e-3"):
        broken(cloud, name)
    cloud.advance(minutes=1)

    refused = outreach("redrive", "--drop", "e-1", stack=cloud)
    dropped = outreach("redrive", "--drop", "e-1", "--reason", "test of the till", stack=cloud)
    left = [each.event["detail"]["event_id"] for each in cloud.refused]
    cloud.advance(minutes=1)
    rest = outreach("redrive", "--drop-all", "--reason", "till is gone", "--json", stack=cloud)
    record = json.loads(outreach("redrive", "--dropped", "--json", stack=cloud).stdout)

    assert (refused.exit_code, refused.stderr.partition(":")[0]) == (1, "--reason is missing")
    assert dropped.stdout.splitlines()[0].startswith("e-1  order.placed  till-7  2026-03-02T09:00:00Z  ")
    assert left == ["e-2", "e-3"]
    assert (json.loads(rest.stdout)["dropped"], cloud.refused) == (2, ())
    assert (record[0]["id"], record[0]["reason"]) == ("e-1", "test of the till")
    assert {each["reason"] for each in record[1:]} == {"till is gone"}
    assert all(each["refused_because"].startswith("occurred_at: ") and each["by"] for each in record)
    shown = outreach("redrive", "--dropped", stack=cloud).stdout
    assert shown.endswith("3 dropped within 400 days\n")
    assert "test of the till" in shown


def test_a_dry_run_drops_nothing(outreach: Outreach, cloud: LocalCloud) -> None:
    broken(cloud, "e-1")
    cloud.advance(minutes=1)

    shown = outreach("redrive", "--dry-run", "--drop", "e-1", "--reason", "x", stack=cloud)

    assert shown.stdout.endswith("1 events lie in the dead-letter queue\n")
    assert len(cloud.refused) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--only", "a", "--drop", "b", "--reason", "x"), "exclude each other"),
        (("--drop-all", "--reason", " "), "--reason is missing"),
        (("--reason", "x"), "--reason belongs to --drop"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    outreach: Outreach, options: tuple[str, ...], words: str
) -> None:
    refused = outreach("redrive", *options)

    assert refused.exit_code == 1
    assert words in refused.stderr


def test_a_shops_event_under_the_reserved_source_says_so_and_is_taken_in_when_sent_back(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    detail = {
        "event_id": "e-1",
        "occurred_at": cloud.now.isoformat(),
        "customer": {"id": "c1", "email": "ana@example.com", "consent": {"marketing": True}},
    }
    cloud.emit("customer.signed_up", detail, source="outreach")
    cloud.advance(minutes=1)

    redriven = outreach("redrive", stack=cloud).stdout
    cloud.settle()

    assert redriven.startswith("1 x source: `outreach` is reserved for Outreach's own events")
    assert "came back" not in redriven
    assert welcomed(cloud) == ["c1"]


def test_a_dead_letter_without_a_recorded_reason_says_what_it_may_be(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["DeadLetterQueueUrl"],
        MessageBody=json.dumps(
            {"source": "till-7", "detail-type": "order.placed", "detail": {"event_id": "e-1"}}
        ),
    )
    cloud.advance(minutes=1)

    shown = outreach("redrive", "--dry-run", stack=cloud).stdout

    assert shown.startswith(
        "1 x no reason recorded: each attempt ended in an error, a time-out or throttling"
    )


def test_a_report_of_ses_is_shown_by_the_id_of_its_message(outreach: Outreach, cloud: LocalCloud) -> None:
    report = {"eventType": "Bounce", "mail": {"messageId": "m-1", "timestamp": "2026-03-02T09:00:00Z"}}
    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["FeedbackQueueUrl"], MessageBody=json.dumps(report)
    )
    cloud.advance(minutes=1)

    lines = outreach("redrive", "--feedback", "--dry-run", "--each", stack=cloud).stdout.splitlines()
    dropped = outreach("redrive", "--feedback", "--drop", "m-1", "--reason", "a test", stack=cloud)

    assert lines[0].startswith("m-1  Bounce  sns  2026-03-02T09:00:00Z  ")
    assert (dropped.exit_code, cloud.refused) == (0, ())
