"""A command says its release, and what it does about a stack of another one."""

import json
import tomllib
from collections.abc import Callable, Iterator

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from outreach.adapters.dynamodb.operations.table_format import FORMAT
from outreach_tools.cli.app import app
from outreach_tools.release import this_release
from stack_files import ROOT, template

type StackOf = Callable[..., None]


@pytest.fixture
def stack_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[StackOf]:
    """Deploys a stack with these outputs under the name `kestrel`."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():

        def deploy(**outputs: str) -> None:
            queue = {"Type": "AWS::SQS::Queue"}
            body = {
                "Resources": {"Queue": queue},
                "Outputs": {name: {"Value": value} for name, value in outputs.items()},
            }
            boto3.client("cloudformation").create_stack(StackName="kestrel", TemplateBody=json.dumps(body))
            boto3.client("dynamodb").create_table(
                TableName="kestrel",
                KeySchema=[
                    {"AttributeName": "PK", "KeyType": "HASH"},
                    {"AttributeName": "SK", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
                BillingMode="PAY_PER_REQUEST",
            )

        yield deploy


def sweeps() -> Result:
    return CliRunner().invoke(app, ["sweeps", "--stack", "kestrel"], catch_exceptions=False)


def test_the_command_prints_the_version_of_pyproject() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"{this_release()}\n")


def test_project_template_and_code_agree_on_release_and_format() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    mapped = template()["Mappings"]["Release"]["This"]

    assert mapped == {"Version": project["version"], "TableFormat": str(FORMAT)}
    assert this_release() == project["version"]
    outputs = template()["Outputs"]
    for name in ("Version", "TableFormat"):
        assert outputs[name]["Value"] == {"Fn::FindInMap": ["Release", "This", name]}


def test_a_stack_of_the_same_release_is_worked_on_without_a_word(stack_of: StackOf) -> None:
    stack_of(TableName="kestrel", Version=this_release(), TableFormat=str(FORMAT))

    result = sweeps()

    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("outputs", "theirs"),
    [
        ({"Version": "0.1.7", "TableFormat": "1"}, "0.1.7"),
        ({}, "0.1.0"),
        ({"Version": "9.0", "TableFormat": str(FORMAT)}, "9.0"),
    ],
)
def test_a_stack_of_another_release_is_worked_on_with_a_warning(
    stack_of: StackOf, outputs: dict[str, str], theirs: str
) -> None:
    stack_of(TableName="kestrel", **outputs)

    result = sweeps()

    assert result.exit_code == 0
    assert f"stack kestrel runs Outreach {theirs}, and this command is of {this_release()}" in result.stderr


def test_a_stack_whose_rows_the_command_would_misread_is_refused(stack_of: StackOf) -> None:
    stack_of(TableName="kestrel", Version="9.0.0", TableFormat=str(FORMAT + 1))

    result = sweeps()

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"whose rows have format {FORMAT + 1}" in result.stderr
    assert "use the command of 9.0.0" in result.stderr
