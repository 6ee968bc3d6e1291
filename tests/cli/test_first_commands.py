"""What a newcomer types first: the shipped example, and lists of a stack that holds nothing yet."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from local_cloud import LocalCloud

type Outreach = Callable[..., Result]
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def new_stack() -> Iterator[LocalCloud]:
    with LocalCloud(project=PROJECT) as running:
        yield running


def test_the_shipped_example_brings_a_message_from_the_local_sender(
    outreach: Outreach, new_stack: LocalCloud
) -> None:
    emitted = outreach("emit", "customer.signed_up", "examples/signed-up.json", stack=new_stack)
    new_stack.settle()

    assert (emitted.exit_code, emitted.stderr) == (0, "")
    (mail,) = new_stack.outbox
    assert mail.to == "success+example-1@simulator.amazonses.com"
    assert b"From: Juniper & Oak <shop@example.test>" in mail.raw.replace(b'"', b"")


def test_a_list_of_suppressions_says_none_and_one_with_entries_names_its_columns(
    outreach: Outreach, new_stack: LocalCloud
) -> None:
    nothing = outreach("suppressions", "list", stack=new_stack).stdout
    outreach("suppressions", "add", "ana@shop.example", stack=new_stack)
    head, entry = outreach("suppressions", "list", stack=new_stack).stdout.splitlines()

    assert nothing == "none\n"
    assert head.split() == ["address", "(hash)", "reason", "since", "source"]
    assert entry.split()[1::2] == ["manual", "operator"]


def test_the_executable_at_the_root_runs_from_any_folder(tmp_path: Path) -> None:
    ran = subprocess.run(
        [PROJECT / "outreach", "campaigns", "list", "--json"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PATH"} | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert '"onboarding"' in ran.stdout
