"""`outreach sending`: status, pause and resume."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

from builders import NOW
from local_cloud import LocalCloud
from outreach.adapters.ses import refusals as ses_refusals
from outreach.domain.sending.outage import Outage
from outreach.domain.sending.send_reason import SendReason
from outreach_tools.cli.sending.outage import outage_document

type Outreach = Callable[..., Result]


def _status(outreach: Outreach, cloud: LocalCloud) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(outreach("sending", "status", "--json", stack=cloud).stdout)
    return told


def _sign_up(cloud: LocalCloud, customer_id: str) -> None:
    cloud.emit(
        "customer.signed_up",
        {
            "event_id": f"e-{customer_id}",
            "occurred_at": cloud.now.isoformat(),
            "customer": {
                "id": customer_id,
                "email": f"{customer_id}@example.com",
                "consent": {"marketing": True, "at": cloud.now.isoformat()},
            },
        },
    )


def _welcomed(cloud: LocalCloud) -> list[str]:
    return [mail.headers["X-Outreach-Customer"] for mail in cloud.outbox]


def _sends(cloud: LocalCloud) -> int:
    return sum(call.operation in {"SendEmail", "SendBulkEmail"} for call in cloud.calls)


def _counted(cloud: LocalCloud) -> int:
    lines = [json.loads(line.text) for line in cloud.logs if '"SendingRefused"' in line.text]
    return sum(int(line["SendingRefused"][0]) for line in lines if "SendingRefused" in line)


def test_at_first_nothing_is_paused(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "status", stack=cloud).stdout.splitlines() == [
        "marketing      on",
        "transactional  on",
        "counted        0 bounces and 0 complaints in 0 marketing sends",
    ]


def test_what_is_paused_is_held_and_goes_out_after_a_resume(outreach: Outreach, cloud: LocalCloud) -> None:
    paused = outreach("sending", "pause", "--reason", "new list [draft]", stack=cloud)
    cloud.advance(seconds=6)
    _sign_up(cloud, "c-held")
    cloud.advance(hours=2)

    assert paused.exit_code == 0
    assert paused.stdout.splitlines()[0] == "marketing      paused"
    assert "new list [draft]" in paused.stdout
    assert _welcomed(cloud) == []
    assert _status(outreach, cloud)["transactional"] == "on"

    outreach("sending", "resume", stack=cloud)
    cloud.advance(hours=1)
    assert _welcomed(cloud) == ["c-held"]
    assert _status(outreach, cloud)["pause"] is None


def test_everything_can_be_paused(outreach: Outreach, cloud: LocalCloud) -> None:
    outreach("sending", "pause", "--all", "--reason", "incident", stack=cloud)

    status = _status(outreach, cloud)
    assert (status["marketing"], status["transactional"]) == ("paused", "paused")
    assert status["pause"]["reason"] == "incident"
    outreach("sending", "resume", stack=cloud)


def test_what_ses_refuses_for_all_is_reported_with_what_to_do_and_is_sent_once_it_is_fixed(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    ses, before = cloud.client("sesv2"), len(cloud.outbox)
    ses.put_account_sending_attributes(SendingEnabled=False)
    called = _sends(cloud)
    for number in range(10):
        _sign_up(cloud, f"c-refused-{number}")
    cloud.advance(hours=5)

    assert 2 < _sends(cloud) - called < 12  # each hour one message tries, and not ten
    assert _counted(cloud) == _sends(cloud) - called
    status = _status(outreach, cloud)
    assert (status["marketing"], status["transactional"]) == ("refused", "refused")
    assert (status["outage"]["reason"], status["pause"]) == ("SendingPausedException", None)
    lines = outreach("sending", "status", stack=cloud).stdout.splitlines()
    assert "sending is switched off" in lines[2]
    assert "switch it on again" in lines[3]

    ses.put_account_sending_attributes(SendingEnabled=True)
    outreach("sending", "resume", stack=cloud)
    assert _status(outreach, cloud)["outage"] is None
    cloud.advance(hours=1, minutes=2)
    assert len(cloud.outbox) - before == 10


@pytest.mark.parametrize(
    "reason",
    sorted(
        {
            *ses_refusals.PAUSED,
            *ses_refusals.ENTRY_PAUSED,
            SendReason.SENDER_NOT_VERIFIED,
            SendReason.UNREACHABLE,
        }
    ),
)
def test_every_reason_has_words_for_it(reason: str) -> None:
    outage = Outage(reason, NOW, NOW)

    told = outage_document(outage)

    assert told["means"] != outage_document(Outage("New", NOW, NOW))["means"]
    assert told["reason"] == reason


def test_a_pause_needs_a_reason(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "pause", stack=cloud).exit_code == 2


def test_resuming_what_is_not_paused_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "resume", stack=cloud).stdout.splitlines()[0] == "nothing was paused"
