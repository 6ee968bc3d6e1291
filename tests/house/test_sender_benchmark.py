"""What the benchmarks count of the sender: as many messages as requested, and the requests of each."""

import json
import os
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MESSAGES = 98
WARM_UP = 98
"""Messages that the command sends before it measures."""
SEND_EMAIL = "/v2/email/outbound-emails"


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


def test_a_message_that_goes_alone_takes_five_requests_at_most() -> None:
    count = "import json; from sweeping import advance_one_by_one as a; print(json.dumps(a(7).counted))"
    environment = {**os.environ, "PYTHONPATH": f"{BENCHMARKS}{os.pathsep}{BENCHMARKS.parent / 'functions'}"}
    done = subprocess.run(
        [sys.executable, "-c", count], capture_output=True, text=True, check=False, env=environment
    )

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    once = {name: counted.get(name) for name in ("BatchGetItem", "TransactWriteItems", SEND_EMAIL)}
    assert once == {"BatchGetItem": 7, "TransactWriteItems": 7, SEND_EMAIL: 7}
    assert counted["UpdateItem"] <= 14, "a permit and a record"
    # What is kept in memory for some seconds is read again when the machine is slow.
    assert set(counted) - {"Query", "mails", "requests", "rows_read"} == {*once, "UpdateItem"}
