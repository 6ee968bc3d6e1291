"""Let mail go out again, because a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.errors import Conflict
from outreach.usecases.attempts import ATTEMPTS, attempts

if TYPE_CHECKING:
    from outreach.domain.sending import Sending
    from outreach.feedback_ports import SendingSwitch
    from outreach.ports import Clock


def resume_sending(*, switch: SendingSwitch, clock: Clock) -> Sending:
    """End every pause and close the breaker, which then counts from nothing. Gives back what there was.

    Raises Conflict when the breaker counted again and again meanwhile.
    """
    for attempt in attempts(clock, "resume"):
        sending = switch.sending()
        try:
            switch.resume(sending.breaker.closed() if sending.breaker.opening else sending.breaker)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            continue
        return sending
    raise AssertionError("unreachable: the last attempt returns or raises")
