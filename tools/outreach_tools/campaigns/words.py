"""A campaign's rules and steps in plain words, for people who read no YAML."""

from datetime import timedelta

from outreach.adapters.campaign_files.steps.registry import spec_of
from outreach.adapters.campaign_files.steps.spec import StepWords
from outreach.adapters.campaign_files.words import duration_words, hours_words
from outreach.domain.journeys.campaign import Campaign, Condition, Reentry, Step


def rules(campaign: Campaign) -> list[str]:
    """What holds for the whole campaign, one sentence each."""
    lines = [
        f"enrolls on {campaign.trigger}, once per {campaign.key}"
        + ("" if campaign.only_if is None else f", only if {campaign.only_if}"),
        f"a second trigger {_reentry(campaign)}",
        f"{campaign.message_class} mail"
        + (f" on the topic {campaign.topic}, priority {campaign.priority}" if campaign.is_marketing else ""),
        f"driven by a {campaign.driver}",
    ]
    if campaign.is_marketing:
        lines.append(f"mail goes out {hours_words(campaign.window)}")
    if campaign.goal is not None:
        within = duration_words(campaign.goal.within)
        lines.append(f"goal: {campaign.goal.event} within {within} of a message; reaching it ends the run")
    if campaign.exit_on:
        lines.append(f"ends at once on {', '.join(campaign.exit_on)}")
    if campaign.holdout:
        lines.append(f"{campaign.holdout:.0%} of customers get nothing, so that the effect can be measured")
    return lines


def words_of(campaign: Campaign, step: Step) -> StepWords:
    """What a step does, and the details under it; its conditions first."""
    told = spec_of(step).words(step, campaign)
    return StepWords(told.does, (*_conditions(step.condition), *told.details))


def _reentry(campaign: Campaign) -> str:
    match campaign.reentry:
        case Reentry.NEVER:
            return "changes nothing"
        case Reentry.AFTER_EXIT:
            return "enrolls again once the run has ended"
        case Reentry.AFTER:
            rest = campaign.reentry_after or timedelta(0)
            return f"enrolls again {duration_words(rest)} after the last run began"
        case Reentry.RESTART:
            return "starts the campaign again from its first step"


def _conditions(condition: Condition) -> list[str]:
    lines = [] if condition.when is None else [f"only if {condition.when}"]
    return lines + ([] if condition.unless is None else [f"not if {condition.unless}"])
