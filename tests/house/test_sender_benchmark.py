"""The command that measures the sender against an endpoint sends exactly as many messages as asked."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MESSAGES = 98
WARM_UP = 98
"""Messages that the command sends before it measures."""


def test_the_sender_needs_nothing_but_ses_and_dynamodb_at_the_endpoint() -> None:
    sink = [sys.executable, str(BENCHMARKS / "sink_of_customers.py"), str(MESSAGES + WARM_UP)]
    with subprocess.Popen(sink, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        sender = [sys.executable, str(BENCHMARKS / "sender.py"), endpoint, "--messages", str(MESSAGES)]
        try:
            done = subprocess.run(sender, capture_output=True, text=True, check=False)
        finally:
            process.kill()

    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert measured["messages"] == MESSAGES
    assert 0 < measured["ses_requests_per_message"] < 0.1
    assert 0 < measured["dynamodb_requests_per_message"] < 0.3
