"""What a decision may read besides campaign and enrollment, and the questions that steps ask of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.domain.errors import ExpressionFailedError
from outreach.domain.journeys.campaign import Condition
from outreach.domain.journeys.dates import instant_of
from outreach.domain.journeys.enrollment import SkipReason


@dataclass(frozen=True, slots=True)
class Situation:
    """Expressions over the facts, the events of this customer or order, and the customer's time zone."""

    evaluate: Callable[[str, str], object]
    """Returns the value of an expression over the facts; the label of the asking step goes with it.

    Raises ExpressionFailedError when the facts do not fit it.
    """
    seen: Mapping[str, datetime]
    """Per event name, when it last happened to this enrollment's customer or order."""
    zone: ZoneInfo


def reason_to_skip(label: str, condition: Condition, situation: Situation) -> SkipReason | None:
    """Why the step is skipped, if it is. A condition that fails skips its step."""
    try:
        if condition.when is not None and not situation.evaluate(condition.when, label):
            return SkipReason.CONDITION
        if condition.unless is not None and situation.evaluate(condition.unless, label):
            return SkipReason.CONDITION
    except ExpressionFailedError:
        return SkipReason.EXPRESSION_FAILED
    return None


def holds(expression: str, label: str, situation: Situation) -> bool:
    """Whether an expression is true; one that fails is not."""
    try:
        return bool(situation.evaluate(expression, label))
    except ExpressionFailedError:
        return False


def end_of_wait(until: str | None, label: str, situation: Situation) -> datetime | None:
    """The instant that `until:` gives; None when the expression fails or gives none."""
    try:
        value = None if until is None else situation.evaluate(until, label)
    except ExpressionFailedError:
        return None
    return instant_of(value, situation.zone)
