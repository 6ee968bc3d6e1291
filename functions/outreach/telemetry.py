"""One logger, one metrics object, and the one decorator of every handler.

Logs and metrics carry ids and counts, never an address or a name.
"""

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from traceback import format_tb
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach.domain.errors import OutreachError

type Handler[Answer] = Callable[[dict[str, Any], LambdaContext], Answer]

SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "outreach")
"""The name of the stack: two stacks in one account have metrics and logs of their own."""
logger = Logger(service=SERVICE)
metrics = Metrics(namespace="Outreach", service=SERVICE)
_warned: set[str] = set()
"""The warnings that this invocation has logged already."""


class Metric(StrEnum):
    """Every metric of the stack, each with the one dimension `service`.

    CloudWatch bills a metric for each name and set of dimensions in every hour in which it is written.
    Reasons and names are in the log, which the template's saved queries read.
    """

    MARKETING_SENT = "MarketingSent"
    MARKETING_HELD = "MarketingHeld"
    MARKETING_EXPIRED = "MarketingExpired"
    """Skipped after a hold, because `valid_for` was over."""
    MARKETING_FAILED = "MarketingFailed"
    TRANSACTIONAL_HELD = "TransactionalHeld"
    TRANSACTIONAL_SKIPPED = "TransactionalSkipped"
    TRANSACTIONAL_FAILED = "TransactionalFailed"
    MESSAGE_FAILING = "MessageFailing"
    EXPRESSIONS_FAILED = "ExpressionsFailed"
    SENDING_REFUSED = "SendingRefused"
    SENDING_PAUSED = "SendingPaused"
    BREAKER_OPEN = "BreakerOpen"
    QUOTA_USED = "QuotaUsed"
    """Percent of the 24-hour quota."""
    STUCK = "Stuck"
    SWEEP_FAILURES = "SweepFailures"
    FEEDBACK_SOURCE_SILENT = "FeedbackSourceSilent"
    BUNDLES_REFUSED = "BundlesRefused"
    RUNS_EXPIRED = "RunsExpired"
    EVENTS_WITHOUT_CAMPAIGN = "EventsWithoutCampaign"


def observed[Answer](handler: Handler[Answer]) -> Handler[Answer]:
    """Give a handler its request id in every log line, and write out its metrics at the end."""
    with_request_id: Handler[Answer] = logger.inject_lambda_context(handler, clear_state=True)

    @wraps(handler)
    def observed_handler(event: dict[str, Any], context: LambdaContext) -> Answer:
        _warned.clear()
        try:
            return with_request_id(event, context)
        finally:
            if metrics.metric_set:  # Powertools warns about an empty one, and most invocations count nothing
                metrics.flush_metrics()

    return observed_handler


def count(name: Metric, number: int = 1) -> None:
    """Add to a metric."""
    if number:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)


def measure(name: Metric, number: float) -> None:
    """Record a number whose absence would mean something: zero is written, too."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)


def tell(message: str, **facts: object) -> None:
    """Log one business fact."""
    logger.info(message, extra={"facts": facts})


def warn(message: str, facts: Mapping[str, object]) -> None:
    """Log something that an operator may have to look at."""
    logger.warning(message, extra={"facts": dict(facts)})


def facts_of(error: BaseException, *, frames: int = 0) -> dict[str, Any]:
    """What a log may say of an error: its kind, and the last `frames` of where it was raised (0: all).

    Outreach's own errors hold nothing personal, so their text is logged. Of an AWS error the operation and
    the code are: its text may repeat a value, as that of any foreign error may.
    """
    facts: dict[str, Any] = {
        "error": type(error).__name__,
        "at": format_tb(error.__traceback__)[-frames:],
    }
    if isinstance(error, OutreachError):
        facts["why"] = str(error)
    response = getattr(error, "response", None)  # botocore's ClientError, which is not imported for this
    if isinstance(response, Mapping) and isinstance(response.get("Error"), Mapping):
        facts["operation"] = getattr(error, "operation_name", "")
        facts["code"] = response["Error"].get("Code", "")
    return facts


def warn_once(message: str, facts: Mapping[str, object]) -> None:
    """The same, but only the first time in an invocation: all rows of a page may have one mistake."""
    told = f"{message} {sorted(facts.items())}"
    if told not in _warned:
        _warned.add(told)
        warn(message, facts)
