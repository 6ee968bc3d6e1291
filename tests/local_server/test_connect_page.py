"""docs/connect.md is true: its producers work, its permissions allow what they say, its tables are whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import hcl2
import pytest
import tree_sitter_php
from playwright._impl._driver import compute_driver_executable
from tree_sitter import Language, Parser

from docs.page import Page
from local_cloud import LocalCloud
from local_cloud.access.policies import decide
from local_server.shop import Shop
from outreach_tools.cli.app import app
from outreach_tools.local_server.site import ROUTES
from stack_files import ROOT, template

PAGE = Page("connect.md")
HERE = Path(__file__).parent
BUS_ARN = "arn:aws:events:REGION:ACCOUNT:event-bus/STACK-events"


def example(language: str) -> str:
    [found] = PAGE.examples(language)
    return found.text


def run(shop: Shop, folder: Path, *command: str, **environment: str) -> None:
    subprocess.run(command, cwd=folder, env=shop.environment | environment, check=True)


def test_the_producers_in_python_node_and_the_aws_cli_work(shop_of_today: Shop, tmp_path: Path) -> None:
    """One test, because it has a server of its own: the programs take the time of the machine."""
    run_python(shop_of_today, tmp_path)
    run_cli(shop_of_today, tmp_path)
    run_node(shop_of_today, tmp_path)

    assert shop_of_today.get("/_local/refused") == []
    assert [(each["to"], each["message"]) for each in shop_of_today.get("/_local/outbox")] == [
        ("ana@example.com", "welcome"),
        ("ben@example.com", "welcome"),
        ("nia@example.com", "welcome"),
    ]


def run_python(shop: Shop, folder: Path) -> None:
    (folder / "producer.py").write_text(example("python"))
    run(shop, folder, sys.executable, "producer.py")


def run_cli(shop: Shop, folder: Path) -> None:
    """Where no AWS CLI is installed, a stand-in reads the same arguments and the same file."""
    path = os.environ["PATH"]
    if shutil.which("aws") is None:
        stand_in = folder / "aws"
        stand_in.write_text(f"#!{sys.executable}\n" + (HERE / "aws_stand_in.py").read_text())
        stand_in.chmod(0o755)
        path = f"{folder}{os.pathsep}{path}"
    run(shop, folder, "sh", "-eu", "-c", example("sh"), PATH=path)


def run_node(shop: Shop, folder: Path) -> None:
    """The stand-in has the names of AWS's SDK that the page uses, and its protocol; Node is the real one.

    Without an installed one, Playwright's is used.
    """
    package = folder / "node_modules/@aws-sdk/client-eventbridge"
    package.mkdir(parents=True)
    shutil.copy(HERE / "client-eventbridge.mjs", package / "index.mjs")
    (package / "package.json").write_text('{"main": "index.mjs", "exports": "./index.mjs"}')
    (folder / "producer.mjs").write_text(example("js"))
    node = shutil.which("node") or str(compute_driver_executable()[0])
    run(shop, folder, node, "producer.mjs")


def test_the_php_producer_parses_and_a_slip_in_it_would_not() -> None:
    parser = Parser(Language(tree_sitter_php.language_php()))
    code = example("php")

    assert not parser.parse(code.encode()).root_node.has_error
    assert parser.parse(code.replace("]]]);", "]]);").encode()).root_node.has_error
    for word in ("'EventBusName'", "'Source'", "'DetailType'", "'Detail'", "'event_id'", "'occurred_at'"):
        assert word in code


def sources(*given: str) -> dict[str, tuple[str, ...]]:
    return {"events:source": given} if given else {}


def permits(statement: dict[str, Any], *given: str, beside: dict[str, Any] | None = None) -> bool:
    statements = [statement] if beside is None else [statement, beside]
    return decide(statements, "events:PutEvents", (BUS_ARN,), sources(*given))


def terraform_statement() -> dict[str, Any]:
    """The statement that the Terraform example makes, in IAM's own form."""
    documents = hcl2.loads(example("hcl"))["data"]
    blocks = {
        name.strip('"'): body for each in documents for kind in each.values() for name, body in kind.items()
    }
    [statement] = blocks["put_events"]["statement"]
    condition: dict[str, Any] = {}
    for each in statement["condition"]:
        test, key = each["test"].strip('"'), each["variable"].strip('"')
        condition[test] = {key: [value.strip('"') for value in each["values"]]}
    actions = [action.strip('"') for action in statement["actions"]]
    return {"Effect": "Allow", "Action": actions, "Resource": [BUS_ARN], "Condition": condition}


def bus_statement() -> dict[str, Any]:
    """The statement on the bus of a stack that admits another account."""
    with LocalCloud(project=ROOT, parameters={"ProducerAccounts": "111122223333,444455556666"}) as cloud:
        policy = cloud.client("events").describe_event_bus(Name=cloud.outputs["BusName"])["Policy"]
    [statement] = json.loads(policy)["Statement"]
    assert statement["Principal"] == {"AWS": ["111122223333", "444455556666"]}
    assert statement["Resource"].endswith(":event-bus/outreach-events")
    return {**statement, "Resource": BUS_ARN}


def page_statement(name: str) -> dict[str, Any]:
    after = PAGE.text.partition(f"```json {name}\n")[2]
    found: dict[str, Any] = json.loads(after.partition("```")[0])
    return found


@pytest.mark.parametrize(
    "statement",
    [lambda: page_statement("producer policy"), terraform_statement, bus_statement],
    ids=["page", "terraform", "bus"],
)
def test_a_producer_may_use_its_own_source_and_no_other(statement: Any) -> None:
    allow = statement()

    assert permits(allow, "shop")
    assert permits(allow, "shop", "shop")
    assert not permits(allow, "outreach")
    assert not permits(allow, "shop", "outreach"), "one sound entry must not carry another along"
    assert not permits(allow), "a request without a source"


def test_the_deny_statement_keeps_the_reserved_source_from_a_wide_permission() -> None:
    wide, deny = {"Effect": "Allow", "Action": "events:*", "Resource": "*"}, page_statement("producer deny")

    assert permits(wide, "shop", beside=deny)
    assert not permits(wide, "outreach", beside=deny)
    assert not permits(wide, "shop", "outreach", beside=deny)


def test_no_other_account_is_admitted_unless_the_stack_names_it() -> None:
    with LocalCloud(project=ROOT) as cloud:
        assert "Policy" not in cloud.client("events").describe_event_bus(Name=cloud.outputs["BusName"])


def test_the_table_of_parameters_says_what_the_template_says() -> None:
    declared = template()["Parameters"]
    rows = {row[0]: row[2] for row in PAGE.table("From another account")}

    assert rows == {"ProducerAccounts": "empty: none", "ProducerSources": "shop"}
    assert (declared["ProducerAccounts"]["Default"], declared["ProducerSources"]["Default"]) == ("", "shop")


def test_the_tables_of_outreach_local_hold_every_route_and_every_option() -> None:
    tables = [
        line.strip("|").split("|")[0].strip().strip("`")
        for line in PAGE.section("outreach local").splitlines()
        if line.startswith("| `")
    ]
    [command] = [
        each for each in app.registered_commands if getattr(each.callback, "__name__", "") == "local"
    ]
    assert command.callback is not None
    options = {
        {"names": "--name"}.get(name, f"--{name}")
        for name in command.callback.__annotations__
        if name != "return"
    }

    assert set(ROUTES) <= set(tables)
    assert {each for each in tables if each.startswith("--")} == options
