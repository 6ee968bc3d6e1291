"""A campaign whose `only_if` compares a customer's points, which may be a text by mistake."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2

from proof.project import project

_CAMPAIGN = """
name: offers
title: Offers
class: marketing
topic: offers
trigger: customer.signed_up
reentry: never
only_if: customer.attributes.points > 100
steps:
  - send: hello
"""


@contextmanager
def project_with_offers() -> Iterator[Path]:
    """A directory that a LocalCloud can deploy, with this campaign."""
    with project() as folder:
        offers = folder / "templates" / "offers"
        offers.mkdir()
        (offers / "campaign.yaml").write_text(_CAMPAIGN)
        copy2(Path(__file__).parent / "proof" / "templates" / "greeting" / "hello.mjml", offers)
        yield folder
