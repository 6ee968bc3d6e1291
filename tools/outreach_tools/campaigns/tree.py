"""A campaign drawn as a tree."""

from rich.text import Text
from rich.tree import Tree

from outreach.domain.journeys.campaign import Campaign
from outreach_tools.campaigns.words import rules, words_of


def tree(campaign: Campaign) -> Tree:
    """The rules first, then each step under its label with what it does."""
    root = Tree(Text.assemble((campaign.name, "bold"), f"  {campaign.title}"))
    under_rules = root.add(Text("rules", style="bold"))
    for line in rules(campaign):
        under_rules.add(Text(line))
    steps = root.add(Text("steps", style="bold"))
    for each in campaign.steps:
        told = words_of(campaign, each)
        branch = steps.add(Text.assemble((each.label, "cyan"), f"  {told.does}"))
        for detail in told.details:
            branch.add(Text(detail, style="dim"))
    return root
