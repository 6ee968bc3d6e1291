"""The course of one order: promised, shipped and delivered, or late in one of the ways orders are late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach_tools.demo.dice import Dice

PROMISED_AFTER = timedelta(days=5)
SHIPPED_AFTER = timedelta(days=2)
DELIVERED_AFTER = timedelta(days=4)
LATE = 1 / 25
"""One order in twenty-five runs late."""
_REASONS = (
    "a strike at the port",
    "a storm that closed the mountain road",
    "a part that our supplier sent too late",
    "a parcel hall that is fuller than expected",
)
_TOLD_AFTER = timedelta(days=3)
_BEFORE_PROMISE = timedelta(days=1)
_ON_THE_WAY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happens to the order; `told` is what its event has beyond the order's id."""

    at: datetime
    event: str
    told: dict[str, str]


def turns(placed_at: datetime, dice: Dice) -> Iterator[Turn]:
    """What happens after the order was placed, in time's order.

    Of the late ones three in six are announced once, one in six slips a second time, and two in six pass
    their date without an event; half of those get a new date in the end.
    """
    promised_at = placed_at + PROMISED_AFTER
    if not dice.happens("runs late", LATE):
        yield Turn(placed_at + SHIPPED_AFTER, "order.shipped", {})
        yield Turn(placed_at + DELIVERED_AFTER, "order.delivered", {})
        return
    how = dice.between("how late", 1, 6)
    if how <= 4:  # noqa: PLR2004 - four in six are announced
        told_at = placed_at + _TOLD_AFTER
        promised_at += timedelta(days=dice.between("slip", 4, 9))
        yield _delayed(told_at, promised_at, dice.pick("reason", _REASONS))
        if how == 4:  # noqa: PLR2004 - one of them slips again
            told_at = promised_at - _BEFORE_PROMISE
            promised_at += timedelta(days=dice.between("second slip", 5, 10))
            yield _delayed(told_at, promised_at, dice.pick("second reason", _REASONS))
        delivered_at = promised_at - _BEFORE_PROMISE
    else:
        if how == 6:  # noqa: PLR2004 - the silence ends
            told_at = promised_at + timedelta(days=1)
            promised_at = told_at + timedelta(days=dice.between("slip", 4, 9))
            yield _delayed(told_at, promised_at, dice.pick("reason", _REASONS))
        delivered_at = promised_at + timedelta(days=dice.between("silence", 3, 6))
    yield Turn(delivered_at - _ON_THE_WAY, "order.shipped", {})
    yield Turn(delivered_at, "order.delivered", {})


def _delayed(at: datetime, promised_at: datetime, reason: str) -> Turn:
    return Turn(at, "order.delayed", {"promised_at": promised_at.isoformat(), "delay_reason": reason})
