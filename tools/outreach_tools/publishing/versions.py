"""Two versions of a campaign's steps: finding them by name, and describing how they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outreach.adapters.bundles.bundle import BrokenBundleError
from outreach.adapters.bundles.bundle_store import NotStoredError
from outreach.adapters.campaign_files.campaign_file import load
from outreach.domain.journeys.campaign import Campaign
from outreach_tools.campaigns.words import rules, words_of
from outreach_tools.publishing.published_versions import NotPublishedError, PublishedVersions

NOW = "now"
"""The name of the current version."""


def steps_named(published_versions: PublishedVersions, campaign: str, name: str) -> str:
    """The version of the steps that is meant by `now`, a bundle's hash, or the steps' own.

    An unknown one is returned as it is: enrollments may be pinned to a version that was not stored. Raises
    NotPublishedError.
    """
    if name == NOW:
        holds = published_versions.now(campaign)
        if holds is None:
            raise NotPublishedError(
                f"{campaign} was never published; run `outreach templates keep` or publish it"
            )
        return holds.steps
    history = published_versions.publications.history(campaign)
    if any(entry.steps == name for entry in history):
        return name
    try:
        return published_versions.find(campaign, name).steps
    except NotPublishedError:
        if any(entry.steps.startswith(name) for entry in history):
            return next(entry.steps for entry in history if entry.steps.startswith(name))
        return name


def read_steps(published_versions: PublishedVersions, campaign: str, version: str) -> Campaign | None:
    """The campaign in that version; None when it was not stored. Raises InvalidCampaignError."""
    try:
        text = published_versions.store.steps(campaign, version)
    except (NotStoredError, BrokenBundleError):
        return None
    return load(text, file=f"{campaign}/campaign.yaml", version=version)


@dataclass(frozen=True, slots=True)
class StepChange:
    """The change of one step, or of a rule (which has no label)."""

    label: str
    sign: str
    """`+` new, `-` gone, `~` changed."""
    words: str

    @property
    def is_gone(self) -> bool:
        return self.sign == "-"


def step_changes(old: Campaign, new: Campaign) -> Iterator[StepChange]:
    """Rules first, then steps by label, in the order of the new ones."""
    before, after = rules(old), rules(new)
    yield from (StepChange("", "-", rule) for rule in before if rule not in after)
    yield from (StepChange("", "+", rule) for rule in after if rule not in before)
    for name in sorted(old.values.keys() | new.values.keys()):
        if old.values.get(name) != new.values.get(name):
            yield StepChange("", "~", f"values.{name} changed")
    theirs = {step.label: step for step in old.steps}
    ours = {step.label: step for step in new.steps}
    for label, step in theirs.items():
        if label not in ours:
            yield StepChange(label, "-", _words(old, label))
        elif step != ours[label]:
            yield StepChange(label, "~", f"{_words(old, label)}  ->  {_words(new, label)}")
    yield from (StepChange(label, "+", _words(new, label)) for label in ours if label not in theirs)
    if _order(theirs, ours) != _order(ours, theirs):
        yield StepChange("", "~", "the order of the steps changed")


def _words(campaign: Campaign, label: str) -> str:
    step = campaign.step(label)
    if step is None:
        return "the end"
    told = words_of(campaign, step)
    return "; ".join((told.does, *told.details))


def _order(labels: Mapping[str, object], among: Mapping[str, object]) -> list[str]:
    return [label for label in labels if label in among]
