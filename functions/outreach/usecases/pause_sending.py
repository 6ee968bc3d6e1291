"""Stop marketing, or all mail, because a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending import Pause

if TYPE_CHECKING:
    from outreach.feedback_ports import SendingSwitch
    from outreach.ports import Clock


def pause_sending(*, switch: SendingSwitch, clock: Clock, everything: bool, reason: str, by: str) -> Pause:
    """What is due is held from now on, and nothing is dropped that may still go out later."""
    pause = Pause(everything, reason, by, clock.now())
    switch.pause(pause)
    return pause
