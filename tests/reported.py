"""SES's report of a send, stored through the port by which feedback stores it."""

from dataclasses import replace
from datetime import datetime

from outreach.domain.errors import UnknownSendError
from outreach.domain.sending.send import SendId, SendStatus
from outreach.ports.feedback import DeliveryLedger


def report(
    deliveries: DeliveryLedger,
    send_id: SendId,
    status: SendStatus,
    at: datetime,
    *,
    message_id: str | None = None,
    reason: str | None = None,
) -> bool:
    """Read the send, and raise it to the status; whether it was of a lower one, and known at all."""
    try:
        known = deliveries.sent(send_id)
    except UnknownSendError:
        return False
    if status.rank <= known.status.rank:
        return False
    risen = replace(
        known,
        status=status,
        at=at,
        message_id=message_id or known.message_id,
        reason=reason or known.reason,
    )
    deliveries.move(send_id, known, risen)
    return True
