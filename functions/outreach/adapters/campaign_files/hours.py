"""From the hours of a campaign file to those of the domain."""

from __future__ import annotations

from outreach.adapters.campaign_files.parts import Hours
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours


def delivery_hours(form: Hours | str) -> DeliveryHours:
    """`any`, whole days, or from one hour to another on some days."""
    if not isinstance(form, Hours):
        return ANY_TIME
    if form.opens is None or form.closes is None:
        return DeliveryHours(ANY_TIME.opens, ANY_TIME.closes, form.days)
    return DeliveryHours(form.opens, form.closes, form.days)
