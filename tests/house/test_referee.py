"""`make referee` distinguishes "not run" from "failed", and installs only what its files pin."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from stack_files import ROOT

REFEREE = ROOT / "tests" / "referee"


def test_without_nodejs_it_is_not_run_and_says_why(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "tests")}

    ended = subprocess.run(
        [sys.executable, "-m", "referee"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 77, ended.stderr
    assert ended.stdout.startswith("not run: aws-ses-v2-local needs node, which is not on the PATH")


def test_both_programs_are_pinned_with_hashes_and_without_the_address_of_an_index() -> None:
    asked = (REFEREE / "requirements.in").read_text().strip()
    locked = (REFEREE / "requirements.txt").read_text()
    wanted = json.loads((REFEREE / "package.json").read_text())["dependencies"]
    packages = json.loads((REFEREE / "package-lock.json").read_text())["packages"]

    assert f"\n{asked} \\\n    --hash=sha256:" in locked
    assert "http" not in locked
    assert packages[""]["dependencies"] == wanted
    assert packages["node_modules/aws-ses-v2-local"]["version"] == wanted["aws-ses-v2-local"]
    for name, package in packages.items():
        assert name == "" or package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_nothing_else_depends_on_it() -> None:
    files = [file for folder in ("functions", "tools", "tests") for file in (ROOT / folder).rglob("*.py")]
    others = [file for file in files if REFEREE not in file.parents and file != Path(__file__)]

    assert [
        file for file in others if re.search(r"ministack|(import|from) referee\b", file.read_text("utf-8"))
    ] == []
