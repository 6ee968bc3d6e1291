"""Checks of a state machine's graph, which moto's grammar does not make."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_cloud.errors import AwsError, NotEmulatedError


def _invalid(where: str, why: str) -> AwsError:
    return AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{why} at {where}'")


def check_definition(text: str) -> None:
    """Check a definition before it is used.

    Raises AwsError (InvalidDefinition) for an invalid graph, NotEmulatedError for what is beyond the local
    cloud (JSONata, Distributed Map).
    """
    try:
        definition = json.loads(text)
    except ValueError as error:
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{error}'") from None
    _check_graph(definition, "")


def _check_graph(graph: Mapping[str, Any], where: str) -> None:
    if graph.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise NotEmulatedError(
            f"state machine{where}: the local cloud runs JSONPath machines only, no JSONata"
        )
    states = graph.get("States", {})
    start = graph.get("StartAt")
    if start not in states:
        raise _invalid(f"{where}/StartAt", f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {start}")
    reached = {start}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for target in _targets(states[name]):
            if target not in states:
                raise _invalid(
                    f"{where}/States/{name}", f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target}"
                )
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    if unreached := set(states) - reached:
        raise _invalid(
            f"{where}/States", f"MISSING_TRANSITION_TARGET: State {min(unreached)} is not reachable"
        )
    for name, state in states.items():
        _check_state(state, f"{where}/States/{name}")


def _check_state(state: Mapping[str, Any], where: str) -> None:
    kind = state.get("Type")
    if state.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise NotEmulatedError(f"{where}: the local cloud runs JSONPath machines only, no JSONata")
    if kind == "Map":
        processor = state.get("ItemProcessor") or state.get("Iterator") or {}
        if processor.get("ProcessorConfig", {}).get("Mode", "INLINE") != "INLINE" or "ItemReader" in state:
            raise NotEmulatedError(
                f"{where}: the local cloud runs inline Map states only, no Distributed Map"
            )
        _check_graph(processor, where)
    elif kind == "Parallel":
        for number, branch in enumerate(state.get("Branches", [])):
            _check_graph(branch, f"{where}/Branches/{number}")
    if kind not in {"Choice", "Succeed", "Fail"} and ("Next" in state) == (state.get("End") is True):
        raise _invalid(where, "SCHEMA_VALIDATION_FAILED: These fields are required: one of [End, Next]")


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    for holder in (state, *state.get("Choices", []), *state.get("Catch", [])):
        if "Next" in holder:
            yield holder["Next"]
    if "Default" in state:
        yield state["Default"]
