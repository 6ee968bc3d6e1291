"""Batch of what SES reports: take in each report; refuse a bad one with its reason, for good."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.adapters.ses_events import body_of, read_report
from outreach.domain.errors import InvalidFeedback
from outreach.domain.feedback import Report, is_by_machine
from outreach.telemetry import count, observed, tell, warn
from outreach.usecases.take_in_feedback import Digest


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> PartialItemFailureResponse:
    """Only the records that failed come back; the others are done."""
    records, reports = [], []
    for record in event["Records"]:
        report = _read(body_of(record))
        if report is not None:
            records.append(record)
            reports.append(report)
    digest = wiring.take_in_feedback()(reports)
    _tell(reports, digest)
    if any("Sns" in record for record in records):
        for error in digest.failed.values():
            raise error  # SNS brings the whole of it again
    return {"batchItemFailures": [{"itemIdentifier": records[place]["messageId"]} for place in digest.failed]}


def _read(body: str) -> Report | None:
    """None for a report that was refused: it lies in the dead-letter queue."""
    try:
        return read_report(body)
    except InvalidFeedback as refusal:
        wiring.refusals().refuse(body, refusal.problems)
        count("FeedbackRefused")
        warn("feedback refused", {"problems": [str(problem) for problem in refusal.problems]})
        return None


def _tell(reports: list[Report], digest: Digest) -> None:
    count("FeedbackTakenIn", len(reports) - len(digest.failed))
    count("FeedbackFromStrangers", digest.strangers)
    count("MachineInteractions", sum(is_by_machine(report.feedback) for report in reports))
    tell("feedback taken in", reports=len(reports), moved=digest.moved, uncounted=digest.uncounted)
    for error in digest.failed.values():
        warn("feedback could not be taken in yet", {"error": type(error).__name__})
    breaker = digest.breaker
    if breaker is not None and breaker.opening is not None:
        count("BreakerOpen")
        warn("the breaker is open: marketing is paused", {"reason": breaker.opening.reason})
