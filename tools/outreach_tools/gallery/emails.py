"""The messages to take pictures of, each as one person of the samples gets it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.adapters.templates import TemplateBundle

PERSON = "loyal"
"""Of whom most is known; where a campaign has nobody of that name, the first person stands in."""


@dataclass(frozen=True, slots=True)
class GalleryEmail:
    """A message of a campaign, rendered."""

    campaign: str
    message: str
    subject: str
    html: str


def gallery_emails(bundle: TemplateBundle, campaigns: list[str]) -> Iterator[GalleryEmail]:
    """Every message in the language of those whose own is not there. Raises TemplateError."""
    for campaign in campaigns:
        samples = bundle.samples(campaign)
        for message in bundle.message_names(campaign):
            facts = _reader(message, samples)
            email = bundle.render(campaign, message, {**facts, "message": {"name": message}})
            yield GalleryEmail(campaign, message, email.subject, email.html)


def _reader(message: str, samples: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Who owns the product that a lesson is about; else the person of whom most is known."""
    usual = samples.get(PERSON) or next(iter(samples.values()))
    lines = ((facts, (facts.get("product") or {}).get("line")) for facts in (usual, *samples.values()))
    return next((facts for facts, line in lines if line and message.startswith(f"{line}-")), usual)
