"""The re-entry rule of a campaign: who may begin a further run, and when."""

from datetime import datetime

from outreach.domain.journeys.campaign import Campaign, Reentry
from outreach.domain.journeys.enrollment import Enrollment


def may_enter_again(campaign: Campaign, newest: Enrollment, triggered_at: datetime, now: datetime) -> bool:
    """Whether a customer whose newest run is `newest` may begin another for the same key.

    A trigger that is no newer than that of the run arrived late, and never begins a run.
    """
    if triggered_at <= newest.trigger.occurred_at:
        return False
    match campaign.reentry:
        case Reentry.NEVER:
            return False
        case Reentry.AFTER_EXIT:
            return not newest.is_active
        case Reentry.AFTER:
            return not newest.is_active and not _is_resting(campaign, newest, now)
        case Reentry.RESTART:
            return True


def bars_mailbox(campaign: Campaign, run: Enrollment, *, is_coming: bool, now: datetime) -> bool:
    """Whether a run that messaged a mailbox, or will, bars a run of another customer with that mailbox.

    `is_coming`: the run is active, and its customer still wants its messages.
    """
    match campaign.reentry:
        case Reentry.NEVER:
            return True
        case Reentry.AFTER_EXIT:
            return is_coming
        case Reentry.AFTER:
            return is_coming or _is_resting(campaign, run, now)
        case Reentry.RESTART:
            return False


def _is_resting(campaign: Campaign, run: Enrollment, now: datetime) -> bool:
    return campaign.reentry_after is not None and now < run.started_at + campaign.reentry_after
