"""The campaigns of a stack: a mistyped name is refused, with the nearest one."""

from pathlib import Path
from typing import TYPE_CHECKING

from outreach_tools.cli.screen import fail
from outreach_tools.cli.stack import stack_of
from outreach_tools.cli.template_files import NoCampaignError, find_templates

if TYPE_CHECKING:
    from collections.abc import Collection

    import typer


def require_known_campaign(
    context: "typer.Context",
    stack_name: str,
    campaign: str,
    templates: Path | None = None,
    also: "Collection[str]" = (),
) -> None:
    """A failure for a name that neither the stack's table, nor the templates folder, nor `also` has.

    The table has every campaign that was published, or that a sweep ever drove. One that was only deployed is
    in its folder.
    """
    from outreach.adapters.validation.suggest import did_you_mean
    from outreach_tools.publishing.draft import campaign_names
    from outreach_tools.wiring import for_stack

    if campaign in also:
        return
    known = set(also)
    try:
        known.update(campaign_names(find_templates(templates)))
    except NoCampaignError as missing:
        if templates is not None:
            fail(str(missing))
    adapters = for_stack(stack_of(context, stack_name))
    known.update(adapters.publications.pointers())
    known.update(adapters.swept_campaigns.swept_campaigns())
    if campaign not in known:
        fail(f"no campaign {campaign!r}; {did_you_mean(campaign, known)}")
