"""The published versions of a stack: the bundles in its bucket, and the history in its table."""

from dataclasses import dataclass
from typing import Self

from outreach.adapters.bundles.bundle import Bundle
from outreach.adapters.bundles.bundle_store import S3BundleStore
from outreach.adapters.bundles.publication import DEPLOYED, Publication
from outreach.adapters.bundles.publications import DynamoPublications
from outreach.domain.errors import OutreachError
from outreach_tools.wiring import Stack, for_stack

SHORTEST_PREFIX = 4
"""Characters of a hash that name a bundle, if no other begins so."""


class NotPublishedError(OutreachError):
    """The name fits no publication."""


@dataclass(frozen=True, slots=True)
class PublishedVersions:
    """Bundles and their history."""

    store: S3BundleStore
    publications: DynamoPublications

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """Those of a stack. Raises KeyError for a stack that has no bucket for templates."""
        adapters = for_stack(stack)
        return cls(adapters.bundle_store, adapters.publications)

    def now(self, campaign: str) -> Publication | None:
        """The current version: the newest publication, else the deployed one; None if neither is recorded."""
        history = self.publications.history(campaign)
        if history and history[0].is_deployed:
            return next((entry for entry in history if entry.revision == 0), None)
        return history[0] if history else None

    def bundle(self, publication: Publication) -> Bundle:
        """Its files. Raises NotStoredError or BrokenBundleError."""
        return self.store.get(publication.campaign, publication.bundle)

    def find(self, campaign: str, name: str) -> Publication:
        """The newest entry whose bundle's hash begins so, or the deployed one. Raises NotPublishedError."""
        history = self.publications.history(campaign)
        if name == DEPLOYED:
            found = [entry for entry in history if entry.revision == 0]
        elif len(name) < SHORTEST_PREFIX:
            raise NotPublishedError(f"{name!r}: give at least {SHORTEST_PREFIX} characters of the version")
        else:
            found = [entry for entry in history if entry.bundle.startswith(name)]
        if not found:
            raise NotPublishedError(f"{campaign} was never published as {name!r}; see its history")
        if len({entry.bundle for entry in found}) > 1:
            raise NotPublishedError(f"several versions of {campaign} begin with {name!r}; give more of it")
        return found[0]
