"""Published and deployed campaigns and content."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.wiring.clients import client
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock, dynamodb_client

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle_store import S3BundleStore
    from outreach.adapters.bundles.newest_bundles import NewestBundles
    from outreach.adapters.bundles.published_campaigns import PublishedCampaigns
    from outreach.adapters.bundles.published_content import PublishedContent
    from outreach.adapters.templates import TemplateFolder
    from outreach.domain.errors import OutreachError


@cache
def _deployed_templates() -> TemplateFolder:
    from outreach.adapters.templates import TemplateFolder

    return TemplateFolder(Path(settings()["TEMPLATES_DIR"]))


@cache
def _bundle_store() -> S3BundleStore:
    from outreach.adapters.bundles.bundle_store import S3BundleStore

    return S3BundleStore(client("s3"), settings()["TEMPLATE_BUCKET"])


@cache
def _newest_bundles() -> NewestBundles:
    from outreach.adapters.bundles.newest_bundles import NewestBundles
    from outreach.adapters.bundles.publications import DynamoPublications

    publications = DynamoPublications(dynamodb_client(), settings()["TABLE_NAME"])
    return NewestBundles(publications, _bundle_store, clock=clock(), on_refused=_warn_of_bundle)


def _warn_of_bundle(campaign: str, version: str, error: OutreachError) -> None:
    from outreach.telemetry import Metric, count, warn

    count(Metric.BUNDLES_REFUSED)
    facts = {"campaign": campaign, "version": version, "error": type(error).__name__, "why": str(error)}
    warn("a published version could not be used", facts)


@cache
def templates() -> PublishedContent:
    from outreach.adapters.bundles.published_content import PublishedContent

    return PublishedContent(_newest_bundles(), _deployed_templates())


@cache
def campaigns() -> PublishedCampaigns:
    from outreach.adapters.bundles.published_campaigns import PublishedCampaigns
    from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns

    check = _deployed_templates().check_expression
    return PublishedCampaigns(
        _newest_bundles(),
        BundledCampaigns(Path(settings()["TEMPLATES_DIR"]), check_expression=check),
        _bundle_store,
        clock=clock(),
        check_expression=check,
        on_refused=_warn_of_bundle,
    )
