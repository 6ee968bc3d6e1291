"""Which metric counts which outcome of a message."""

import pytest

from outreach.domain.journeys.enrollment import HoldReason, SkipReason
from outreach.domain.sending.outcomes import MessageOutcome, OutcomeKind
from outreach.message_metrics import metric_of
from outreach.telemetry import Metric

SENT, HELD, SKIPPED, FAILED = OutcomeKind


@pytest.mark.parametrize(
    ("kind", "reason", "marketing", "transactional"),
    [
        (SENT, "", Metric.MARKETING_SENT, None),
        (FAILED, "rendering", Metric.MARKETING_FAILED, Metric.TRANSACTIONAL_FAILED),
        (HELD, HoldReason.QUOTA, Metric.MARKETING_HELD, Metric.TRANSACTIONAL_HELD),
        (HELD, HoldReason.PAUSED, Metric.MARKETING_HELD, Metric.TRANSACTIONAL_HELD),
        (HELD, HoldReason.WINDOW, None, None),
        (HELD, HoldReason.CAP, None, None),
        (HELD, HoldReason.NO_ADDRESS, None, None),
        (SKIPPED, SkipReason.NO_ADDRESS, None, Metric.TRANSACTIONAL_SKIPPED),
        (SKIPPED, SkipReason.EXPIRED, None, Metric.TRANSACTIONAL_SKIPPED),
        (SKIPPED, SkipReason.NOT_SUBSCRIBED, None, None),
        (SKIPPED, SkipReason.CONDITION, None, None),
    ],
)
def test_each_class_has_its_metric_for_what_an_operator_can_change(
    kind: OutcomeKind, reason: str, marketing: Metric | None, transactional: Metric | None
) -> None:
    outcome = MessageOutcome("hello", kind, reason)
    assert metric_of(outcome, is_marketing=True) is marketing
    assert metric_of(outcome, is_marketing=False) is transactional


def test_marketing_that_expires_counts_when_it_was_held() -> None:
    outcome = MessageOutcome("hello", SKIPPED, SkipReason.EXPIRED, was_held=True)
    assert metric_of(outcome, is_marketing=True) is Metric.MARKETING_EXPIRED
