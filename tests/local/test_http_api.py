"""Requests through the HTTP API, as a browser or a webhook would send them."""

import pytest

from local_cloud import LocalCloud


def test_a_route_with_a_variable_takes_any_method(cloud: LocalCloud) -> None:
    answer = cloud.http("GET", "/u/a%2Fb?x=1&x=2&y=", {"Cookie": "a=1; b=2"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "method": "GET",
        "route": "ANY /u/{token}",
        "token": "a/b",
        "query": {"x": "1,2", "y": ""},
        "cookies": ["a=1", "b=2"],
        "body": "",
    }


@pytest.mark.parametrize(
    ("content_type", "encoded"),
    [
        ("application/json", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", True),
        ("application/octet-stream", True),
    ],
)
def test_a_body_arrives_whatever_its_type(cloud: LocalCloud, content_type: str, encoded: bool) -> None:
    assert cloud.http("POST", "/events", {"Content-Type": content_type}, b"a=1").json()["body"] == "a=1"
    assert cloud.invocations[0].event["isBase64Encoded"] is encoded


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/events"), ("POST", "/nowhere"), ("GET", "/u/"), ("GET", "/u/a/b")]
)
def test_what_has_no_route_is_not_found(cloud: LocalCloud, method: str, path: str) -> None:
    answer = cloud.http(method, path)
    assert (answer.status, answer.json()) == (404, {"message": "Not Found"})
    assert cloud.invocations == ()


def test_a_crash_is_an_internal_error_and_reveals_nothing_to_the_client(cloud: LocalCloud) -> None:
    answer = cloud.http("POST", "/events", {"content-type": "text/plain"}, "crash")
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
    assert cloud.invocations[0].error_message == "crash"


def test_the_event_has_payload_format_two(cloud: LocalCloud) -> None:
    cloud.http("POST", "/events", {"X-Shop": "1", "User-Agent": "test"}, b"{}")
    event = cloud.invocations[0].event
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", "POST /events", "/events")
    assert event["headers"]["x-shop"] == "1"
    http = event["requestContext"]["http"]
    assert (http["method"], http["path"], http["userAgent"]) == ("POST", "/events", "test")
    assert event["requestContext"]["timeEpoch"] == 1772442000000


def test_the_url_of_the_outputs_is_that_of_the_api(cloud: LocalCloud) -> None:
    assert cloud.outputs["Url"] == cloud.attribute("Api", "ApiEndpoint")


def test_a_request_over_the_burst_is_throttled_and_runs_no_function(cloud: LocalCloud) -> None:
    statuses = [cloud.http("GET", "/u/a").status for _ in range(8)]

    assert statuses == [200] * 5 + [429] * 3
    assert cloud.http("GET", "/u/b").json() == {"message": "Too Many Requests"}
    assert len(cloud.invocations) == 5


def test_a_throttled_route_is_refilled_at_its_rate(cloud: LocalCloud) -> None:
    for _ in range(6):
        cloud.http("GET", "/u/a")
    cloud.advance(seconds=1.5)

    assert [cloud.http("GET", "/u/a").status for _ in range(4)] == [200] * 3 + [429]


def test_each_route_is_throttled_by_its_own_settings(cloud: LocalCloud) -> None:
    for _ in range(6):
        cloud.http("GET", "/u/a")

    statuses = [cloud.http("POST", "/events", {}, b"{}").status for _ in range(21)]

    assert (statuses[:20].count(429), statuses[20]) == (0, 429)
