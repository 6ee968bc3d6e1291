"""`outreach templates check`, as authors, programs and GitHub run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach_tools.cli.templates.check import app
from templates.small_folder import HEAD, small_folder

WRONG = HEAD + "<o-card><mj-text>{{ order.url }}</mj-text></o-card>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A valid templates folder, and the command run beside it."""
    monkeypatch.chdir(tmp_path)
    for path, content in small_folder().items():
        file = tmp_path / "words" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "words"


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["--templates", "words", *arguments], catch_exceptions=False)


def test_a_sound_folder_passes(folder: Path) -> None:
    done = check()
    assert done.exit_code == 0
    assert done.stdout == "1 campaign, 1 message: no problems\n"
    assert folder.is_dir()


def test_people_read_where_what_and_why(folder: Path) -> None:
    (folder / "c/m.mjml").write_text(WRONG)
    done = check()
    assert done.exit_code == 1
    first, because, *_ = done.stdout.splitlines()
    assert first.startswith("words/c/m.mjml:5:18: error: order.url is not known of every customer")
    assert because.startswith("    because ")


def test_a_warning_alone_passes(folder: Path) -> None:
    (folder / "c/spare.mjml").write_text(HEAD + "<o-card><mj-text>a</mj-text></o-card>")
    done = check()
    assert done.exit_code == 0
    assert "warning: no step sends it" in done.stdout
    assert done.stdout.endswith("0 errors, 1 warning\n")


def test_programs_read_json(folder: Path) -> None:
    (folder / "c/m.mjml").write_text(WRONG)
    told = json.loads(check("--format", "json").stdout)
    assert told[0] | {"what": "", "why": ""} == {
        "file": "words/c/m.mjml",
        "line": 5,
        "column": 18,
        "severity": "error",
        "rule": "optional-fact",
        "what": "",
        "why": "",
    }
    assert all(each["why"] and each["severity"] == "error" for each in told)


def test_github_shows_it_beside_the_line(folder: Path) -> None:
    (folder / "c/m.mjml").write_text(WRONG.replace("A word", "100% off"))
    line = check("--format", "github").stdout.splitlines()[0]
    assert line.startswith(
        "::error file=words/c/m.mjml,line=5,col=18,title=optional-fact::order.url is not known"
    )
    assert "{% if" not in line
    assert "{%25 if" in line


def test_a_folder_that_is_missing_is_reported(folder: Path) -> None:
    done = CliRunner().invoke(app, ["--templates", "nowhere"])
    assert done.exit_code == 1
    assert "not a folder" in done.stderr
    assert folder.is_dir()


def test_watching_checks_again_what_is_saved(folder: Path) -> None:
    program = "from outreach_tools.cli.templates.check import app; app()"
    command = [sys.executable, "-uc", program, "--templates", "words", "--watch", "--format", "json"]
    root = Path(__file__).parents[2]
    paths = os.pathsep.join(str(root / name) for name in ("functions", "tools"))
    with subprocess.Popen(
        command,
        cwd=folder.parent,
        env={"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        try:
            assert watching.stdout is not None
            assert watching.stderr is not None
            assert watching.stdout.readline() == "[]\n"
            (folder / "c/m.mjml").write_text(WRONG)
            assert "c/m.mjml" in watching.stderr.readline()
            assert watching.stdout.readline() == "[\n"
        finally:
            watching.kill()
            watching.communicate()
