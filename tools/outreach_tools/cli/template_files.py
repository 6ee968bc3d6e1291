"""Campaigns and messages as they lie in a templates folder on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from outreach.adapters.templates import TemplateFolder
    from outreach.domain.campaign import Campaign
    from outreach.domain.errors import Problem

CAMPAIGN_FILE = "campaign.yaml"
TEMPLATES = "templates"

TemplatesOption = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        help="Folder of the campaigns. Default: the nearest templates/ here or above.",
        show_default=False,
    ),
]


class NoCampaign(Exception):  # noqa: N818 - says what it is
    """The folder or file that was named is not there, or holds no campaign."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One campaign folder after a look at everything in it."""

    file: Path
    campaign: "Campaign | None"
    """None when the file is too wrong to be one."""
    problems: tuple["Problem", ...]


def find_templates(given: Path | None) -> Path:
    """The templates folder to work on. Raises NoCampaign when there is none."""
    if given is not None:
        if not given.is_dir():
            raise NoCampaign(f"{given}: not a folder; name the folder that holds the campaigns")
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if any((folder / TEMPLATES).glob(f"*/{CAMPAIGN_FILE}")):
            return folder / TEMPLATES
    raise NoCampaign("no templates folder here or above; name one with --templates")


def campaign_files(path: Path) -> list[Path]:
    """The campaign files of a templates folder, of one campaign's folder, or the one file itself."""
    if path.is_file():
        return [path]
    if not path.exists():
        raise NoCampaign(f"{path}: not there")
    if (path / CAMPAIGN_FILE).is_file():
        return [path / CAMPAIGN_FILE]
    files = sorted(path.glob(f"[!_]*/{CAMPAIGN_FILE}"))
    if not files:
        raise NoCampaign(f"{path}: holds no campaign; a campaign is a folder with a {CAMPAIGN_FILE}")
    return files


def check_files(files: list[Path]) -> Iterator[Checked]:
    """Look at each campaign and all its messages; nothing is raised, everything is told."""
    from outreach.adapters.templates import TemplateFolder  # noqa: PLC0415 - loads Jinja and mrml

    folders: dict[Path, TemplateFolder] = {}
    for file in files:
        root = file.resolve().parent.parent
        yield _check(file, folders.setdefault(root, TemplateFolder(root)))


def _check(file: Path, templates: "TemplateFolder") -> Checked:
    from outreach.adapters.campaign_file import load  # noqa: PLC0415 - loads pydantic
    from outreach.domain.errors import InvalidCampaign, Problem  # noqa: PLC0415 - with the above

    folder = file.resolve().parent.name
    problems: list[Problem] = []
    campaign: Campaign | None = None
    try:
        text = file.read_text(encoding="utf-8")
        campaign = load(text, file=f"{folder}/{file.name}", check_expression=templates.check_expression)
    except InvalidCampaign as invalid:
        problems.extend(invalid.problems)
    except UnicodeDecodeError:
        problems.append(Problem(f"{folder}/{file.name}:1", "not UTF-8; save the file as UTF-8"))
    problems.extend(Problem(each.where, each.problem) for each in templates.problems(folder))
    if campaign is not None:
        problems.extend(_missing_messages(campaign, file, templates))
    return Checked(file, campaign, tuple(problems))


def _missing_messages(campaign: "Campaign", file: Path, templates: "TemplateFolder") -> "Iterator[Problem]":
    from outreach.domain.campaign import SendStep  # noqa: PLC0415 - with the caller's
    from outreach.domain.errors import Problem  # noqa: PLC0415
    from outreach.domain.rendering import TemplateError  # noqa: PLC0415

    folder = file.resolve().parent.name
    try:
        there = templates.message_names(folder)
    except TemplateError:
        return  # told by `problems` of the folder
    lines = file.read_text(encoding="utf-8").splitlines()
    for step in campaign.steps:
        if isinstance(step, SendStep) and step.message not in there:
            number = next((n for n, line in enumerate(lines, 1) if f"send: {step.message}" in line), 1)
            names = ", ".join(there) or "none"
            what = f"no message {step.message!r}; write {folder}/{step.message}.mjml, or send one of: {names}"
            yield Problem(f"{folder}/{file.name}:{number}", what)
