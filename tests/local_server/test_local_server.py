"""`outreach local`: a shop in any language works against the whole stack on this machine."""

import re
import socket
import time
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from local_server.shop import BUS, Shop, entry
from outreach_tools.local_server.server import LARGEST_BODY

JSON_11 = {"Content-Type": "application/x-amz-json-1.1"}
PUT = JSON_11 | {"X-Amz-Target": "AWSEvents.PutEvents"}


def test_an_event_from_an_aws_sdk_brings_a_message_whose_links_work(shop: Shop) -> None:
    answer = shop.events().put_events(Entries=[entry("customer.signed_up", shop.signed_up("c-links"))])
    (welcome,) = shop.get("/_local/outbox?to=C-Links@example.com")

    assert answer["FailedEntryCount"] == 0
    assert (welcome["campaign"], welcome["message"]) == ("onboarding", "welcome")
    assert {"at", "subject", "text", "html", "headers"} <= welcome.keys()
    link = welcome["headers"]["List-Unsubscribe"].strip("<>")
    assert re.fullmatch(r"http://stack\.test:\d+/u/.+", link)
    path = link.partition(f":{shop.port}")[2]
    assert shop.request("HEAD", path).body == b""
    assert b"<form" in shop.request("GET", path).body
    # The page sends no referrer, so a browser sends the Origin `null` with its button.
    pressed = shop.request("POST", path, b"List-Unsubscribe=One-Click", {"Origin": "null"})
    assert pressed.status == 200

    shop.advance(days=3)
    assert len(shop.get("/_local/outbox?to=c-links@example.com")) == 1


def test_time_passes_on_request_and_with_the_machine(shop: Shop) -> None:
    shop.events().put_events(Entries=[entry("customer.signed_up", shop.signed_up("c-time"))])
    before = shop.now()
    time.sleep(0.05)
    after = shop.now()

    answer = shop.advance(days=2, hours=12)
    assert after > before
    assert datetime.fromisoformat(answer["now"]) >= after + timedelta(days=2, hours=12)
    assert answer["sent"] >= 1
    until = (shop.now() + timedelta(hours=6)).isoformat()
    assert datetime.fromisoformat(shop.advance(until=until)["now"]) >= datetime.fromisoformat(until)
    assert [each["message"] for each in shop.get("/_local/outbox?to=c-time@example.com")][:2] == [
        "welcome",
        "first-steps",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"three days",
        b"{}",
        b"[3]",
        b'{"weeks": 1}',
        b'{"days": "3"}',
        b'{"days": true}',
        b'{"days": NaN}',
        b'{"days": -1}',
        b'{"days": 1e300}',
        b'{"days": 1, "until": "2036-01-01T00:00:00Z"}',
        b'{"until": "2036-01-01T00:00:00"}',
        b'{"until": "2000-01-01T00:00:00Z"}',
        b'{"until": 3}',
    ],
)
def test_an_advance_that_makes_no_sense_is_refused_with_what_would_be_right(shop: Shop, body: bytes) -> None:
    reply = shop.request("POST", "/_local/advance", body)

    assert reply.status == 400
    assert reply.json()["error"]


def test_what_intake_refuses_is_shown_with_its_reason(shop: Shop) -> None:
    wrong = shop.signed_up("c-wrong") | {"occurred_at": "yesterday"}
    answer = shop.events().put_events(Entries=[entry("customer.signed_up", wrong)])
    (refused,) = shop.refused_of("c-wrong")

    assert answer["FailedEntryCount"] == 0
    assert refused["event"] == "customer.signed_up"
    assert refused["reason"].startswith("occurred_at: must be RFC 3339")
    assert shop.refused_of("c-wrong") == [refused], "a look must leave it there"


def test_an_event_on_the_default_bus_is_shown_as_refused(shop: Shop) -> None:
    event = entry("customer.signed_up", shop.signed_up("c-default"), EventBusName="default")
    answer = shop.events().put_events(Entries=[event])

    assert answer["FailedEntryCount"] == 0
    assert [each["reason"] for each in shop.refused_of("c-default")] == [
        f"is on the bus default, which Outreach does not read; set EventBusName to {BUS}"
    ]


def test_an_event_under_the_reserved_source_is_shown_as_refused(shop: Shop) -> None:
    event = entry("customer.signed_up", shop.signed_up("c-reserved"), Source="outreach")
    shop.events().put_events(Entries=[event])

    (refused,) = shop.refused_of("c-reserved")
    assert "set Source to a name of your own" in refused["reason"]


def test_a_bus_that_does_not_exist_refuses_the_whole_batch(shop: Shop) -> None:
    sound = entry("customer.signed_up", shop.signed_up("c-typo"))
    with pytest.raises(ClientError) as caught:
        shop.events().put_events(Entries=[sound, sound | {"EventBusName": "outreach-event"}])

    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert shop.get("/_local/outbox?to=c-typo@example.com") == []


def test_put_events_has_the_limits_and_the_entry_errors_of_aws(shop: Shop) -> None:
    sound = entry("customer.updated", shop.signed_up("c-limits"))
    with pytest.raises(ClientError, match="less than or equal to 10"):
        shop.events().put_events(Entries=[sound] * 11)
    with pytest.raises(ClientError, match="over the limit"):
        shop.events().put_events(Entries=[sound | {"Detail": '{"a":"' + "x" * 1_048_576 + '"}'}])

    answer = shop.events().put_events(
        Entries=[sound, sound | {"Detail": "{"}, sound | {"Source": "aws.events"}]
    )
    assert answer["FailedEntryCount"] == 2
    assert [each.get("ErrorCode") for each in answer["Entries"]] == [
        None,
        "MalformedDetail",
        "NotAuthorizedForSourceException",
    ]


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ({}, b"Action=GetCallerIdentity", "UnknownOperationException"),
        ({"X-Amz-Target": "AWSEvents.PutRule"}, b"{}", "UnknownOperationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b"{", "SerializationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b"[]", "SerializationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b"{}", "SerializationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b'{"Entries": []}', "ValidationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b'{"Entries": 3}', "ValidationException"),
        ({"X-Amz-Target": "AWSEvents.PutEvents"}, b'{"Entries": [{"Source": 3}]}', "ValidationException"),
    ],
)
def test_what_no_sdk_sends_is_refused_in_the_form_that_sdks_read(
    shop: Shop, target: dict[str, str], body: bytes, code: str
) -> None:
    reply = shop.request("POST", "/", body, JSON_11 | target)

    assert (reply.status, reply.json()["__type"]) == (400, code)
    assert reply.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_local/nothing", 404),
        ("GET", "/_local/outbox?customer=ana", 400),
        ("POST", "/_local/outbox", 405),
        ("GET", "/_local/advance", 405),
        ("GET", "/u/no-token", 404),
        ("PUT", "/s/no-token", 404),
        ("GET", "/", 404),
    ],
)
def test_what_is_not_there_is_said_with_its_status(shop: Shop, method: str, path: str, status: int) -> None:
    assert shop.request(method, path).status == status


def test_the_first_page_names_the_routes_the_bus_and_the_time(shop: Shop) -> None:
    page = shop.get("/_local")

    assert page["bus"] == BUS
    assert len(page["routes"]) == 4
    assert BUS in shop.welcome
    assert "AWS_ENDPOINT_URL=http://stack.test:" in shop.welcome


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:80"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "[::1]:4566"}, 200),
        ({"Host": "stack.test:4566"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_who_asks_for_this_machine_by_its_name_is_answered(
    shop: Shop, headers: dict[str, str], status: int
) -> None:
    reply = shop.request("GET", "/_local/outbox", headers=headers)

    assert reply.status == status
    assert isinstance(reply.json(), list if status == 200 else dict)


def test_a_page_of_another_site_can_put_no_event(shop: Shop) -> None:
    reply = shop.request("POST", "/", b"{}", PUT | {"Origin": "https://evil.example"})

    assert reply.status == 403


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n", 413),
        ("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("nonsense\r\n\r\n", 400),
    ],
)
def test_what_is_no_sound_request_is_refused_as_json(shop: Shop, lines: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", shop.port)) as connection:
        connection.sendall(lines.encode())
        with connection.makefile("rb") as answer:
            text = answer.read().decode()

    assert f" {status} " in text.splitlines()[0] or status == 400
    assert '"error"' in text


def test_a_connection_that_stays_open_blocks_no_other(shop: Shop) -> None:
    with socket.create_connection(("127.0.0.1", shop.port)):
        assert shop.get("/_local/")["bus"] == BUS
