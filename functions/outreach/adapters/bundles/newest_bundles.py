"""What is published now, loaded; a publication is noticed within half a minute, and never in part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.bundles.bundle import BrokenBundleError, Bundle
from outreach.adapters.bundles.bundle_store import NotStoredError, S3BundleStore
from outreach.adapters.campaign_files.campaign_file import load
from outreach.domain.errors import InvalidCampaignError, OutreachError

if TYPE_CHECKING:
    from outreach.adapters.bundles.publication import Publication
    from outreach.adapters.bundles.publications import DynamoPublications
    from outreach.adapters.templates import TemplateBundle
    from outreach.domain.journeys.campaign import Campaign
    from outreach.ports.clock import Clock

FRESH = timedelta(seconds=30)
"""How long the pointers are cached: a publication reaches every sender within a minute."""

type Refused = Callable[[str, str, OutreachError], None]
"""Called with the campaign, the bundle that was not loaded, and the reason."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A published campaign, loaded."""

    bundle: str
    campaign: Campaign
    templates: TemplateBundle


class NewestBundles:
    """Follows the pointers. A bundle that cannot be used is reported, and the one before it stays."""

    def __init__(
        self,
        publications: DynamoPublications,
        store: Callable[[], S3BundleStore],
        *,
        clock: Clock,
        on_refused: Refused,
    ) -> None:
        """`store` is called only once there is something to load: most stacks publish nothing."""
        self._publications = publications
        self._store = store
        self._clock = clock
        self._on_refused = on_refused
        self._read_at: datetime | None = None
        self._pointers: Mapping[str, Publication] = {}
        self._held: dict[str, Loaded] = {}
        self._older: dict[tuple[str, str], TemplateBundle | None] = {}

    def now(self) -> Mapping[str, Loaded]:
        """Per published campaign its current bundle; the others are as they were deployed."""
        instant = self._clock.now()
        if self._read_at is None or not self._read_at <= instant < self._read_at + FRESH:
            self._pointers = self._publications.pointers()
            self._older.clear()
            for pointer in self._pointers.values():
                self._follow(pointer)
            self._read_at = instant
        return self._held

    def older_words(self, campaign: str, message: str) -> TemplateBundle | None:
        """The newest publication with this message: an enrollment may stand at a step that was removed."""
        if campaign not in self._pointers:
            return None
        asked = (campaign, message)
        if asked not in self._older:
            past = (entry for entry in self._publications.history(campaign) if message in entry.messages)
            found = next(self._usable(past), None)
            self._older[asked] = None if found is None else found.templates
        return self._older[asked]

    def _follow(self, pointer: Publication) -> None:
        held = self._held.get(pointer.campaign)
        if pointer.is_deployed:
            self._held.pop(pointer.campaign, None)
        elif held is None or held.bundle != pointer.bundle:
            loaded = self._load(pointer)
            if loaded is None and held is None:
                # This process is new and has no earlier bundle: use the one that the other processes still
                # have.
                loaded = self._before(pointer)
            if loaded is not None:
                self._held[pointer.campaign] = loaded

    def _before(self, pointer: Publication) -> Loaded | None:
        for entry in self._publications.history(pointer.campaign):
            if entry.is_deployed:
                return None
            if entry.bundle != pointer.bundle:
                loaded = self._load(entry)
                if loaded is not None:
                    return loaded
        return None

    def _usable(self, entries: Iterator[Publication]) -> Iterator[Loaded]:
        for entry in entries:
            loaded = self._load(entry)
            if loaded is not None:
                yield loaded

    def _load(self, entry: Publication) -> Loaded | None:
        try:
            return _loaded(self._store().get(entry.campaign, entry.bundle))
        except (NotStoredError, BrokenBundleError, InvalidCampaignError) as error:
            self._on_refused(entry.campaign, entry.bundle, error)
            return None


def _loaded(bundle: Bundle) -> Loaded:
    from outreach.adapters.templates import TemplateBundle  # noqa: PLC0415 - loads jinja2

    templates = TemplateBundle(bundle.files)
    campaign = load(
        bundle.steps,
        file=f"{bundle.campaign}/campaign.yaml",
        version=bundle.steps_version,
        check_expression=templates.check_expression,
    )
    return Loaded(bundle.version, campaign, templates)
