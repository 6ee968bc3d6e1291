"""SQS batch from the event bus: take in each event; refuse an invalid one permanently, with its reason."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.events.bus_message import read_message
from outreach.adapters.events.message_heading import heading_of
from outreach.adapters.events.replay import read_replayed
from outreach.batch_response import batch_response
from outreach.domain.errors import InvalidEventError, Problem
from outreach.domain.intake.free_text import is_name
from outreach.telemetry import Metric, count, facts_of, observed, tell, warn, warn_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from outreach.batch_response import BatchResponse

_NAMES = ("first_name", "last_name")


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> BatchResponse:
    """Only the records that failed come back; the others are done (decision 0050)."""
    failed = [record["messageId"] for record in event["Records"] if not _is_taken_in(record)]
    return batch_response(failed)


def _is_taken_in(record: Mapping[str, Any]) -> bool:
    try:
        _take_in_or_refuse(record["body"], _queued_at(record))
    except Exception as error:  # noqa: BLE001 - whatever the error is, the queue delivers this one again
        ids = asdict(heading_of(record["body"]))
        warn("event not taken in; the queue brings it again", {**ids, **facts_of(error)})
        return False
    return True


def _take_in_or_refuse(body: str, queued_at: datetime) -> None:
    left_out: list[Problem] = []
    replayed = read_replayed(body)
    if replayed is not None and replayed.opt_out is not None:
        ended = wiring.unsubscribe_again()(replayed.opt_out.customer_id, replayed.opt_out.at)
        tell("opt-out taken in again", ended=ended)
        return
    try:
        event = read_message(body, now=wiring.clock().now(), queued_at=queued_at, on_left_out=left_out.append)
        taken = wiring.take_in_event()(event, as_of=None if replayed is None else replayed.at)
    except InvalidEventError as refusal:
        wiring.refusals().refuse(body, refusal.problems)
        problems = [str(problem) for problem in refusal.problems]
        warn("event refused", {**asdict(heading_of(body)), "problems": problems})
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
        wiring.refusals().refuse(body, tuple(map(_unevaluated, taken.unevaluated)))
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
        f"of campaign {campaign} cannot be evaluated, so the event was taken in but enrolls none: "
        "publish the corrected campaign, then send the event back",
    )


def _queued_at(record: Mapping[str, Any]) -> datetime:
    """When the queue received the message, to the millisecond."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
