"""What sweeps due enrollments."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.journeys import advance_enrollment, contexts
from outreach.wiring.publishing import campaigns, templates
from outreach.wiring.sending import feedback_evidence, mailer, rate_limiter, resolve_claim, state_store
from outreach.wiring.services import arm_wakes
from outreach.wiring.storage import clock, record_release, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from outreach.domain.journeys.enrollment import EnrollmentId
    from outreach.usecases.sweeps.arm_due_shards import ArmDueShards
    from outreach.usecases.sweeps.resolve_pages import ResolvePages
    from outreach.usecases.sweeps.sweep_shard import SweepPage
    from outreach.usecases.sweeps.sweep_under_lease import SweepUnderLease


@cache
def sweep_page(
    patience: timedelta, on_failure: Callable[[EnrollmentId | None, Exception], None]
) -> SweepPage:
    from uuid import uuid4

    from outreach.adapters.ses.bulk_mailer import SesBulkMailer
    from outreach.usecases.sending.send_page import SendPage
    from outreach.usecases.sweeps.sweep_page import SweepBatch
    from outreach.usecases.sweeps.sweep_shard import SweepPage

    send_page = SendPage(
        bulk_ledger=table().bulk_ledger,
        ledger=table().ledger,
        enrollments=table().enrollments,
        bulk_mailer=SesBulkMailer(mailer(), clock=clock()),
        rate_limiter=rate_limiter(),
        state_store=state_store(),
        clock=clock(),
        new_page_id=lambda: uuid4().hex,
    )
    batch = SweepBatch(
        contexts=contexts(),
        snapshots=table().snapshots,
        renderer=templates(),
        rate_limiter=rate_limiter(),
        bulk_ledger=table().bulk_ledger,
        send_page=send_page,
        state_store=state_store(),
        clock=clock(),
        patience=patience,
    )
    return SweepPage(
        enrollments=table().enrollments,
        shards=table().due_shards,
        batch=batch,
        advance=advance_enrollment(patience),
        log=table().sweep_log,
        clock=clock(),
        on_failure=on_failure,
    )


@cache
def sweep_under_lease(
    patience: timedelta, on_failure: Callable[[EnrollmentId | None, Exception], None]
) -> SweepUnderLease:
    from outreach.usecases.sweeps.sweep_under_lease import SweepUnderLease

    sweep, lease = sweep_page(patience, on_failure), table().shard_lease
    return SweepUnderLease(sweep=sweep, lease=lease, arm=arm_wakes(), clock=clock())


@cache
def arm_due_shards() -> ArmDueShards:
    from outreach.usecases.sweeps.arm_due_shards import ArmDueShards

    return ArmDueShards(
        campaigns=campaigns(),
        shards=table().due_shards,
        lease=table().shard_lease,
        arm=arm_wakes(),
        clock=clock(),
    )


@cache
def resolve_pages() -> ResolvePages:
    from outreach.usecases.sweeps.page_evidence import PageEvidence
    from outreach.usecases.sweeps.resolve_pages import ResolvePages

    record_release()
    log, deliveries = table().page_log, table().delivery_ledger
    return ResolvePages(
        log=log,
        resolve=resolve_claim(),
        deliveries=deliveries,
        enrollments=table().enrollments,
        page_evidence=PageEvidence(log=log, deliveries=deliveries, evidence=feedback_evidence()),
        arm=arm_wakes(),
        clock=clock(),
    )
