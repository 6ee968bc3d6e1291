"""What the preview's pages read: campaigns, messages and findings. A folder is a catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from outreach.domain.errors import OutreachError
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.sending.rendering import RenderedEmail


class NotHereError(OutreachError):
    """No campaign, message or sample person has this name."""


@dataclass(frozen=True, slots=True)
class MessageCard:
    """One message, and the languages it is written in."""

    name: str
    languages: tuple[str, ...]
    """Codes; the first one is the brand's own, the default for all other languages."""


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """One campaign as lists show it."""

    name: str
    title: str
    messages: tuple[MessageCard, ...]
    people: Mapping[str, str]
    """Sample people by name, each with a short description."""
    campaign: Campaign | None
    """None while its file is too wrong to be one."""

    def message(self, name: str) -> MessageCard:
        """Raises NotHereError."""
        for each in self.messages:
            if each.name == name:
                return each
        raise NotHereError(f"campaign {self.name} has no message {name!r}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, and its line."""

    where: str
    """`file:line:column`."""
    what: str
    why: str
    is_error: bool
    """Whether the campaign cannot be published with it."""
    line: str = ""


class Catalogue(Protocol):
    """Read-only: it may be on a laptop, or behind a sign-in."""

    @property
    def state(self) -> str:
        """Changes whenever any of it does, so that a page knows whether it is up to date."""
        ...

    def campaigns(self) -> tuple[CampaignCard, ...]:
        """Every campaign, sorted by name."""
        ...

    def email(self, campaign: str, message: str, person: str, language: str | None) -> RenderedEmail:
        """The very strings that would be sent; `language` is the person's own when it is None.

        Raises TemplateError when it cannot be rendered, and NotHereError.
        """
        ...

    def reader(self, campaign: str, message: str) -> str:
        """The first sample person who gets this message, by the conditions of its steps; else the first one.

        Raises NotHereError.
        """
        ...

    def sender(self, campaign: str) -> str:
        """The sender name of messages. Raises TemplateError when the brand cannot be read."""
        ...

    def findings(self, campaign: str) -> tuple[Finding, ...]:
        """Every finding of the checker; empty without any."""
        ...


def card_of(catalogue: Catalogue, name: str) -> CampaignCard:
    """One campaign. Raises NotHereError."""
    for card in catalogue.campaigns():
        if card.name == name:
            return card
    raise NotHereError(f"there is no campaign {name!r}")
