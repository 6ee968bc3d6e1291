"""Requests of many connections, answered one at a time by the one thread of the local cloud."""

import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from queue import Empty, SimpleQueue

from outreach_tools.local_server.exchange import Answer, RefusedRequestError, Request, as_json, refusal

IDLE_SECONDS = 1.0
"""Real seconds without a request after which the clock of the stack is brought up to date."""


class WorkQueue:
    """`ask` is for the threads of the connections, `work` for the thread of the cloud."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Request, Future[Answer]] | None] = SimpleQueue()

    def ask(self, request: Request) -> Answer:
        """Wait for the answer; a failure is an answer, too."""
        answer: Future[Answer] = Future()
        self._waiting.put((request, answer))
        return answer.result()

    def stop(self) -> None:
        """End `work` after the present request. A signal handler may call this."""
        self._waiting.put(None)

    def work(self, answer: Callable[[Request], Answer], idle: Callable[[], None]) -> None:
        """Answer requests until `stop`; `idle` is called whenever none came for a while."""
        while True:
            try:
                waiting = self._waiting.get(timeout=IDLE_SECONDS)
            except Empty:
                idle()
                continue
            if waiting is None:
                return
            request, promised = waiting
            promised.set_result(_guarded(answer, request))


def _guarded(answer: Callable[[Request], Answer], request: Request) -> Answer:
    try:
        return answer(request)
    except RefusedRequestError as error:
        return refusal(error)
    except Exception as error:  # noqa: BLE001 - one request that fails must not end the server
        traceback.print_exc(file=sys.stderr)
        return as_json(
            {"error": f"the local cloud failed: {type(error).__name__}; its terminal shows where"},
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )
