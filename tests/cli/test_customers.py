"""`outreach customers`: look up, stop, allow."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import Result

from desk_stories import gets_delivered, got, orders, reports, signs_up, waits_for_ten
from local_cloud import LocalCloud
from outreach.domain.journeys.enrollment import HoldReason, SkipReason
from outreach.domain.operations.run_report import MessageReport, MessageState
from outreach.domain.sending.sending_state import SendingState
from outreach_tools.cli.customers import run_words

type Outreach = Callable[..., Result]


def show(outreach: Outreach, cloud: LocalCloud, who: str) -> list[str]:
    said = outreach("customers", "show", who, stack=cloud)
    assert said.exit_code == 0, said.stderr
    return [line.strip() for line in said.stdout.splitlines()]


def document(outreach: Outreach, cloud: LocalCloud, who: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(outreach("customers", "show", who, "--json", stack=cloud).stdout)
    return told


def runs(outreach: Outreach, cloud: LocalCloud, customer_id: str) -> dict[str, Any]:
    (customer,) = document(outreach, cloud, customer_id)["customers"]
    return {run["campaign"]: run for run in customer["runs"]}


def test_a_sign_up_without_consent_says_why_no_message_went(outreach: Outreach, cloud: LocalCloud) -> None:
    signs_up(cloud, "c-silent", consents=False)
    cloud.advance(minutes=1)

    lines = show(outreach, cloud, "c-silent")

    assert "marketing: no consent; no event said yes, so no marketing is sent" in lines
    (welcome,) = [line for line in lines if line.startswith("welcome: ")]
    assert welcome.startswith("welcome: skipped at ")
    assert welcome.endswith("as not_subscribed: no consent to marketing, or the topic is off")


def test_a_customer_is_found_by_address_with_all_that_went_and_what_comes_next(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    signs_up(cloud, "c-ana")
    cloud.advance(minutes=5)

    lines = show(outreach, cloud, "C-ANA@example.com")

    assert lines[0] == "customer c-ana"
    assert "the address is not suppressed" in lines
    assert any(line.startswith("marketing: consent since ") and "(checkout)" in line for line in lines)
    assert any(line.startswith("welcome: sent at ") and "SES says:" in line for line in lines)
    assert any(line.startswith("next: wait-1d until ") and "then the message" in line for line in lines)
    assert show(outreach, cloud, "c-ana") == lines


def test_a_message_that_a_sweep_sent_is_shown_as_sent(outreach: Outreach, cloud: LocalCloud) -> None:
    signs_up(cloud, "c-swept", name="customer.updated")
    orders(cloud, "c-swept", "o-swept", ago=timedelta(days=90))
    cloud.advance(days=1, hours=6)

    run = runs(outreach, cloud, "c-swept")["win-back"]

    assert got(cloud, "c-swept") == ["we-miss-you"]
    assert [(each["step"], each["state"]) for each in run["messages"]] == [("we-miss-you", "sent")]
    assert run["next"]["message"] == "an-offer"


def test_a_message_that_the_cap_holds_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    waits_for_ten(cloud)
    signs_up(cloud, "c-capped")
    cloud.advance(minutes=5)
    gets_delivered(cloud, "c-capped", "o-capped", ago=timedelta(hours=23))
    cloud.advance(hours=2)

    lines = show(outreach, cloud, "c-capped")

    (lesson,) = [line for line in lines if line.startswith("espresso-1-first-shot: ")]
    assert lesson.startswith("espresso-1-first-shot: held until ")
    assert " as cap: the customer, or the mailbox, had its share of marketing lately" in lesson


def test_an_address_with_two_customers_names_both(outreach: Outreach, cloud: LocalCloud) -> None:
    for customer_id in ("c-guest", "c-account"):
        signs_up(cloud, customer_id, email="both@example.com")
    cloud.advance(minutes=1)

    lines = show(outreach, cloud, "both@example.com")

    assert lines[0] == "2 customers have this address: c-account, c-guest"
    assert "the same address: c-guest; the cap counts for all of them together" in lines
    assert [each["id"] for each in document(outreach, cloud, "both@example.com")["customers"]] == [
        "c-account",
        "c-guest",
    ]


def test_a_suppressed_address_without_customers_says_so(outreach: Outreach, cloud: LocalCloud) -> None:
    outreach("suppressions", "add", "gone@example.com", "--source", "support", stack=cloud)

    lines = show(outreach, cloud, "gone@example.com")

    assert lines[0] == "no customer has this address now"
    assert lines[1].startswith("the address is suppressed since ")
    assert lines[1].endswith(": manual (support); no message is sent")


def test_an_erased_customer_is_said_to_be_erased(outreach: Outreach, cloud: LocalCloud) -> None:
    signs_up(cloud, "c-erased")
    cloud.advance(minutes=1)
    reports(cloud, "customer.deleted", "c-erased", "deleted")
    cloud.advance(minutes=1)

    lines = show(outreach, cloud, "c-erased")

    assert lines[1].startswith("erased at ")
    assert "c-erased@example.com" not in "\n".join(lines)
    assert any("left (erased)" in line for line in lines)


@pytest.mark.parametrize("who", ["c-nobody", "nobody@example.com"])
def test_an_unknown_customer_is_refused(outreach: Outreach, cloud: LocalCloud, who: str) -> None:
    said = outreach("customers", "show", who, stack=cloud)

    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith("no customer has ")
    assert "nobody@example.com" not in said.stderr


def test_what_a_shop_wrote_cannot_steer_the_terminal(outreach: Outreach, cloud: LocalCloud) -> None:
    customer = {"email": "esc@example.com", "attributes": {"note": "red\x1b[31m [bold]"}}
    reports(cloud, "customer.updated", "c-esc", "esc", customer=customer)
    cloud.advance(minutes=1)

    said = outreach("customers", "show", "c-esc", stack=cloud).stdout

    assert "\x1b" not in said
    assert "[31m [bold]" in said


def test_a_stopped_customer_gets_nothing_and_enters_nothing_until_allowed(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    signs_up(cloud, "c-stop")
    orders(cloud, "c-stop", "o-before")
    cloud.advance(minutes=5)
    before = got(cloud, "c-stop")

    stopped = outreach("customers", "stop", "c-stop", stack=cloud)
    cloud.advance(minutes=1)
    orders(cloud, "c-stop", "o-after")
    cloud.advance(days=7)  # the reconciler looks often meanwhile

    assert "c-stop is stopped in every campaign, transactional ones too" in stopped.stdout
    assert "welcome" in before
    assert got(cloud, "c-stop") == before
    ended = runs(outreach, cloud, "c-stop")
    assert {(run["status"], run["reason"]) for run in ended.values()} == {("left", "stopped")}
    assert {"onboarding", "win-back"} <= set(ended)
    assert not [
        each
        for each in cloud.executions("JourneyStateMachine")
        if each.input["customer_id"] == "c-stop" and each.status == "RUNNING"
    ]
    assert any(
        line.startswith("stopped in every campaign, transactional ones too by ")
        for line in show(outreach, cloud, "c-stop")
    )

    allowed = outreach("customers", "allow", "c-stop", stack=cloud)
    orders(cloud, "c-stop", "o-allowed")
    cloud.advance(minutes=5)

    assert "; allowed again by " in allowed.stdout
    again = runs(outreach, cloud, "c-stop")
    assert again["win-back"]["status"] == "active"
    assert again["onboarding"]["reason"] == "stopped"
    assert "was not stopped" in outreach("customers", "allow", "c-stop", stack=cloud).stdout


def test_a_stop_in_one_campaign_ends_that_alone(outreach: Outreach, cloud: LocalCloud) -> None:
    signs_up(cloud, "c-one")
    orders(cloud, "c-one", "o-one")
    cloud.advance(minutes=5)

    said = outreach("customers", "stop", "c-one", "win-back", "--json", stack=cloud)

    told = json.loads(said.stdout)
    assert [each["campaign"] for each in told["ended"]] == ["win-back"]
    assert set(told["stops"]) == {"win-back"}
    assert runs(outreach, cloud, "c-one")["onboarding"]["status"] == "active"


@pytest.mark.parametrize("command", ["stop", "allow"])
def test_an_unknown_campaign_or_customer_is_refused(
    outreach: Outreach, cloud: LocalCloud, command: str
) -> None:
    misspelled = outreach("customers", command, "c-one", "winback", stack=cloud)
    unknown = outreach("customers", command, "c-nobody", stack=cloud)

    assert (misspelled.exit_code, unknown.exit_code) == (1, 1)
    assert misspelled.stderr == "no campaign 'winback'; did you mean `win-back`?\n"
    assert unknown.stderr == "no customer has this id: no event has named one\n"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        *((MessageState.SKIPPED, reason) for reason in SkipReason),
        *((MessageState.HELD, reason) for reason in HoldReason),
    ],
)
def test_every_reason_has_words(state: MessageState, reason: SkipReason | HoldReason) -> None:
    words = run_words.message_words(MessageReport("welcome", state, reason), "onboarding", SendingState())

    assert words.startswith(f"{state} as {reason}: ")
    assert len(words.partition(": ")[2]) > 10
