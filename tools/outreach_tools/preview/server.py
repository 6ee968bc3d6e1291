"""Serves the preview on this machine, to this machine only, and notifies open pages when a file was saved."""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

from outreach_tools.loopback import LOOPBACK, LOOPBACK_NAMES, host_of
from outreach_tools.preview.site import Answer, answer
from outreach_tools.preview.watch import WatchedFolder

SILENCE = 15.0
"""Seconds after which a page is notified that nothing happened: so a closed one is noticed."""


class PreviewServer(ThreadingHTTPServer):
    """One thread for each open page, because each keeps a connection open for changes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: WatchedFolder, port: int) -> None:
        """Raises OSError when the port is taken; port 0 takes a free one."""
        super().__init__((LOOPBACK, port), _Handler)
        self.folder = folder

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if host_of(self.headers.get("Host", "")) not in LOOPBACK_NAMES:
            # Another site's page may reach this server through its name server; it must not read anything.
            self._send(Answer(b"ask for this machine by its own name\n", "text/plain", HTTPStatus.FORBIDDEN))
        elif self.path == "/changes":
            self._notify_of_changes()
        else:
            self._send(answer(self.server.folder.catalogue, self.path))

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        self.send_header("Content-Type", f"{given.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(given.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(given.body)

    def _notify_of_changes(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        known = self.server.folder.number
        try:
            while True:
                state = self.server.folder.catalogue.state
                self.wfile.write(f"event: state\ndata: {state}\n\n".encode())
                self.wfile.flush()
                known = self.server.folder.wait(known, SILENCE)
        except OSError:
            return  # the page was closed

    @override
    def log_message(self, format: str, *args: object) -> None:
        """A log of one's own clicks is of no use."""
