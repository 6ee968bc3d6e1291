"""The two programs while they run, each on a port of its own of this machine."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from referee.tools import NotRunError, Tools

REGION = "us-east-1"
ACCOUNT = "123456789012"
SES_ACCOUNT = {
    "DedicatedIpAutoWarmupEnabled": False,
    "Details": {
        "AdditionalContactEmailAddresses": [],
        "ContactLanguage": "EN",
        "MailType": "MARKETING",
        "ReviewDetails": {"CaseId": "none", "Status": "GRANTED"},
        "UseCaseDescription": "none",
        "WebsiteURL": "https://example.test",
    },
    "EnforcementStatus": "HEALTHY",
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "SendQuota": {"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": 0},
    "SuppressionAttributes": {"SuppressedReasons": []},
}
"""What aws-ses-v2-local answers to GetAccount: it has no account of its own."""
_START = 60
"""Seconds that a program may take until it answers."""


@dataclass(frozen=True, slots=True)
class Emulators:
    """Their addresses."""

    aws_url: str
    mail_url: str

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]  # one name per service
            service,
            endpoint_url=self.aws_url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def mail(self) -> list[dict[str, Any]]:
        """Every message that aws-ses-v2-local took, the oldest first."""
        with urllib.request.urlopen(f"{self.mail_url}/store", timeout=10) as answer:
            taken: list[dict[str, Any]] = json.load(answer)["emails"]
        return taken


@contextmanager
def running(tools: Tools, logs: Path) -> Iterator[Emulators]:
    """Both programs, until the block ends; their output is in the folder `logs`. Raises NotRunError."""
    aws_port, mail_port = _free_port(), _free_port()
    emulators = Emulators(f"http://127.0.0.1:{aws_port}", f"http://127.0.0.1:{mail_port}")
    ministack = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(aws_port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ENDPOINT_URL_SESV2": emulators.mail_url,  # the functions inherit it
    }
    reader = {"AWS_SES_ACCOUNT": json.dumps(SES_ACCOUNT)}
    with ExitStack() as stack:
        stack.enter_context(_process(tools.ministack, ministack, logs / "ministack.log"))
        at = ("--host", "127.0.0.1", "--port", str(mail_port))
        stack.enter_context(_process((*tools.mail_reader, *at), reader, logs / "aws-ses-v2-local.log"))
        _await_answer("ministack", f"{emulators.aws_url}/_ministack/health", logs)
        _await_answer("aws-ses-v2-local", f"{emulators.mail_url}/health-check", logs)
        yield emulators


@contextmanager
def _process(command: tuple[str, ...], settings: Mapping[str, str], log: Path) -> Iterator[None]:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, env=surroundings | settings, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_answer(what: str, url: str, logs: Path) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.2)
    raise NotRunError(f"{what} does not answer after {_START} s: see {logs}")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
