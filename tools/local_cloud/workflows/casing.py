"""Names in service integrations: Step Functions says PascalCase where some services do not."""

import functools
from datetime import datetime
from typing import Any


@functools.lru_cache(maxsize=256)
def _shapes(model: Any, action: str) -> tuple[Any, Any]:
    wanted = action.replace("_", "").lower()
    name = next(n for n in model.operation_names if n.lower() == wanted)
    operation = model.operation_model(name)
    return operation.input_shape, operation.output_shape


def to_request(task: Any, parameters: Any, client: Any, action: str) -> None:
    """Rename a task's parameters, in place, to what the service's model says."""
    shape, _ = _shapes(client.meta.service_model, action)
    if shape is not None:
        task._to_boto_request(parameters, shape)


def from_response(task: Any, response: Any, client: Any, action: str) -> None:
    """Rename a result's members, in place, and turn times into milliseconds as Step Functions does."""
    if not isinstance(response, dict):
        return
    _, shape = _shapes(client.meta.service_model, action)
    _moments_as_numbers(response)
    if shape is not None:
        task._from_boto_response(response, shape)


def _moments_as_numbers(value: dict[str, Any]) -> None:
    for key, inner in value.items():
        if isinstance(inner, datetime):
            value[key] = int(inner.timestamp() * 1000)
        elif isinstance(inner, dict):
            _moments_as_numbers(inner)
        elif isinstance(inner, list):
            for each in inner:
                if isinstance(each, dict):
                    _moments_as_numbers(each)
