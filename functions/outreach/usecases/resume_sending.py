"""Let mail go out again, because a person says so."""

from outreach.domain.errors import Conflict
from outreach.domain.sending import Sending
from outreach.feedback_ports import SendingSwitch
from outreach.usecases.attempts import ATTEMPTS


def resume_sending(*, switch: SendingSwitch) -> Sending:
    """End every pause and close the breaker, which then counts from nothing. Gives back what there was.

    Raises Conflict when the breaker counted again and again meanwhile.
    """
    for attempt in range(1, ATTEMPTS + 1):
        sending = switch.sending()
        try:
            switch.resume(sending.breaker.closed() if sending.breaker.opening else sending.breaker)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            continue
        return sending
    raise AssertionError("unreachable: the last attempt returns or raises")
