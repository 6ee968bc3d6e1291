"""The real stack with campaigns of our own: every class of message under every driver, and little else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_REAL = Path(__file__).parents[2]
_OURS = Path(__file__).parent / "templates"


@contextmanager
def project() -> Iterator[Path]:
    """A directory that a LocalCloud can deploy, for as long as it is needed."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for shared in ("template.yaml", "functions", "statemachines"):
            (folder / shared).symlink_to(_REAL / shared)
        templates = folder / "templates"
        templates.mkdir()
        for shared in ("_layout", "brand.yaml"):
            (templates / shared).symlink_to(_REAL / "templates" / shared)
        for campaign in _OURS.iterdir():
            (templates / campaign.name).symlink_to(campaign)
        yield folder
