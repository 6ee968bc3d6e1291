"""Resume sending for an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from outreach.domain.sending.sending_state import SendingState
    from outreach.ports.clock import Clock
    from outreach.ports.operations import SendingSwitch


def resume_sending(*, switch: SendingSwitch, clock: Clock) -> SendingState:
    """End every pause and close the breaker, which then counts from zero. Returns what there was.

    Raises ConflictError when the breaker counted again and again meanwhile.
    """

    def resume() -> SendingState:
        sending = switch.sending()
        switch.resume(sending.breaker.closed() if sending.breaker.opening else sending.breaker)
        return sending

    return retry_on_conflict(resume, clock=clock, whose="resume")
