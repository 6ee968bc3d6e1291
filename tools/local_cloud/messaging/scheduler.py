"""The EventBridge Scheduler service of the local cloud: schedules that fire on the virtual clock."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.access.roles import Roles
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError
from local_cloud.messaging.delivery import Delivery, scheduled_event
from local_cloud.messaging.expressions import Schedule, as_utc_text, parse_schedule
from local_cloud.randomness import Randomness

_PRINCIPAL = "scheduler.amazonaws.com"
_NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")


@dataclass(slots=True)
class _Entry:
    properties: dict[str, Any]
    schedule: Schedule
    arn: str


class EventBridgeScheduler:
    """Schedule groups and schedules. A flexible time window fires at its start."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, randomness: Randomness, delivery: Delivery, roles: Roles) -> None:
        self._clock = clock
        self._randomness = randomness
        self._delivery = delivery
        self._roles = roles
        self._groups: dict[str, dict[str, _Entry]] = {"default": {}}
        self.operations = {
            "CreateScheduleGroup": self._create_group,
            "DeleteScheduleGroup": self._delete_group,
            "CreateSchedule": self._create,
            "UpdateSchedule": self._update,
            "GetSchedule": self._get,
            "DeleteSchedule": self._delete,
            "ListSchedules": self._list,
        }

    def _create_group(self, params: dict[str, Any]) -> dict[str, Any]:
        name = params["Name"]
        if name in self._groups:
            raise AwsError("ConflictException", f"Schedule group {name} already exists.", 409)
        self._groups[name] = {}
        return {"ScheduleGroupArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/{name}"}

    def _delete_group(self, params: dict[str, Any]) -> dict[str, Any]:
        self._group(params["Name"])
        del self._groups[params["Name"]]
        return {}

    def _create(self, params: dict[str, Any]) -> dict[str, Any]:
        group = self._group(params.get("GroupName", "default"))
        if params["Name"] in group:
            raise AwsError("ConflictException", f"Schedule {params['Name']} already exists.", 409)
        return {"ScheduleArn": self._put(group, params)}

    def _update(self, params: dict[str, Any]) -> dict[str, Any]:
        self._entry(params)
        return {"ScheduleArn": self._put(self._group(params.get("GroupName", "default")), params)}

    def _put(self, group: dict[str, _Entry], params: dict[str, Any]) -> str:
        if not _NAME.fullmatch(params["Name"]):
            raise AwsError(
                "ValidationException", f"Schedule name {params['Name']}: use 1 to 64 of 0-9 a-z A-Z - _ ."
            )
        schedule = parse_schedule(
            params["ScheduleExpression"], params.get("ScheduleExpressionTimezone", "UTC")
        )
        role = params["Target"].get("RoleArn", "")
        if not self._roles.exists(role):
            raise AwsError(
                "ValidationException",
                "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
            )
        if params["ScheduleExpression"].startswith("at(") and schedule.after(self._clock.now) is None:
            raise AwsError(
                "ValidationException",
                f"Invalid Schedule Expression {params['ScheduleExpression']}: it lies in the past.",
            )
        group_name = params.get("GroupName", "default")
        arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group_name}/{params['Name']}"
        entry = _Entry({"State": "ENABLED", "GroupName": group_name, **params}, schedule, arn)
        group[params["Name"]] = entry
        self._arm(entry, self._clock.now)
        return arn

    def _arm(self, entry: _Entry, after: float) -> None:
        start = entry.properties.get("StartDate")
        when = entry.schedule.after(max(after, _seconds(start) - 1) if start else after)
        end = entry.properties.get("EndDate")
        if when is not None and not (end and when > _seconds(end)):
            self._clock.call_at(when, lambda: self._fire(entry, when))

    def _fire(self, entry: _Entry, when: float) -> None:
        properties = entry.properties
        group = self._groups.get(properties["GroupName"], {})
        if group.get(properties["Name"]) is not entry:
            return
        if properties["State"] == "ENABLED":
            self._delivery.post(entry.arn, _PRINCIPAL, properties["Target"], self._payload(entry, when))
        if properties["ScheduleExpression"].startswith("at("):
            if properties.get("ActionAfterCompletion") == "DELETE":
                del group[properties["Name"]]
            return
        self._arm(entry, when)

    def _payload(self, entry: _Entry, when: float) -> str:
        given = entry.properties["Target"].get("Input")
        if given is None:
            event_id = self._randomness.uuid("events")
            text = scheduled_event(event_id, "aws.scheduler", as_utc_text(when), REGION, ACCOUNT, entry.arn)
            # Scheduler writes the empty detail as text, rules write it as an object.
            return json.dumps({**json.loads(text), "detail": "{}"})
        return (
            str(given)
            .replace("<aws.scheduler.scheduled-time>", as_utc_text(when))
            .replace("<aws.scheduler.schedule-arn>", entry.arn)
            .replace("<aws.scheduler.execution-id>", self._randomness.uuid("events"))
            .replace("<aws.scheduler.attempt-number>", "1")
        )

    def _get(self, params: dict[str, Any]) -> dict[str, Any]:
        entry = self._entry(params)
        return {**json.loads(json.dumps(entry.properties, default=str)), "Arn": entry.arn}

    def _delete(self, params: dict[str, Any]) -> dict[str, Any]:
        self._entry(params)
        del self._groups[params.get("GroupName", "default")][params["Name"]]
        return {}

    def _list(self, params: dict[str, Any]) -> dict[str, Any]:
        groups = [params["GroupName"]] if "GroupName" in params else list(self._groups)
        prefix = params.get("NamePrefix", "")
        found = [
            {"Arn": e.arn, "Name": name, "GroupName": group, "State": e.properties["State"]}
            for group in groups
            for name, e in self._group(group).items()
            if name.startswith(prefix)
        ]
        return {"Schedules": found}

    def _group(self, name: str) -> dict[str, _Entry]:
        if name not in self._groups:
            raise AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)
        return self._groups[name]

    def _entry(self, params: dict[str, Any]) -> _Entry:
        entry = self._group(params.get("GroupName", "default")).get(params["Name"])
        if entry is None:
            raise AwsError("ResourceNotFoundException", f"Schedule {params['Name']} does not exist.", 404)
        return entry


def _seconds(moment: datetime | float) -> float:
    """Seconds since the epoch of a time in either form."""
    return moment.timestamp() if isinstance(moment, datetime) else float(moment)
