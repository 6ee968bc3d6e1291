"""SQS batch from the event bus: take in each event; refuse a bad one with its reason, for good."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.adapters.bus_message import read_message
from outreach.adapters.message_heading import heading_of
from outreach.adapters.replay import read_replayed
from outreach.domain.errors import InvalidEvent, Problem
from outreach.domain.free_text import is_name
from outreach.telemetry import Metric, count, facts_of, observed, tell, warn, warn_once

_NAMES = ("first_name", "last_name")


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Only the records that failed come back; the others are done."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, _take_in, processor, context)


def _take_in(record: SQSRecord) -> None:
    try:
        _take_in_or_refuse(record)
    except Exception as error:
        # The batch processor keeps it to itself.
        ids = asdict(heading_of(record.body))
        warn("event not taken in; the queue brings it again", {**ids, **facts_of(error)})
        raise


def _take_in_or_refuse(record: SQSRecord) -> None:
    left_out: list[Problem] = []
    replayed = read_replayed(record.body)
    if replayed is not None and replayed.opt_out is not None:
        ended = wiring.unsubscribe_again()(replayed.opt_out.customer_id, replayed.opt_out.at)
        tell("opt-out taken in again", ended=ended)
        return
    try:
        event = read_message(
            record.body, now=wiring.clock().now(), queued_at=_queued_at(record), on_left_out=left_out.append
        )
        taken = wiring.take_in_event()(event, as_of=None if replayed is None else replayed.at)
    except InvalidEvent as refusal:
        wiring.refusals().refuse(record.body, refusal.problems)
        problems = [str(problem) for problem in refusal.problems]
        warn("event refused", {**asdict(heading_of(record.body)), "problems": problems})
        return
    if left_out:
        problems = [str(problem) for problem in left_out]
        warn("fields of an event left out", {"event_id": event.id, "problems": problems})
    if not all(is_name(event.customer.fields.get(name, "A")) for name in _NAMES):
        tell("a name that no message will show", event_id=event.id)
    if taken.unasked is not None:
        count(Metric.EVENTS_WITHOUT_CAMPAIGN)
        warn_once(taken.unasked, {"name": event.name})
    if taken.unevaluated:
        wiring.refusals().refuse(record.body, tuple(map(_unevaluated, taken.unevaluated)))
        facts = {"event_id": event.id, "campaigns": taken.unevaluated}
        warn("an event is kept, for campaigns cannot evaluate whether it enrolls", facts)
    tell(
        "event taken in",
        event_id=event.id,
        name=event.name,
        outcome=taken.outcome,
        repeated=taken.repeated,
        enrolled=taken.enrolled,
    )


def _unevaluated(campaign: str) -> Problem:
    return Problem(
        "only_if",
        f"of campaign {campaign} cannot be evaluated, so the event was taken in but enrolls nobody there: "
        "publish the corrected campaign, then send the event back",
    )


def _queued_at(record: SQSRecord) -> datetime:
    """When the queue got the message, to the millisecond."""
    return datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
