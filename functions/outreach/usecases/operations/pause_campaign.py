"""Pause and resume the messages of one campaign for an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending.sending_state import CampaignPause

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.operations import CampaignSwitch


def pause_campaign(
    campaign: str, *, switch: CampaignSwitch, clock: Clock, reason: str, by: str
) -> CampaignPause:
    """Hold what is due from now on; waits run on, and events that end runs count.

    Returns the pause that is in force: an earlier one stays as it is.
    """
    known = switch.sending().campaigns.get(campaign)
    if known is not None:
        return known
    pause = CampaignPause(reason, by, clock.now())
    switch.pause_campaign(campaign, pause)
    return pause


def resume_campaign(campaign: str, *, switch: CampaignSwitch) -> CampaignPause | None:
    """Resume messages that are still valid. Returns the pause that it ended; None if there was none."""
    known = switch.sending().campaigns.get(campaign)
    if known is not None:
        switch.resume_campaign(campaign)
    return known
