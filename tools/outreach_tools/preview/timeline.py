"""A campaign drawn as a line through time: where each step stands, and which jumps lead around steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from outreach.adapters.campaign_files.steps.end import EndSpec
from outreach.adapters.campaign_files.steps.registry import exits_of, spec_of
from outreach.adapters.campaign_files.words import duration_words
from outreach.domain.journeys.campaign import END, Campaign, SendStep, Step
from outreach_tools.campaigns.words import words_of

SPINE = 28
"""Pixels from the left edge of the drawing to its line."""
HEAD = 58
LINE = 22
"""Pixels that a step takes: its head, and each line of details."""
LANE = 18
"""Pixels between two jumps that lead around steps side by side."""


@dataclass(frozen=True, slots=True)
class Row:
    """One step."""

    label: str
    verb: str
    icon: str
    """SVG elements."""
    does: str
    details: tuple[str, ...]
    when: str
    message: str
    top: int
    height: int
    goes_on: bool
    """Whether the line leads on to the next row."""

    @property
    def middle(self) -> int:
        return self.top + HEAD // 2


@dataclass(frozen=True, slots=True)
class Way:
    """A jump from one row to another, drawn as a curve."""

    start: int
    end: int
    lane: int
    words: str

    @property
    def path(self) -> str:
        """For an SVG path."""
        left, out = SPINE + 17, SPINE + 36 + LANE * self.lane
        return f"M{left},{self.start} C{out},{self.start} {out},{self.end} {left},{self.end}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    rows: tuple[Row, ...]
    ways: tuple[Way, ...]
    width: int
    height: int


def timeline(campaign: Campaign) -> Timeline:
    """Every step from the top, the end last."""
    arrivals = _arrivals(campaign)
    rows: list[Row] = []
    top = 0
    for step in campaign.steps:
        spec, told = spec_of(step), words_of(campaign, step)
        height = HEAD + LINE * len(told.details)
        message = step.message if isinstance(step, SendStep) else ""
        when = _when(arrivals.get(step.label))
        goes_on = campaign.after(step.label) in {label for label, *_ in _exits(campaign, step)}
        rows.append(
            Row(
                step.label, spec.verb, spec.icon, told.does, told.details, when, message, top, height, goes_on
            )
        )
        top += height
    when = _when(arrivals.get(END))
    rows.append(Row(END, END, EndSpec.icon, "the end", (), when, "", top, HEAD, goes_on=False))
    ways = tuple(_ways(campaign, {row.label: row for row in rows}))
    widest = max((way.lane for way in ways), default=0)
    return Timeline(tuple(rows), ways, SPINE + 26 + LANE * (widest + 1), top + HEAD)


def send_times(campaign: Campaign, message: str) -> list[tuple[str, str]]:
    """When a message is sent: for each of its steps the label, and the time since enrolling."""
    return [(row.label, row.when) for row in timeline(campaign).rows if row.message == message]


type _Span = tuple[timedelta, timedelta | None]
"""The earliest and the latest arrival; None when an expression or an event decides."""


def _arrivals(campaign: Campaign) -> dict[str, _Span]:
    """Jumps lead forward, so one pass from the top is enough."""
    found: dict[str, _Span] = {campaign.first_label: (timedelta(0), timedelta(0))}
    for step in campaign.steps:
        if step.label not in found:
            continue
        for label, shortest, longest in _exits(campaign, step):
            first, last = found[step.label]
            span = (first + shortest, None if last is None or longest is None else last + longest)
            found[label] = _both(found[label], span) if label in found else span
    return found


def _exits(campaign: Campaign, step: Step) -> Iterator[tuple[str, timedelta, timedelta | None]]:
    following = campaign.after(step.label)
    for way in exits_of(step):
        yield following if way.target is None else way.target, way.shortest, way.longest


def _both(one: _Span, other: _Span) -> _Span:
    latest = None if one[1] is None or other[1] is None else max(one[1], other[1])
    return min(one[0], other[0]), latest


def _when(span: _Span | None) -> str:
    if span is None:
        return "never"
    first, last = span
    if last is None:
        return f"from {_day(first)} on" if first else "it depends"
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(since: timedelta) -> str:
    if not since:
        return "at once"
    days = since / timedelta(days=1)
    return f"day {int(days)}" if days.is_integer() else f"after {duration_words(since)}"


def _ways(campaign: Campaign, rows: dict[str, Row]) -> Iterator[Way]:
    lane = 0
    for step in campaign.steps:
        for way in exits_of(step):
            if way.when and way.target in rows and way.target != campaign.after(step.label):
                yield Way(rows[step.label].middle, rows[way.target].middle, lane % 4, way.when)
                lane += 1
