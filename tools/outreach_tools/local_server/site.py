"""From a request to its answer: EventBridge, the HTTP API of the stack, or the routes of this server."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from local_cloud import LocalCloud, Outcome
from outreach_tools.local_server import outbox, refused_events
from outreach_tools.local_server.exchange import Answer, RefusedRequestError, Request, as_json
from outreach_tools.local_server.put_events import answer_as_aws, is_for_aws, sound_entries
from outreach_tools.local_server.refused_events import RefusedEvents
from outreach_tools.local_server.stack_clock import StackClock

PREFIX = "/_local/"
ROUTES = {
    "GET /_local/": "this page: what is here, and the time of the stack",
    "GET /_local/outbox": "the messages that were sent; ?to=ADDRESS, ?campaign=NAME, ?message=NAME",
    "GET /_local/refused": "the events that were refused, each with its reason",
    "POST /_local/advance": 'lets time pass: {"days": 3}, {"hours": 1, "minutes": 30}, {"until": INSTANT}',
}
_NOT_FOR_THE_API = frozenset({"host", "connection", "content-length", "keep-alive", "upgrade"})
"""Headers between the client and this server; API Gateway gives functions its own."""


class Site:
    """Answers one request after the other; everything here runs in the thread of the cloud."""

    def __init__(self, cloud: LocalCloud, clock: StackClock, say: Callable[[str], None]) -> None:
        """`say` shows a line to the developer."""
        self._cloud = cloud
        self._clock = clock
        self._say = say
        self._refused = RefusedEvents(cloud)
        self._shown_messages = self._shown_invocations = self._shown_refused = 0

    def answer(self, request: Request) -> Answer:
        self._clock.catch_up()
        try:
            return self._answer(request)
        finally:
            self._show()

    def idle(self) -> None:
        """Let the running clock run while there is no request."""
        self._clock.catch_up()
        self._show()

    def _answer(self, request: Request) -> Answer:
        if is_for_aws(request):
            _require_own_page(request)
            answer = answer_as_aws(self._cloud, request)
            for entry in sound_entries(request, answer):
                self._refused.note(entry)
            return answer
        if request.path == PREFIX.rstrip("/") or request.path.startswith(PREFIX):
            _require_own_page(request)
            return as_json(self._own(request))
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_FOR_THE_API}
        response = self._cloud.http(request.method, request.target, headers, request.body)
        return Answer(response.status, response.body, response.headers)

    def _own(self, request: Request) -> Any:
        name = request.path.removeprefix(PREFIX.rstrip("/")).strip("/")
        method = "GET" if request.method == "HEAD" else request.method
        match method, name:
            case "GET", "":
                return {
                    "now": self._cloud.now.isoformat(),
                    "bus": self._cloud.outputs["BusName"],
                    "routes": ROUTES,
                }
            case "GET", "outbox":
                return outbox.messages(self._cloud, request.query)
            case "GET", "refused":
                return self._refused.all()
            case "POST", "advance":
                before = len(self._cloud.outbox)
                self._clock.advance(request.body)
                return {"now": self._cloud.now.isoformat(), "sent": len(self._cloud.outbox) - before}
            case _:
                raise _no_such_route(name)

    def _show(self) -> None:
        """Show what is new since the last call."""
        for sent in self._cloud.outbox[self._shown_messages :]:
            self._say(outbox.line_of(sent))
        for run in self._cloud.invocations[self._shown_invocations :]:
            if run.outcome is Outcome.ERROR:
                self._say(f"failed: {run.function}: {run.error_type}: {run.error_message}")
        refused = self._refused.all()
        for event in refused[self._shown_refused :]:
            self._say(refused_events.line_of(event))
        self._shown_messages = len(self._cloud.outbox)
        self._shown_invocations = len(self._cloud.invocations)
        self._shown_refused = len(refused)


def _require_own_page(request: Request) -> None:
    """Only the API of the stack is for every page: on AWS it is public, and its links are signed."""
    if request.is_foreign:
        raise RefusedRequestError(HTTPStatus.FORBIDDEN, "a page of another site may not ask this")


def _no_such_route(name: str) -> RefusedRequestError:
    allowed = [route.partition(" ")[0] for route in ROUTES if route.endswith(f"{PREFIX}{name}")]
    if allowed:
        return RefusedRequestError(
            HTTPStatus.METHOD_NOT_ALLOWED, f"use {' or '.join(allowed)} here", allow=", ".join(allowed)
        )
    return RefusedRequestError(HTTPStatus.NOT_FOUND, f"there is no such route; there are {', '.join(ROUTES)}")
