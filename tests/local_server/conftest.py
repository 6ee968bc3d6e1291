"""`outreach local` as a process of its own, and a shop that is not written in Python in front of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_server.shop import Shop

PROJECT = Path(__file__).parents[2]
ADDRESS_LINE = "Outreach runs at "
LAST_LINE = "More: "


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """A server whose clock runs, and is advanced by tests; every test brings customers of its own."""
    with running() as shop:
        yield shop


@pytest.fixture
def shop_of_today() -> Iterator[Shop]:
    """A server whose clock nothing has advanced, for programs that take the time of the machine."""
    with running() as shop:
        yield shop


@contextmanager
def running() -> Iterator[Shop]:
    # The endpoint is set as a developer's shell has it, where the shop is pointed to the server.
    surroundings = {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    command = [Path(sys.executable).with_name("outreach"), "local", "--port", "0", "--name", "stack.test"]
    with subprocess.Popen(
        command, cwd=PROJECT, env=surroundings, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        welcome: list[str] = []
        for line in process.stdout:
            welcome.append(line)
            if line.startswith(LAST_LINE):
                break
        assert welcome, "outreach local ended before it was up"
        assert welcome[0].startswith(ADDRESS_LINE)
        port = int(welcome[0].split()[3].rpartition(":")[2])
        yield Shop(port, "".join(welcome))
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines()[-1] == "ended"
    assert process.returncode == 0
