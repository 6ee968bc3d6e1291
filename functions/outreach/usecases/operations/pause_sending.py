"""Pause marketing, or all mail, for an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending.sending_state import Pause

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.operations import SendingSwitch


def pause_sending(*, switch: SendingSwitch, clock: Clock, everything: bool, reason: str, by: str) -> Pause:
    """What is due is held from now on, and nothing is dropped that may still be sent later."""
    pause = Pause(everything, reason, by, clock.now())
    switch.pause(pause)
    return pause
