"""CONTRIBUTING.md is true: the files and folders that it names exist, and every test folder has its row."""

import re

from docs.page import DOCS

PROJECT = DOCS.parent
TEXT = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
ROOTS = ("functions", "tools", "tests", "docs", "templates", "statemachines", "benchmarks")
PATH = re.compile(rf"((?:{'|'.join(ROOTS)})/[\w./-]+[\w/])")
PLACEHOLDER = re.compile(r"/[A-Z_]{4,}")


def test_the_files_that_a_contributor_is_sent_to_exist() -> None:
    named = {name for name in PATH.findall(TEXT) if not PLACEHOLDER.search(name) and not name.endswith("_")}

    assert len(named) > 30
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_every_folder_of_tests_has_a_row_that_says_what_it_proves() -> None:
    rows = set(re.findall(r"^\| `tests/(\w+)` \|", TEXT, re.MULTILINE))
    folders = {path.parent.name for path in (PROJECT / "tests").glob("*/test_*.py")}

    assert folders - rows == set()
    assert [row for row in rows if not (PROJECT / "tests" / row).is_dir()] == []
