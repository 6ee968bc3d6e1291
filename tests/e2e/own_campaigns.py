"""A project with campaigns that a test writes itself, so that it can use any campaign."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2, copytree
from tempfile import TemporaryDirectory

from e2e.shop import PROJECT

MESSAGE = """\
---
subject: "A subject"
preheader: "A short line about it."
---
<o-card>
  <o-heading>Hello</o-heading>
  <mj-text><p>Hello.</p></mj-text>
</o-card>
"""
SHARED = ("functions", "statemachines", "template.yaml")


@contextmanager
def project_of(campaigns: dict[str, str]) -> Iterator[Path]:
    """Per campaign the rest of its file, after the name and the title; each message says hello."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for each in SHARED:
            (folder / each).symlink_to(PROJECT / each)
        templates = folder / "templates"
        copytree(PROJECT / "templates/_layout", templates / "_layout")
        copy2(PROJECT / "templates/brand.yaml", templates)
        for campaign, rest in campaigns.items():
            (templates / campaign).mkdir()
            (templates / campaign / "campaign.yaml").write_text(
                f"name: {campaign}\ntitle: A campaign\n{rest}"
            )
            messages = (line.partition("send: ")[2] for line in rest.splitlines() if "send: " in line)
            for message in messages:
                (templates / campaign / f"{message}.mjml").write_text(MESSAGE)
        yield folder
