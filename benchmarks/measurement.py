"""One measurement, printed as one JSON object a line."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure beside its target; `at_most` says on which side of the target it must lie."""

    name: str
    value: float
    unit: str
    target: float
    at_most: bool = True

    @property
    def holds(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target

    def line(self) -> str:
        told = {
            "name": self.name,
            "value": round(self.value, 6),
            "unit": self.unit,
            "target": self.target,
            "holds": self.holds,
        }
        return json.dumps(told)
