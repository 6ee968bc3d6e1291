"""A campaign's rules and steps in plain words, for people who read no YAML."""

from datetime import timedelta

from outreach.domain.durations import format_duration
from outreach.domain.journeys.campaign import (
    END,
    BranchStep,
    Campaign,
    Condition,
    EndStep,
    NotifyStep,
    Reentry,
    SendStep,
    SplitStep,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.sending.delivery_hours import ANY_TIME, EVERY_DAY, DeliveryHours

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def duration(span: timedelta) -> str:
    """Such as `1 day 12 hours`."""
    words = []
    for name, unit in _UNITS:
        count, span = divmod(span, unit)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or format_duration(span)


def window(hours: DeliveryHours) -> str:
    """Such as `from 08:00 to 20:00, every day, in the customer's own time zone`."""
    if hours == ANY_TIME:
        return "at any hour"
    chosen = ", ".join(_DAYS[day] for day in sorted(hours.days))
    days = "every day" if hours.days == EVERY_DAY else f"on {chosen}"
    if hours.opens == hours.closes:
        return f"at any hour, {days}"
    return f"from {hours.opens:%H:%M} to {hours.closes:%H:%M}, {days}, in the customer's own time zone"


def rules(campaign: Campaign) -> list[str]:
    """What holds for the whole campaign, one sentence each."""
    lines = [
        f"enrolls on {campaign.trigger}, once per {campaign.key}"
        + ("" if campaign.only_if is None else f", only if {campaign.only_if}"),
        f"a second trigger {_reentry(campaign)}",
        f"{campaign.message_class} mail"
        + (f" on the topic {campaign.topic}, priority {campaign.priority}" if campaign.is_marketing else ""),
        f"carried by a {campaign.driver}",
    ]
    if campaign.is_marketing:
        lines.append(f"mail goes out {window(campaign.window)}")
    if campaign.goal is not None:
        within = duration(campaign.goal.within)
        lines.append(f"goal: {campaign.goal.event} within {within} of a message; reaching it ends the run")
    if campaign.exit_on:
        lines.append(f"ends at once on {', '.join(campaign.exit_on)}")
    if campaign.holdout:
        lines.append(f"{campaign.holdout:.0%} of customers get nothing, so that the effect can be measured")
    return lines


def step(campaign: Campaign, this: Step) -> tuple[str, list[str]]:
    """What a step does, and the details under it."""
    details = _conditions(this.condition)
    match this:
        case SendStep():
            if this.window is not None:
                details.append(window(this.window))
            if this.valid_for is not None:
                details.append(f"skipped if it could not go out within {duration(this.valid_for)}")
            return f"send {this.message}", details
        case WaitStep():
            span = "" if this.duration is None else duration(this.duration)
            if this.until is not None:
                details.append("without a usable date the run ends there, as no_moment")
            return f"wait {span or f'until {this.until}'}", details
        case WaitForStep():
            ends = [] if this.up_to is None else [f"{duration(this.up_to)} at most"]
            ends += [] if this.until is None else [f"not beyond {this.until}"]
            if this.on_timeout is not None:
                details += [f"if it happens: {_goes_on(campaign.after(this.label))}"]
                details += [f"if it does not: {_goes_on(this.on_timeout)}"]
            return f"wait for {this.event}{''.join(f', {end}' for end in ends)}", details
        case BranchStep():
            for arm in this.arms:
                when = "otherwise" if arm.expression is None else f"if {arm.expression}"
                details.append(f"{when}: {_goes_on(arm.goto)}")
            return "choose", details
        case SplitStep():
            total = sum(this.weights.values()) or 1
            details += [f"{weight / total:.0%}: {_goes_on(label)}" for label, weight in this.weights.items()]
            return "split customers by chance", details
        case NotifyStep():
            return f"announce {this.event} to people and other systems", details
        case EndStep():
            return "end here", details


def _reentry(campaign: Campaign) -> str:
    match campaign.reentry:
        case Reentry.NEVER:
            return "changes nothing"
        case Reentry.AFTER_EXIT:
            return "enrolls again once the run has ended"
        case Reentry.AFTER:
            rest = campaign.reentry_after or timedelta(0)
            return f"enrolls again {duration(rest)} after the last run began"
        case Reentry.RESTART:
            return "starts the campaign again from its first step"


def _conditions(condition: Condition) -> list[str]:
    lines = [] if condition.when is None else [f"only if {condition.when}"]
    return lines + ([] if condition.unless is None else [f"not if {condition.unless}"])


def _goes_on(label: str) -> str:
    if label == END:
        return "the campaign ends"
    return f"go on at {label}"
