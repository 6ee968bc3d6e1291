"""What a use case sees of one enrollment: its campaign, customer, order, zone and facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.domain.campaign import Campaign
from outreach.domain.customer import Customer
from outreach.domain.decision import Situation
from outreach.domain.enrollment import EnrollmentId, Trigger
from outreach.domain.facts import Links, facts_for
from outreach.domain.intake import seen_by
from outreach.domain.order import Order
from outreach.domain.window import zone_of
from outreach.domain.zones import ZONES_BY_COUNTRY
from outreach.ports import Expressions, LinkMaker


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that deciding on, and writing, one message may look at."""

    campaign: Campaign
    customer: Customer
    order: Order | None
    zone: ZoneInfo
    links: Links
    facts: Mapping[str, object]
    situation: Situation


def set_scene(
    campaign: Campaign,
    enrollment: EnrollmentId,
    trigger: Trigger,
    customer: Customer,
    order: Order | None,
    *,
    expressions: Expressions,
    link_maker: LinkMaker,
    default_zone: str,
    now: datetime,
) -> Scene:
    """Put together what is known, once, for rules and words alike."""
    profile = customer.profile
    zone = zone_of(profile.time_zone, profile.country, ZONES_BY_COUNTRY, default_zone)
    links = link_maker.links_for(customer.id, campaign.topic, campaign)
    facts = facts_for(campaign, enrollment, trigger, customer, order, links, zone, now)
    situation = Situation(
        evaluate=lambda expression: expressions.evaluate(expression, facts),
        seen=seen_by(campaign, customer, order),
        zone=zone,
    )
    return Scene(campaign, customer, order, zone, links, facts, situation)
