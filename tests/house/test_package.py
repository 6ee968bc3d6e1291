"""The package that Lambda gets: it holds what the functions use, and nothing of the other AWS services."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_package import SERVICES, install, slim

ROOT = Path(__file__).parents[2]
WIRING = ROOT / "functions" / "outreach" / "wiring"
HANDLERS = sorted(
    ".".join(file.relative_to(ROOT / "functions").with_suffix("").parts)
    for file in (ROOT / "functions/outreach/handlers").rglob("[!_]*.py")
)
LOOK = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
import boto3
for service in sys.argv[2].split(","):
    boto3.client(service, region_name="us-east-1")
for handler in sys.argv[3].split(","):
    importlib.import_module(handler)
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
outside = [file for file in files if "site-packages" in file]
uncompiled = [
    name for name, module in sys.modules.items()
    if (getattr(module, "__file__", None) or "").startswith(sys.argv[1]) and module.__file__.endswith(".py")
    and not __import__("os").path.exists(module.__cached__)
]
print(len(outside), len(uncompiled))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("package") / "task"
    install(target)
    slim(target)
    return target


def services_that_are_wired() -> set[str]:
    trees = [ast.parse(file.read_text()) for file in WIRING.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "client"]
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def test_the_package_keeps_the_models_of_exactly_the_services_that_are_wired() -> None:
    assert services_that_are_wired() == SERVICES


def test_every_client_and_every_handler_loads_from_the_slimmed_package_alone(package: Path) -> None:
    command = [sys.executable, "-S", "-B", "-E", "-c", LOOK]
    arguments = [str(package), ",".join(sorted(SERVICES)), ",".join(HANDLERS)]

    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, env={})

    assert (done.returncode, done.stdout.split()) == (0, ["0", "0"]), done.stderr


def test_the_package_holds_no_model_of_another_service(package: Path) -> None:
    models = {entry.name for entry in (package / "botocore/data").iterdir() if entry.is_dir()}

    assert models == SERVICES
