"""Where commands look for the project: here, above, and where `./outreach` was started from."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

PROJECT = "OUTREACH_PROJECT"
"""The variable by which the executable `outreach` at the project's root names that folder."""


def search_path() -> Iterator[Path]:
    """The working directory, the folders above it, and last the project of the executable, if one ran."""
    here = Path.cwd()
    yield from (here, *here.parents)
    if project := os.environ.get(PROJECT):
        yield Path(project)


def command_name() -> str:
    """How the command is typed where it runs now: printed commands are to work as they stand."""
    project = os.environ.get(PROJECT)
    if not project or shutil.which("outreach"):
        return "outreach"
    return "./outreach" if Path.cwd() == Path(project) else str(Path(project) / "outreach")
