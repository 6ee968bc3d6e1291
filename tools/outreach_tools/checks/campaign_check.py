"""The campaign file itself, and whether its steps and its messages fit each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.adapters.templates import TemplateBundle
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.journeys.campaign import Campaign, SendStep
from outreach_tools.checks.file_names import is_misnamed
from outreach_tools.checks.finding import Finding, Severity

CAMPAIGN_FILE = "campaign.yaml"


@dataclass(frozen=True, slots=True)
class CheckedCampaign:
    """A campaign file, checked alone."""

    file: str
    text: str
    campaign: Campaign | None
    """None when the file is too wrong to be one."""
    findings: tuple[Finding, ...]


def check_campaign_file(file: str, content: bytes, bundle: TemplateBundle) -> CheckedCampaign:
    """Everything that is wrong with a campaign file, its expressions included."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return CheckedCampaign(
            file, "", None, (Finding(file, 1, 0, "campaign", "not UTF-8; save it as UTF-8"),)
        )
    try:
        campaign = load(text, file=file, check_expression=bundle.check_expression)
    except InvalidCampaignError as invalid:
        found = tuple(
            Finding(file, *_place_in(problem.where), "campaign", problem.what) for problem in invalid.problems
        )
        return CheckedCampaign(file, text, None, found)
    return CheckedCampaign(file, text, campaign, ())


def step_findings(checked: CheckedCampaign, messages: tuple[str, ...]) -> Iterator[Finding]:
    """Steps that name no message, and messages that no step sends."""
    folder = checked.file.rpartition("/")[0]
    sent = _sent(checked)
    for name in dict.fromkeys(sent):
        if name not in messages:
            hint = did_you_mean(name, messages)
            right = f"{hint}{'' if hint.endswith('?') else '.'} Or write {folder}/{name}.mjml"
            what = f"no message {name!r}; {right}"
            yield Finding(checked.file, *_place_of(checked.text, name), "missing-message", what)
    for name in messages if checked.campaign else ():
        if name not in sent and not is_misnamed(name):
            what = f"no step sends it; write `- send: {name}` in {checked.file}, or take the file away"
            yield Finding(f"{folder}/{name}.mjml", 0, 0, "unused-message", what, Severity.WARNING)


def _sent(checked: CheckedCampaign) -> list[str]:
    """The messages that steps send, also of a campaign with other problems."""
    if checked.campaign:
        return [step.message for step in checked.campaign.steps if isinstance(step, SendStep)]
    data = read_yaml(checked.text).data
    return list(_sends(data.get("steps"))) if isinstance(data, Mapping) else []


def _sends(steps: object) -> Iterator[str]:
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, Mapping):
            continue
        for verb, value in step.items():
            if verb == "send" and isinstance(value, str):
                yield value
            elif isinstance(value, Mapping):
                for branch in value.values():
                    yield from _sends(branch)
            else:
                yield from _sends(value)


def _place_in(where: str) -> tuple[int, int]:
    """`file:line:column` taken apart."""
    _, line, column = where.rsplit(":", 2)
    return int(line), int(column)


def _place_of(text: str, message: str) -> tuple[int, int]:
    """Where a step sends the message."""
    wanted = re.compile(rf"^[^#\n]*?\b(?P<step>send:\s*[\"']?{re.escape(message)})(?![\w-])", re.MULTILINE)
    found = wanted.search(text)
    if found is None:
        return 1, 1
    start = found.start("step")
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
