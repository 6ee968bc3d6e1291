"""Campaigns and messages in a templates folder on disk."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.places import OWN_TEMPLATES, own_templates, search_path

if TYPE_CHECKING:
    from outreach.domain.errors import Problem
    from outreach.domain.journeys.campaign import Campaign

CAMPAIGN_FILE = "campaign.yaml"
TEMPLATES = "templates"

TemplatesOption = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        help="Folder of the campaigns. Default: OUTREACH_TEMPLATES, else the nearest templates/.",
        show_default=False,
    ),
]


class NoCampaignError(Exception):
    """The named folder or file does not exist, or holds no campaign."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One campaign folder, checked."""

    file: Path
    campaign: "Campaign | None"
    """None when the file is too wrong to be one."""
    problems: tuple["Problem", ...]


def find_templates(given: Path | None) -> Path:
    """The templates folder to work on. Raises NoCampaignError when there is none."""
    if given is not None:
        if not given.is_dir():
            raise NoCampaignError(f"{given}: not a folder; name the folder that holds the campaigns")
        return given
    own = own_templates()
    if own is not None:
        if not own.is_dir():
            raise NoCampaignError(
                f"{OWN_TEMPLATES} is {own}: not a folder; name the folder that holds the campaigns"
            )
        return own
    for folder in search_path():
        if any((folder / TEMPLATES).glob(f"*/{CAMPAIGN_FILE}")):
            return folder / TEMPLATES
    raise NoCampaignError("no templates folder here or above; name one with --templates")


def templates_if_any() -> Path | None:
    """The templates folder here or above; None when there is none."""
    try:
        return find_templates(None)
    except NoCampaignError:
        return None


def campaign_files(path: Path) -> list[Path]:
    """The campaign files of a templates folder, of one campaign's folder, or the one file itself."""
    if path.is_file():
        return [path]
    if not path.exists():
        raise NoCampaignError(f"{path}: not there")
    if (path / CAMPAIGN_FILE).is_file():
        return [path / CAMPAIGN_FILE]
    files = sorted(path.glob(f"[!_]*/{CAMPAIGN_FILE}"))
    if not files:
        raise NoCampaignError(f"{path}: holds no campaign; a campaign is a folder with a {CAMPAIGN_FILE}")
    return files


def check_files(files: list[Path]) -> Iterator[Checked]:
    """Check each campaign and all its messages; nothing is raised, every problem is reported."""
    from outreach.domain.errors import Problem
    from outreach_tools.checks import Checker
    from outreach_tools.checks.folder import read_files

    for root, inside in groupby(files, key=lambda file: _absolute(file).parent.parent):
        named = {_absolute(file).parent.name: file for file in inside}
        report = Checker().check(read_files(root, named))
        for name, file in named.items():
            problems = tuple(Problem(each.where, each.what) for each in report.of(name))
            yield Checked(file, report.campaigns.get(name), problems)


def _absolute(file: Path) -> Path:
    """Without `..`, and with its links as they are: the reader judges their targets."""
    return Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow the links
