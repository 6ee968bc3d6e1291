"""The rules of this project that a linter does not know."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIT_LS_FILES = ("git", "ls-files")
TRACKED = subprocess.run(GIT_LS_FILES, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
PYTHON = [name for name in TRACKED if name.endswith(".py")]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|raise NotImplemented" + r"Error")

    assert [name for name in PYTHON if words.search(text_of(name))] == []


def test_no_file_names_a_package_index_or_a_path_of_somebodys_machine() -> None:
    hosts = re.compile(
        "|".join(
            ["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", r"(?<![\w.])/(?:root|home)/"]
        )
    )
    texts = [
        name
        for name in TRACKED
        if (ROOT / name).suffix in {".py", ".md", ".toml", ".yaml", ".txt", ".json", ""}
    ]

    assert [name for name in texts if (ROOT / name).is_file() and hosts.search(text_of(name))] == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "service", "base"])
def test_no_deployed_file_has_a_name_that_says_nothing(word: str) -> None:
    """The local cloud may speak of services: AWS's own."""
    deployed = [name for name in PYTHON if name.startswith("functions/")]

    assert [name for name in deployed if word in Path(name).stem.split("_")] == []


def test_a_rule_is_ignored_at_a_line_with_its_reason_only() -> None:
    silent = re.compile(r"#\s*(?:ruff: )?noqa(?::\s*[A-Z0-9, ]+)?$", re.MULTILINE)

    assert silent.search("x = 1  # no" + "qa: S101")
    assert [name for name in PYTHON if silent.search(text_of(name))] == []


def test_the_limits_of_complexity_hold_everywhere_but_where_an_entry_says_why() -> None:
    lint = tomllib.loads(text_of("pyproject.toml"))["tool"]["ruff"]["lint"]
    limits = {"C901", "PLR0911", "PLR0912", "PLR0913", "PLR0915", "PLR0917"}

    assert not limits & set(lint["ignore"])
    assert (lint["mccabe"]["max-complexity"], lint["pylint"]["max-args"]) == (12, 10)
    exempt = {name for name, codes in lint["per-file-ignores"].items() if limits & set(codes)}
    assert exempt == {"tools/outreach_tools/cli/**"}


def test_every_module_of_the_tools_but_the_commands_may_not_import_commands() -> None:
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in contracts if each["name"] == "only commands import commands"]
    tools = ROOT / "tools/outreach_tools"
    modules = {f"outreach_tools.{each.stem}" for each in tools.iterdir() if not each.name.startswith("__")}

    assert set(contract["source_modules"]) == modules - {"outreach_tools.cli"}


def test_tools_build_the_adapters_of_a_stack_in_one_place() -> None:
    """The local cloud has classes of its own for what AWS does."""
    built = re.compile(r"\b(Dynamo|Ses|Ssm|S3|StepFunctions)[A-Z]\w+\(")
    wiring = "tools/outreach_tools/wiring.py"
    tools = [name for name in PYTHON if name.startswith("tools/outreach_tools/")]

    assert built.search(text_of(wiring))
    assert [name for name in tools if built.search(text_of(name))] == [wiring]


LONGEST_FILE = 250
LONGEST_TEST = 600
"""One rule has one test file, however many cases it has."""


def test_no_file_is_long_without_a_reason_in_its_docstring() -> None:
    for name in PYTHON:
        lines = text_of(name).count("\n")
        if Path(name).name.startswith("test_"):
            assert lines <= LONGEST_TEST, f"{name} has {lines} lines"
        elif lines > LONGEST_FILE:
            docstring = ast.get_docstring(ast.parse(text_of(name))) or ""
            assert f"More than {LONGEST_FILE} lines:" in docstring, f"{name} has {lines} lines; split it"


def test_tests_use_fakes_and_never_mocks() -> None:
    mocks = re.compile(r"unittest\.mo" + r"ck|Magic" + r"Mock|monkeypatch\.setattr\(\"?outreach")

    assert [name for name in PYTHON if name.startswith("tests/") and mocks.search(text_of(name))] == []


def test_what_is_deployed_is_what_the_project_asks_for() -> None:
    project = text_of("pyproject.toml")
    asked = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert asked
    names = set(re.findall(r'^\s+"([a-z0-9-]+)', asked[1], re.MULTILINE))
    deployed = dict(
        re.findall(r"^([a-z0-9-]+)==([^ ]+)", text_of("functions/requirements.txt"), re.MULTILINE)
    )
    tested = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text_of("requirements-dev.txt"), re.MULTILINE))

    assert names <= set(deployed)
    assert {name: tested.get(name) for name in deployed} == deployed


def test_lock_files_carry_hashes_and_no_index() -> None:
    for name in ("functions/requirements.txt", "requirements-dev.txt"):
        text = text_of(name)
        assert "--hash=sha256:" in text
        assert "index-url" not in text
