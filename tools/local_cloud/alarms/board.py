"""All alarms of a stack, by logical id."""

from collections.abc import Callable, Iterator, Mapping
from typing import override

from local_cloud.alarms.alarm import Alarm, AlarmRule, evaluated
from local_cloud.alarms.metrics import Key
from local_cloud.alarms.series import Series
from local_cloud.errors import NotEmulatedError


class Alarms(Mapping[str, Alarm]):
    """The alarms as of now. They are evaluated when one is read, and execute no actions."""

    def __init__(
        self,
        rules: Mapping[str, AlarmRule | NotEmulatedError],
        series: Mapping[Key, Series],
        start: float,
        now: float,
    ) -> None:
        self._rules = rules
        self._evaluate: Callable[[AlarmRule], Alarm] = lambda rule: evaluated(rule, series, start, now)

    @override
    def __getitem__(self, logical_id: str) -> Alarm:
        """An alarm.

        Raises NotEmulatedError for one that the local cloud cannot evaluate.
        """
        rule = self._rules[logical_id]
        if isinstance(rule, NotEmulatedError):
            raise rule
        return self._evaluate(rule)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    @override
    def __len__(self) -> int:
        return len(self._rules)
