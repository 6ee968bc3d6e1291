"""What every command keeps: quick to start, quiet in pipes, plain without colour, clear codes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

PROJECT = Path(__file__).parents[2]
HEAVY = ("boto3", "botocore", "pydantic", "jinja2", "mrml", "moto", "samtranslator", "rich.console")


def in_a_shell(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(PROJECT / folder) for folder in ("functions", "tools"))
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_starting_the_command_loads_nothing_heavy() -> None:
    code = f"import sys, outreach_tools.cli.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert in_a_shell(code).stdout == "[]\n"


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1", "FORCE_COLOR": ""}])
def test_piped_output_holds_no_escape_sequences_and_no_cut_lines(environment: dict[str, str]) -> None:
    code = "from outreach_tools.cli.app import app; app(['campaigns', 'show', 'delay-notification'])"
    shown = in_a_shell(code, COLUMNS="40", **environment)
    assert shown.returncode == 0
    assert "\x1b" not in shown.stdout
    assert "order.shipped, order.delivered, order.cancelled, customer.deleted" in shown.stdout


def test_a_command_that_does_not_exist_is_a_usage_error(outreach: Callable[..., Result]) -> None:
    asked = outreach("campaign")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert "campaigns" in asked.stderr


def test_every_command_explains_itself(outreach: Callable[..., Result]) -> None:
    for command in (
        "demo",
        "emit",
        "redrive",
        "schema",
        "campaigns list",
        "campaigns show",
        "campaigns check",
    ):
        asked = outreach(*command.split(), "--help")
        assert asked.exit_code == 0
        assert "--json" in asked.stdout
