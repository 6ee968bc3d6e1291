"""`outreach sends retry`: messages that failed are retried, and sent once."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import Result

from local_cloud import LocalCloud, SesAccount
from outreach_tools.cli.app import app

type Outreach = Callable[..., Result]
RETRY = ("sends", "retry", "--campaign", "onboarding")


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=Path(__file__).parents[2], ses=SesAccount(sandbox=True)) as running:
        yield running


class Terminal(StringIO):
    """What an operator types."""

    def isatty(self) -> bool:
        return True


def at_a_terminal(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    with monkeypatch.context() as terminal:
        terminal.setattr(sys, "stdin", Terminal(typed))
        get_command(app).main(["sends", "retry", "--failed"], obj=cloud, standalone_mode=False)


def fail_once(cloud: LocalCloud) -> None:
    """In the SES sandbox her welcome is refused; then her address is verified."""
    now = cloud.now.isoformat()
    consent = {"marketing": True, "at": now}
    customer = {"id": "c-ana", "email": "ana@test.example", "consent": consent}
    customer["attributes"] = {"profile_complete": True}
    cloud.emit("customer.signed_up", {"event_id": "e-1", "occurred_at": now, "customer": customer})
    cloud.advance(minutes=1)
    assert list(cloud.outbox) == []
    cloud.client("sesv2").create_email_identity(EmailIdentity="ana@test.example")


def test_a_message_that_failed_goes_after_a_retry(outreach: Outreach, cloud: LocalCloud) -> None:
    fail_once(cloud)

    result = outreach(*RETRY, "--failed", stack=cloud)
    cloud.advance(minutes=1)

    assert result.stdout.splitlines() == ["c-ana  welcome: recipient_not_verified; retried", "1 retried"]
    assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["welcome"]
    assert outreach(*RETRY, "--failed", stack=cloud).stdout == "nothing to retry in onboarding\n"


def test_a_dry_run_changes_nothing(outreach: Outreach, cloud: LocalCloud) -> None:
    fail_once(cloud)

    told = json.loads(outreach(*RETRY, "--failed", "--dry-run", "--json", stack=cloud).stdout)
    cloud.advance(minutes=1)

    assert [(each["why"], each["outcome"]) for each in told] == [
        ("recipient_not_verified", "would be retried")
    ]
    assert list(cloud.outbox) == []


def test_other_campaigns_and_other_endings_are_left_alone(outreach: Outreach, cloud: LocalCloud) -> None:
    fail_once(cloud)

    assert "nothing to retry" in outreach(*RETRY, "--unknown", stack=cloud).stdout
    other = outreach("sends", "retry", "--campaign", "win-back", "--failed", stack=cloud)
    assert other.stdout == "nothing to retry in win-back\n"


def test_a_message_that_waited_for_an_address_in_vain_goes_after_a_retry(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    retry = ("sends", "retry", "--campaign", "delay-notification", "--no-address")
    start = cloud.now
    order = {"id": "o-1", "promised_at": (start + timedelta(days=9)).isoformat(), "delay_reason": "fog"}
    for number, name in enumerate(("placed", "delayed")):
        detail = {"event_id": f"e-{number}", "occurred_at": start.isoformat(), "customer": {"id": "c-ana"}}
        cloud.emit(f"order.{name}", detail | {"order": order})
    cloud.advance(days=4)
    counted = [line.text for line in cloud.logs if '"TransactionalSkipped"' in line.text]
    cloud.client("sesv2").create_email_identity(EmailIdentity="ana@test.example")
    customer = {"id": "c-ana", "email": "ana@test.example"}
    cloud.emit(
        "customer.updated", {"event_id": "e-9", "occurred_at": cloud.now.isoformat(), "customer": customer}
    )
    cloud.advance(minutes=1)
    assert list(cloud.outbox) == []

    planned = json.loads(outreach(*retry, "--dry-run", "--json", stack=cloud).stdout)
    result = outreach(*retry, stack=cloud)
    cloud.advance(minutes=1)

    assert len(counted) == 1
    assert [(each["why"], each["outcome"]) for each in planned] == [("no_address", "would be retried")]
    assert result.stdout.splitlines()[-1] == "1 retried"
    assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["delayed"]


def test_it_asks_which_to_retry(outreach: Outreach, cloud: LocalCloud) -> None:
    result = outreach(*RETRY, stack=cloud)

    assert result.exit_code == 1
    assert "--failed, --unknown, --skipped REASON, or several of them" in result.stderr


def test_what_failed_in_a_run_that_a_newer_one_took_the_place_of_is_shown(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    def order(number: int, *, days_ago: int) -> None:
        now = (cloud.now - timedelta(days=days_ago)).isoformat()
        customer = {"id": "c-bo", "email": "bo@test.example", "consent": {"marketing": True, "at": now}}
        event = {"event_id": f"e-{number}", "occurred_at": now, "customer": customer}
        cloud.emit("order.placed", {**event, "order": {"id": f"o-{number}", "items": []}})

    order(1, days_ago=91)
    cloud.advance(days=2)
    order(2, days_ago=0)
    cloud.advance(minutes=1)

    result = outreach("sends", "retry", "--campaign", "win-back", "--failed", stack=cloud)

    why = "a newer run took the place of its run"
    assert result.stdout.splitlines() == [
        f"c-bo  we-miss-you: recipient_not_verified; too late: {why}",
        "1 too late",
        f"too late: win-back/we-miss-you, 1 customer: {why}",
    ]


def test_an_unknown_campaign_is_refused_with_the_nearest_name(outreach: Outreach, cloud: LocalCloud) -> None:
    result = outreach("sends", "retry", "--campaign", "onbording", "--failed", stack=cloud)

    assert result.exit_code == 1
    assert result.stderr == "--campaign: there is no campaign onbording; did you mean `onboarding`?\n"


def test_a_known_campaign_without_failures_has_nothing_to_retry(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    assert outreach(*RETRY, "--failed", stack=cloud).stdout == "nothing to retry in onboarding\n"


def test_without_a_campaign_it_looks_through_all_as_alarms_print_it(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    fail_once(cloud)

    result = outreach("sends", "retry", "--failed", stack=cloud)
    cloud.advance(minutes=1)

    lines = ["c-ana  onboarding/welcome: recipient_not_verified; retried", "1 retried"]
    assert result.stdout.splitlines() == lines
    assert len(cloud.outbox) == 1
    assert outreach("sends", "retry", "--failed", stack=cloud).stdout == "nothing to retry in any campaign\n"


def test_a_message_goes_although_a_later_one_of_its_run_failed_too(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    """At launch, in the sandbox: both failed before the address was verified."""
    fail_once(cloud)
    cloud.client("sesv2").delete_email_identity(EmailIdentity="ana@test.example")
    cloud.advance(days=6)
    assert list(cloud.outbox) == []
    cloud.client("sesv2").create_email_identity(EmailIdentity="ana@test.example")

    lines = outreach("sends", "retry", "--failed", stack=cloud).stdout.splitlines()
    cloud.advance(days=6)

    assert lines[-1] == f"{len(lines) - 1} retried"
    assert len(lines) > 2
    messages = [mail.headers["X-Outreach-Message"] for mail in cloud.outbox]
    assert messages[0] == "welcome"
    assert len(messages) >= len(lines) - 1


def test_what_is_too_late_is_listed_by_name_and_sent_if_the_operator_insists(
    outreach: Outreach,
    cloud: LocalCloud,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fail_once(cloud)
    cloud.advance(days=6)
    before = [mail.headers["X-Outreach-Message"] for mail in cloud.outbox]
    assert before

    offered = outreach("sends", "retry", "--failed", stack=cloud).stdout.splitlines()
    cloud.advance(minutes=1)
    assert len(cloud.outbox) == len(before)
    told = json.loads(outreach("sends", "retry", "--failed", "--json", stack=cloud).stdout)
    planned = outreach("sends", "retry", "--failed", "--also-too-late", "--dry-run", stack=cloud)
    at_a_terminal(cloud, monkeypatch, "n\n")
    declined = capsys.readouterr().out
    at_a_terminal(cloud, monkeypatch, "y\n")
    agreed = capsys.readouterr().out
    cloud.advance(days=2)

    why = "a later message of its run was sent"
    assert offered == [
        f"c-ana  onboarding/welcome: recipient_not_verified; too late: {why}",
        "1 too late",
        f"too late: onboarding/welcome, 1 customer: {why}",
        "--also-too-late sends those after which a later message was sent",
    ]
    assert [(each["outcome"], each["too_late"]) for each in told] == [("too late", why)]
    assert planned.stdout.splitlines()[-1] == "1 would be retried"
    assert "Send what is too late all the same (1)? [y/N]" in declined
    assert "1 too late" in declined.splitlines()
    assert agreed.splitlines()[-1] == "1 retried"
    assert "welcome" in [mail.headers["X-Outreach-Message"] for mail in cloud.outbox][len(before) :]


def test_what_expired_while_it_was_held_goes_after_a_retry(outreach: Outreach, cloud: LocalCloud) -> None:
    outreach("campaigns", "pause", "onboarding", "--reason", "a look", stack=cloud)
    cloud.client("sesv2").create_email_identity(EmailIdentity="ana@test.example")
    now = cloud.now.isoformat()
    customer = {"id": "c-ana", "email": "ana@test.example", "consent": {"marketing": True, "at": now}}
    cloud.emit("customer.signed_up", {"event_id": "e-1", "occurred_at": now, "customer": customer})
    cloud.advance(days=2)
    assert list(cloud.outbox) == []
    outreach("campaigns", "resume", "onboarding", stack=cloud)

    result = outreach("sends", "retry", "--skipped", "too_late", stack=cloud)
    cloud.advance(hours=2)

    assert "c-ana  onboarding/welcome: expired; retried" in result.stdout.splitlines()
    assert cloud.outbox[0].headers["X-Outreach-Message"] == "welcome"


def test_a_reason_that_the_customer_or_the_campaign_asked_for_is_refused(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    result = outreach("sends", "retry", "--skipped", "not_subscribed", stack=cloud)

    assert result.exit_code == 2
    assert "no_address" in result.stderr
