"""The project as it is when a rehearsal begins: later edits are a draft, as for a real stack."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from outreach.adapters.templates.contained import is_contained


@contextmanager
def frozen_project(project: Path, templates: Path) -> Iterator[Path]:
    """A folder with the project's stack and code, and a copy of the templates."""
    with TemporaryDirectory(prefix="outreach-rehearsal-") as made:
        folder = Path(made)
        for entry in project.iterdir():
            if entry.name != "templates" and not entry.name.startswith("."):
                (folder / entry.name).symlink_to(entry.resolve())
        shutil.copytree(templates, folder / "templates", ignore=_leads_outside(templates))
        yield folder


def _leads_outside(templates: Path) -> Callable[[str, list[str]], list[str]]:
    """Copying would make files of links that readers refuse; the checks name them."""

    def outside(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if not is_contained(templates, Path(folder) / name)]

    return outside
