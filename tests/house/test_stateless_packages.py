"""The local cloud imports stateless packages once for all processes: nothing in them may belong to one."""

import ast
from pathlib import Path

import pytest

from stack_files import ROOT, template

PACKAGES = template()["Metadata"]["LocalCloud"]["StatelessPackages"]


def files_of(package: str) -> list[Path]:
    path = ROOT / "functions" / package.replace(".", "/")
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def state_in(module: ast.Module) -> list[str]:
    """Names through which a module could store something of the process that runs it."""
    nodes = list(ast.walk(module))
    found = [name for node in nodes if isinstance(node, ast.Global) for name in node.names]
    return found + ["environ" for node in nodes if isinstance(node, ast.Attribute) and node.attr == "environ"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stateless_package_has_no_global_that_changes_and_reads_no_environment(package: str) -> None:
    files = files_of(package)
    assert files
    found = {file.name: state_in(ast.parse(file.read_text())) for file in files}
    assert {name: names for name, names in found.items() if names} == {}


def test_state_is_recognized() -> None:
    source = "import os\nclient = None\ndef use():\n    global client\n    client = os.environ['X']\n"
    assert state_in(ast.parse(source)) == ["client", "environ"]
