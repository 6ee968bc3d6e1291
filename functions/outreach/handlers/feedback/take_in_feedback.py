"""Batch of SES's reports: take in each report; refuse an invalid one permanently, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.events.message_heading import heading_of
from outreach.adapters.ses.events import body_of, read_report, read_sent, waited
from outreach.adapters.ses.setup_messages import read_set_up
from outreach.batch_response import batch_response
from outreach.domain.errors import InvalidFeedbackError
from outreach.domain.feedback.report import is_by_machine
from outreach.telemetry import Metric, count, facts_of, observed, tell, warn

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from outreach.batch_response import BatchResponse
    from outreach.domain.feedback.report import Report
    from outreach.usecases.feedback.take_in_feedback import Digest


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> BatchResponse:
    """Only the records that failed come back; the others are done.

    A record that cannot be read is refused only once what it proves nevertheless is stored.
    """
    now = wiring.clock().now()
    reports: dict[str, Report] = {}
    refusals: dict[str, tuple[str, InvalidFeedbackError]] = {}
    for place, record in enumerate(event["Records"]):
        name = record.get("messageId", str(place))  # an SNS topic gives none
        body = body_of(record)
        try:
            reports[name] = read_report(body)
        except InvalidFeedbackError as error:
            refusals[name] = body, error
            proof = read_sent(body, now)
            if proof is not None:
                reports[name] = proof
    oldest = max(waited(record, now) for record in event["Records"])
    digest = wiring.take_in_feedback()(list(reports.values()), is_whole=not refusals, waited=oldest)
    names = list(reports)
    failed = {names[place]: error for place, error in digest.failed.items()}
    for name, (body, refusal) in refusals.items():
        if name not in failed:
            try:
                _acknowledge_or_refuse(body, refusal)
            except Exception as error:  # noqa: BLE001 - whatever the error is, the queue delivers this one again
                failed[name] = error
    _tell(list(reports.values()), digest, failed)
    if failed and "Sns" in event["Records"][0]:
        raise next(iter(failed.values()))  # a topic delivers the whole of it again
    return batch_response(failed)


def _acknowledge_or_refuse(body: str, refusal: InvalidFeedbackError) -> None:
    """Only an invalid report is parsed twice, so that the common one costs no second parse."""
    set_up = read_set_up(body)
    if set_up is None:
        _refuse(body, refusal)
        return
    tell("a set-up message of SES or SNS", kind=set_up.kind, advice=set_up.advice)


def _refuse(body: str, refusal: InvalidFeedbackError) -> None:
    wiring.refusals().refuse(body, refusal.problems)
    heading = heading_of(body)
    problems = [str(problem) for problem in refusal.problems]
    which = {"message_id": heading.event_id, "kind": heading.name, "source": heading.source}
    warn("feedback refused", {**which, "problems": problems})


def _tell(reports: list[Report], digest: Digest, failed: dict[str, Exception]) -> None:
    for report in digest.ambiguous:
        which = {"kind": type(report.feedback).__name__, "message_id": report.message_id}
        warn("feedback names no single address, so it suppresses none", which)
    tell(
        "feedback taken in",
        reports=len(reports),
        moved=digest.moved,
        uncounted=digest.uncounted,
        failed=len(failed),
        strangers=digest.strangers,
        by_machines=sum(is_by_machine(report.feedback) for report in reports),
        ambiguous=len(digest.ambiguous),
    )
    for error in failed.values():
        warn("feedback not taken in; the queue brings it again", facts_of(error))
    breaker = digest.breaker
    if breaker is not None and breaker.opening is not None:
        count(Metric.BREAKER_OPEN)
        warn("the breaker is open: marketing is paused", {"reason": breaker.opening.reason})
