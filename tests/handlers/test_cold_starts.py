"""Importing a handler is billed at every cold start: it loads only what every call needs."""

import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
HANDLERS = sorted(
    ".".join(file.relative_to(FUNCTIONS).with_suffix("").parts)
    for file in (FUNCTIONS / "outreach/handlers").rglob("[!_]*.py")
)
HEAVY = ("boto3", "jinja2", "mrml", "pydantic", "yaml")
LOOK = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
print(*sorted(set(sys.argv[3:]) & set(sys.modules)))
"""


@pytest.mark.parametrize("handler", HANDLERS)
def test_importing_a_handler_loads_no_heavy_library(handler: str) -> None:
    command = [sys.executable, "-W", "error", "-c", LOOK, str(FUNCTIONS), handler, *HEAVY]

    done = subprocess.run(command, capture_output=True, text=True, check=False, env={})

    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


def test_the_look_would_see_a_heavy_library() -> None:
    look = LOOK.replace("import importlib, sys", "import importlib, sys, yaml")
    command = [sys.executable, "-c", look, str(FUNCTIONS), HANDLERS[0], *HEAVY]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["yaml"]
