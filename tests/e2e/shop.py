"""A shop whose customers sign up and order, and an inbox for each of them, for end-to-end tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from local_cloud import ExecutionRecord, LocalCloud, SentEmail

PROJECT = Path(__file__).parents[2]
START = "2026-03-02T09:00:00Z"
RARELY_RECONCILED = {"ReconcilerSchedule": "rate(7 days)"}
"""For tests that let months pass and leave nothing stuck: an hourly reconciler would only take time."""


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


@dataclass(slots=True)
class Shop:
    """Sends events to the stack; every event happens now unless it says otherwise."""

    cloud: LocalCloud
    events: int = 0

    @property
    def now(self) -> datetime:
        return self.cloud.now

    def waits(self, span: timedelta) -> None:
        self.cloud.advance(seconds=span.total_seconds())

    def waits_until(self, moment: datetime) -> None:
        self.cloud.advance(until=moment)

    def waits_for_the_clock(self, hour: int, minute: int = 0) -> datetime:
        """Until the next time it is that hour in UTC."""
        moment = datetime.combine(self.now.date(), time(hour, minute), UTC)
        self.waits_until(moment if moment >= self.now else moment + days(1))
        return self.now

    def tells(
        self,
        name: str,
        customer_id: str,
        *,
        event_id: str | None = None,
        at: datetime | None = None,
        customer: dict[str, Any] | None = None,
        **body: Any,
    ) -> None:
        self.events += 1
        detail = {
            "event_id": event_id or f"e-{self.events}",
            "occurred_at": (at or self.now).isoformat(),
            "customer": {"id": customer_id, **(customer or {})},
            **body,
        }
        self.cloud.emit(name, detail)

    def hears_of(
        self, customer_id: str, *, zone: str = "Etc/UTC", consents: bool = True, **attributes: Any
    ) -> None:
        """The profile becomes known; no campaign starts with that."""
        self.tells(
            "customer.updated",
            customer_id,
            customer=_profile(customer_id, self.now, zone, consents, attributes),
        )

    def signs_up(
        self, customer_id: str, *, zone: str = "Etc/UTC", consents: bool = True, **attributes: Any
    ) -> None:
        self.tells(
            "customer.signed_up",
            customer_id,
            customer=_profile(customer_id, self.now, zone, consents, attributes),
        )

    def order(
        self,
        happening: str,
        customer_id: str,
        order_id: str,
        *,
        promised_at: datetime | None = None,
        reason: str | None = None,
        lines: Sequence[str] = (),
        at: datetime | None = None,
    ) -> None:
        """`order.<happening>`."""
        told: dict[str, Any] = {"id": order_id}
        if promised_at is not None:
            told["promised_at"] = promised_at.isoformat()
        if reason is not None:
            told["delay_reason"] = reason
        if lines:
            told["items"] = [
                {"sku": f"{line}-1", "name": line.title(), "product_line": line, "quantity": 1}
                for line in lines
            ]
        self.tells(f"order.{happening}", customer_id, at=at, order=told)

    def inbox(self, customer_id: str) -> list[SentEmail]:
        return [mail for mail in self.cloud.outbox if mail.headers["X-Outreach-Customer"] == customer_id]

    def got(self, customer_id: str) -> list[tuple[str, datetime]]:
        """Which messages, and when."""
        return [(mail.headers["X-Outreach-Message"], mail.sent_at) for mail in self.inbox(customer_id)]

    def journeys(self, customer_id: str, campaign: str) -> list[ExecutionRecord]:
        return [
            run
            for run in self.cloud.executions("JourneyStateMachine")
            if (run.input["customer_id"], run.input["campaign"]) == (customer_id, campaign)
        ]

    def stored(self, customer_id: str) -> list[dict[str, Any]]:
        """Every row of the customer's partition, as DynamoDB holds it."""
        answer = self.cloud.client("dynamodb").query(
            TableName=self.cloud.outputs["TableName"],
            KeyConditionExpression="PK = :customer",
            ExpressionAttributeValues={":customer": {"S": f"CUSTOMER#{customer_id}"}},
        )
        rows: list[dict[str, Any]] = answer["Items"]
        return rows

    def refused(self) -> list[tuple[str, str]]:
        """Body and reason of every dead letter; they stay where they are."""
        sqs, queue = self.cloud.client("sqs"), self.cloud.outputs["DeadLetterQueueUrl"]
        answer = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
        )
        return [
            (
                dead_letter["Body"],
                dead_letter.get("MessageAttributes", {}).get("Reason", {}).get("StringValue", ""),
            )
            for dead_letter in answer.get("Messages", [])
        ]


def _profile(
    customer_id: str, now: datetime, zone: str, consents: bool, attributes: dict[str, Any]
) -> dict[str, Any]:
    return {
        "email": f"{customer_id}@example.com",
        "first_name": "Ana",
        "time_zone": zone,
        "consent": {"marketing": consents, "at": now.isoformat()},
        "attributes": attributes,
    }
