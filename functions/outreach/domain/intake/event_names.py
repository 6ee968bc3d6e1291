"""Which event names are in use, and what an unused name was probably meant to be."""

from collections.abc import Collection, Iterable

from outreach.domain.intake.event import (
    ADDRESS_NEWS,
    DELETED,
    FEATURE_USED,
    ORDER_DELAYED,
    ORDER_PLACED,
    SIGNED_UP,
)
from outreach.domain.intake.opt_out import UNSUBSCRIBED
from outreach.domain.journeys.campaign import Campaign, WaitForStep

STANDARD_NAMES = frozenset(
    {
        SIGNED_UP,
        "customer.updated",
        "customer.activated",
        DELETED,
        FEATURE_USED,
        ORDER_PLACED,
        ORDER_DELAYED,
        "order.shipped",
        "order.delivered",
        "order.cancelled",
    }
)
"""Names that have a meaning without any campaign; docs/events.md lists them."""
MOST_SLIPS = 2
"""Letters to add, drop or change."""


def names_asked_for(campaigns: Iterable[Campaign]) -> frozenset[str]:
    """The standard names, Outreach's own, and every trigger, goal, exit and awaited event."""
    asked = {UNSUBSCRIBED, *STANDARD_NAMES, *ADDRESS_NEWS}
    for campaign in campaigns:
        asked |= {campaign.trigger, *campaign.exit_on}
        if campaign.goal is not None:
            asked.add(campaign.goal.event)
        asked |= {step.event for step in campaign.steps if isinstance(step, WaitForStep)}
    return frozenset(asked)


def unasked_name(name: str, asked: Collection[str]) -> str | None:
    """What to say of a name that is not in use; None for one that is."""
    if name in asked:
        return None
    near = suggested_name(name, asked)
    hint = "" if near is None else f"; did you mean `{near}`?"
    return f"no campaign asks for `{name}`{hint}"


def suggested_name(name: str, known: Iterable[str]) -> str | None:
    """The name in use within two typing errors of this one, the nearest first."""
    slips = min(((_slips(name, each), each) for each in sorted(known)), default=None)
    return None if slips is None or slips[0] > MOST_SLIPS else slips[1]


def _slips(one: str, other: str) -> int:
    """The Levenshtein distance; more than two is returned as three, without counting it."""
    if abs(len(one) - len(other)) > MOST_SLIPS:
        return MOST_SLIPS + 1
    row = list(range(len(other) + 1))
    for place, message in enumerate(one, 1):
        before, row = row, [place]
        for column, wanted in enumerate(other, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (message != wanted)))
        if min(row) > MOST_SLIPS:
            return MOST_SLIPS + 1
    return row[-1]
