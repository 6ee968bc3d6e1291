"""`outreach sending limits`: what SES grants, and what is left of it."""

import json
from collections.abc import Callable
from typing import Any

from typer.testing import Result

from local_cloud import LocalCloud

type Outreach = Callable[..., Result]


def test_an_account_without_a_limit_of_the_rate_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    assert outreach("sending", "limits", stack=cloud).stdout.splitlines() == [
        "account   in production",
        "rate      unlimited",
        "quota     1000000 in 24 hours; 0 sent, 1000000 left, 950000 of them for marketing",
    ]


def test_other_programs_get_the_same_as_json(outreach: Outreach, cloud: LocalCloud) -> None:
    told = json.loads(outreach("sending", "limits", "--json", stack=cloud).stdout)

    assert told["sandbox"] is False
    assert told["granted_per_second"] == 10_000_000
    assert told["left_for_marketing"] == 950_000


class Sandboxed:
    """A stack whose account is new, and on probation, and slow."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.outputs = cloud.outputs
        self._cloud = cloud

    def client(self, service: str) -> Any:
        return self if service == "sesv2" else self._cloud.client(service)

    def get_account(self) -> dict[str, Any]:
        quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 20.0}
        return {"SendQuota": quota, "EnforcementStatus": "PROBATION", "SendingEnabled": False}


def test_an_account_in_the_sandbox_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    lines = outreach("sending", "limits", stack=Sandboxed(cloud)).stdout.splitlines()

    assert lines[0].startswith("account   in the SES sandbox: only verified recipients get mail")
    assert lines[1].startswith("warning   SES says PROBATION, and has switched sending off")
    assert lines[2] == "rate      0.97 a second, of 1 granted"
    assert lines[3] == "quota     200 in 24 hours; 20 sent, 180 left, 170 of them for marketing"
