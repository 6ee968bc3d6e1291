"""What went wrong in the stack during a run: failures, refusals, losses, and sums that do not add up."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from local_cloud import LocalCloud, Outcome
from outreach_tools.wiring import for_stack

_MACHINES = ("JourneyStateMachine", "SweepStateMachine", "WakeStateMachine")
_EVER = datetime.min.replace(tzinfo=UTC)
_FAILED = frozenset({"FAILED", "TIMED_OUT"})


def mishaps(cloud: LocalCloud) -> list[str]:
    """One line per kind of mishap; empty when all went well. Retries that succeeded in the end are none."""
    found = [*_executions(cloud), *_refusals(cloud), *_undelivered(cloud), *_unaccounted(cloud)]
    return found + list(_errors(cloud)) if found else []


def _executions(cloud: LocalCloud) -> Iterator[str]:
    for machine in _MACHINES:
        ended = Counter(run.error for run in cloud.executions(machine) if run.status in _FAILED)
        yield from (f"{machine}: {count} executions failed: {error}" for error, count in ended.items())


def _refusals(cloud: LocalCloud) -> Iterator[str]:
    answer = cloud.client("sqs").get_queue_attributes(
        QueueUrl=cloud.outputs["DeadLetterQueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    count = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    if count:
        yield f"{count} events lie in the dead-letter queue"


def _undelivered(cloud: LocalCloud) -> Iterator[str]:
    targets = Counter(each.target for each in cloud.dead)
    yield from (
        f"{count} deliveries to {target} were recorded as unknown" for target, count in targets.items()
    )


def _unaccounted(cloud: LocalCloud) -> Iterator[str]:
    for report in for_stack(cloud).sweep_log.reports(_EVER):
        if report.counts.missing:
            yield f"{report.campaign}: the sweep of {report.sweep:%Y-%m-%d} lost sight of some that were due"


def _errors(cloud: LocalCloud) -> Iterator[str]:
    """What the functions themselves logged; it helps to find the cause."""
    errors = Counter(
        f"{run.function}: {run.error_type}: {run.error_message}"
        for run in cloud.invocations
        if run.outcome is Outcome.ERROR
    )
    yield from (f"{error} ({count} times)" for error, count in errors.most_common(5))
