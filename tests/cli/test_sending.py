"""`outreach sending`: status, pause and resume."""

import json
from collections.abc import Callable
from typing import Any

from typer.testing import Result

from outreach_tools.local import LocalCloud

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


def test_a_pause_needs_a_reason(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "pause", stack=cloud).exit_code == 2


def test_resuming_what_is_not_paused_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "resume", stack=cloud).stdout.splitlines()[0] == "nothing was paused"
