"""A From that SES would refuse is told before anything is deployed."""

import subprocess
import sys
from pathlib import Path

import pytest

from outreach_tools.sender_check import sender_problems

LONG = "Лавка" * 30


@pytest.mark.parametrize(
    "overrides",
    [
        f"'FromName=\"{LONG}\" FromAddress=hello@shop.example'",
        f"['FromName={LONG}', 'FromAddress=hello@shop.example']",
        f"{{ FromName = '{LONG}', FromAddress = 'hello@shop.example' }}",
    ],
)
def test_a_name_too_long_for_a_from_is_found_however_samconfig_gives_it(overrides: str) -> None:
    [problem] = sender_problems(f"[default.deploy.parameters]\nparameter_overrides = {overrides}\n")

    assert problem.startswith("FromName: the sender must be shorter")


@pytest.mark.parametrize(
    "config",
    [
        "version = 0.1",
        "[default.deploy.parameters]\nparameter_overrides = 'FromName=\"A & B\" FromAddress=a@b.example'",
    ],
)
def test_what_ses_takes_is_no_problem(config: str) -> None:
    assert [*sender_problems(config)] == []


def test_reply_to_is_looked_at_too() -> None:
    config = "[default.deploy.parameters]\nparameter_overrides = ['ReplyTo=Ana at shop']"

    assert [*sender_problems(config)] == [
        "ReplyTo: the sender must be an address, or a name and <an address>"
    ]


def test_a_deployment_is_ended_by_it(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("")
    overrides = f"parameter_overrides = ['FromName={LONG}']"
    (tmp_path / "samconfig.toml").write_text(f"[default.deploy.parameters]\n{overrides}\n", "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "outreach_tools.sender_check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("samconfig.toml: FromName: the sender must be shorter")
