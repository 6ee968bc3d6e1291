"""The example that docs/campaigns.md gives of each verb, as a campaign in a templates folder."""

import shutil
from pathlib import Path

from docs.page import DOCS, Page
from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.campaign_files.steps.registry import SPEC_OF_VERB
from outreach.domain.journeys.campaign import Campaign, Driver, SendStep

TEMPLATES = DOCS.parent / "templates"
EXAMPLES = {
    example.heading: example.text
    for example in reversed(Page("campaigns.md").examples("yaml"))
    if example.heading in SPEC_OF_VERB
}
"""The first example under each verb's heading."""
NAME = "example"
_HEAD = """\
name: example
title: An example
class: marketing
topic: tips
trigger: customer.signed_up
reentry: never
driver: {driver}
steps:
"""
_MESSAGE = """\
---
subject: "A word"
preheader: "Another word"
---
<mj-section><mj-column><mj-text><p>Hello.</p></mj-text></mj-column></mj-section>
"""


def text_of(verb: str, driver: Driver = Driver.WORKFLOW) -> str:
    return _HEAD.format(driver=driver) + EXAMPLES[verb]


def campaign_of(verb: str, driver: Driver = Driver.WORKFLOW) -> Campaign:
    return load(text_of(verb, driver), file=f"{NAME}/campaign.yaml")


def expressions_of(verb: str) -> list[str]:
    """Every expression of the example."""
    found: list[str] = []
    load(text_of(verb), file=f"{NAME}/campaign.yaml", check_expression=found.append)
    return found


def folder_of(verb: str, at: Path) -> Path:
    """Templates with the example's campaign alone, and a message for each of its sends."""
    folder = at / "templates"
    for shared in ("_layout", "tutorial"):
        shutil.copytree(TEMPLATES / shared, folder / shared)
    shutil.copy(TEMPLATES / "brand.yaml", folder)
    (folder / "tutorial").rename(folder / NAME)
    for message in (folder / NAME).glob("*.mjml"):
        message.unlink()
    (folder / NAME / "campaign.yaml").write_text(text_of(verb), "utf-8")
    sent = {step.message for step in campaign_of(verb).steps if isinstance(step, SendStep)}
    for name in sent:
        (folder / NAME / f"{name}.mjml").write_text(_MESSAGE, "utf-8")
    return folder
