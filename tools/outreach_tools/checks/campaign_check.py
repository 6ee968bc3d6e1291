"""The campaign file itself, and whether its steps and its messages fit each other."""

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.adapters.campaign_file import load
from outreach.adapters.nearest import did_you_mean
from outreach.adapters.templates import TemplateBundle
from outreach.domain.campaign import Campaign, SendStep
from outreach.domain.errors import InvalidCampaign
from outreach_tools.checks.finding import Finding, Severity

CAMPAIGN_FILE = "campaign.yaml"


@dataclass(frozen=True, slots=True)
class CheckedCampaign:
    """A campaign file after a look at it alone."""

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
    except InvalidCampaign as invalid:
        found = tuple(
            Finding(file, int(problem.where.rpartition(":")[2]), 0, "campaign", problem.what)
            for problem in invalid.problems
        )
        return CheckedCampaign(file, text, None, found)
    return CheckedCampaign(file, text, campaign, ())


def step_findings(checked: CheckedCampaign, messages: tuple[str, ...]) -> Iterator[Finding]:
    """Steps that name no message, and messages that no step sends."""
    if checked.campaign is None:
        return
    folder = checked.file.rpartition("/")[0]
    sent = [step.message for step in checked.campaign.steps if isinstance(step, SendStep)]
    for name in dict.fromkeys(sent):
        if name not in messages:
            right = f"{did_you_mean(name, messages)} Or write {folder}/{name}.mjml"
            what = f"no message {name!r}; {right}"
            yield Finding(checked.file, _line_of(checked.text, name), 0, "missing-message", what)
    for name in messages:
        if name not in sent:
            what = f"no step sends it; write `- send: {name}` in {checked.file}, or take the file away"
            yield Finding(f"{folder}/{name}.mjml", 0, 0, "unused-message", what, Severity.WARNING)


def _line_of(text: str, message: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next(
        (number for number, line in lines if line.split("#")[0].strip().endswith(f"send: {message}")), 1
    )
