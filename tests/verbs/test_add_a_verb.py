"""CONTRIBUTING.md names the files that a new verb touches: together they suffice, and each is needed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from sampling import WHOLE, sampled
from verbs.beep import CHANGES, NEW_FILE, SCHEMA

PROJECT = Path(__file__).parents[2]
COPIED = (
    "docs",
    "functions",
    "templates",
    "tests",
    "tools",
    "pyproject.toml",
    "statemachines",
    "template.yaml",
)
FILES = [*CHANGES, SCHEMA]
MISSED = {
    "functions/outreach/domain/journeys/campaign.py": "cannot import name 'BeepStep'",
    "functions/outreach/domain/journeys/next_action.py": "test_both_drivers_carry_it_alike[beep]",
    "functions/outreach/adapters/campaign_files/steps/beep.py": "No module named '",
    "functions/outreach/adapters/campaign_files/steps/registry.py": "test_every_step_of_the_domain_is_a_verb",
    "docs/campaigns.md": "test_every_verb_has_an_example_in_the_docs_that_uses_it",
    "tests/domain/test_any_journey.py": "test_a_journey_may_hold_every_kind_of_step",
    "docs/campaign.schema.json": "test_the_file_in_the_docs_is_the_schema",
}
"""The check that names the missing file."""
TESTS = (
    "tests/verbs/test_every_verb.py",
    "tests/docs/test_campaign_schema.py",
    "tests/domain/test_any_journey.py",
)
ABOUT_THE_VERB = "beep or test_every or is_the_schema or every_kind_of_step"
"""The other tests say the same of the project itself."""


def test_contributing_names_these_files() -> None:
    section = (
        (PROJECT / "CONTRIBUTING.md").read_text("utf-8").split("## Add a step verb")[1].split("\n## ")[0]
    )
    named = re.findall(r"^\d\. `([^`]+)`", section, flags=re.MULTILINE)

    assert [name.replace("VERB", "beep") for name in named] == FILES
    assert len(FILES) <= 8


def test_a_verb_needs_these_files_and_no_other(tmp_path: Path) -> None:
    copy = with_verb(tmp_path, without=())

    told = run_tests(copy)
    assert told.returncode == 0, told.stdout
    if os.environ.get(WHOLE):
        types = _run(copy, "mypy")
        assert types.returncode == 0, types.stdout


@pytest.mark.parametrize("left_out", sampled(FILES, "add a verb"))
def test_a_missing_file_is_named_by_a_test(left_out: str, tmp_path: Path) -> None:
    told = run_tests(with_verb(tmp_path, without=(left_out,)))

    assert told.returncode != 0
    assert MISSED[left_out] in told.stdout


def with_verb(at: Path, without: Collection[str]) -> Path:
    """A copy of the project that has the verb, but for these files."""
    copy = at / "project"
    copy.mkdir()
    for name in COPIED:
        _copy(PROJECT / name, copy / name)
    for name, changes in CHANGES.items():
        if name not in without:
            _change(copy / name, changes)
    if SCHEMA not in without:
        written = _run(copy, "outreach.adapters.campaign_files.campaign_file")
        if written.returncode == 0:  # else the tests say what is forgotten
            (copy / SCHEMA).write_text(written.stdout, "utf-8")
    return copy


def run_tests(copy: Path) -> subprocess.CompletedProcess[str]:
    return _run(copy, "pytest", "-p", "no:cacheprovider", "--tb=short", "-k", ABOUT_THE_VERB, *TESTS)


def _run(copy: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The copy's code goes before that of the project."""
    path = os.pathsep.join(str(copy / name) for name in ("functions", "tools", "tests"))
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def _copy(given: Path, to: Path) -> None:
    """Compiled modules go along: copies keep the time of change."""
    if given.is_dir():
        shutil.copytree(given, to)
    else:
        shutil.copy2(given, to)


def _change(file: Path, changes: tuple[tuple[str, str], ...]) -> None:
    text = NEW_FILE if not file.exists() else file.read_text("utf-8")
    for before, after in changes:
        assert before in text, f"{file.name} has no longer: {before}"
        text = text.replace(before, after, 1)
    file.write_text(text, "utf-8")
