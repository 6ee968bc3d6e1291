"""The campaigns of a stack: a mistyped name is refused, with the nearest one."""

from pathlib import Path
from typing import TYPE_CHECKING

from outreach_tools.cli.screen import fail
from outreach_tools.cli.stack import output_of, stack_of
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
    from outreach.adapters.bundles.publications import DynamoPublications
    from outreach.adapters.dynamodb.sweeps.swept_campaigns import DynamoSweptCampaigns
    from outreach.adapters.validation.suggest import did_you_mean
    from outreach_tools.publishing.draft import campaign_names

    if campaign in also:
        return
    known = set(also)
    try:
        known.update(campaign_names(find_templates(templates)))
    except NoCampaignError as missing:
        if templates is not None:
            fail(str(missing))
    stack = stack_of(context, stack_name)
    client, table = stack.client("dynamodb"), output_of(stack, "TableName", stack_name)
    known.update(DynamoPublications(client, table).pointers())
    known.update(DynamoSweptCampaigns(client, table).swept_campaigns())
    if campaign not in known:
        fail(f"no campaign {campaign!r}; {did_you_mean(campaign, known)}")
