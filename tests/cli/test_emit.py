"""`outreach emit`: what intake would refuse does not reach the bus."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from local_cloud import LocalCloud

type Outreach = Callable[..., Result]


def a_sign_up(cloud: LocalCloud, customer_id: str) -> dict[str, Any]:
    return {
        "event_id": f"e-{customer_id}",
        "occurred_at": cloud.now.isoformat(),
        "customer": {"id": customer_id, "email": "ana@example.com", "consent": {"marketing": True}},
    }


def test_an_emitted_event_is_taken_in_and_answered_with_a_welcome(
    outreach: Outreach, cloud: LocalCloud, tmp_path: Path
) -> None:
    file = tmp_path / "sign-up.json"
    file.write_text(json.dumps(a_sign_up(cloud, "c-file")), encoding="utf-8")
    emitted = outreach("emit", "customer.signed_up", str(file), stack=cloud)
    assert (emitted.exit_code, emitted.stdout) == (
        0,
        f"customer.signed_up e-c-file is on {cloud.outputs['BusName']}\n",
    )
    cloud.settle()
    assert [
        mail.headers["X-Outreach-Message"]
        for mail in cloud.outbox
        if mail.headers["X-Outreach-Customer"] == "c-file"
    ] == ["welcome"]


def test_the_detail_may_come_from_stdin_and_the_answer_be_json(outreach: Outreach, cloud: LocalCloud) -> None:
    detail = json.dumps(a_sign_up(cloud, "c-stdin"))
    emitted = outreach("emit", "customer.signed_up", "-", "--json", stack=cloud, stdin=detail)
    assert json.loads(emitted.stdout)["event_id"] == "e-c-stdin"


def test_a_check_says_what_would_be_left_out(outreach: Outreach, cloud: LocalCloud) -> None:
    detail = a_sign_up(cloud, "c-left-out")
    detail["customer"]["time_zone"] = "Europe/Madird"

    checked = outreach("emit", "customer.signed_up", "-", "--check", stack=cloud, stdin=json.dumps(detail))
    as_json = outreach(
        "emit", "customer.signed_up", "-", "--check", "--json", stack=cloud, stdin=json.dumps(detail)
    )

    assert checked.exit_code == as_json.exit_code == 0
    first, second = checked.stdout.splitlines()
    assert first == "customer.signed_up e-c-left-out is sound; it was not put on the bus"
    assert second.startswith("left out, as if not mentioned: customer.time_zone: must be a name of the IANA")
    assert len(json.loads(as_json.stdout)["left_out"]) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("customer.sign_up", "no campaign asks for `customer.sign_up`; did you mean `customer.signed_up`?"),
        ("customer.moved_house", "no campaign asks for `customer.moved_house`"),
        ("customer.activated", None),
    ],
)
def test_a_check_says_when_no_campaign_asks_for_the_name(
    outreach: Outreach, cloud: LocalCloud, name: str, said: str | None
) -> None:
    detail = json.dumps(a_sign_up(cloud, "c-name"))

    checked = outreach("emit", name, "-", "--check", stack=cloud, stdin=detail)
    as_json = outreach("emit", name, "-", "--check", "--json", stack=cloud, stdin=detail)

    assert checked.exit_code == as_json.exit_code == 0
    assert checked.stdout.splitlines()[1:] == ([] if said is None else [said])
    assert json.loads(as_json.stdout)["unasked"] == said


def test_a_check_knows_the_campaigns_that_are_published_and_not_deployed(
    outreach: Outreach, cloud: LocalCloud, tmp_path: Path
) -> None:
    templates = Path(shutil.copytree("templates", tmp_path / "templates"))
    campaign = templates / "onboarding" / "campaign.yaml"
    text = campaign.read_text(encoding="utf-8").replace("customer.activated", "profile.completed")
    campaign.write_text(text, encoding="utf-8")
    detail = json.dumps(a_sign_up(cloud, "c-published"))
    before = outreach("emit", "profile.complete", "-", "--check", stack=cloud, stdin=detail)

    published = outreach("templates", "publish", "onboarding", "--templates", str(templates), stack=cloud)
    after = outreach("emit", "profile.complete", "-", "--check", stack=cloud, stdin=detail)
    right = outreach("emit", "profile.completed", "-", "--check", stack=cloud, stdin=detail)

    assert published.exit_code == 0, published.stderr
    assert before.stdout.splitlines()[1] == "no campaign asks for `profile.complete`"
    assert after.stdout.splitlines()[1].endswith("; did you mean `profile.completed`?")
    assert len(right.stdout.splitlines()) == 1


def test_a_check_without_a_stack_still_checks_and_says_what_it_does_not_know(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    class NoStack:
        outputs: dict[str, str] = {}  # noqa: RUF012 - a stack's outputs do not change

        def client(self, service: str) -> object:
            return cloud.client(service)

    detail = json.dumps(a_sign_up(cloud, "c-none"))

    checked = outreach("emit", "customer.sign_up", "-", "--check", stack=NoStack(), stdin=detail)

    assert (checked.exit_code, checked.stderr) == (
        0,
        "what is published on stack outreach is not known (MissingOutputError)\n",
    )
    assert checked.stdout.endswith("did you mean `customer.signed_up`?\n")


def test_a_check_puts_nothing_on_the_bus(outreach: Outreach, cloud: LocalCloud) -> None:
    cloud.settle()
    before = len(cloud.invocations)
    detail = json.dumps(a_sign_up(cloud, "c-check"))
    checked = outreach("emit", "customer.signed_up", "-", "--check", stack=cloud, stdin=detail)
    assert (checked.exit_code, checked.stdout) == (
        0,
        "customer.signed_up e-c-check is sound; it was not put on the bus\n",
    )
    cloud.settle()
    assert len(cloud.invocations) == before


def test_every_problem_of_an_event_is_reported_and_none_of_its_data(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    cloud.settle()
    before = len(cloud.invocations)
    detail = {
        "event_id": "e1",
        "occurred_at": "yesterday",
        "customer": {"id": "c1", "email": "ana@@example.com"},
    }
    refused = outreach("emit", "customer.signed_up", "-", stack=cloud, stdin=json.dumps(detail))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "occurred_at: " in refused.stderr
    assert "customer.email: " in refused.stderr
    assert "ana@" not in refused.stderr
    cloud.settle()
    assert len(cloud.invocations) == before


@pytest.mark.parametrize(("text", "place"), [('{"event_id": 1,}', ":1:15"), ("", ":1:1")])
def test_a_file_that_is_no_json_is_reported_with_the_place(
    outreach: Outreach, tmp_path: Path, text: str, place: str
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text, encoding="utf-8")
    refused = outreach("emit", "customer.signed_up", str(file))
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{file}{place}: not JSON")


def test_our_own_source_is_refused_because_intake_does_not_read_it(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    detail = json.dumps(a_sign_up(cloud, "c-own"))
    refused = outreach("emit", "customer.signed_up", "-", "--source", "outreach", stack=cloud, stdin=detail)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("--source: ")


def test_a_missing_bus_is_reported_with_the_text_of_aws(outreach: Outreach, cloud: LocalCloud) -> None:
    detail = json.dumps(a_sign_up(cloud, "c-bus"))
    refused = outreach("emit", "customer.signed_up", "-", "--bus", "no-such-bus", stack=cloud, stdin=detail)
    assert refused.exit_code == 1
    assert "no-such-bus" in refused.stderr


def test_a_stack_without_our_outputs_is_reported(outreach: Outreach, cloud: LocalCloud) -> None:
    class SomeOtherStack:
        outputs: dict[str, str] = {}  # noqa: RUF012 - a stack's outputs do not change

        def client(self, service: str) -> object:
            return cloud.client(service)

    detail = json.dumps(a_sign_up(cloud, "c-other"))
    refused = outreach(
        "emit", "customer.signed_up", "-", "--stack", "shop", stack=SomeOtherStack(), stdin=detail
    )
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("stack shop has no output BusName")


def test_a_file_that_is_not_there_is_a_usage_error(outreach: Outreach) -> None:
    assert outreach("emit", "customer.signed_up", "no-such-file.json").exit_code == 2
