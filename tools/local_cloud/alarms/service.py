"""The CloudWatch service, as far as programs report metrics to it."""

from typing import Any

from local_cloud.alarms.metrics import Metrics
from local_cloud.clock import VirtualClock


class CloudWatch:
    """What is put here counts in alarms, as what functions log in the embedded metric format does."""

    rest_is_motos = True

    def __init__(self, clock: VirtualClock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self.operations = {"PutMetricData": self._put}

    def _put(self, params: dict[str, Any]) -> dict[str, Any]:
        for datum in params["MetricData"]:
            dimensions = {each["Name"]: each["Value"] for each in datum.get("Dimensions", [])}
            at = datum["Timestamp"].timestamp() if "Timestamp" in datum else self._clock.now
            for value in datum.get("Values", [datum.get("Value", 0.0)]):
                self._metrics.add(params["Namespace"], datum["MetricName"], dimensions, at, value)
        return {}
