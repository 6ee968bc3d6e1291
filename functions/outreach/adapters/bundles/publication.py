"""One entry of a campaign's history: which bundle was current from when on, who published it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb.items.attributes import Attribute, Item, facts, instant, milliseconds, number
from outreach.adapters.dynamodb.items.attributes import read_facts as read

if TYPE_CHECKING:
    from datetime import datetime

DEPLOYED = "deployed"
"""In place of a bundle's hash: the campaign as it was deployed with the stack."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A pointer as it is, or as it once was."""

    campaign: str
    bundle: str
    """Hash of the bundle, or DEPLOYED."""
    steps: str
    """Version of its steps, which enrollments are pinned to; empty for DEPLOYED."""
    messages: tuple[str, ...]
    """The messages that it has content for; empty for DEPLOYED."""
    author: str
    note: str
    at: datetime
    revision: int
    """1 for the first publication of the campaign; it guards each change."""

    @property
    def is_deployed(self) -> bool:
        return self.bundle == DEPLOYED


def publication_item(publication: Publication) -> dict[str, Attribute]:
    """Everything but the key."""
    return {
        "version": number(publication.revision),
        "facts": facts(
            {
                "campaign": publication.campaign,
                "bundle": publication.bundle,
                "steps": publication.steps,
                "messages": list(publication.messages),
                "author": publication.author,
                "note": publication.note,
                "at": milliseconds(publication.at),
            }
        ),
    }


def read_publication(item: Item) -> Publication:
    known: dict[str, Any] = read(item)
    return Publication(
        campaign=known["campaign"],
        bundle=known["bundle"],
        steps=known["steps"],
        messages=tuple(known["messages"]),
        author=known["author"],
        note=known["note"],
        at=instant(known["at"]),
        revision=int(item["version"]["N"]),
    )
