"""Builds the use cases that advance enrollments."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.pages import links, unsigned_links
from outreach.wiring.publishing import campaigns, templates
from outreach.wiring.sending import mailer, rate_limiter, resolve_claim, state_store
from outreach.wiring.services import announcer, tokens
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock, record_release, table

if TYPE_CHECKING:
    from datetime import timedelta

    from outreach.domain.errors import ExpressionFailedError
    from outreach.domain.journeys.typed_values import Misfit
    from outreach.ports.journeys import LinkMaker
    from outreach.usecases.journeys.advance_enrollment import AdvanceEnrollment
    from outreach.usecases.journeys.context import ContextLoader
    from outreach.usecases.journeys.park_enrollment import ParkEnrollment


@cache
def contexts() -> ContextLoader:
    """For functions that write messages."""
    return _contexts(links())


@cache
def deciding_contexts() -> ContextLoader:
    """For functions that only evaluate expressions: they sign no link."""
    return _contexts(unsigned_links())


def _contexts(link_maker: LinkMaker) -> ContextLoader:
    from outreach.usecases.journeys.context import ContextLoader

    record_release()
    return ContextLoader(
        campaigns=campaigns(),
        customers=table().customers,
        expressions=templates(),
        link_maker=link_maker,
        on_failed_expression=_warn_of_expression,
        on_misfit=_warn_of_misfit,
        default_zone=settings()["DEFAULT_TIME_ZONE"],
    )


def _warn_of_expression(campaign: str, step: str, error: ExpressionFailedError) -> None:
    from outreach.telemetry import Metric, count, warn_once

    count(Metric.EXPRESSIONS_FAILED)
    facts = {"campaign": campaign, "step": step, "why": str(error)}
    warn_once("an expression does not fit a customer's facts", facts)


def _warn_of_misfit(campaign: str, misfit: Misfit) -> None:
    from outreach.telemetry import warn_once

    facts = {"campaign": campaign, "fact": misfit.path, "expected": misfit.expected}
    warn_once("a fact does not fit its declared type and counts as missing", facts)


@cache
def advance_enrollment(patience: timedelta | None = None) -> AdvanceEnrollment:
    """`patience`: how long a send may sleep for its permit, if not as briefly as usual."""
    from outreach.usecases.journeys.advance_enrollment import AdvanceEnrollment
    from outreach.usecases.sending.acquire_permit import PATIENCE

    return AdvanceEnrollment(
        contexts=contexts(),
        snapshots=table().snapshots,
        resolve=resolve_claim(),
        enrollments=table().enrollments,
        addresses=table().addresses,
        renderer=templates(),
        rate_limiter=rate_limiter(),
        ledger=table().ledger,
        mailer=mailer(),
        announcer=announcer(),
        state_store=state_store(),
        clock=clock(),
        patience=PATIENCE if patience is None else patience,
    )


@cache
def park_enrollment() -> ParkEnrollment:
    from outreach.usecases.journeys.park_enrollment import ParkEnrollment

    return ParkEnrollment(
        contexts=deciding_contexts(), enrollments=table().enrollments, workflows=tokens(), clock=clock()
    )
