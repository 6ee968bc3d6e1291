"""The outcome of every message of one run, and what is next: for operators and support."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.journeys.campaign import BranchStep, Campaign, SendStep, SplitStep
from outreach.domain.journeys.enrollment import AN_ADDRESS, Enrollment, HoldReason
from outreach.domain.sending.page import Outcome, Receipt
from outreach.domain.sending.send import Send, SendStatus

_STATUS_OF = {
    Outcome.SENT: SendStatus.SENT,
    Outcome.RELEASED: SendStatus.DEFERRED,
    Outcome.REFUSED: SendStatus.FAILED,
}


class MessageState(StrEnum):
    """What became of a message."""

    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNRESOLVED = "unresolved"
    """It was claimed, and no answer of the e-mail service is on record yet."""
    UNKNOWN = "unknown"
    """It was recorded as unknown: it may have been sent or not."""
    TRIED_AGAIN = "tried_again"
    """The e-mail service refused it for now."""


@dataclass(frozen=True, slots=True)
class MessageReport:
    """One message of a run."""

    step: str
    state: MessageState
    reason: str | None = None
    """Of a hold or a skip (`HoldReason`, `SkipReason`), or the e-mail service's code."""
    at: datetime | None = None
    """When it was sent, skipped, claimed or refused."""
    until: datetime | None = None
    """When a held message is looked at again."""
    status: SendStatus | None = None
    """How far a sent message got, by the e-mail service's reports."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What an active run waits for."""

    step: str
    due_at: datetime | None
    event: str | None = None
    """That ends the wait before `due_at`."""
    message: str | None = None
    """Label of the step of the next message; None when a branch or a split decides, or none follows."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of an enrollment."""

    enrollment: Enrollment
    messages: tuple[MessageReport, ...]
    """The messages with an outcome, the earliest first; a held one is last."""
    next: NextStep | None
    """None once the run is over."""


def report_run(
    enrollment: Enrollment, receipts: Mapping[str, Receipt], campaign: Campaign | None
) -> RunReport:
    """Put one run together.

    `receipts` are those of its pages, by step: a message of a page stays claimed in its row, and the page
    records its outcome. `campaign` is the version that the run is pinned to, if it is known.
    """
    messages = sorted(_ended(enrollment, receipts), key=lambda each: (each.at is None, each.at))
    is_held = enrollment.is_active and enrollment.hold is not None
    if is_held:
        messages = [each for each in messages if each.step != enrollment.step]
        messages.append(_held(enrollment))
    coming = None
    if enrollment.is_active:
        waiting = enrollment.waiting
        event = None if waiting is None or waiting.event == AN_ADDRESS else waiting.event
        due_at = enrollment.due_at if waiting is None else waiting.deadline
        coming = NextStep(enrollment.step, due_at, event, _next_message(campaign, enrollment.step))
    return RunReport(enrollment, tuple(messages), coming)


def _ended(enrollment: Enrollment, receipts: Mapping[str, Receipt]) -> Iterator[MessageReport]:
    for step, send in enrollment.sends.items():
        known = _resolved(send, receipts.get(step))
        status = known.status if known.status.went_out else None
        yield MessageReport(step, _state_of(known.status), known.reason, known.at, status=status)
    for step, skip in enrollment.skips.items():
        if step not in enrollment.sends:
            yield MessageReport(step, MessageState.SKIPPED, skip.reason, skip.at)


def _held(enrollment: Enrollment) -> MessageReport:
    send, reason = enrollment.sends.get(enrollment.step), enrollment.hold
    at = None if send is None else send.at
    state = MessageState.UNRESOLVED if reason is HoldReason.UNRESOLVED else MessageState.HELD
    return MessageReport(enrollment.step, state, reason, at, until=enrollment.due_at)


def _resolved(send: Send, receipt: Receipt | None) -> Send:
    if send.status is not SendStatus.CLAIMED or receipt is None:
        return send
    reason = None if receipt.outcome is Outcome.SENT else receipt.word
    return replace(send, status=_STATUS_OF[receipt.outcome], reason=reason)


def _state_of(status: SendStatus) -> MessageState:
    match status:
        case SendStatus.CLAIMED:
            return MessageState.UNRESOLVED
        case SendStatus.DEFERRED:
            return MessageState.TRIED_AGAIN
        case SendStatus.UNKNOWN:
            return MessageState.UNKNOWN
        case SendStatus.FAILED:
            return MessageState.FAILED
        case _:
            return MessageState.SENT


def _next_message(campaign: Campaign | None, label: str) -> str | None:
    if campaign is None:
        return None
    try:
        step = campaign.step(label)
    except UnknownCampaignError:
        return None
    while step is not None and not isinstance(step, BranchStep | SplitStep):
        if isinstance(step, SendStep):
            return step.label
        step = campaign.step(campaign.after(step.label))
    return None
