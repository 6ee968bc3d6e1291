"""Behind the port: with `--start` the clock stands, and an error inside is answered and not fatal."""

from collections.abc import Iterator
from threading import Thread

import pytest

from local_cloud import LocalCloud
from outreach_tools.local_server.exchange import Answer, Request
from outreach_tools.local_server.site import Site
from outreach_tools.local_server.stack_clock import StackClock
from outreach_tools.local_server.work_queue import WorkQueue
from stack_files import ROOT

START = "2026-03-02T09:00:00+00:00"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with LocalCloud(start=START, project=ROOT) as cloud:
        yield Site(cloud, StackClock(cloud, runs=False), print)


def test_a_clock_with_a_start_stands_until_it_is_advanced(site: Site) -> None:
    site.idle()
    assert START.encode() in site.answer(Request("GET", "/_local/")).body

    answer = site.answer(Request("POST", "/_local/advance", body=b'{"until": "2026-03-02T12:30:00+01:00"}'))
    assert b"2026-03-02T11:30:00+00:00" in answer.body
    assert b"2026-03-02T11:30:00+00:00" in site.answer(Request("GET", "/_local/")).body


def test_a_request_that_fails_inside_is_answered_with_500_and_the_next_one_is_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    queue = WorkQueue()

    def answer(request: Request) -> Answer:
        if request.path == "/fails":
            raise LookupError("a defect")
        return Answer(200, b"")

    answers: list[Answer] = []
    connection = Thread(
        target=lambda: (
            [answers.append(queue.ask(Request("GET", path))) for path in ("/fails", "/next")] and queue.stop()
        )
    )
    connection.start()
    queue.work(answer, lambda: None)
    connection.join()

    assert [each.status for each in answers] == [500, 200]
    assert b"LookupError" in answers[0].body
    assert "a defect" in capsys.readouterr().err
