"""`outreach templates diff`: content, steps, and active enrollments."""

import json
from typing import Any

from publishing.desk import Desk


def diff(desk: Desk, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(desk.does("diff", "onboarding", *arguments, "--json"))
    return told


def test_nothing_new_is_said_to_be_so(desk: Desk) -> None:
    desk.publishes()

    assert desk.does("diff", "onboarding") == "no difference\n"


def test_changed_words_are_shown_line_by_line(desk: Desk) -> None:
    desk.publishes()
    desk.edit("onboarding/welcome.mjml", "Good to have you here", "Come in")
    told = diff(desk)

    assert "-  <o-heading>Good to have you here</o-heading>" in told["words"]
    assert "+  <o-heading>Come in</o-heading>" in told["words"]
    assert told["steps"] == []
    assert "every active enrollment gets the new content" in desk.does("diff", "onboarding")


def test_changed_steps_are_listed_with_how_many_stand_there(desk: Desk) -> None:
    desk.publishes()
    desk.cloud.advance(minutes=1)
    for number in range(3):
        desk.signs_up(f"c-{number}")
    desk.cloud.advance(days=2)
    desk.signs_up("c-late")
    desk.edit("onboarding/campaign.yaml", "up_to: 3d", "up_to: 5d")
    desk.edit("onboarding/campaign.yaml", "  - wait: 1d\n", "  - wait: 12h\n")
    told = diff(desk)

    assert {(each["sign"], each["label"]) for each in told["steps"]} == {
        ("-", "wait-1d"),
        ("~", "wait-for-customer-activated"),
        ("+", "wait-12h"),
    }
    assert told["running"] == {
        "on_these_steps": 4,
        "all": 4,
        "at": {"wait-1d": 1, "wait-for-customer-activated": 3},
    }
    shown = desk.does("diff", "onboarding")
    assert "- wait-1d: wait 1 day  (1 stand here)" in shown
    assert f"--from {told['from'][:12]} --to {told['to'][:12]} --dry-run" in shown


def test_moving_no_enrollment_asks_for_no_confirmation(desk: Desk) -> None:
    desk.publishes()
    desk.edit("onboarding/campaign.yaml", "  - wait: 1d\n", "  - wait: 12h\n")
    shown = desk.does("diff", "onboarding")

    assert "Active enrollments with the old steps: 0 of 0." in shown
    assert "migrate" not in shown


def test_counting_can_be_left_out(desk: Desk) -> None:
    desk.publishes()
    desk.edit("onboarding/campaign.yaml", "priority: 50", "priority: 60")
    told = diff(desk, "--no-count")

    assert told["running"] is None
    assert told["steps"][-1]["words"].endswith("priority 60")


def test_any_two_versions_can_be_compared(desk: Desk) -> None:
    desk.does("keep")
    desk.edit("onboarding/welcome.mjml", "Good to have you here", "Come in")
    first = desk.publishes()
    desk.edit("onboarding/welcome.mjml", "Come in", "Hello")
    second = desk.publishes()

    assert "+  <o-heading>Hello</o-heading>" in diff(desk, "--from", first[:8], "--to", second[:8])["words"]
    assert "+  <o-heading>Come in</o-heading>" in diff(desk, "--from", "deployed", "--to", first)["words"]


def test_a_message_that_is_new_or_taken_away_is_shown(desk: Desk) -> None:
    desk.publishes()
    (desk.folder / "onboarding/welcome.fr.mjml").write_text("new\n")
    (desk.folder / "onboarding/need-a-hand.mjml").unlink()
    words = diff(desk)["words"]

    assert "--- (not there)" in words
    assert "+++ onboarding/welcome.fr.mjml" in words
    assert "+++ (taken away)" in words


def test_without_anything_published_or_kept_there_is_nothing_to_compare(desk: Desk) -> None:
    done = desk.run("templates", "diff", "onboarding", "--templates", str(desk.folder))

    assert done.exit_code == 1
    assert "never published" in done.stderr
