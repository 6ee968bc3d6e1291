"""The campaigns that were deployed with the stack: one folder each, read once per process."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, with_facts
from outreach.adapters.templates.contained import LEADS_OUTSIDE, is_contained
from outreach.domain.errors import InvalidCampaignError, Problem, UnknownCampaignError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from outreach.domain.journeys.campaign import Campaign

CAMPAIGN_FILE = "campaign.yaml"
_VERSION_LENGTH = 12


def version_of(text: str) -> str:
    """What enrollments are pinned to: the hash of a campaign file's text, with declared facts below it."""
    return sha256(text.encode()).hexdigest()[:_VERSION_LENGTH]


class BundledCampaigns:
    """Reads `<folder>/<campaign>/campaign.yaml`; the version is the hash of that file with `facts.yaml`."""

    def __init__(self, folder: Path, *, check_expression: Callable[[str], None] | None = None) -> None:
        self._folder = folder
        self._check_expression = check_expression

    def current(self) -> tuple[Campaign, ...]:
        """Every campaign. Raises InvalidCampaignError with all that is wrong in the first invalid file.

        No campaign at all is an error too: events taken in meanwhile would permanently enroll no customer.
        """
        return tuple(self._campaigns.values())

    def pinned(self, name: str, version: str) -> Campaign:  # noqa: ARG002 - one version is deployed
        """The deployed steps, whatever version an enrollment began with: labels say where it stands."""
        try:
            return self._campaigns[name]
        except KeyError:
            known = ", ".join(sorted(self._campaigns)) or "none"
            raise UnknownCampaignError(f"no campaign {name!r}; there are: {known}") from None

    @cached_property
    def _campaigns(self) -> dict[str, Campaign]:
        files = sorted(self._folder.glob(f"[!_]*/{CAMPAIGN_FILE}"))
        if not files:
            what = f"holds no <campaign>/{CAMPAIGN_FILE}; is the folder of templates deployed?"
            raise InvalidCampaignError((Problem(str(self._folder), what),))
        loaded = [self._load(file) for file in files]
        return {campaign.name: campaign for campaign in loaded}

    @cached_property
    def _facts(self) -> str | None:
        file = self._folder / FACTS_FILE
        if not file.exists():
            return None
        if not is_contained(self._folder, file):
            raise InvalidCampaignError((Problem(FACTS_FILE, LEADS_OUTSIDE),))
        return file.read_text(encoding="utf-8-sig")

    def _load(self, file: Path) -> Campaign:
        name = f"{file.parent.name}/{file.name}"
        if not is_contained(self._folder, file):
            raise InvalidCampaignError((Problem(name, LEADS_OUTSIDE),))
        text = with_facts(file.read_text(encoding="utf-8"), self._facts)
        return load(text, file=name, version=version_of(text), check_expression=self._check_expression)
