"""Schedule expressions, and what fires when."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local_cloud import LocalCloud
from local_cloud.errors import AwsError
from local_cloud.messaging.expressions import as_utc_text, parse_schedule


def next_after(expression: str, moment: str, zone: str = "UTC") -> str:
    found = parse_schedule(expression, zone).after(datetime.fromisoformat(moment).timestamp())
    return as_utc_text(found) if found is not None else "never"


@pytest.mark.parametrize(
    ("expression", "zone", "moment", "expected"),
    [
        ("rate(5 minutes)", "UTC", "2026-03-02T09:00:00Z", "2026-03-02T09:05:00Z"),
        ("rate(1 day)", "UTC", "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"),
        ("at(2026-03-02T10:00:00)", "Europe/Berlin", "2026-03-02T00:00:00Z", "2026-03-02T09:00:00Z"),
        ("at(2026-03-02T10:00:00)", "UTC", "2026-03-02T10:00:00Z", "never"),
        ("cron(0 6 * * ? *)", "UTC", "2026-03-02T06:00:00Z", "2026-03-03T06:00:00Z"),
        ("cron(0 6 * * ? *)", "Europe/Berlin", "2026-03-28T06:00:00Z", "2026-03-29T04:00:00Z"),
        ("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z"),
        ("cron(0/15 8-9 ? * MON-FRI *)", "UTC", "2026-03-06T09:45:00Z", "2026-03-09T08:00:00Z"),
        ("cron(0 0 L * ? *)", "UTC", "2026-02-03T00:00:00Z", "2026-02-28T00:00:00Z"),
        ("cron(0 12 1 JAN,JUL ? 2027)", "UTC", "2026-03-02T00:00:00Z", "2027-01-01T12:00:00Z"),
        ("cron(0 12 1 1 ? 2020)", "UTC", "2026-03-02T00:00:00Z", "never"),
    ],
)
def test_the_next_instant_of_an_expression(expression: str, zone: str, moment: str, expected: str) -> None:
    assert next_after(expression, moment, zone) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(0 days)",
        "cron(0 6 * * * *)",
        "cron(0 6 ? * ? *)",
        "cron(61 6 * * ? *)",
        "cron(0 6 * *)",
        "at(tomorrow)",
        "every day",
    ],
)
def test_an_invalid_expression_is_refused(expression: str) -> None:
    with pytest.raises(AwsError, match="Invalid Schedule Expression"):
        parse_schedule(expression)


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(AwsError, match="time zone"):
        parse_schedule("rate(1 day)", "Mars/Olympus")


def test_the_daily_schedule_fires_at_the_local_hour_and_the_rule_every_hour(cloud: LocalCloud) -> None:
    cloud.advance(days=30)
    events = [(run.time, run.event) for run in cloud.invocations if run.function == "DailyFunction"]
    mornings = [moment for moment, event in events if event.get("source") == "aws.scheduler"]
    assert len(mornings) == 30
    assert mornings[0] == datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert mornings[-1] == datetime(2026, 4, 1, 4, tzinfo=UTC)
    assert sum(event == {"from": "the rule"} for _, event in events) == 30 * 24


def schedule(cloud: LocalCloud, **changes: Any) -> Any:
    target = {
        "Arn": cloud.attribute("BareFunction", "Arn"),
        "RoleArn": cloud.attribute("ScratchRole", "Arn"),
        "Input": "{}",
    }
    properties = {
        "Name": "once",
        "ScheduleExpression": "at(2026-03-02T10:00:00)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
        **changes,
    }
    return cloud.client("scheduler").create_schedule(**properties)


def test_a_one_time_schedule_fires_once_and_can_remove_itself(cloud: LocalCloud) -> None:
    schedule(cloud, ActionAfterCompletion="DELETE")
    cloud.advance(hours=2)
    taken = [run for run in cloud.invocations if run.function == "BareFunction"]
    assert [run.time.hour for run in taken] == [10]
    assert cloud.client("scheduler").list_schedules(GroupName="default")["Schedules"] != []
    names = [s["Name"] for s in cloud.client("scheduler").list_schedules()["Schedules"]]
    assert "once" not in names


def test_a_deleted_schedule_does_not_fire(cloud: LocalCloud) -> None:
    schedule(cloud)
    cloud.client("scheduler").delete_schedule(Name="once")
    cloud.advance(hours=2)
    assert [run for run in cloud.invocations if run.function == "BareFunction"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ScheduleExpression": "at(2026-03-01T10:00:00)"},
        {"ScheduleExpressionTimezone": "Mars/Olympus"},
        {
            "Target": {
                "Arn": "arn:aws:sqs:us-east-1:123456789012:q",
                "RoleArn": "arn:aws:iam::123456789012:role/none",
            }
        },
    ],
)
def test_a_schedule_that_could_not_fire_is_refused(cloud: LocalCloud, changes: dict[str, Any]) -> None:
    client = cloud.client("scheduler")
    with pytest.raises(client.exceptions.ValidationException):
        schedule(cloud, **changes)
