"""`outreach campaigns`: list, show and check."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

type Outreach = Callable[..., Result]
TEMPLATES = Path(__file__).parents[2] / "templates"
CAMPAIGNS = ["delay-notification", "onboarding", "tutorial", "win-back"]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A copy of the shipped templates to break."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def replace(file: Path, old: str, new: str) -> int:
    """Change the first line that holds `old`, and say which line it was."""
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if old in line)
    lines[number] = lines[number].replace(old, new)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number + 1


def test_the_list_names_every_campaign_with_its_trigger(outreach: Outreach) -> None:
    listed = outreach("campaigns", "list")
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == CAMPAIGNS
    assert "customer.signed_up" in listed.stdout


def test_the_list_as_json_counts_each_message_once(outreach: Outreach) -> None:
    listed = json.loads(outreach("campaigns", "list", "--json").stdout)
    assert [each["name"] for each in listed] == CAMPAIGNS
    assert listed[1]["messages"] == [
        "welcome",
        "first-steps",
        "make-the-most",
        "how-is-it-going",
        "need-a-hand",
    ]


def test_a_campaign_is_shown_in_plain_words(outreach: Outreach) -> None:
    shown = outreach("campaigns", "show", "onboarding").stdout
    for words in (
        "enrolls on customer.signed_up, once per customer.id",
        "mail goes out from 08:00 to 20:00, every day, in the customer's own time zone",
        "goal: order.placed within 30 days of a message",
        "welcome  send welcome",
        "not if customer.attributes.profile_complete",
        "wait for customer.activated, 3 days at most",
        "if it does not: go on at nudge",
        "skipped if it could not go out within 2 days",
    ):
        assert words in shown


def test_a_campaign_is_shown_as_json_with_durations_as_the_file_writes_them(outreach: Outreach) -> None:
    shown = json.loads(outreach("campaigns", "show", "win-back", "--json").stdout)
    assert shown["driver"] == "sweep"
    assert [step.get("duration") for step in shown["steps"] if step["step"] == "wait"] == [
        "90d",
        "14d",
        "30d",
    ]
    assert shown["goal"] == {"event": "order.placed", "within": "14d"}


def test_an_unknown_campaign_is_answered_with_the_known_ones(outreach: Outreach) -> None:
    shown = outreach("campaigns", "show", "onbording")
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr == f"no campaign 'onbording'; there are: {', '.join(CAMPAIGNS)}\n"


def test_the_shipped_campaigns_have_no_problems(outreach: Outreach) -> None:
    checked = outreach("campaigns", "check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout == "4 campaigns, 23 messages: no problems\n"


def test_every_problem_is_reported_with_its_file_and_line(outreach: Outreach, templates: Path) -> None:
    typo = replace(templates / "onboarding" / "campaign.yaml", "reentry: never", "reentri: never")
    gone = replace(templates / "win-back" / "campaign.yaml", "send: an-offer", "send: an-ofer")
    broken = replace(
        templates / "tutorial" / "oven-2-pizza.mjml", "with a proper crust", "for {{ customer.nme }}"
    )
    checked = outreach("campaigns", "check", str(templates))
    assert (checked.exit_code, checked.stdout) == (1, "")
    told = checked.stderr.splitlines()
    assert any(line.startswith(f"onboarding/campaign.yaml:{typo}:") and "reentry" in line for line in told)
    assert any(line.startswith(f"win-back/campaign.yaml:{gone}:") and "an-offer" in line for line in told)
    assert any(line.startswith(f"tutorial/oven-2-pizza.mjml:{broken}") and "nme" in line for line in told)


def test_problems_as_json_are_on_stdout_and_still_fail(outreach: Outreach, templates: Path) -> None:
    line = replace(templates / "onboarding" / "campaign.yaml", "priority: 50", "priority: 500")
    checked = outreach("campaigns", "check", str(templates / "onboarding"), "--json")
    assert (checked.exit_code, checked.stderr) == (1, "")
    assert [problem["where"] for problem in json.loads(checked.stdout)] == [
        f"onboarding/campaign.yaml:{line}:1"
    ]


def test_one_campaign_file_can_be_checked_alone(outreach: Outreach, templates: Path) -> None:
    replace(templates / "win-back" / "campaign.yaml", "send: an-offer", "send: nothing-like-it")
    assert outreach("campaigns", "check", str(templates / "onboarding" / "campaign.yaml")).exit_code == 0
    assert outreach("campaigns", "check", str(templates / "win-back" / "campaign.yaml")).exit_code == 1


@pytest.mark.parametrize("arguments", [("check", "nowhere"), ("list", "--templates", "nowhere")])
def test_a_folder_that_is_not_there_is_a_failure_and_no_traceback(
    outreach: Outreach, arguments: tuple[str, ...]
) -> None:
    listed = outreach("campaigns", *arguments)
    assert listed.exit_code == 1
    assert listed.stderr.startswith("nowhere: not ")
