"""What `outreach sends retry` says of each message, and of many at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.domain.operations.send_retries import Unsent
from outreach_tools.operations.send_retries import UnsentRun


@dataclass(frozen=True, slots=True)
class Told:
    """One message that ended unsent, and its retry."""

    customer: str
    campaign: str
    key: str
    step: str
    message: str
    status: str
    why: str | None
    outcome: str
    too_late: str | None
    """Why it is not retried with the others."""
    may_be_sent: bool
    """Although it is too late, if the operator says so."""

    def line(self, *, with_campaign: bool) -> str:
        """For a person."""
        name = f"{self.campaign}/{self.message}" if with_campaign else self.message
        because = f": {self.too_late}" if self.outcome == "too late" else ""
        return f"{self.customer}  {name}: {self.why}; {self.outcome}{because}"

    def document(self) -> dict[str, Any]:
        """For other programs."""
        return {
            "customer": self.customer,
            "campaign": self.campaign,
            "key": self.key,
            "step": self.step,
            "message": self.message,
            "status": self.status,
            "why": self.why,
            "outcome": self.outcome,
            "too_late": self.too_late,
        }


def tell(run: UnsentRun, message: Unsent, outcome: str) -> Told:
    """One message as it was found."""
    enrollment, step = run.enrollment, message.step
    ids, send, skip = enrollment.id, enrollment.sends.get(step), enrollment.skips.get(step)
    late = message.too_late
    return Told(
        customer=ids.customer_id,
        campaign=ids.campaign,
        key=enrollment.key_value or ids.key,
        step=step,
        message=step if send is None else send.message,
        status="skipped" if send is None or skip is not None else str(send.status),
        why=str(skip.reason) if skip is not None else None if send is None else send.reason,
        outcome=outcome,
        too_late=None if late is None else str(late),
        may_be_sent=late is not None and late.may_be_sent,
    )


def summary(told: Sequence[Told]) -> str:
    """How many had which result; empty for none."""
    counted = Counter(each.outcome for each in told)
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))


def groups(late: Sequence[Told]) -> Iterator[str]:
    """Which messages are too late, for how many customers, and why."""
    kinds = {(each.campaign, each.message, each.too_late): set[str]() for each in late}
    for each in late:
        kinds[each.campaign, each.message, each.too_late].add(each.customer)
    for (campaign, message, why), customers in sorted(kinds.items(), key=str):
        number = f"{len(customers)} customer{'' if len(customers) == 1 else 's'}"
        yield f"too late: {campaign}/{message}, {number}: {why}"
