"""`outreach demo`, as a visitor runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach_tools.cli.app import app
from outreach_tools.demo.plan import HOW_LONG
from some import some

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def ran(out: Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        return _outreach("demo", "--customers", "2", "--seed", "5", "--out", str(out))


def _outreach(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_it_says_what_happened_and_where_to_look(ran: Result, out: Path) -> None:
    assert (ran.exit_code, ran.stderr) == (0, "")
    for campaign in ("onboarding", "tutorial", "delay-notification", "win-back"):
        assert campaign in ran.stdout
    assert "696 virtual days" in ran.stdout
    assert HOW_LONG in ran.stdout
    assert str(out / "index.html") in ran.stdout


def test_the_outbox_folder_agrees_with_the_figures(ran: Result, out: Path) -> None:
    assert ran.exit_code == 0
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    sent = [
        (name, message, count)
        for name, campaign in summary["campaigns"].items()
        for message, count in campaign["sent"].items()
    ]
    for name, message, count in some(sent):
        assert len(list((out / "outbox").glob(f"*-{name}-{message}-c-*.eml"))) == count
    total = sum(count for campaign in summary["campaigns"].values() for count in campaign["sent"].values())
    assert total == len(list((out / "outbox").iterdir())) > 5
    assert summary["trace"] in ran.stdout


def test_every_raw_email_says_whose_it_is(ran: Result, out: Path) -> None:
    assert ran.exit_code == 0
    for file in some((out / "outbox").iterdir()):
        head = file.read_bytes().partition(b"\r\n\r\n")[0]
        for name in (b"X-Outreach-Campaign: ", b"X-Outreach-Message: ", b"X-Outreach-Customer: c-"):
            assert name in head


def test_outside_of_a_project_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = _outreach("demo")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("no template.yaml here or above")


@pytest.mark.parametrize("arguments", [("--customers", "0"), ("--customers", "9999"), ("--seed", "x")])
def test_a_number_out_of_range_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert _outreach("demo", *arguments).exit_code == 2
