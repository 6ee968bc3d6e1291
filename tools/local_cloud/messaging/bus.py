"""The EventBridge service of the local cloud: buses, rules, targets, schedules of rules, PutEvents."""

import json
from collections.abc import Collection
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.messaging.archives import Archives
from local_cloud.messaging.delivery import Delivery, scheduled_event
from local_cloud.messaging.expressions import as_utc_text
from local_cloud.messaging.patterns import Pattern
from local_cloud.messaging.rules import Rule, bus_arn, bus_name, described, rule_from
from local_cloud.messaging.target_input import target_input
from local_cloud.randomness import Randomness

ENTRY_LIMIT = 1_048_576  # bytes of one PutEvents request (1 MB)
MOST_ENTRIES = 10
_TIME_SIZE = (
    14  # bytes that a given Time counts (EventBridge user guide, "Calculating PutEvents event entry size")
)
_PRINCIPAL = "events.amazonaws.com"


class EventBridge:
    """Buses and their rules; events travel on the virtual clock."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, randomness: Randomness, delivery: Delivery) -> None:
        self._clock = clock
        self._randomness = randomness
        self._delivery = delivery
        self._rules: dict[str, dict[str, Rule]] = {"default": {}}
        self._archives = Archives(clock, self._deliver)
        self._permissions: dict[str, dict[str, Any]] = {}
        self.operations = {
            "CreateEventBus": self._create_event_bus,
            "DescribeEventBus": self._describe_event_bus,
            "ListEventBuses": self._list_event_buses,
            "PutRule": self._put_rule,
            "DescribeRule": self._describe_rule,
            "ListRules": self._list_rules,
            "EnableRule": lambda p: self._set_state(p, "ENABLED"),
            "DisableRule": lambda p: self._set_state(p, "DISABLED"),
            "DeleteRule": self._delete_rule,
            "PutTargets": self._put_targets,
            "RemoveTargets": self._remove_targets,
            "ListTargetsByRule": self._list_targets,
            "PutEvents": self._put_events,
            **self._archives.operations,
            "TestEventPattern": self._test_event_pattern,
        }

    def publish(
        self, bus: str, source: str, detail_type: str, detail: Any, resources: list[str] | None = None
    ) -> str:
        """Put one event on a bus, as AWS services do (their sources begin with `aws.`); returns its id."""
        event_id = self._randomness.uuid("events")
        event = {
            "version": "0",
            "id": event_id,
            "detail-type": detail_type,
            "source": source,
            "account": ACCOUNT,
            "time": as_utc_text(self._clock.now),
            "region": REGION,
            "resources": resources or [],
            "detail": detail,
        }
        name = bus_name(bus)
        self._deliver(name, event)
        self._archives.keep(name, event)
        return event_id

    def permit(self, bus: str | None, statement_id: str, statement: Any) -> None:
        """Add a statement to the policy of a bus. It can only be read back: no other account calls here."""
        name = bus_name(bus)
        self._bus(name)
        self._permissions.setdefault(name, {})[statement_id] = {"Sid": statement_id, **statement}

    def _deliver(self, bus: str, event: dict[str, Any], only: Collection[str] | None = None) -> None:
        """To the rules of the bus that match; with `only`, to those of them that have these ARNs."""
        for rule in self._bus(bus).values():
            is_meant = rule.state == "ENABLED" and (only is None or rule.arn in only)
            if is_meant and rule.pattern is not None and rule.pattern.matches(event):
                self._send(rule, event)

    def _send(self, rule: Rule, event: dict[str, Any]) -> None:
        for target in rule.targets.values():
            payload = target_input(target, event)
            self._delivery.post(rule.arn, _PRINCIPAL, target, payload)

    # --- operations

    def _put_events(self, params: dict[str, Any]) -> dict[str, Any]:
        entries = params["Entries"]
        if len(entries) > MOST_ENTRIES:
            raise AwsError(
                "ValidationException",
                "1 validation error detected: Value at 'entries' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MOST_ENTRIES}",
            )
        if sum(map(_size, entries)) > ENTRY_LIMIT:
            raise AwsError(
                "ValidationException",
                f"Total size of the entries in the request is over the limit of {ENTRY_LIMIT} bytes.",
            )
        for entry in entries:
            # AWS accepts such an event and drops it; here it is an error, because it is always a mistake.
            self._bus(bus_name(entry.get("EventBusName")))
        results = [self._put_event(entry) for entry in entries]
        return {"FailedEntryCount": sum("ErrorCode" in r for r in results), "Entries": results}

    def _put_event(self, entry: dict[str, Any]) -> dict[str, str]:
        source, detail_type, detail = (str(entry.get(k, "")) for k in ("Source", "DetailType", "Detail"))
        for name, value in (("Source", source), ("DetailType", detail_type), ("Detail", detail)):
            if not value:
                return _refused(
                    "InvalidArgument",
                    f"Parameter {name} is not valid. Reason: {name} is a required argument.",
                )
        if source.startswith("aws."):
            return _refused("NotAuthorizedForSourceException", "Not authorized for the source.")
        try:
            parsed = json.loads(detail)
        except ValueError:
            return _refused("MalformedDetail", "Detail is malformed.")
        if not isinstance(parsed, dict):
            return _refused("MalformedDetail", "Detail is malformed.")
        bus = bus_name(entry.get("EventBusName"))
        return {"EventId": self.publish(bus, source, detail_type, parsed, entry.get("Resources"))}

    def _create_event_bus(self, params: dict[str, Any]) -> dict[str, Any]:
        name = params["Name"]
        if name in self._rules:
            raise AwsError("ResourceAlreadyExistsException", f"Event bus {name} already exists.")
        self._rules[name] = {}
        return {"EventBusArn": bus_arn(name)}

    def _describe_event_bus(self, params: dict[str, Any]) -> dict[str, Any]:
        name = bus_name(params.get("Name"))
        self._bus(name)
        statements = list(self._permissions.get(name, {}).values())
        policy = (
            {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})} if statements else {}
        )
        return {"Name": name, "Arn": bus_arn(name), **policy}

    def _list_event_buses(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"EventBuses": [{"Name": name, "Arn": bus_arn(name)} for name in self._rules]}

    def _put_rule(self, params: dict[str, Any]) -> dict[str, Any]:
        rules = self._bus(bus_name(params.get("EventBusName")))
        rule = rule_from(params, rules.get(params["Name"]))
        rules[rule.name] = rule
        self._arm(rule)
        return {"RuleArn": rule.arn}

    def _arm(self, rule: Rule) -> None:
        if rule.schedule is None:
            return
        when = rule.schedule.after(self._clock.now)
        if when is not None:
            self._clock.call_at(when, lambda: self._tick(rule))

    def _tick(self, rule: Rule) -> None:
        if self._rules.get(rule.bus, {}).get(rule.name) is not rule:
            return
        if rule.state == "ENABLED":
            event = scheduled_event(
                self._randomness.uuid("events"),
                "aws.events",
                as_utc_text(self._clock.now),
                REGION,
                ACCOUNT,
                rule.arn,
            )
            self._send(rule, json.loads(event))
        self._arm(rule)

    def _put_targets(self, params: dict[str, Any]) -> dict[str, Any]:
        rule = self._rule(params)
        for target in params["Targets"]:
            if "InputTransformer" in target:
                raise NotEmulatedError("a target's InputTransformer is not emulated; use Input or InputPath")
            rule.targets[target["Id"]] = json.loads(json.dumps(target))
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _remove_targets(self, params: dict[str, Any]) -> dict[str, Any]:
        rule = self._rule(params)
        for target_id in params["Ids"]:
            rule.targets.pop(target_id, None)
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _list_targets(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"Targets": [dict(t) for t in self._rule(params).targets.values()]}

    def _set_state(self, params: dict[str, Any], state: str) -> dict[str, Any]:
        self._rule(params).state = state
        return {}

    def _delete_rule(self, params: dict[str, Any]) -> dict[str, Any]:
        self._bus(bus_name(params.get("EventBusName"))).pop(params["Name"], None)
        return {}

    def _describe_rule(self, params: dict[str, Any]) -> dict[str, Any]:
        return described(self._rule(params))

    def _list_rules(self, params: dict[str, Any]) -> dict[str, Any]:
        rules = self._bus(bus_name(params.get("EventBusName"))).values()
        return {"Rules": [described(r) for r in rules if r.name.startswith(params.get("NamePrefix", ""))]}

    def _test_event_pattern(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"Result": Pattern(params["EventPattern"]).matches(json.loads(params["Event"]))}

    # --- inside

    def _bus(self, name: str) -> dict[str, Rule]:
        if name not in self._rules:
            raise AwsError("ResourceNotFoundException", f"Event bus {name} does not exist.")
        return self._rules[name]

    def _rule(self, params: dict[str, Any]) -> Rule:
        name = params.get("Rule") or params["Name"]
        rule = self._bus(bus_name(params.get("EventBusName"))).get(name)
        if rule is None:
            raise AwsError("ResourceNotFoundException", f"Rule {name} does not exist.")
        return rule


def _size(entry: dict[str, Any]) -> int:
    texts = [str(entry.get(name, "")) for name in ("Source", "DetailType", "Detail")]
    texts += entry.get("Resources") or []
    return sum(len(text.encode()) for text in texts) + (_TIME_SIZE if "Time" in entry else 0)


def _refused(code: str, message: str) -> dict[str, str]:
    return {"ErrorCode": code, "ErrorMessage": message}
