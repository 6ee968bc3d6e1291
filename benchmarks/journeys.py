"""Runs onboardings on the local cloud and counts what their messages took."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local_cloud import LocalCloud

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUSTOMERS = 10
FUNCTIONS = frozenset({"AdvanceEnrollmentFunction", "ParkEnrollmentFunction"})


@dataclass(frozen=True, slots=True)
class Journeys:
    """What whole onboardings took."""

    mails: int
    transitions: int
    invocations: int
    calls: Counter[str]


def run_journeys() -> Journeys:
    """Every second customer activates in time; no customer orders, so all get the whole series."""
    with LocalCloud(
        start=START.isoformat(), seed=1, parameters={"ReconcilerSchedule": "rate(1 day)"}
    ) as cloud:
        for number in range(CUSTOMERS):
            cloud.emit("customer.signed_up", sign_up(f"c{number}", START))
        cloud.advance(days=2)
        for number in range(0, CUSTOMERS, 2):
            activated = sign_up(f"c{number}", START + timedelta(days=2)) | {"event_id": f"a{number}"}
            cloud.emit("customer.activated", activated)
        cloud.advance(days=20)
        calls = Counter(call.operation for call in cloud.calls if call.function in FUNCTIONS)
        invocations = sum(each.function in FUNCTIONS for each in cloud.invocations)
        executions = cloud.executions("JourneyStateMachine")
        return Journeys(
            mails=len(cloud.outbox),
            transitions=sum(execution.transitions for execution in executions),
            invocations=invocations,
            calls=calls,
        )


def sign_up(customer_id: str, at: datetime) -> dict[str, object]:
    return {
        "event_id": f"s-{customer_id}",
        "occurred_at": at.isoformat(),
        "customer": {
            "id": customer_id,
            "email": f"{customer_id}@example.com",
            "consent": {"marketing": True},
        },
    }


def order(customer_id: str, at: datetime) -> dict[str, object]:
    return {
        "event_id": f"e-{customer_id}",
        "occurred_at": at.isoformat(),
        "customer": {
            "id": customer_id,
            "email": f"{customer_id}@example.com",
            "consent": {"marketing": True},
        },
        "order": {"id": f"o-{customer_id}", "total": "59.90", "currency": "EUR"},
    }
