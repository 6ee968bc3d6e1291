"""Counts outcomes of messages: by class and kind in metrics, by message and reason in one log line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from outreach.domain.journeys.campaign import MessageClass
from outreach.domain.journeys.enrollment import SkipReason
from outreach.domain.sending.failure_shares import FailureShares
from outreach.domain.sending.outcomes import HELD_BY_ACCOUNT, NOT_IN_TIME, MessageOutcome, OutcomeKind
from outreach.telemetry import Metric, count, tell, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

_shares = FailureShares()


def report_outcomes(campaign: str, outcomes: Iterable[MessageOutcome], *, is_marketing: bool) -> None:
    """Count and log them. Of sent messages only the number is kept."""
    metrics: Counter[Metric] = Counter()
    reasons: Counter[tuple[str, str, str]] = Counter()
    failing: set[str] = set()
    for outcome in outcomes:
        metric = metric_of(outcome, is_marketing=is_marketing)
        if metric is not None:
            metrics[metric] += 1
        if outcome.kind is not OutcomeKind.SENT:
            reasons[outcome.step, outcome.kind, outcome.reason] += 1
        if outcome.kind in _ENDS and _shares.add(
            campaign, outcome.step, failed=outcome.kind is OutcomeKind.FAILED
        ):
            failing.add(outcome.step)
    for metric, number in metrics.items():
        count(metric, number)
    of_class = MessageClass.MARKETING if is_marketing else MessageClass.TRANSACTIONAL
    for (step, kind, reason), number in reasons.items():
        facts = {"campaign": campaign, "step": step, "class": of_class, "outcome": kind, "reason": reason}
        tell("messages not sent", **facts, number=number)
    for step in sorted(failing):
        count(Metric.MESSAGE_FAILING)
        warn("a large share of a message's sends fails", {"campaign": campaign, "step": step})


def metric_of(outcome: MessageOutcome, *, is_marketing: bool) -> Metric | None:
    """The metric that counts an outcome; None for one that the campaign or the customer asked for."""
    match outcome.kind:
        case OutcomeKind.SENT:
            return Metric.MARKETING_SENT if is_marketing else None
        case OutcomeKind.FAILED:
            return Metric.MARKETING_FAILED if is_marketing else Metric.TRANSACTIONAL_FAILED
        case OutcomeKind.HELD if outcome.reason in HELD_BY_ACCOUNT:
            return Metric.MARKETING_HELD if is_marketing else Metric.TRANSACTIONAL_HELD
        case OutcomeKind.SKIPPED if not is_marketing and outcome.reason in NOT_IN_TIME:
            return Metric.TRANSACTIONAL_SKIPPED
        case OutcomeKind.SKIPPED if outcome.reason == SkipReason.EXPIRED and outcome.was_held:
            return Metric.MARKETING_EXPIRED
        case _:
            return None


_ENDS = frozenset({OutcomeKind.SENT, OutcomeKind.FAILED})
