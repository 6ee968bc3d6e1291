"""The facts of a test message: those of a sample person, or of a real customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.templates import TemplateBundle
from outreach.domain.errors import OutreachError
from outreach.domain.intake.zones import ZONES_BY_COUNTRY
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, Trigger
from outreach.domain.journeys.facts import Links, facts_for
from outreach.domain.sending.delivery_hours import zone_of


class NoSuchPersonError(OutreachError):
    """Neither a sample person nor a customer has this name."""


@dataclass(frozen=True, slots=True)
class Known:
    """The facts that one person's message is rendered from."""

    facts: Mapping[str, object]
    locale: str | None
    links: Links
    is_sample: bool


def of_sample(templates: TemplateBundle, campaign: str, person: str) -> Known | None:
    """None when sample.yaml has no person of that name. Raises TemplateError when it cannot be read."""
    facts: Mapping[str, Any] | None = templates.samples(campaign).get(person)
    if facts is None:
        return None
    links = facts.get("links") or {}
    return Known(
        facts,
        (facts.get("customer") or {}).get("locale"),
        Links(*(str(links.get(name, "")) for name in ("unsubscribe", "preferences", "survey"))),
        is_sample=True,
    )


def of_customer(
    table: DynamoTable, campaign: Campaign, customer_id: str, *, page: str, zone: str, now: datetime,
    instead: str,
) -> Known:  # fmt: skip
    """From their newest enrollment in the campaign; without one, as if they enrolled now.

    Links lead to `page`: a click in a test must not opt the customer out. Raises NoSuchPersonError, which
    names `instead`.
    """
    customer = table.customers.customer(customer_id)
    if customer.version == 0:
        raise NoSuchPersonError(f"neither a sample person nor a customer is named {customer_id!r}; {instead}")
    own = _newest(table, campaign.name, customer_id)
    trigger = Trigger("test", campaign.trigger, now) if own is None else own.trigger
    key_value = customer_id if own is None else own.key_value
    order = None if trigger.order_id is None else table.customers.order(customer_id, trigger.order_id)
    local = zone_of(customer.profile.time_zone, customer.profile.country, ZONES_BY_COUNTRY, zone)
    links = Links(unsubscribe=page, preferences=page, survey=page)
    facts = facts_for(campaign, key_value, trigger, customer, order, links, local, now)
    return Known(facts, customer.profile.locale, links, is_sample=False)


def _newest(table: DynamoTable, campaign: str, customer_id: str) -> Enrollment | None:
    theirs = table.enrollments.of_customer(customer_id)
    mine = [each for each in theirs.values() if each.id.campaign == campaign]
    return max(mine, key=lambda each: each.started_at, default=None)
