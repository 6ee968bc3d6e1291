"""Wakes what a pause held, at once and not at its next look."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach_tools.wiring import Stack


def wake_campaigns(stack: "Stack", campaign: str | None = None) -> str:
    """Start the execution that arms the wakes of what is due, in one campaign or in all; gives its name."""
    from outreach_tools.wiring import for_stack

    adapters = for_stack(stack)
    return adapters.sweep_starter.start_by_hand(campaign, adapters.clock.now())
