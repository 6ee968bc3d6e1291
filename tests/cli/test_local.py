"""What `outreach local` says when it cannot start."""

import socket
from collections.abc import Callable

import pytest
from typer.testing import Result


@pytest.mark.parametrize("start", ["tomorrow", "2026-03-02T09:00:00", "2026-03-02"])
def test_a_start_that_is_no_instant_is_refused(outreach: Callable[..., Result], start: str) -> None:
    result = outreach("local", "--port", "0", "--start", start)

    assert result.exit_code == 1
    assert "such as 2026-03-02T09:00:00Z" in result.stderr


def test_a_port_that_is_taken_is_named_with_what_to_do(outreach: Callable[..., Result]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = outreach("local", "--port", str(port))

    assert result.exit_code == 1
    assert f"port {port} cannot be used" in result.stderr
    assert "--port" in result.stderr
