"""What `outreach customers show` says of one run: each message, and what comes next."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from outreach.domain.journeys.enrollment import EnrollmentStatus, HoldReason, SkipReason
from outreach.domain.operations.run_report import MessageState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.domain.operations.run_report import MessageReport, RunReport
    from outreach.domain.sending.sending_state import SendingState

_SKIPPED: "Mapping[str | None, str]" = {
    SkipReason.ERASED: "the customer was erased",
    SkipReason.SUPPRESSED: "the address is suppressed",
    SkipReason.STOPPED: "an operator stopped the customer",
    SkipReason.LEFT: "the run had ended",
    SkipReason.CONDITION: "the step's condition was not met",
    SkipReason.NOT_SUBSCRIBED: "no consent to marketing, or the topic is off",
    SkipReason.HOLDOUT: "the customer is in the campaign's holdout",
    SkipReason.NO_ADDRESS: "no address came in time",
    SkipReason.EXPIRED: "it was too late (`valid_for`)",
    SkipReason.NO_INSTANT: "its `until` gave no instant",
    SkipReason.EXPRESSION_FAILED: "its condition does not fit the customer's facts",
}
_HELD: "Mapping[str | None, str]" = {
    HoldReason.NO_ADDRESS: "no address is known yet",
    HoldReason.WINDOW: "outside the campaign's hours",
    HoldReason.CAP: "the customer, or the mailbox, had its share of marketing lately",
    HoldReason.PACE: "the account sends as fast as SES lets it",
    HoldReason.QUOTA: "the account has sent what SES grants it for 24 hours",
    HoldReason.UNRESOLVED: "it is not known yet whether an earlier try was sent",
}


def run_document(report: "RunReport") -> dict[str, Any]:
    """All of it; instants are ISO 8601 in UTC."""
    run, coming = report.enrollment, report.next
    return {
        "campaign": run.id.campaign,
        "key": run.key_value or run.id.key,
        "run": run.run,
        "status": run.status,
        "reason": run.reason,
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "step": run.step if run.is_active else None,
        "messages": [
            {
                "step": each.step,
                "state": each.state,
                "reason": each.reason,
                "at": _iso(each.at),
                "until": _iso(each.until),
                "status": each.status,
            }
            for each in report.messages
        ],
        "next": None
        if coming is None
        else {
            "step": coming.step,
            "due_at": _iso(coming.due_at),
            "event": coming.event,
            "message": coming.message,
        },
    }


def run_lines(report: "RunReport", sending: "SendingState") -> "Iterator[str]":
    """The same in sentences. `sending` says what is paused now."""
    run = report.enrollment
    key = run.key_value or run.id.key
    of = "" if key == run.id.customer_id else f" for {key}"
    yield f"  {run.id.campaign}{of}, run {run.run} since {_at(run.started_at)}: {_status(report)}"
    for each in report.messages:
        yield f"    {each.step}: {message_words(each, run.id.campaign, sending)}"
    if report.next is not None:
        yield f"    next: {_next(report)}"


def _status(report: "RunReport") -> str:
    run = report.enrollment
    if run.is_active:
        return f"active, at {run.step}"
    verb = "finished" if run.status is EnrollmentStatus.FINISHED else f"left ({run.reason})"
    return verb if run.ended_at is None else f"{verb} at {_at(run.ended_at)}"


def message_words(message: "MessageReport", campaign: str, sending: "SendingState") -> str:
    """The outcome of one message."""
    at = "" if message.at is None else f" at {_at(message.at)}"
    match message.state:
        case MessageState.SENT:
            return f"sent{at}; SES says: {message.status}"
        case MessageState.SKIPPED:
            return f"skipped{at} as {message.reason}: {_SKIPPED[message.reason]}"
        case MessageState.HELD:
            until = "" if message.until is None else f" until {_at(message.until)}"
            return f"held{until} as {message.reason}: {_held(message.reason, campaign, sending)}"
        case MessageState.FAILED:
            return f"failed{at}: {message.reason}"
        case MessageState.UNKNOWN:
            return f"unknown{at}: it may have been sent or not"
        case MessageState.TRIED_AGAIN:
            return f"not taken by SES{at} ({message.reason}); it is tried again"
        case MessageState.UNRESOLVED:
            return f"claimed{at}, and it is not known yet whether it was sent: SES's reports will show"


def _held(reason: str | None, campaign: str, sending: "SendingState") -> str:
    if reason != HoldReason.PAUSED:
        return _HELD[reason]
    pause = sending.campaigns.get(campaign)
    if pause is not None:
        return f"the campaign is paused by {pause.by}: {pause.reason}"
    if sending.pause is not None:
        return f"sending is paused by {sending.pause.by}: {sending.pause.reason}"
    if sending.breaker.opening is not None:
        return "the breaker holds marketing"
    if sending.outage is not None:
        return f"SES takes nothing from this account ({sending.outage.reason})"
    return "sending was paused; it goes on at the next look"


def _next(report: "RunReport") -> str:
    coming = report.next
    if coming is None:
        raise AssertionError("asked only of an active run")
    is_message = coming.message == coming.step
    words = [coming.step]
    if coming.event is not None:
        words.append(f"until {coming.event} comes")
    if coming.due_at is not None:
        words.append("or" if coming.event else "")
        words.append(f"{'at' if is_message else 'until'} {_at(coming.due_at)}")
    if coming.event is None and coming.due_at is None:
        words.append("as soon as it is looked at")
    then = "" if coming.message is None or is_message else f"; then the message {coming.message}"
    return " ".join(filter(None, words)) + then


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
