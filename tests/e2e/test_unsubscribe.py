"""Unsubscribing, from the headers and links of a message: RFC 8058 end to end."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours
from local_cloud import LocalCloud, SentEmail

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


def unsubscribe_path(mail: SentEmail) -> str:
    """The path of the one https address in the header."""
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<(https://[^<>,]+)>", mail.headers["List-Unsubscribe"])
    assert found
    return urlsplit(found[1]).path


def table(cloud: LocalCloud) -> str:
    rows = cloud.client("dynamodb").scan(TableName=cloud.outputs["TableName"])["Items"]
    return json.dumps(rows, sort_keys=True, default=str)


def signed_up(shop: Shop, name: str) -> SentEmail:
    shop.signs_up(name)
    shop.waits(hours(1))
    return shop.inbox(name)[0]


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def test_looking_at_the_link_changes_nothing_however_old_it_is(shop: Shop) -> None:
    path = unsubscribe_path(signed_up(shop, "c-looks"))
    shop.waits(days(400))
    before = table(shop.cloud)

    for method in ("GET", "HEAD", "OPTIONS"):
        for page in (path, path.replace("/u/", "/p/"), path.replace("/u/", "/s/")):
            answer = shop.cloud.http(method, page)
            assert answer.status == (404 if method == "OPTIONS" else 200)
            assert (answer.body == b"") == (method == "HEAD")

    assert table(shop.cloud) == before


def test_one_post_is_enough(shop: Shop) -> None:
    multipart = {"content-type": "multipart/form-data; boundary=b"}
    posts = {"one-click": (FORM, ONE_CLICK), "multipart": (multipart, MULTIPART), "empty": ({}, b"")}
    names = [f"c-{kind}" for kind in posts]

    for name, (headers, body) in zip(names, posts.values(), strict=True):
        path = unsubscribe_path(signed_up(shop, name))
        shop.order("placed", name, f"o-{name}", promised_at=shop.now + days(2), lines=["oven"])
        answer = shop.cloud.http("POST", path, headers, body)
        assert answer.status == 200
        assert "location" not in answer.headers
        assert [run.status for run in shop.journeys(name, "onboarding")] == ["ABORTED"]
        assert [run.status for run in shop.journeys(name, "delay-notification")] == ["RUNNING"]
        shop.order("delivered", name, f"o-{name}-2", lines=["oven"])

    shop.waits(days(150))
    for name in names:
        assert [message for message, _ in shop.got(name)] == ["welcome", "overdue"]


def test_the_link_in_the_footer_leads_to_the_page_whose_button_opts_out(shop: Shop) -> None:
    mail = signed_up(shop, "c-reader")
    path = unsubscribe_path(mail)

    assert path in mail.html
    assert path in mail.text
    page = shop.cloud.http("GET", path, {"accept-language": "es-ES,es;q=0.9"})
    assert '<html lang="es">' in page.body.decode()
    button = re.search(r'<button name="([^"]+)" value="([^"]+)">', page.body.decode())
    assert button
    done = shop.cloud.http("POST", path, FORM, f"{button[1]}={button[2]}")
    assert "You are unsubscribed" in done.body.decode()
    assert shop.journeys("c-reader", "onboarding")[0].status == "ABORTED"


@pytest.mark.parametrize("behind", [".", ")", "%3E", "%20", "/", "=", "=%0D%0A"])
def test_every_page_works_with_what_a_mail_program_puts_behind_its_link(shop: Shop, behind: str) -> None:
    name = f"c-behind-{behind.encode().hex()}"
    path = unsubscribe_path(signed_up(shop, name))

    for page in (path, path.replace("/u/", "/p/"), path.replace("/u/", "/s/")):
        assert [shop.cloud.http(method, page + behind).status for method in ("GET", "HEAD")] == [200, 200]
    assert shop.cloud.http("POST", path.replace("/u/", "/s/") + behind, FORM, b"score=5").status == 200
    assert shop.cloud.http("POST", path + behind, FORM, ONE_CLICK).status == 200

    assert shop.journeys(name, "onboarding")[0].status == "ABORTED"


def test_pressing_twice_changes_nothing_more(shop: Shop) -> None:
    path = unsubscribe_path(signed_up(shop, "c-twice"))
    first = shop.cloud.http("POST", path, FORM, ONE_CLICK)
    before = table(shop.cloud)
    shop.waits(hours(2))

    again = shop.cloud.http("POST", path, FORM, ONE_CLICK)

    assert (again.status, again.body) == (first.status, first.body)
    assert table(shop.cloud) == before


def test_a_later_yes_brings_the_customer_back_and_an_older_one_does_not(shop: Shop) -> None:
    path = unsubscribe_path(signed_up(shop, "c-back-again"))
    earlier = shop.now
    shop.waits(hours(1))
    shop.cloud.http("POST", path, FORM, ONE_CLICK)

    def says_yes(at: str) -> None:
        consent = {"marketing": True, "source": "account", "at": at}
        shop.tells("customer.updated", "c-back-again", customer={"consent": consent})

    def is_mailed() -> bool:
        (profile,) = [row for row in shop.stored("c-back-again") if row["SK"]["S"] == "PROFILE"]
        return bool(profile["marketing"]["BOOL"])

    says_yes(earlier.isoformat())
    assert not is_mailed()
    shop.waits(hours(1))
    says_yes(shop.now.isoformat())
    assert is_mailed()


@pytest.mark.parametrize("path", ["/u/abc", "/p/abc", "/s/abc", "/u/%F0%9F%98%80"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours_is_not_found(shop: Shop, path: str, method: str) -> None:
    answer = shop.cloud.http(method, path, FORM, ONE_CLICK)

    assert answer.status == 404
    assert "abc" not in answer.body.decode()


def test_another_customers_link_cannot_be_made_from_ones_own(shop: Shop) -> None:
    path = unsubscribe_path(signed_up(shop, "c-own"))
    forged = path[:-4] + ("AAAA" if path[-4:] != "AAAA" else "BBBB")

    assert shop.cloud.http("POST", forged, FORM, ONE_CLICK).status == 404
    assert shop.journeys("c-own", "onboarding")[0].status == "RUNNING"


def test_nothing_personal_is_on_a_page_or_in_a_log(shop: Shop) -> None:
    mail = signed_up(shop, "c-private")
    path, lines = unsubscribe_path(mail), len(shop.cloud.logs)
    pages = [shop.cloud.http(method, path, FORM, ONE_CLICK).body.decode() for method in ("GET", "POST")]

    told = " ".join([*pages, *(line.text for line in shop.cloud.logs[lines:])])
    for secret in ("c-private@example.com", "c-private", path.rsplit("/", 1)[1]):
        assert secret not in told


def test_the_shops_other_systems_get_opt_outs_and_answers(shop: Shop) -> None:
    announced_events = _listen(shop.cloud)
    path = unsubscribe_path(signed_up(shop, "c-heard"))
    shop.cloud.http("POST", path.replace("/u/", "/s/"), FORM, b"score=4")
    shop.cloud.http("POST", path.replace("/u/", "/s/"), FORM, b"score=9")
    shop.cloud.http("POST", path, FORM, ONE_CLICK)

    survey, opted_out = announced_events()
    assert (survey["detail-type"], survey["source"]) == ("survey.answered", "outreach")
    assert survey["detail"].items() >= {"customer_id": "c-heard", "score": 4}.items()
    assert opted_out["detail-type"] == "customer.unsubscribed"
    assert opted_out["detail"]["customer_id"] == "c-heard"


def test_an_answer_is_thanked_for_and_one_that_was_not_offered_is_asked_again(shop: Shop) -> None:
    path = unsubscribe_path(signed_up(shop, "c-answers")).replace("/u/", "/s/")

    assert "Thank you" in shop.cloud.http("POST", path, FORM, b"score=5").body.decode()
    before = table(shop.cloud)
    refused = shop.cloud.http("POST", path, FORM, b"score=6")

    assert (refused.status, "How is it going?" in refused.body.decode()) == (400, True)
    assert table(shop.cloud) == before


def test_the_survey_of_a_message_cannot_flood_the_bus_and_is_silent_after_an_erasure(shop: Shop) -> None:
    announced_events = _listen(shop.cloud)
    shop.signs_up("c-floods")
    shop.waits(days(30))
    (mail,) = [mail for mail in shop.inbox("c-floods") if "/s/" in mail.html]
    found = re.search(r'https://[^/"]+(/s/[^"]+)"', mail.html)
    assert found

    def answers(score: int) -> tuple[int, bytes]:
        answer = shop.cloud.http("POST", found[1], FORM, f"score={score}")
        return answer.status, answer.body

    same = [answers(4) for _ in range(205)]
    shop.waits(hours(1))
    changed = [answers(score) for score in (1, 2, 3, 5)]
    announced = [each["detail"] for each in announced_events()]

    assert [status for status, _ in same] == [200] * 50 + [429] * 155
    assert [detail["score"] for detail in announced] == [4, 1, 2, 3, 5]
    shop.waits(hours(1))
    shop.tells("customer.deleted", "c-floods")
    assert answers(2) == changed[0]
    assert [each["detail"] for each in announced_events()] == announced, (
        "the queue still holds them, and no more"
    )
    assert not [row for row in shop.stored("c-floods") if row["SK"]["S"].startswith("ANSWER#")]


def _listen(cloud: LocalCloud) -> Callable[[], list[Any]]:
    """A queue on the stack's bus, for Outreach's own announcements; returns what came in."""
    events, sqs = cloud.client("events"), cloud.client("sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    bus, pattern = cloud.outputs["BusName"], json.dumps({"source": ["outreach"]})
    events.put_rule(Name="heard", EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule="heard", EventBusName=bus, Targets=[{"Id": "heard", "Arn": arn}])

    def announced_events() -> list[Any]:
        dead_letters = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(dead_letter["Body"]) for dead_letter in dead_letters]

    return announced_events
