"""Scheduled: resolve claims, restart failed journeys, and report stuck enrollments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.domain.errors import OutreachError
from outreach.domain.operations.journey_restarts import next_look
from outreach.telemetry import Metric, count, facts_of, measure, observed, tell, warn
from outreach.usecases.operations.find_overdue import find_overdue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from outreach.usecases.operations.restart_journeys import Restarted
    from outreach.usecases.sweeps.arm_due_shards import Armed
    from outreach.usecases.sweeps.resolve_pages import PagesResolved

MARGIN = timedelta(seconds=30)
"""Kept free at the end of the function's time, for its report."""


class MaintenanceTasksFailedError(OutreachError):
    """Maintenance tasks that failed, each with the kind of its error and without its text."""


@observed
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What it found and did, for readers of the logs; `stuck` needs an operator and raises the alarm.

    A task that fails skips no other. The function ends with its error nevertheless, so that its own alarm
    sees it; and without all numbers `Stuck` is not written, whose absence raises an alarm, too.
    """
    now = wiring.clock().now()
    left = timedelta(milliseconds=context.get_remaining_time_in_millis()) - MARGIN
    failed: dict[str, str] = {}
    overdue = _done("find_overdue", _find_overdue, failed)
    resolved, restarted = None, None
    # While the table is being restored, rows lack later reports, so `Stuck` is not written.
    if not wiring.state_store().rules().is_restoring:
        resolved = _done("settle", lambda: wiring.resolve_pages()(stop_at=now + left / 2), failed)
        restarted = _done("restart", lambda: wiring.restart_journeys()(stop_at=now + left), failed)
    armed = _done("arm_wakes", _arm_wakes, failed)
    _done("drop_moved_secrets", wiring.drop_moved_secrets, failed)
    silent = _done("feedback", lambda: wiring.feedback_evidence().health().silent_sources(), failed)
    paused = _done("sending", _report_pauses, failed)
    report = dict(_told(overdue, resolved, restarted))
    if armed is not None:
        report |= {"wakes_armed": armed.wakes, "wakes_caught": armed.caught}
    if silent is not None:
        count(Metric.FEEDBACK_SOURCE_SILENT, len(silent))
        report["silent_feedback"] = sorted(silent)
    if paused is not None:
        report["paused"] = paused
    if failed or (restarted is not None and restarted.failing):
        report["looks_again"] = _done("look_again", lambda: _look_again(context), failed)
    if "stuck" in report:
        measure(Metric.STUCK, report["stuck"])
    tell("watched", **report)
    if failed:
        raise MaintenanceTasksFailedError("; ".join(f"{task}: {error}" for task, error in failed.items()))
    return report


def _done[Result](task: str, work: Callable[[], Result], failed: dict[str, str]) -> Result | None:
    """Its result; None if it failed."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever the error is, the other tasks are done
        # The function's own error names the kind alone: the runtime logs the text of that one.
        failed[task] = type(error).__name__
        warn("a maintenance task failed", {"duty": task, **facts_of(error)})
        return None


def _report_pauses() -> list[str]:
    """What is paused, at every run until it is resumed: a forgotten pause keeps its alarm on."""
    sending = wiring.state_store().sending()
    paused = ["sending"] * (sending.pause is not None) + sorted(sending.campaigns)
    count(Metric.SENDING_PAUSED, len(paused))
    count(Metric.BREAKER_OPEN, int(sending.breaker.opening is not None))
    return paused


def _look_again(context: LambdaContext) -> str:
    """While something fails the next look is within the hour; else nothing runs beyond the schedule."""
    at = next_look(wiring.clock().now())
    wiring.scheduled_looks(context.invoked_function_arn).look_at(at)
    return at.isoformat()


def _arm_wakes() -> Armed:
    return wiring.arm_due_shards()()


def _find_overdue() -> dict[str, int]:
    table, now = wiring.table(), wiring.clock().now()
    return find_overdue(
        campaigns=wiring.campaigns(),
        shards=table.due_shards,
        lease=table.shard_lease,
        swept=table.swept_campaigns,
        now=now,
    )


def _told(
    overdue: dict[str, int] | None, resolved: PagesResolved | None, restarted: Restarted | None
) -> Iterator[tuple[str, Any]]:
    if resolved is not None:
        count(Metric.MARKETING_FAILED, resolved.failed_marketing)
        count(Metric.TRANSACTIONAL_FAILED, resolved.failed_transactional)
        yield "pages_settled", resolved.pages
        yield "pages_waiting", resolved.waiting
        yield "sends_settled", {str(status): sends for status, sends in resolved.sends.items()}
        yield "released_wakes_armed", resolved.are_wakes_armed
    if restarted is not None:
        yield "journeys_begun_again", restarted.begun_again
        yield "journeys_failing", restarted.failing
    if overdue is not None:
        yield "overdue", overdue
        if restarted is not None:
            yield "stuck", restarted.stuck + sum(overdue.values())
