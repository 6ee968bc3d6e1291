"""Delivery to targets, with retries and dead-letter queues: for rules, schedules and Lambda destinations."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.actions import Need
from local_cloud.access.callers import Caller, role_name
from local_cloud.access.roles import Roles
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.records import DeadDelivery

_LONGEST_PAUSE = 7200.0

type Take = Callable[[str, str, Mapping[str, Any]], None]
"""(target ARN, payload as JSON text, the target's other properties): accept it or raise AwsError."""

_ACTIONS = {
    "lambda": "lambda:InvokeFunction",
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "events": "events:PutEvents",
    "sns": "sns:Publish",
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery to one target."""

    source: str
    """ARN of the rule, schedule or function it comes from."""
    principal: str
    """The service that delivers, such as `events.amazonaws.com`."""
    target: Mapping[str, Any]
    """The target's properties as in the template: Arn, RoleArn, RetryPolicy, DeadLetterConfig …"""
    payload: str
    sent_at: float


@dataclass(slots=True)
class Delivery:
    """Delivers parcels, again and again if it must."""

    clock: VirtualClock
    roles: Roles
    record_dead: Callable[[DeadDelivery], None]
    takers: dict[str, Take] = field(default_factory=dict)
    """By service name in the ARN."""
    keep_dead: Callable[[str, str, str], None] = lambda *_: None
    """(ARN of a dead-letter queue, payload, reason): store it there or raise AwsError."""
    may_receive: dict[str, Callable[[str, str, str], bool]] = field(default_factory=dict)
    """By service name: does the resource policy of (target, principal, source) allow it?"""

    def post(self, source: str, principal: str, target: Mapping[str, Any], payload: str) -> None:
        """Deliver as soon as the current task is done."""
        parcel = Parcel(source, principal, target, payload, self.clock.now)
        self.clock.spawn(lambda: self._attempt(parcel, 0))

    def _attempt(self, parcel: Parcel, attempt: int) -> None:
        try:
            self._hand_over(parcel)
        except AwsError as error:
            self._failed(parcel, attempt, error)

    def _hand_over(self, parcel: Parcel) -> None:
        arn = str(parcel.target["Arn"])
        service = arn.split(":")[2]
        take = self.takers.get(service)
        if take is None:
            raise NotEmulatedError(
                f"a target of type {service} ({arn}): use one of {', '.join(sorted(self.takers))}"
            )
        self._authorize(parcel, service, arn)
        take(arn, parcel.payload, parcel.target)

    def _authorize(self, parcel: Parcel, service: str, arn: str) -> None:
        role = parcel.target.get("RoleArn")
        if role:
            if not self.roles.exists(role) or not self.roles.trusts(role, parcel.principal):
                raise AwsError("AccessDeniedException", f"{parcel.principal} cannot assume {role}", 403)
            if service in _ACTIONS:
                self.roles.require(Caller(role_name(role)), Need(_ACTIONS[service], (arn,)))
            return
        allowed = self.may_receive.get(service)
        if allowed is not None and not allowed(arn, parcel.principal, parcel.source):
            raise AwsError(
                "AccessDeniedException",
                f"{parcel.principal} may not deliver from {parcel.source} to {arn}: its resource policy (a "
                "queue policy, a Lambda permission, a topic policy) does not allow it",
                403,
            )

    def _failed(self, parcel: Parcel, attempt: int, error: AwsError) -> None:
        rules = parcel.target.get("RetryPolicy") or {}
        retries = int(rules.get("MaximumRetryAttempts", 185))
        age = float(rules.get("MaximumEventAgeInSeconds", 86_400))
        pause = min(60.0 * 2**attempt, _LONGEST_PAUSE)
        # EventBridge does not retry a missing permission or target; the event goes to the dead-letter queue
        # at once.
        permanent = error.status in {403, 404}
        if not permanent and attempt < retries and self.clock.now + pause - parcel.sent_at < age:
            self.clock.call_in(pause, lambda: self._attempt(parcel, attempt + 1))
            return
        self.bury(parcel, (parcel.target.get("DeadLetterConfig") or {}).get("Arn", ""), error.message)

    def bury(self, parcel: Parcel, dead_letter_arn: str, reason: str) -> None:
        """Send a parcel to its dead-letter queue, or record it as lost."""
        if dead_letter_arn:
            try:
                self.keep_dead(dead_letter_arn, parcel.payload, reason)
            except AwsError as error:
                reason = f"{reason}; and the dead-letter queue refused it: {error.message}"
            else:
                return
        arn = str(parcel.target["Arn"])
        self.record_dead(DeadDelivery(parcel.source, arn, parcel.payload, reason, self.clock.now_as_datetime))


def scheduled_event(event_id: str, source: str, time: str, region: str, account: str, resource: str) -> str:
    """The event that a schedule without an input of its own delivers."""
    return json.dumps(
        {
            "version": "0",
            "id": event_id,
            "detail-type": "Scheduled Event",
            "source": source,
            "account": account,
            "time": time,
            "region": region,
            "resources": [resource],
            "detail": {},
        }
    )
