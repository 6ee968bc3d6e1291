"""The context of one enrollment: its campaign, customer, order, zone and facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.errors import ExpressionFailedError
from outreach.domain.intake.zones import ZONES_BY_COUNTRY
from outreach.domain.journeys.event_history import event_history, looks_back_on_all_orders, with_newest
from outreach.domain.journeys.facts import Links, facts_for
from outreach.domain.journeys.situation import Situation
from outreach.domain.sending.delivery_hours import zone_of
from outreach.ports.sweeps import EnrollmentSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from outreach.domain.intake.customer import Customer
    from outreach.domain.intake.order import Order
    from outreach.domain.journeys.campaign import Campaign
    from outreach.domain.journeys.enrollment import Enrollment, Trigger
    from outreach.domain.journeys.typed_values import Misfit
    from outreach.domain.sending.send import SendId
    from outreach.ports.intake import Customers
    from outreach.ports.journeys import Campaigns, Expressions, LinkMaker


def _ignore(_campaign: str, _misfit: Misfit) -> None:
    """For callers that report nothing."""


@dataclass(frozen=True, slots=True)
class EnrollmentContext:
    """Everything that deciding on, and rendering, one message may read."""

    campaign: Campaign
    customer: Customer
    order: Order | None
    zone: ZoneInfo
    links: Links
    survey_of: Callable[[SendId], str]
    """The survey link for the message of one send."""
    facts: Mapping[str, object]
    situation: Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLoader:
    """Loads contexts: puts together what is known, once, for rules and content alike."""

    campaigns: Campaigns
    customers: Customers
    expressions: Expressions
    link_maker: LinkMaker
    on_failed_expression: Callable[[str, str, ExpressionFailedError], None]
    """Called with every expression that fails: the campaign, the step (or `only_if`), and why."""
    on_misfit: Callable[[str, Misfit], None] = _ignore
    """Called with the campaign and every value that does not fit its declared type."""
    default_zone: str = "UTC"

    def context_of(self, enrollment: Enrollment, now: datetime) -> EnrollmentContext:
        """From the table, as it is now. Raises UnknownCampaignError."""
        return self.context_of_snapshot(self.snapshot_of(enrollment), now)

    def snapshot_of(self, enrollment: Enrollment) -> EnrollmentSnapshot:
        """The enrollment with its customer and order from the table, as they are now."""
        customer_id, order_id = enrollment.id.customer_id, enrollment.trigger.order_id
        customer = self.customers.customer(customer_id)
        order = None if order_id is None else self.customers.order(customer_id, order_id)
        return EnrollmentSnapshot(enrollment, customer, order)

    def context_of_snapshot(self, snapshot: EnrollmentSnapshot, now: datetime) -> EnrollmentContext:
        """From rows that were read already. Raises UnknownCampaignError."""
        enrollment = snapshot.enrollment
        campaign = self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
        return self.new_context(
            campaign, enrollment.key_value, enrollment.trigger, snapshot.customer, snapshot.order, now
        )

    def new_context(
        self,
        campaign: Campaign,
        key_value: str,
        trigger: Trigger,
        customer: Customer,
        order: Order | None,
        now: datetime,
    ) -> EnrollmentContext:
        """With a customer and an order that are not stored yet."""
        profile = customer.profile
        zone = zone_of(profile.time_zone, profile.country, ZONES_BY_COUNTRY, self.default_zone)
        links = self.link_maker.links_for(customer.id, campaign.topic, campaign)
        report = partial(self.on_misfit, campaign.name)
        facts = facts_for(campaign, key_value, trigger, customer, order, links, zone, now, report=report)

        def evaluate(expression: str, step: str) -> object:
            try:
                return self.expressions.evaluate(expression, facts)
            except ExpressionFailedError as error:
                self.on_failed_expression(campaign.name, step, error)
                raise

        orders = self.customers.orders_of(customer.id) if looks_back_on_all_orders(campaign) else ()
        seen = event_history(campaign, key_value, trigger, customer, with_newest(orders, order))
        situation = Situation(evaluate, seen, zone)

        def survey_of(send_id: SendId) -> str:
            return self.link_maker.survey_of(send_id, campaign.topic, campaign)

        return EnrollmentContext(campaign, customer, order, zone, links, survey_of, facts, situation)
