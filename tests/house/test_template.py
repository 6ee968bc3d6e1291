"""Template, state machines and code must not drift apart: nothing else would notice."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from stack_files import (
    MACHINES,
    ROOT,
    machine,
    placeholders,
    resources,
    substitutions_of,
    template,
    transformed,
)

FUNCTIONS = resources("AWS::Serverless::Function")
STATE_MACHINES = resources("AWS::Serverless::StateMachine")
FOR_OLDER_EXECUTIONS = {"sweep.asl.json": {"SweepPageFunction"}}
"""Executions go on with the definition that they were started with: those of 0.1.0 sweep by themselves."""


CALLED_OTHERWISE = {"Reconciler": "reconcile", "SweepPage": "sweep_shard"}
"""Functions that keep the names of deployed stacks, in files with names of what they do."""


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def file_of(function: str) -> str:
    """The handler's file, without its ending."""
    name = function.removesuffix("Function")
    return CALLED_OTHERWISE.get(name, snake(name))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_handler_imports_and_has_the_name_of_its_function(name: str) -> None:
    module, attribute = FUNCTIONS[name]["Handler"].rsplit(".", 1)

    assert callable(getattr(importlib.import_module(module), attribute))
    assert name.endswith("Function")
    assert module.rsplit(".", 1)[1] == file_of(name)


def test_every_handler_file_is_a_function_of_the_stack() -> None:
    files = {file.stem for file in (ROOT / "functions/outreach/handlers").rglob("[!_]*.py")}

    assert files == {file_of(name) for name in FUNCTIONS}


@pytest.mark.parametrize("file", MACHINES, ids=lambda file: file.stem)
def test_what_a_machine_leaves_open_is_what_the_template_fills_in(file: Path) -> None:
    assert placeholders(file.read_text()) == set(substitutions_of(file))


@pytest.mark.parametrize("file", MACHINES, ids=lambda file: file.stem)
def test_every_function_a_machine_calls_is_there_and_may_be_called(file: Path) -> None:
    uri = f"statemachines/{file.name}"
    (properties,) = [it for it in STATE_MACHINES.values() if it["DefinitionUri"] == uri]
    called = {name.removesuffix("Arn") for name in placeholders(file.read_text()) if name.endswith("Arn")}
    allowed = {
        policy["LambdaInvokePolicy"]["FunctionName"]["Ref"]
        for policy in properties["Policies"]
        if "LambdaInvokePolicy" in policy
    }

    assert called <= set(FUNCTIONS)
    assert called | FOR_OLDER_EXECUTIONS.get(file.name, set()) == allowed
    for name in called:
        assert substitutions_of(file)[f"{name}Arn"] == {"Fn::GetAtt": [name, "Arn"]}


def test_every_state_machine_file_is_deployed() -> None:
    assert {it["DefinitionUri"] for it in STATE_MACHINES.values()} == {
        f"statemachines/{it.name}" for it in MACHINES
    }


def test_the_sam_transform_is_clean() -> None:
    assert transformed()["Resources"]


def test_every_route_of_the_api_is_throttled_and_one_click_has_the_most_room() -> None:
    found = transformed()["Resources"]
    (stage,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::ApiGatewayV2::Stage"]
    (api,) = [it["Properties"] for it in found.values() if it["Type"] == "AWS::ApiGatewayV2::Api"]
    routes = {f"{verb.upper()} {path}" for path, verbs in api["Body"]["paths"].items() for verb in verbs}
    own = {
        key: (it["ThrottlingRateLimit"], it["ThrottlingBurstLimit"])
        for key, it in stage["RouteSettings"].items()
    }

    assert stage["DefaultRouteSettings"] == {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 50}
    assert own == {key: (200, 500) for key in routes if " /u/" in key}
    assert "POST /u/{token+}" in own


def test_what_holds_data_outlives_the_stack() -> None:
    for name, resource in template()["Resources"].items():
        if resource["Type"] in {"AWS::DynamoDB::Table", "AWS::S3::Bucket"}:
            assert resource["DeletionPolicy"] == "Retain", name
            assert resource["UpdateReplacePolicy"] == "Retain", name


def test_every_queue_is_encrypted_and_every_asynchronous_edge_has_a_dead_letter_queue() -> None:
    queues = resources("AWS::SQS::Queue")
    for name, queue in queues.items():
        assert queue["SqsManagedSseEnabled"] is True, name
        assert name.endswith("DeadLetterQueue") or "RedrivePolicy" in queue, name
    for rule in resources("AWS::Events::Rule").values():
        assert all("DeadLetterConfig" in target for target in rule["Targets"])
    for properties in (FUNCTIONS | STATE_MACHINES).values():
        for event in properties.get("Events", {}).values():
            if event["Type"] in {"ScheduleV2", "EventBridgeRule"}:
                assert "DeadLetterConfig" in event["Properties"]


def test_every_log_group_forgets() -> None:
    for name, group in resources("AWS::Logs::LogGroup").items():
        assert "RetentionInDays" in group, name


def test_a_policy_names_its_resources_or_says_why_it_cannot() -> None:
    text = (ROOT / "template.yaml").read_text()
    for statement in re.findall(r"- Sid: [^\n]*\n(?:(?!- Sid:)[\s\S])*?Resource: \"\*\"", text):
        assert "#" in statement.splitlines()[0], statement


def test_the_template_uses_no_yaml_aliases_which_cloudformation_refuses() -> None:
    text = (ROOT / "template.yaml").read_text()

    assert not re.search(r":\s+[&*][A-Za-z]", text)


def states(definition: dict[str, Any]) -> dict[str, Any]:
    found = dict(definition["States"])
    for state in definition["States"].values():
        if "ItemProcessor" in state:
            found |= states(state["ItemProcessor"])
    return found


def targets(state: dict[str, Any]) -> set[str]:
    following = {state[key] for key in ("Next", "Default") if key in state}
    following |= {choice["Next"] for choice in state.get("Choices", ())}
    return following | {catch["Next"] for catch in state.get("Catch", ())}


def graphs(definition: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [state["ItemProcessor"] for state in definition["States"].values() if "ItemProcessor" in state]
    return [definition, *(graph for each in inner for graph in graphs(each))]


@pytest.mark.parametrize("file", MACHINES, ids=lambda file: file.stem)
def test_every_state_is_reached_and_every_target_exists(file: Path) -> None:
    for graph in graphs(machine(file)):
        reached, new = set(), {graph["StartAt"]}
        while new:
            reached |= new
            new = {target for name in new for target in targets(graph["States"][name])} - reached

        assert reached == set(graph["States"])


@pytest.mark.parametrize("file", MACHINES, ids=lambda file: file.stem)
def test_every_task_times_out_retries_with_jitter_and_catches_everything(file: Path) -> None:
    for name, state in states(machine(file)).items():
        if state["Type"] != "Task":
            continue
        assert "TimeoutSeconds" in state or "TimeoutSecondsPath" in state, name
        assert all(
            retry["JitterStrategy"] == "FULL" and retry["BackoffRate"] > 1 for retry in state["Retry"]
        ), name
        assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name


@pytest.mark.parametrize("file", MACHINES, ids=lambda file: file.stem)
def test_no_failed_run_ends_succeeded(file: Path) -> None:
    definition = machine(file)
    for name, state in definition["States"].items():
        for catch in state.get("Catch", ()):
            if catch["ErrorEquals"] == ["States.ALL"]:
                assert definition["States"][catch["Next"]]["Type"] == "Fail", name
    for state in states(definition).values():
        if state["Type"] == "Fail":
            assert state["Error"].startswith("Outreach.")


def _environment(name: str) -> set[str]:
    return set(FUNCTIONS[name].get("Environment", {}).get("Variables", {}))


def test_only_functions_that_sign_or_check_links_have_their_key() -> None:
    everywhere = template()["Globals"]["Function"]["Environment"]["Variables"]
    signing = {
        "AdvanceEnrollmentFunction",
        "SweepPageFunction",
        "UnsubscribeFunction",
        "AnswerSurveyFunction",
    }

    assert "LINK_SECRET" not in everywhere
    assert {name for name in FUNCTIONS if "LINK_SECRET" in _environment(name)} == signing


@pytest.mark.parametrize(
    ("parameter", "value", "fits"),
    [
        ("LinkSecret", "", True),
        ("LinkSecret", "x" * 32, True),
        ("LinkSecret", "x" * 31, False),
        ("LinkSecret", "a", False),
        ("PublicUrl", "", True),
        ("PublicUrl", "https://mail.example.com", True),
        ("PublicUrl", "http://mail.example.com", False),
        ("PublicUrl", "https://", False),
    ],
)
def test_a_weak_key_or_a_plain_address_is_refused_when_it_is_deployed(
    parameter: str, value: str, *, fits: bool
) -> None:
    pattern = template()["Parameters"][parameter]["AllowedPattern"]

    assert (re.fullmatch(pattern, value) is not None) is fits
