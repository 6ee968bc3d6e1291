"""Where a command writes: results to stdout, everything else to stderr, failures with exit code 1.

Everything passes one filter (`printable`): text from outside cannot control the terminal.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from outreach_tools.printable import printable, printable_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_PIPE_WIDTH = 1000
"""Columns when piped: other programs read whole lines, so nothing is cut or wrapped."""


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout instead of text.")]


def results() -> "Console":
    """The console for results: plain when piped, colourless under NO_COLOR."""
    from outreach_tools.cli.guarded_console import GuardedConsole

    console = GuardedConsole(highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    return console


def notes() -> "Console":
    """The console for progress and errors, on stderr."""
    from outreach_tools.cli.guarded_console import GuardedConsole

    return GuardedConsole(stderr=True, highlight=False)


def progress() -> "Progress":
    """A progress bar on stderr; silent when stderr is not a terminal."""
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = notes()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def say(text: str) -> None:
    """One line on stdout, never wrapped."""
    sys.stdout.write(f"{printable(text)}\n")


def print_json(document: Mapping[str, object] | Sequence[object]) -> None:
    """One JSON document for other programs; never coloured, never wrapped."""
    sys.stdout.write(printable_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n")


def fail(problems: str | Iterable[object]) -> NoReturn:
    """Say on stderr what is wrong, one problem a line, and end with exit code 1."""
    lines = [problems] if isinstance(problems, str) else map(str, problems)
    for line in lines:
        sys.stderr.write(f"{printable(line)}\n")
    raise typer.Exit(1)
