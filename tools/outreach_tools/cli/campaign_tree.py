"""A campaign drawn as a tree."""

from rich.text import Text
from rich.tree import Tree

from outreach.domain.journeys.campaign import Campaign
from outreach_tools.cli import campaign_words as words


def tree(campaign: Campaign) -> Tree:
    """The rules first, then each step under its label with what it does."""
    root = Tree(Text.assemble((campaign.name, "bold"), f"  {campaign.title}"))
    rules = root.add(Text("rules", style="bold"))
    for line in words.rules(campaign):
        rules.add(Text(line))
    steps = root.add(Text("steps", style="bold"))
    for each in campaign.steps:
        does, details = words.step(campaign, each)
        branch = steps.add(Text.assemble((each.label, "cyan"), f"  {does}"))
        for detail in details:
            branch.add(Text(detail, style="dim"))
    return root
