"""Commands that documents and tools give to type exist, and so do the files that they name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from typer.main import get_command

from outreach_tools.cli.app import app
from stack_files import ROOT, resources

README = (ROOT / "README.md").read_text("utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "UPGRADING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "templates/README.md",
]
PAGES += sorted((ROOT / "docs/incidents").glob("*.md"))


def typed_in_pages() -> Iterator[str]:
    """In backticks, or at the beginning of a line of an example."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in re.findall(r"`(?:\./)?outreach ([^`\n]+)`", text):
            yield found
        for found in re.findall(r"^(?: {4})?(?:\$ )?(?:\./)?outreach (.+)$", text, re.MULTILINE):
            yield found


def printed_by_tools() -> Iterator[str]:
    """In backticks in a text that is no docstring."""
    for file in sorted((ROOT / "tools").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"`outreach ([^`\n]+)", node.value)
                yield from re.findall(r"\./outreach ([a-z][^\n]+)", node.value)
    for alarm in resources("AWS::CloudWatch::Alarm").values():
        yield from re.findall(r"`outreach ([^`]+)`", alarm["AlarmDescription"])


def name_of(typed: str) -> tuple[str, ...]:
    """The words before the first option, path or value."""
    words = re.split(r"\s+", typed.strip())
    return tuple(
        words[: next((n for n, word in enumerate(words) if not re.fullmatch("[a-z][a-z-]*", word)), 99)]
    )


NAMES = {name_of(each) for each in (*typed_in_pages(), *printed_by_tools())}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_command_that_a_page_gives_exists(name: tuple[str, ...]) -> None:
    command = get_command(app)
    left = list(name)
    while left and hasattr(command, "get_command"):
        found = command.get_command(click.Context(command), left[0])  # type: ignore[arg-type] # typer's click
        assert found is not None, f"outreach {' '.join(name)}"
        command = found
        left.pop(0)


def test_commands_were_found() -> None:
    assert len({*typed_in_pages()}) > 20
    assert len({*printed_by_tools()}) > 5


def test_the_readme_deploys_in_one_way_only() -> None:
    assert "make deploy" in README
    assert "sam deploy" not in README


def test_files_that_a_reader_is_sent_to_exist() -> None:
    deploy = (ROOT / "tools/deploy.py").read_text("utf-8")
    named = set(
        re.findall(
            r"\b((?:docs|examples|templates|tools)/[\w./-]+\.(?:md|json|yaml|py|png|mjml))", README + deploy
        )
    )

    assert "examples/signed-up.json" in named
    assert [name for name in sorted(named) if not Path(ROOT / name).is_file()] == []


def test_every_benchmark_that_a_figure_names_exists() -> None:
    named = set(re.findall(r"python benchmarks (\w+)", (ROOT / "docs/figures.md").read_text("utf-8")))

    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / f"benchmarks/bench_{name}.py").is_file()] == []
