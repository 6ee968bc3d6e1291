"""Builds the use case that takes in events."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.journeys import deciding_contexts
from outreach.wiring.publishing import campaigns
from outreach.wiring.services import announcer, arm_wakes, workflows
from outreach.wiring.storage import clock, key_secret, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from outreach.ports.intake import Announcer
    from outreach.usecases.intake.take_in_event import TakeInEvent
    from outreach.usecases.intake.unsubscribe import Unsubscribe


@cache
def take_in_event() -> TakeInEvent:
    from outreach.usecases.intake.take_in_event import TakeInEvent

    return TakeInEvent(
        contexts=deciding_contexts(),
        customers=table().customers,
        enrollments=table().enrollments,
        campaigns=campaigns(),
        store=table().intake,
        addresses=table().addresses,
        erasable_records=table().erasable_records,
        workflows=workflows(),
        arm=arm_wakes(),
        clock=clock(),
        key_secret=key_secret,
    )


@cache
def unsubscribe() -> Unsubscribe:
    return _unsubscribe(announcer())


@cache
def unsubscribe_again() -> Callable[[str, datetime], int]:
    """For an opt-out that was announced before: the shop's other systems know it."""
    from outreach.adapters.events.no_announcer import NoAnnouncer

    return _unsubscribe(NoAnnouncer()).as_announced


def _unsubscribe(announces: Announcer) -> Unsubscribe:
    from outreach.usecases.intake.unsubscribe import Unsubscribe

    return Unsubscribe(
        customers=table().customers,
        addresses=table().addresses,
        store=table().intake,
        enrollments=table().enrollments,
        campaigns=campaigns(),
        workflows=workflows(),
        announcer=announces,
        clock=clock(),
    )
