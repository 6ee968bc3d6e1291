"""The messages to take pictures of, each as one sample person gets it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.adapters.templates import TemplateBundle

PERSON = "loyal"
"""The person with the most facts; a campaign without that name uses its first person."""


@dataclass(frozen=True, slots=True)
class GalleryEmail:
    """A message of a campaign, rendered."""

    campaign: str
    message: str
    subject: str
    html: str


def gallery_emails(bundle: TemplateBundle, campaigns: list[str]) -> Iterator[GalleryEmail]:
    """Every message, in the default language where their own is missing. Raises TemplateError."""
    for campaign in campaigns:
        samples = bundle.samples(campaign)
        for message in bundle.message_names(campaign):
            facts = _reader(message, samples)
            email = bundle.render(campaign, message, {**facts, "message": {"name": message}})
            yield GalleryEmail(campaign, message, email.subject, email.html)


def _reader(message: str, samples: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """An owner of the product that a lesson is about; else the person with the most facts."""
    usual = samples.get(PERSON) or next(iter(samples.values()))
    lines = ((facts, (facts.get("product") or {}).get("line")) for facts in (usual, *samples.values()))
    return next((facts for facts, line in lines if line and message.startswith(f"{line}-")), usual)
