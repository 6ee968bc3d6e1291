"""The event names in use: by published campaigns, and by those of a templates folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from outreach.adapters.bundles.newest_bundles import NewestBundles
from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.system_clock import SystemClock
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.intake.event_names import names_asked_for
from outreach_tools.publishing.published_versions import PublishedVersions
from outreach_tools.wiring import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outreach.domain.journeys.campaign import Campaign


def asked_by_folder(templates: Path | None) -> frozenset[str]:
    """By the campaigns of a templates folder, which are deployed with the stack, and by Outreach itself.

    A folder with an invalid campaign counts as empty: `outreach campaigns check` says what is wrong.
    """
    campaigns: Iterable[Campaign] = ()
    if templates is not None:
        try:
            campaigns = BundledCampaigns(templates).current()
        except InvalidCampaignError:
            campaigns = ()
    return names_asked_for(campaigns)


def asked_by_stack(stack: Stack) -> frozenset[str]:
    """By what is published on a stack, and by Outreach itself.

    Raises KeyError for a stack without a table or a bucket, and what botocore raises.
    """
    published_versions = PublishedVersions.of(stack)
    newest = NewestBundles(
        published_versions.publications,
        lambda: published_versions.store,
        clock=SystemClock(),
        on_refused=lambda *_: None,  # the functions report it
    )
    return names_asked_for(loaded.campaign for loaded in newest.now().values())
