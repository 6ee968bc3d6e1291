"""Campaigns of the rehearsals: little, with a message of each class under each driver."""

from pathlib import Path
from shutil import copy2

from e2e.shop import PROJECT

NEWS = """
class: marketing
topic: news
trigger: customer.signed_up
key: customer.id
reentry: never
driver: sweep
window: any
priority: 50
steps:
  - wait: 6h
  - send: first-news
  - wait: 2d
  - send: second-news
"""
RECEIPTS = """
class: transactional
trigger: order.placed
key: order.id
reentry: never
driver: workflow
steps:
  - send: receipt
  - wait: 2d
  - send: how-it-was
"""
GREETINGS = """
class: marketing
topic: start
trigger: customer.signed_up
key: customer.id
reentry: never
driver: workflow
window: any
priority: 50
steps:
  - send: hello
    valid_for: 1d
  - wait: 2d
  - send: tips
"""


def add_samples(project: Path) -> None:
    """The customers that `outreach templates check` shows messages of campaigns on sign-up to."""
    for campaign in (project / "templates").glob("*/campaign.yaml"):
        copy2(PROJECT / "templates/onboarding/sample.yaml", campaign.parent)
