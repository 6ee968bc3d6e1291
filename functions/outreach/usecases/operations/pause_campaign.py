"""Hold the messages of one campaign because an operator says so, and let them go again."""

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

    Gives back the pause that is in force: one that was there before stays as it is.
    """
    known = switch.sending().campaigns.get(campaign)
    if known is not None:
        return known
    pause = CampaignPause(reason, by, clock.now())
    switch.pause_campaign(campaign, pause)
    return pause


def resume_campaign(campaign: str, *, switch: CampaignSwitch) -> CampaignPause | None:
    """Let messages go that are still valid. Gives back the pause that it ended; None if there was none."""
    known = switch.sending().campaigns.get(campaign)
    if known is not None:
        switch.resume_campaign(campaign)
    return known
