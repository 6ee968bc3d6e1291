"""What a rule's target receives: the event, a constant, or a part of the event."""

import json
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]|\['([^']+)'\]")


def select(document: Any, path: str) -> Any:
    """The value at a simple JSONPath (`$.detail.order.items[0].sku`), None when there is none."""
    for step in _STEP.finditer(path):
        name, index, quoted = step.groups()
        try:
            document = document[int(index)] if index else document[name or quoted]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def target_input(target: Mapping[str, Any], event: dict[str, Any]) -> str:
    """The JSON text that a target gets for an event."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(select(event, target["InputPath"]))
    return json.dumps(event)
