"""Ask at the last moment whether mail may go at all, and tell everybody what the service said to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import SendImpossibleError, SendingPausedError
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.gate import Hold, stopped
from outreach.domain.sending.outage import TRY_TAKES, Outage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from outreach.ports.sending import SendAnswer, SendingStateStore


@dataclass(frozen=True, slots=True)
class Preflight:
    """A message may go now."""

    outage: Outage | None = None
    """If there is one: then this message alone finds out whether it is over."""


def preflight(
    state_store: SendingStateStore, *, campaign: str, is_marketing: bool, now: datetime
) -> Preflight | Hold:
    """Judged by rules that are seconds old: since the gate was asked, an operator may have paused sending.

    Costs no request while the rules are fresh. To be asked right before a claim, for whoever is let through
    while there is an outage keeps the others from trying.
    """
    rules = state_store.rules()
    hold = stopped(rules, campaign=campaign, is_marketing=is_marketing, now=now)
    if hold is not None:
        return hold
    if rules.outage is None:
        return Preflight()
    if state_store.try_alone(rules.outage, now=now):
        return Preflight(rules.outage.tried(now))
    return Hold(now + TRY_TAKES, HoldReason.PAUSED)


def report_outcome(
    state_store: SendingStateStore,
    outage: Outage | None,
    answers: Iterable[SendAnswer],
    *,
    now: datetime,
) -> None:
    """Let nobody else try in vain, and everybody go on once mail is taken again.

    `answers` are what the service said to messages that went with one GoAhead. Who is refused beside others
    that are taken proves nothing about the account.
    """
    said = list(answers)
    refusal = next((each for each in said if isinstance(each, SendingPausedError)), None)
    if refusal is not None and not any(isinstance(each, str) for each in said):
        state_store.remember_refusal(refusal.reason, now=now)
    elif outage is not None and any(isinstance(each, str | SendImpossibleError) for each in said):
        state_store.end_outage()
