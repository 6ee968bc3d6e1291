"""Builds what decides whether and when a message is sent, and what sends it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.clients import ses_client
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock, dynamodb_client, table

if TYPE_CHECKING:
    from outreach.adapters.dynamodb.sending.rate_limiter import DynamoRateLimiter
    from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
    from outreach.adapters.ses.feedback_evidence import FeedbackEvidence
    from outreach.adapters.ses.mailer import SesMailer
    from outreach.domain.sending.account_limits import Limits
    from outreach.usecases.sending.resolve_claim import ResolveClaim


@cache
def state_store() -> DynamoSendingState:
    from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState

    return DynamoSendingState(
        dynamodb_client(), settings()["TABLE_NAME"], clock=clock(), on_refusal=_warn_of_outage
    )


def _warn_of_outage(reason: str) -> None:
    from outreach.telemetry import Metric, count, warn

    count(Metric.SENDING_REFUSED)
    warn("SES takes nothing from this account: mail is held", {"reason": reason})


@cache
def mailer() -> SesMailer:
    from outreach.adapters.ses.mailer import SesMailer

    return SesMailer(
        ses_client(),
        sender=settings()["SENDER"],
        reply_to=settings()["REPLY_TO"] or None,
        configuration_set=settings()["CONFIGURATION_SET"],
    )


@cache
def rate_limiter() -> DynamoRateLimiter:
    from outreach.adapters.dynamodb.sending.rate_limiter import DynamoRateLimiter
    from outreach.adapters.ses.account import SesAccount

    return DynamoRateLimiter(
        dynamodb_client(), settings()["TABLE_NAME"], SesAccount(ses_client(), on_limits=_measure_quota)
    )


def _measure_quota(limits: Limits) -> None:
    from outreach.telemetry import Metric, measure

    if limits.quota:
        measure(Metric.QUOTA_USED, round(100 * limits.sent / limits.quota, 1))


@cache
def feedback_evidence() -> FeedbackEvidence:
    from outreach.adapters.ses.feedback_evidence import FeedbackEvidence

    marks = table().feedback_marks
    return FeedbackEvidence(dynamodb_client(), settings()["TABLE_NAME"], marks=marks, mailer=mailer())


@cache
def resolve_claim() -> ResolveClaim:
    from outreach.usecases.sending.resolve_claim import ResolveClaim

    return ResolveClaim(evidence=feedback_evidence())
