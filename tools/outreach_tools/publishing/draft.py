"""A campaign in a templates folder: the bundle that publishing it would make."""

from pathlib import Path

from outreach.adapters.bundles.bundle import LARGEST, Bundle
from outreach.adapters.campaign_files.deployed_campaigns import CAMPAIGN_FILE
from outreach.adapters.templates.contained import LEADS_OUTSIDE
from outreach.domain.errors import OutreachError
from outreach_tools.checks.folder import read_files


class NoDraftError(OutreachError):
    """The folder has no such campaign, or none that can be published."""


def campaign_names(templates: Path) -> tuple[str, ...]:
    """Every campaign of a templates folder, sorted."""
    return tuple(sorted(file.parent.name for file in templates.glob(f"[!_.]*/{CAMPAIGN_FILE}")))


def read_draft(templates: Path, campaign: str) -> Bundle:
    """The campaign's files, the shared parts and the brand, as they are checked.

    Raises NoDraftError, also when one of them is a link that leads out of the folder.
    """
    names = campaign_names(templates)
    if campaign not in names:
        raise NoDraftError(
            f"no campaign {campaign!r} in {templates}; there are: {', '.join(names) or 'none'}"
        )
    files = read_files(templates, {campaign})
    if files.outside:
        raise NoDraftError("\n".join(f"{path}: {LEADS_OUTSIDE}" for path in files.outside))
    bundle = Bundle(campaign, files)
    if bundle.size > LARGEST:
        raise NoDraftError(
            f"{campaign} has {bundle.size} bytes; a bundle may have {LARGEST}: leave out what is large"
        )
    return bundle
