"""Judges a campaign's own condition for a customer whom its trigger may enroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.errors import ExpressionFailedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from outreach.domain.intake.candidates import Candidate, Judge
    from outreach.domain.intake.customer import Customer
    from outreach.domain.intake.order import Order
    from outreach.usecases.journeys.context import ContextLoader

ONLY_IF = "only_if"
"""Stands for the step where a campaign's own condition is evaluated."""


def judge_only_if(contexts: ContextLoader, now: datetime, on_unevaluated: Callable[[str], None]) -> Judge:
    """`on_unevaluated` gets the name of a campaign that enrolls no customer: its condition failed."""

    def lets_in(candidate: Candidate, customer: Customer, order: Order | None) -> bool:
        campaign = candidate.campaign
        if campaign.only_if is None:
            return True
        context = contexts.new_context(campaign, candidate.key_value, candidate.trigger, customer, order, now)
        try:
            return bool(context.situation.evaluate(campaign.only_if, ONLY_IF))
        except ExpressionFailedError:
            on_unevaluated(campaign.name)
            return False

    return lets_in
