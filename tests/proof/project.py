"""The real stack with campaigns of our own: every class of message under every driver, and little else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2, copytree
from tempfile import TemporaryDirectory

_REAL = Path(__file__).parents[2]
_OURS = Path(__file__).parent / "templates"


@contextmanager
def project() -> Iterator[Path]:
    """A directory that a LocalCloud can deploy, for as long as it is needed."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        # A copy, so that a run of many minutes is of one state of the code.
        for shared in ("functions", "statemachines"):
            copytree(_REAL / shared, folder / shared)
        copy2(_REAL / "template.yaml", folder)
        templates = folder / "templates"
        templates.mkdir()
        copytree(_REAL / "templates" / "_layout", templates / "_layout")
        copy2(_REAL / "templates" / "brand.yaml", templates)
        copytree(_OURS, templates, dirs_exist_ok=True)
        yield folder
