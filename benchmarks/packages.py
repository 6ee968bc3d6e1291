"""The package of a function, built for this machine's architecture as `make build` builds it for Lambda's."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from sweeping import ENVIRONMENT

TOOLS = Path(__file__).parents[1] / "tools"
sys.path.insert(0, str(TOOLS))

from lambda_package import install, slim

MORE_ENVIRONMENT = {
    "RELEASE": "0.0.0",
    "JOURNEY_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:outreach-journey",
    "WAKE_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:outreach-wake",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/refused",
    "POWERTOOLS_SERVICE_NAME": "outreach",
    "POWERTOOLS_METRICS_NAMESPACE": "Outreach",
}


@contextmanager
def package(*, slimmed: bool) -> Iterator[Path]:
    """A folder with what Lambda unpacks to `/var/task`, slimmed or as the dependencies come."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "task"
        install(target)
        if slimmed:
            slim(target)
        yield target


def cpu_milliseconds(task: Path, program: str) -> float:
    """CPU of a fresh interpreter that runs the program on nothing but the package, as a cold start does.

    The interpreter writes no compiled files, because Lambda's `/var/task` is read-only. Its own start is
    taken off.
    """
    return _cpu_of(task, program) - _cpu_of(task, "pass")


def cpu_seconds_in_turn(task: Path, *programs: str) -> tuple[float, ...]:
    """CPU of each program after the one before it, all in one fresh interpreter: a busy period slows all."""
    marks = "; print(time.process_time())\n"
    printed = _printed_by(task, "import time" + marks + "".join(program + marks for program in programs))
    times = [float(line) for line in printed]
    return tuple(after - before for before, after in pairwise(times))


def _cpu_of(task: Path, program: str) -> float:
    return float(_printed_by(task, f"{program}\nimport time; print(time.process_time() * 1000)")[-1])


def _printed_by(task: Path, program: str) -> list[str]:
    program = f"import sys; sys.path.insert(0, {str(task)!r})\n{program}"
    models = {"AWS_DATA_PATH": str(task / "outreach/adapters/aws_models")}
    environment = {"PATH": os.environ["PATH"], **ENVIRONMENT, **MORE_ENVIRONMENT, **models}
    isolated = [sys.executable, "-S", "-B", "-E", "-c", program]
    done = subprocess.run(isolated, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()
