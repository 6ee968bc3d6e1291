"""The referee's checks: each is a function of the shop; it raises AssertionError or returns what it saw."""

import json
import re
from collections.abc import Callable
from email.header import decode_header, make_header

from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.dynamodb.operations.table_format import FORMAT
from outreach.domain.sending.gate import is_held_out
from outreach_tools.release import this_release
from referee.shop import Shop, eventually
from referee.tools import ROOT

type Check = Callable[[Shop], str]


def the_stack_says_which_release_it_runs(shop: Shop) -> str:
    runs = shop.outputs["Version"]
    assert runs == this_release(), f"output Version is {runs}"
    return runs


def a_sign_up_on_the_bus_brings_the_welcome(shop: Shop) -> str:
    shop.tell("customer.signed_up", shop.customer("ana"))
    (mail,) = eventually("the welcome", lambda: shop.mail_to("ana", "onboarding"))
    assert "Ana" in mail["body"]["html"], "the HTML does not name her"
    assert "Ana" in mail["body"]["text"], "the text does not name her"
    assert "shop@example.test" in mail["from"], mail["from"]
    return _subject(mail)


def the_welcome_has_the_headers_of_one_click(shop: Shop) -> str:
    headers = _headers(shop, "ana")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://")
    assert headers["X-Outreach-Campaign"] == "onboarding"
    return "RFC 8058"


def an_event_that_is_repeated_brings_no_second_message(shop: Shop) -> str:
    detail = {
        "event_id": "evt-repeat",
        "occurred_at": shop.now.isoformat(),
        "customer": shop.customer("ben"),
    }
    for _ in range(3):
        shop.put("customer.signed_up", detail)
    shop.tell("customer.signed_up", shop.customer("cleo"))
    eventually("the welcome of a later event", lambda: shop.mail_to("cleo", "onboarding"))
    eventually("the welcome", lambda: shop.mail_to("ben", "onboarding"))
    eventually("an empty queue", lambda: _is_empty(shop))
    messages = len(shop.mail_to("ben", "onboarding"))
    assert messages == 1, f"{messages} messages"
    return "three events, one message"


def a_delay_wakes_the_journey_that_waits_for_it(shop: Shop) -> str:
    dora, order = shop.customer("dora"), shop.order("o-1")
    shop.tell("order.placed", dora, order=order)
    key = ("CUSTOMER#dora", "ENROLLMENT#delay-notification#o-1")
    eventually("a token of Step Functions", lambda: shop.row(*key).get("token"))
    promised = {"promised_at": shop.now.replace(year=shop.now.year + 1).isoformat()}
    late = {"id": "o-1", **promised, "delay_reason": "a strike at the port"}
    shop.tell("order.delayed", {"id": "dora"}, order=late)
    (mail,) = eventually("the message about the delay", lambda: shop.mail_to("dora", "delay-notification"))
    assert "a strike at the port" in mail["body"]["text"], "the reason is not told"
    return _subject(mail)


def a_bad_event_is_kept_with_its_reason(shop: Shop) -> str:
    shop.put("customer.signed_up", {"customer": {"id": "eve", "email": "eve at example"}})
    sqs, url = shop.client("sqs"), shop.outputs["DeadLetterQueueUrl"]

    def kept() -> list[str]:
        found = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=1)
        return [
            each["MessageAttributes"]["Reason"]["StringValue"]
            for each in found.get("Messages", ())
            if "Reason" in each.get("MessageAttributes", {})
        ]

    return eventually("a refused event with a reason", kept)[0]


def one_click_takes_the_customer_out_of_marketing(shop: Shop) -> str:
    link = re.search(r"<(https://[^>]+)>", _headers(shop, "ana")["List-Unsubscribe"])
    assert link is not None
    status = shop.post(link[1])
    assert status == 200, f"HTTP {status}"
    eventually(
        "no more marketing", lambda: shop.row("CUSTOMER#ana", "PROFILE")["marketing"] == {"BOOL": False}
    )
    return "HTTP 200, and the profile says so"


def a_sweep_sends_to_every_due_customer_once(shop: Shop) -> str:
    names = ["fay", "gus", "hal", "ida", "jon", "kim"]
    win_back = BundledCampaigns(ROOT / "templates").pinned("win-back", "")
    for name in names:
        order = shop.order(f"o-{name}", days_ago=91)
        shop.tell("order.placed", shop.customer(name), days_ago=91, order=order)
    for name in names:
        key = (f"CUSTOMER#{name}", f"ENROLLMENT#win-back#{name}")
        eventually(f"an enrollment of {name}", lambda key=key: shop.row(*key))
    states = shop.client("stepfunctions")
    started = states.start_execution(stateMachineArn=shop.outputs["SweepStateMachineArn"], input="{}")  # arms
    expected = [name for name in names if not is_held_out(win_back, name)]
    eventually(f"messages to {expected}", lambda: all(shop.mail_to(name, "win-back") for name in expected))
    for name in names:
        mail = shop.mail_to(name, "win-back")
        assert len(mail) == (name in expected), f"{len(mail)} messages to {name}"
        assert all(name.capitalize() in each["body"]["html"] for each in mail), f"{name} is not named"
    status = states.describe_execution(executionArn=started["executionArn"])["status"]
    assert status in {"RUNNING", "SUCCEEDED"}, f"the sweep {status}"
    return f"{len(expected)} written to, {len(names) - len(expected)} held out"


def the_table_says_which_release_writes_to_it(shop: Shop) -> str:
    row = shop.row("FORMAT", "FORMAT")
    assert row["format"] == {"N": str(FORMAT)}
    assert row["release"] == {"S": this_release()}
    return f"format {FORMAT}"


def functions_write_their_logs_into_the_group_of_the_stack(shop: Shop) -> str:
    group = shop.outputs["LogGroupName"]
    answer = shop.client("logs").filter_log_events(logGroupName=group, limit=10_000)
    taken = [each for each in answer["events"] if '"event taken in"' in each["message"]]
    assert taken, f"{len(answer['events'])} lines, and none says that an event was taken in"
    assert "@example.test" not in json.dumps(answer["events"]), "an address is in the log"
    return f"{len(taken)} events, no address"


CHECKS: tuple[Check, ...] = (
    the_stack_says_which_release_it_runs,
    a_sign_up_on_the_bus_brings_the_welcome,
    the_welcome_has_the_headers_of_one_click,
    an_event_that_is_repeated_brings_no_second_message,
    a_delay_wakes_the_journey_that_waits_for_it,
    a_bad_event_is_kept_with_its_reason,
    one_click_takes_the_customer_out_of_marketing,
    a_sweep_sends_to_every_due_customer_once,
    the_table_says_which_release_writes_to_it,
    functions_write_their_logs_into_the_group_of_the_stack,
)


def _headers(shop: Shop, name: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in shop.mail_to(name, "onboarding")[0].get("headers", ())}


def _subject(mail: dict[str, str]) -> str:
    return str(make_header(decode_header(mail["subject"])))


def _is_empty(shop: Shop) -> bool:
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = shop.client("sqs").get_queue_attributes(
        QueueUrl=shop.outputs["IntakeQueueUrl"], AttributeNames=list(counts)
    )["Attributes"]
    return all(found[count] == "0" for count in counts)
