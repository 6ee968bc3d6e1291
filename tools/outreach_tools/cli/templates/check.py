"""`outreach templates check`: every problem of a templates folder at once, for people, editors and CI."""

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import fail, notes, print_json, results, say
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, find_templates

if TYPE_CHECKING:
    from outreach_tools.checks import Finding, Report

app = typer.Typer()

BETWEEN_LOOKS = 0.3
"""Seconds between two checks of the folder while watching."""


class Format(StrEnum):
    """The reader of the findings."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    """Workflow commands, which GitHub shows beside the lines of a pull request."""


@app.command()
def check(
    templates: TemplatesOption = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, for programs, or for GitHub.")
    ] = Format.TEXT,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and check again whatever is saved.")] = False,
) -> None:
    """List everything that is wrong with campaigns and messages; exit 1 if anything may not be published."""
    from outreach_tools.checks import Checker
    from outreach_tools.checks.folder import read_files

    try:
        root = find_templates(templates)
    except NoCampaignError as missing:
        fail(str(missing))
    checker = Checker()
    before = read_files(root)
    report = checker.check(before)
    _tell(report, root, form)
    while watch:
        time.sleep(BETWEEN_LOOKS)
        files = read_files(root)
        if files != before:
            before, report = files, checker.check(files)
            notes().rule(f"checked again: {', '.join(report.looked_at) or 'campaigns'}")
            _tell(report, root, form)
    raise typer.Exit(1 if report.errors else 0)


def _tell(report: "Report", root: Path, form: Format) -> None:
    match form:
        case Format.TEXT:
            for finding in report.findings:
                results().print(_line(finding, root), markup=False, soft_wrap=True)
                if finding.why:
                    results().print(f"    because {finding.why}", style="dim", markup=False, soft_wrap=True)
            results().print(_summary(report))
        case Format.JSON:
            print_json([_document(finding, root) for finding in report.findings])
        case Format.GITHUB:
            for finding in report.findings:
                say(_workflow_command(finding, root))


def _line(finding: "Finding", root: Path) -> str:
    return f"{_shown(root)}/{finding.where}: {finding.severity}: {finding.what}"


def _summary(report: "Report") -> str:
    errors = len(report.errors)
    warnings = len(report.findings) - errors
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}" if report.findings else "no problems"
    return f"{_count(len(report.campaigns), 'campaign')}, {_count(report.messages, 'message')}: {counts}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _document(finding: "Finding", root: Path) -> dict[str, str | int]:
    return {
        "file": f"{_shown(root)}/{finding.file}",
        "line": finding.line,
        "column": finding.column,
        "severity": finding.severity,
        "rule": finding.rule,
        "what": finding.what,
        "why": finding.why,
    }


def _workflow_command(finding: "Finding", root: Path) -> str:
    """As GitHub reads it, see "Workflow commands for GitHub Actions" in its documentation."""
    file = _property(f"{_shown(root)}/{finding.file}")
    place = f"file={file},line={max(finding.line, 1)},col={max(finding.column, 1)}"
    text = f"{finding.what} ({finding.why})" if finding.why else finding.what
    return f"::{finding.severity} {place},title={finding.rule}::{_message(text)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _shown(root: Path) -> str:
    """The folder as it is seen from where the command runs."""
    resolved, here = root.resolve(), Path.cwd()
    return resolved.relative_to(here).as_posix() if resolved.is_relative_to(here) else resolved.as_posix()
