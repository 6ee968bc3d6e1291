"""From a template to a running stack, and what is said about a template that cannot become one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_cloud import LocalCloud, TemplateError
from local_cloud.deploy.intrinsics import Resolver
from local_cloud.deploy.stack import Created, Stack

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def deploy(tmp_path: Path, resources: str, **parameters: str) -> None:
    (tmp_path / "code").mkdir(exist_ok=True)
    (tmp_path / "template.yaml").write_text(HEAD + resources)
    with LocalCloud(project=tmp_path, parameters=parameters):
        pass


def function(properties: str) -> str:
    return f"Resources: {{A: {{Type: 'AWS::Serverless::Function', Properties: {{{properties}}}}}}}"


def topic(name: str) -> str:
    return f"{{Type: 'AWS::SNS::Topic', Properties: {{TopicName: {name}}}}}"


QUEUE = "{Type: 'AWS::SQS::Queue', Properties: {QueueName: a.fifo, FifoQueue: true}}"
MACHINE = "{Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: no.json, Role: arn}}"
PARAMETER = "Parameters: {P: {Type: String, Default: x, AllowedValues: [a, b]}}\n"


@pytest.mark.parametrize(
    ("resources", "says"),
    [
        (
            "Resources: {A: {Type: 'AWS::EC2::Instance'}}",
            "A: the local cloud cannot make a AWS::EC2::Instance",
        ),
        ("Parameters: {P: {Type: String}}\nResources: {A: " + topic("a") + "}", "parameter P has no default"),
        (PARAMETER + "Resources: {A: " + topic("a") + "}", "parameter P is 'x': use one of"),
        (
            function("CodeUri: nowhere/, Handler: a.b, Runtime: python3.13"),
            "A.CodeUri: 'nowhere/' is not a directory",
        ),
        (function("CodeUri: code/, Handler: a.b, Runtime: nodejs22.x"), "runs python3.x only"),
        (function("CodeUri: code/"), "SAM refuses it"),
        ("Resources: {A: " + QUEUE + "}", "standard queues only"),
        ("Nothing: here", "has no Resources"),
        ("Resources: [", "cannot be read"),
        (
            "Resources: {A: " + topic("!Ref B") + ", B: " + topic("!Ref A") + "}",
            "circular references: A needs B needs A",
        ),
        ("Resources: {A: " + MACHINE + "}", "A.DefinitionUri: no.json"),
    ],
)
def test_the_message_says_where_and_what(tmp_path: Path, resources: str, says: str) -> None:
    with pytest.raises((TemplateError, NotImplementedError)) as caught:
        deploy(tmp_path, resources)
    assert says in str(caught.value)


def test_an_unknown_parameter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="parameters \\['Stagee'\\]"):
        deploy(tmp_path, "Resources: {A: {Type: 'AWS::SNS::Topic'}}", Stagee="dev")


def test_a_queue_that_shows_messages_again_too_early_is_refused(tmp_path: Path, sample: Path) -> None:
    shutil.copytree(sample, tmp_path / "app")
    path = tmp_path / "app" / "template.yaml"
    path.write_text(path.read_text().replace("VisibilityTimeout: 60", "VisibilityTimeout: 10"))
    with (
        pytest.raises(TemplateError, match="10 seconds is less than Function timeout: 20 seconds"),
        LocalCloud(project=path.parent),
    ):
        pass


def test_a_failed_deployment_leaves_the_process_usable(tmp_path: Path, sample: Path) -> None:
    with pytest.raises(TemplateError):
        deploy(tmp_path, "Resources: {A: {Type: 'AWS::EC2::Instance'}}")
    with LocalCloud(project=sample) as cloud:
        assert cloud.resource("Bus") == "sample-dev"


def test_parameters_reach_the_resources(sample: Path) -> None:
    with LocalCloud(project=sample, parameters={"Stage": "prod"}) as cloud:
        assert cloud.resource("Bus") == "sample-prod"
        assert cloud.resource("Alarm").startswith("outreach-Alarm-")


def test_a_resource_whose_condition_does_not_hold_is_not_there(cloud: LocalCloud) -> None:
    with pytest.raises(LookupError, match="no resource Alarm"):
        cloud.resource("Alarm")


def test_the_project_is_found_from_below(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample / "code" / "shop")
    with LocalCloud() as cloud:
        assert cloud.attribute("Table", "Arn").endswith(cloud.outputs["TableName"])


def test_a_directory_without_a_project_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no template\.yaml"), LocalCloud():
        pass


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "${AWS::StackName}/${Name}/${!Kept}/${A.Arn}"}, "s/shop/${Kept}/arn:a"),
        ({"Fn::Sub": ["${x}-${Name}", {"x": {"Ref": "A"}}]}, "a-id-shop"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}, "a-shop"),
        ({"Fn::Select": [1, {"Fn::Split": ["@", "a@b"]}]}, "b"),
        ({"Fn::If": ["Big", "yes", {"Ref": "AWS::NoValue"}]}, "yes"),
        (
            {"a": {"Fn::If": ["Small", "x", {"Ref": "AWS::NoValue"}]}, "b": [{"Ref": "AWS::NoValue"}, 1]},
            {"b": [1]},
        ),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "width"]}, 7),
        ({"Fn::Base64": "a"}, "YQ=="),
        ({"Fn::GetAtt": "A.Arn"}, "arn:a"),
        ({"StringEquals": {"Ref": "List"}}, {"StringEquals": ["a", "b"]}),
    ],
)
def test_intrinsic_functions_give_what_cloudformation_gives(value: Any, expected: Any) -> None:
    template = {
        "Parameters": {
            "Name": {"Type": "String", "Default": "shop"},
            "List": {"Type": "CommaDelimitedList", "Default": "a, b"},
        },
        "Mappings": {"Sizes": {"shop": {"width": 7}}},
        "Conditions": {
            "Big": {"Fn::Equals": [{"Ref": "Name"}, "shop"]},
            "Small": {"Fn::Not": [{"Condition": "Big"}]},
        },
    }
    resolver = Resolver(template, {}, "s")
    resolver.created("A", "a-id", {"Arn": "arn:a"})
    assert resolver.resolve(value) == expected


def test_resources_are_made_after_those_they_name() -> None:
    made: list[str] = []

    def make(logical_id: str, _: dict[str, Any]) -> Created:
        made.append(logical_id)
        return Created(logical_id, {"Arn": logical_id})

    text = "{C: {Type: T, Properties: {x: {Fn::Sub: '${B.Arn}'}}}, B: {Type: T, DependsOn: A}, A: {Type: T}}"
    Stack({"Resources": yaml.safe_load(text)}, {}, {"T": make}, "s").deploy()
    assert made == ["A", "B", "C"]
