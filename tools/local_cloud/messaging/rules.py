"""EventBridge rules: what they match or when they fire, and where that goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.errors import AwsError
from local_cloud.messaging.expressions import Schedule, parse_schedule
from local_cloud.messaging.patterns import Pattern


@dataclass(slots=True)
class Rule:
    """A rule of a bus, with its targets by id."""

    name: str
    bus: str
    arn: str
    pattern: Pattern | None
    pattern_text: str
    schedule: Schedule | None
    schedule_text: str
    state: str
    role: str
    targets: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def rule_from(params: Mapping[str, Any], known: Rule | None) -> Rule:
    """The rule that PutRule describes; one that exists already keeps its targets.

    Raises AwsError for a rule without effect, or that AWS refuses.
    """
    bus, name = bus_name(params.get("EventBusName")), params["Name"]
    pattern, expression = params.get("EventPattern", ""), params.get("ScheduleExpression", "")
    if not pattern and not expression:
        raise _invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    if expression and bus != "default":
        raise _invalid("ScheduleExpression is supported only on the default event bus.")
    if expression.startswith("at("):
        raise _invalid("Parameter ScheduleExpression is not valid.")
    return Rule(
        name=name,
        bus=bus,
        arn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/" + (name if bus == "default" else f"{bus}/{name}"),
        pattern=Pattern(pattern) if pattern else None,
        pattern_text=pattern,
        schedule=parse_schedule(expression) if expression else None,
        schedule_text=expression,
        state=params.get("State", "ENABLED"),
        role=params.get("RoleArn", ""),
        targets=known.targets if known else {},
    )


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def bus_name(name_or_arn: str | None) -> str:
    return (name_or_arn or "default").rpartition("/")[2]


def bus_arn(name: str) -> str:
    return f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}"


def described(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Name": rule.name,
        "Arn": rule.arn,
        "State": rule.state,
        "EventBusName": rule.bus,
    }
    if rule.pattern_text:
        found["EventPattern"] = rule.pattern_text
    if rule.schedule_text:
        found["ScheduleExpression"] = rule.schedule_text
    return found
