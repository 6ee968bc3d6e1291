"""Counts, per campaign, the outcomes of its enrollments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment
from outreach.domain.sending.gate import is_held_out


@dataclass(slots=True)
class Tally:
    """The figures of one campaign."""

    enrolled: int = 0
    """Enrollments, however often each was restarted."""
    runs: int = 0
    """Runs of these enrollments: a customer may enter a campaign again."""
    sent: Counter[str] = field(default_factory=Counter)
    """Per message, how many were sent."""
    held: int = 0
    """How often a due send was held, by delivery hours or a cap."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Per reason, how many steps were skipped."""
    goals: int = 0
    holdout: list[str] = field(default_factory=list)
    """Ids of enrolled customers who were held out."""


def tally(runs: Iterable[Enrollment], campaigns: Iterable[Campaign]) -> dict[str, Tally]:
    """The figures of every campaign, also of one without enrollments."""
    by_name = {campaign.name: campaign for campaign in campaigns}
    tallies = {name: Tally() for name in sorted(by_name)}
    enrolled = {name: set[tuple[str, str]]() for name in tallies}
    for run in runs:
        figures = tallies[run.id.campaign]
        figures.runs += 1
        enrolled[run.id.campaign].add((run.id.customer_id, run.id.key))
        figures.sent.update(send.message for send in run.sends.values() if send.status.went_out)
        figures.held += sum(run.holds.values())
        figures.skipped.update(skip.reason.value for skip in run.skips.values())
        figures.goals += run.goal_at is not None
    for name, figures in tallies.items():
        figures.enrolled = len(enrolled[name])
        customers = sorted({customer_id for customer_id, _ in enrolled[name]})
        figures.holdout = [each for each in customers if is_held_out(by_name[name], each)]
    return tallies
