"""A client of `outreach local`: plain HTTP, and PutEvents through boto3."""

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3

BUS = "outreach-events"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is pointed to the server."""

    port: int
    welcome: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What docs/connect.md says to export, and nothing else; only the port is another one."""
        page = (Path(__file__).parents[2] / "docs" / "connect.md").read_text().partition("## Python")[0]
        said = dict(re.findall(r"\b([A-Z_]+)=(\S+)", "\n".join(re.findall(r"(?m)^export .*$", page))))
        assert said["OUTREACH_BUS"] == BUS
        own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return own | said | {"AWS_ENDPOINT_URL": self.url}

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        request = urllib.request.Request(
            self.url + path, data=body or None, headers=dict(headers or {}), method=method
        )
        try:
            with urllib.request.urlopen(request) as response:
                return Reply(response.status, dict(response.headers.items()), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, dict(error.headers.items()), error.read())

    def get(self, path: str) -> Any:
        reply = self.request("GET", path)
        assert reply.status == 200, reply.body
        return reply.json()

    def advance(self, **span: float | str) -> Any:
        reply = self.request("POST", "/_local/advance", json.dumps(span).encode())
        assert reply.status == 200, reply.body
        return reply.json()

    def events(self) -> Any:
        """boto3's client of EventBridge."""
        return boto3.client(
            "events",
            endpoint_url=self.url,
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def now(self) -> datetime:
        return datetime.fromisoformat(self.get("/_local/")["now"])

    def signed_up(self, customer: str) -> dict[str, Any]:
        """The detail of a sign-up, now, that gets the welcome message."""
        now = self.get("/_local/")["now"]
        return {
            "event_id": f"{customer}-signed-up",
            "occurred_at": now,
            "customer": {
                "id": customer,
                "email": f"{customer}@example.com",
                "consent": {"marketing": True, "source": "test", "at": now},
            },
        }

    def refused_of(self, customer: str) -> list[Any]:
        return [
            each
            for each in self.get("/_local/refused")
            if each["detail"].get("customer", {}).get("id") == customer
        ]


def entry(name: str, detail: Any, **more: Any) -> dict[str, Any]:
    return {
        "EventBusName": BUS,
        "Source": "shop",
        "DetailType": name,
        "Detail": json.dumps(detail),
    } | more
