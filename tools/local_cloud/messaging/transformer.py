"""What a rule's target receives: the event, a constant, a part of the event, or a template filled from it."""

import json
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]|\['([^']+)'\]")
_PLACE = re.compile(r"<([A-Za-z0-9_.\-]+)>")


def select(document: Any, path: str) -> Any:
    """The value at a simple JSONPath (`$.detail.order.items[0].sku`), None when there is none."""
    for step in _STEP.finditer(path):
        name, index, quoted = step.groups()
        try:
            document = document[int(index)] if index else document[name or quoted]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def target_input(target: Mapping[str, Any], event: dict[str, Any], rule_name: str, rule_arn: str) -> str:
    """The JSON text that a target gets for an event."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(select(event, target["InputPath"]))
    if "InputTransformer" in target:
        return _filled(target["InputTransformer"], event, rule_name, rule_arn)
    return json.dumps(event)


def _filled(transformer: Mapping[str, Any], event: dict[str, Any], rule_name: str, rule_arn: str) -> str:
    values: dict[str, Any] = {
        name: select(event, path) for name, path in transformer.get("InputPathsMap", {}).items()
    }
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_name,
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        "aws.events.event.json": event,
    }
    template = str(transformer["InputTemplate"])
    out: list[str] = []
    inside_string = False
    at = 0
    while at < len(template):
        place = _PLACE.match(template, at)
        if place and place[1] in values:
            out.append(_placed(values[place[1]], inside_string))
            at = place.end()
            continue
        if template[at] == '"' and (at == 0 or template[at - 1] != "\\"):
            inside_string = not inside_string
        out.append(template[at])
        at += 1
    return "".join(out)


def _placed(value: Any, inside_string: bool) -> str:
    if not inside_string:
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value)[1:-1]
    text = json.dumps(value)
    return json.dumps(text)[1:-1] if isinstance(value, dict | list) else text
