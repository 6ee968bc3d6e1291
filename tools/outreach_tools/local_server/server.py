"""The HTTP side: reads a request, has the thread of the cloud answer it, writes the answer."""

from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

from outreach_tools.local_server.exchange import Answer, RefusedRequestError, Request, refusal
from outreach_tools.loopback import LOOPBACK_NAMES, host_of, origin_host

LARGEST_BODY = 2_000_000
"""Bytes. PutEvents takes 1 MB of entries, which JSON may escape; no page of the stack takes as much."""
CONNECTION_SECONDS = 60


class LocalServer(ThreadingHTTPServer):
    """One thread for each connection, so that one that stays open or stalls blocks no other."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, names: frozenset[str], ask: Callable[[Request], Answer]) -> None:
        """`names` are those that clients may call this server by, besides the loopback's.

        Raises OSError when the port cannot be used; port 0 takes a free one.
        """
        super().__init__((host, port), _Handler)
        self.names = LOOPBACK_NAMES | {name.lower() for name in names}
        self.ask = ask


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    timeout = CONNECTION_SECONDS

    def _serve(self) -> None:
        try:
            self._require_own_name()
            answer = self.server.ask(self._request())
        except RefusedRequestError as error:
            self.close_connection = True  # a body may be left unread
            answer = refusal(error)
        self._send(answer)

    do_GET = do_HEAD = do_POST = _serve  # noqa: N815 - http.server looks for these names
    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - as above

    def _require_own_name(self) -> None:
        if host_of(self.headers.get("Host", "")) not in self.server.names:
            raise RefusedRequestError(
                HTTPStatus.FORBIDDEN,
                "ask for this machine by its own name, such as localhost; others are allowed by --name",
            )

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if "transfer-encoding" in headers:
            raise RefusedRequestError(
                HTTPStatus.LENGTH_REQUIRED, "give Content-Length; chunked requests are not read here"
            )
        text = headers.get("content-length", "0")
        if not (text.isascii() and text.isdigit()):
            raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "Content-Length must be a number of bytes")
        if int(text) > LARGEST_BODY:
            raise RefusedRequestError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {LARGEST_BODY} bytes"
            )
        origin = headers.get("origin")
        foreign = origin is not None and origin_host(origin) not in self.server.names
        return Request(self.command, self.path, headers, self.rfile.read(int(text)), foreign)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    @override
    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Invalid HTTP, and methods that no route has: as JSON, like every other error."""
        self.close_connection = True
        words = message or HTTPStatus(code).phrase
        self._send(refusal(RefusedRequestError(HTTPStatus(code), words)))

    @override
    def log_message(self, format: str, *args: object) -> None:
        """The terminal shows what happened in the stack, and no requests."""
