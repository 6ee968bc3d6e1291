"""The command as an operator runs it, and a stack for it to work on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from local_cloud import LocalCloud
from outreach_tools.cli.app import app

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def outreach(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `outreach` with these arguments; `stack` is what it works on, `stdin` what it reads."""
    monkeypatch.chdir(PROJECT)

    def run(*arguments: str, stack: object = None, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), obj=stack, input=stdin, catch_exceptions=False)

    return run


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=PROJECT) as running:
        yield running
