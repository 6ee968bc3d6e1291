"""How long messages stayed in a queue: the samples of SQS's metrics."""

from dataclasses import dataclass, field

type Span = tuple[float, float]
"""From when to when, seconds since the epoch."""

_SAMPLE_SECONDS = 60


@dataclass(slots=True)
class QueueSpans:
    """Spans that have ended and that a sample every minute would count; most messages leave no span."""

    visible: list[Span] = field(default_factory=list)
    present: list[Span] = field(default_factory=list)

    def add_visible(self, start: float, end: float) -> None:
        """A message could be received from `start` until `end`."""
        _add(self.visible, start, end)

    def add_present(self, start: float, end: float) -> None:
        """A message was in the queue from `start` until `end`."""
        _add(self.present, start, end)


def _add(spans: list[Span], start: float, end: float) -> None:
    if end // _SAMPLE_SECONDS > start // _SAMPLE_SECONDS:
        spans.append((start, end))
