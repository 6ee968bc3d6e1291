"""A campaign as it lies in a templates folder: the bundle that publishing it would make."""

from collections.abc import Iterator
from pathlib import Path

from outreach.adapters.bundled_campaigns import CAMPAIGN_FILE
from outreach.adapters.bundles.bundle import LARGEST, Bundle
from outreach.domain.errors import OutreachError

SHARED = "_layout"
BRAND = "brand.yaml"


class NoDraft(OutreachError):  # noqa: N818 - says what it is
    """The folder holds no such campaign, or one that is too large."""


def campaign_names(templates: Path) -> tuple[str, ...]:
    """Every campaign of a templates folder, sorted."""
    return tuple(sorted(file.parent.name for file in templates.glob(f"[!_.]*/{CAMPAIGN_FILE}")))


def read_draft(templates: Path, campaign: str) -> Bundle:
    """The campaign's files, the shared parts and the brand. Raises NoDraft."""
    if campaign not in campaign_names(templates):
        names = ", ".join(campaign_names(templates)) or "none"
        raise NoDraft(f"no campaign {campaign!r} in {templates}; there are: {names}")
    bundle = Bundle(campaign, {path: (templates / path).read_bytes() for path in _paths(templates, campaign)})
    if bundle.size > LARGEST:
        raise NoDraft(
            f"{campaign} has {bundle.size} bytes; a bundle may have {LARGEST}: leave out what is large"
        )
    return bundle


def _paths(templates: Path, campaign: str) -> Iterator[str]:
    """Without what editors and systems leave behind."""
    if (templates / BRAND).is_file():
        yield BRAND
    for folder in (SHARED, campaign):
        for file in sorted((templates / folder).rglob("*")):
            path = file.relative_to(templates)
            if file.is_file() and not any(part.startswith(".") or part.endswith("~") for part in path.parts):
                yield path.as_posix()
