"""Where commands look for the project: here, above, and where `./outreach` was started from."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

PROJECT = "OUTREACH_PROJECT"
"""The variable by which the executable `outreach` at the project's root names that folder."""
OWN_TEMPLATES = "OUTREACH_TEMPLATES"
"""The variable that names a shop's own folder of campaigns, outside the project (UPGRADING.md)."""


def search_path() -> Iterator[Path]:
    """The working directory, the folders above it, and last the project of the executable, if one ran."""
    here = Path.cwd()
    yield from (here, *here.parents)
    if project := os.environ.get(PROJECT):
        yield Path(project)


def own_templates() -> Path | None:
    """The shop's own folder of campaigns; None when the project's folder is the one."""
    named = os.environ.get(OWN_TEMPLATES)
    return Path(named) if named else None


def templates_of(project: Path) -> Path:
    """The folder whose campaigns are deployed."""
    return own_templates() or project / "templates"


def command_name() -> str:
    """How the command is typed here, so that printed commands work unchanged."""
    project = os.environ.get(PROJECT)
    if not project or shutil.which("outreach"):
        return "outreach"
    return "./outreach" if Path.cwd() == Path(project) else str(Path(project) / "outreach")
