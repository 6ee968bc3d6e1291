"""Runs a sweep on the local cloud and counts what taking in SES's reports about its messages takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from journeys import order
from local_cloud import LocalCloud

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
CUSTOMERS = 110
"""Enough for two pages of 49 after the holdout."""
FUNCTION = "TakeInFeedbackFunction"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the reports of a sweep's messages took."""

    mails: int
    by_eventbridge: int
    by_sns: int
    invocations: int
    calls: Counter[str]


def run_feedback() -> Feedback:
    """Every message is reported as SES reports it: sent and delivered by EventBridge, sent by SNS."""
    with LocalCloud(
        start=START.isoformat(), seed=1, parameters={"ReconcilerSchedule": "rate(30 days)"}
    ) as cloud:
        for number in range(CUSTOMERS):
            cloud.emit("order.placed", order(f"c{number}", START))
        cloud.advance(days=89)
        mails, calls, runs = len(cloud.outbox), len(cloud.calls), len(cloud.invocations)
        cloud.advance(days=3)
        invocations = [each for each in cloud.invocations[runs:] if each.function == FUNCTION]
        records = [record for each in invocations for record in each.event["Records"]]
        from_bus = sum('"detail-type"' in record["body"] for record in records)
        return Feedback(
            mails=len(cloud.outbox) - mails,
            by_eventbridge=from_bus,
            by_sns=len(records) - from_bus,
            invocations=len(invocations),
            calls=Counter(call.operation for call in cloud.calls[calls:] if call.function == FUNCTION),
        )


if __name__ == "__main__":
    print(run_feedback())
