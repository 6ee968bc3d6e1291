"""The current campaigns, and the older steps that enrollments are pinned to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.adapters.bundles.bundle import BrokenBundleError
from outreach.adapters.bundles.bundle_store import NotStoredError
from outreach.adapters.bundles.newest_bundles import FRESH
from outreach.adapters.campaign_files.campaign_file import load
from outreach.domain.errors import InvalidCampaignError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from outreach.adapters.bundles.bundle_store import S3BundleStore
    from outreach.adapters.bundles.newest_bundles import NewestBundles, Refused
    from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
    from outreach.domain.journeys.campaign import Campaign
    from outreach.ports.clock import Clock


class PublishedCampaigns:
    """Implements the port Campaigns: a published version comes before the one deployed with the stack."""

    def __init__(
        self,
        newest: NewestBundles,
        deployed: BundledCampaigns,
        store: Callable[[], S3BundleStore],
        *,
        clock: Clock,
        check_expression: Callable[[str], None],
        on_refused: Refused,
    ) -> None:
        self._newest = newest
        self._deployed = deployed
        self._store = store
        self._clock = clock
        self._check_expression = check_expression
        self._on_refused = on_refused
        self._kept: dict[tuple[str, str], Campaign] = {}
        self._typed: dict[tuple[str, str, str], Campaign] = {}
        self._gone: dict[tuple[str, str], datetime] = {}

    def current(self) -> tuple[Campaign, ...]:
        """Every campaign, in its newest version."""
        return tuple(campaign for _, campaign in sorted(self._current().items()))

    def pinned(self, name: str, version: str) -> Campaign:
        """One campaign in one version; raises UnknownCampaignError.

        It also knows the types that were declared since: content is always that of the newest version.

        For a version that is not stored the newest steps are returned, so that an enrollment at a label they
        still have goes on. One at another label fails, and an operator must move it (decision 0020).
        """
        newest = self._newest.now().get(name)
        if newest is not None and newest.campaign.version == version:
            return newest.campaign
        deployed = self._of_deployed(name)
        if deployed is not None and deployed.version == version:
            return deployed if newest is None else self._with_facts_of(newest.campaign, deployed)
        kept = self._steps_kept(name, version)
        if kept is not None:
            return kept if newest is None else self._with_facts_of(newest.campaign, kept)
        return self._deployed.pinned(name, version) if newest is None else newest.campaign

    def _with_facts_of(self, newest: Campaign, older: Campaign) -> Campaign:
        if newest.facts == older.facts:
            return older
        versions = (older.name, older.version, newest.version)
        if versions not in self._typed:
            self._typed[versions] = replace(older, facts=newest.facts.over(older.facts))
        return self._typed[versions]

    def _current(self) -> Mapping[str, Campaign]:
        deployed = {campaign.name: campaign for campaign in self._deployed.current()}
        return deployed | {name: loaded.campaign for name, loaded in self._newest.now().items()}

    def _of_deployed(self, name: str) -> Campaign | None:
        return next((campaign for campaign in self._deployed.current() if campaign.name == name), None)

    def _steps_kept(self, name: str, version: str) -> Campaign | None:
        asked, now = (name, version), self._clock.now()
        if asked in self._kept:
            return self._kept[asked]
        if asked in self._gone and self._gone[asked] <= now < self._gone[asked] + FRESH:
            return None
        try:
            text = self._store().steps(name, version)
            file = f"{name}/campaign.yaml"
            kept = load(text, file=file, version=version, check_expression=self._check_expression)
        except (NotStoredError, BrokenBundleError, InvalidCampaignError) as error:
            self._gone[asked] = now
            self._on_refused(name, version, error)
            return None
        self._kept[asked] = kept
        return kept
