"""An HTTP sink on the loopback that answers like SES and DynamoDB, in a process of its own.

It keeps no state: reads are answered from the request, writes are accepted. So the sender is measured, and
not a database. It counts requests and the sizes of what was written.
"""

import asyncio
import itertools
import json
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from typing import Any

type Answer = dict[str, Any]
type Rows = Callable[[str, str], Answer | None]

COUNT_PATH = "/counted"
"""GET: what was counted since the last time, as JSON."""


class Sink:
    """Answers one request at a time; the rows that reads find are made by the scenario."""

    def __init__(self, rows: "Rows", due: Callable[[Answer], list[Answer]]) -> None:
        self._rows = rows
        self._due = due
        self._ids = itertools.count(1)
        self.counted: Counter[str] = Counter()

    def answer(self, path: str, target: str, body: bytes) -> tuple[int, Answer]:
        """Status and JSON body of the answer."""
        if path == COUNT_PATH:
            counted, self.counted = dict(self.counted), Counter()
            return 200, counted
        self.counted["requests"] += 1
        if target.startswith("DynamoDB"):
            operation = target.rsplit(".", 1)[1]
            self.counted[operation] += 1
            return 200, getattr(self, f"_{operation}", self._taken)(json.loads(body))
        if target == "AmazonSSM.GetParameter":
            return 200, {"Parameter": {"Value": b64encode(bytes(32)).decode()}}
        self.counted[path] += 1
        if path.endswith("/outbound-bulk-emails"):
            entries = json.loads(body)["BulkEmailEntries"]
            self.counted["mails"] += len(entries)
            results = [{"Status": "SUCCESS", "MessageId": f"m-{next(self._ids)}"} for _ in entries]
            return 200, {"BulkEmailEntryResults": results}
        if path.endswith("/outbound-emails"):
            self.counted["mails"] += 1
            return 200, {"MessageId": f"m-{next(self._ids)}"}
        return 200, {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"Max24HourSend": 10_000_000.0, "MaxSendRate": 100_000.0, "SentLast24Hours": 0.0},
        }

    def _GetItem(self, request: Answer) -> Answer:  # noqa: N802 - the operation's own name
        item = self._row(request["Key"])
        return {} if item is None else {"Item": item}

    def _BatchGetItem(self, request: Answer) -> Answer:  # noqa: N802 - as above
        found = {
            table: [item for key in asked["Keys"] if (item := self._row(key)) is not None]
            for table, asked in request["RequestItems"].items()
        }
        self.counted["rows_read"] += sum(map(len, found.values()))
        return {"Responses": found, "UnprocessedKeys": {}}

    def _Query(self, request: Answer) -> Answer:  # noqa: N802 - as above
        items = self._due(request)
        return {"Items": items, "Count": len(items), "ScannedCount": len(items)}

    @staticmethod
    def _taken(_request: Answer) -> Answer:
        return {}

    def _row(self, key: Answer) -> Answer | None:
        return self._rows(key["PK"]["S"], key["SK"]["S"])


class _Connection(asyncio.Protocol):
    """Just enough of HTTP/1.1 for botocore: kept alive, with lengths, one request after another."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # TCP

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = self._buffer[:end].decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1].split("?")[0]
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
            }
            if headers.get("expect") and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            length = int(headers.get("content-length", 0))
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            status, answer = self._sink.answer(path, headers.get("x-amz-target", ""), body)
            payload = json.dumps(answer).encode()
            size = f"content-length: {len(payload)}"
            head = f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\n{size}\r\n\r\n"
            if self._transport is not None:
                self._transport.write(head.encode() + payload)


async def serve(sink: Sink) -> None:
    """Print the port, then answer until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(sink), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()
