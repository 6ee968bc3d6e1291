"""The objects that the engine makes of its rows fit every message, as the samples do."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from outreach.adapters.templates import TemplateFolder
from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.facts import (
    CampaignFacts,
    CustomerFacts,
    EventFacts,
    Links,
    OrderFacts,
    ProductFacts,
)

KINDS = {
    "customer": CustomerFacts,
    "order": OrderFacts,
    "product": ProductFacts,
    "event": EventFacts,
    "campaign": CampaignFacts,
    "links": Links,
}


def as_object(kind: type[Any], sample: Mapping[str, Any] | None) -> object:
    """The engine's object with the sample's fields; a field the sample does not have is None."""
    if sample is None:
        return None
    values = {field.name: sample.get(field.name) for field in fields(kind)}
    if kind is OrderFacts:
        values["items"] = tuple(OrderItem(**item) for item in sample["items"])
    if kind is ProductFacts:
        values["features_used"] = tuple(sample["features_used"])
    return kind(**values)


@pytest.mark.parametrize("campaign", ["delay-notification", "onboarding", "tutorial", "win-back"])
def test_objects_and_mappings_make_the_same_e_mail(shipped: TemplateFolder, campaign: str) -> None:
    for sample in shipped.samples(campaign).values():
        made = {**sample, **{name: as_object(kind, sample[name]) for name, kind in KINDS.items()}}
        for message in shipped.message_names(campaign):
            assert shipped.render(campaign, message, made) == shipped.render(campaign, message, sample)


@pytest.mark.parametrize("campaign", ["delay-notification", "onboarding", "tutorial", "win-back"])
def test_samples_hold_only_facts_that_the_engine_has(shipped: TemplateFolder, campaign: str) -> None:
    for sample in shipped.samples(campaign).values():
        for name, kind in KINDS.items():
            assert set(sample[name] or {}) <= {field.name for field in fields(kind)}
