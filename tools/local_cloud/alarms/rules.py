"""CloudWatch's rules for the state of an alarm: M out of N data points, and data that is missing.

Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
"""

from collections.abc import Sequence
from enum import StrEnum

EXTRA_POINTS = 2
"""Data points read beyond the evaluation periods. The guide reads 5 for 3, and gives no others."""


class AlarmState(StrEnum):
    """The states of a metric alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Missing(StrEnum):
    """The values of TreatMissingData."""

    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"
    MISSING = "missing"


def next_state(
    breaching: Sequence[bool | None], periods: int, to_alarm: int, missing: Missing, current: AlarmState
) -> AlarmState:
    """The state that the data points of the evaluation range give, oldest first; None is a missing one."""
    existing = [point for point in breaching if point is not None]
    if len(existing) >= periods:
        return _state(sum(existing[-periods:]) >= to_alarm)
    filled = periods - len(existing)
    if missing is Missing.BREACHING:
        return _state(sum(existing) + filled >= to_alarm)
    if missing is Missing.NOT_BREACHING or sum(existing) >= to_alarm or not all(existing):
        return _state(sum(existing) >= to_alarm)
    if missing is Missing.IGNORE:
        return current
    # "Premature" alarms: breaching or missing since so long ago that no other point can change it.
    age = len(breaching) - list(breaching).index(True) if existing else 0
    return AlarmState.ALARM if existing and age >= to_alarm else AlarmState.INSUFFICIENT_DATA


def _state(is_alarm: bool) -> AlarmState:
    return AlarmState.ALARM if is_alarm else AlarmState.OK
