"""How long the local cloud and the demo take, and whether a message costs the same with more customers."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measurement import Measurement

OUTREACH = Path(sys.executable).with_name("outreach")
UP = "from local_cloud import LocalCloud\nwith LocalCloud(): pass"


def measure() -> Iterator[Measurement]:
    """In processes of their own, as in a terminal."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", UP], check=True)
    yield Measurement("local.up_seconds", time.perf_counter() - started, "s", 5)
    seconds, per_send = demo(100)
    yield Measurement("demo.seconds", seconds, "s", 75)
    _, per_send_of_many = demo(400)
    yield Measurement("demo.growth_100_400", per_send_of_many / per_send, "ratio", 1.25)


def demo(customers: int) -> tuple[float, float]:
    """Seconds in all, and for each message."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(OUTREACH), "demo", "--customers", str(customers), "--out", folder, "--json"]
        subprocess.run(command, check=True, capture_output=True)
        told = json.loads((Path(folder) / "summary.json").read_text())
    sends = sum(number for each in told["campaigns"].values() for number in each["sent"].values())
    return told["real_seconds"], told["real_seconds"] / sends
