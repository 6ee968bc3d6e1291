"""The row of the pacer. Moments are microseconds: at 500 a second, turns are two milliseconds apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.adapters.dynamodb.attributes import Attribute, Item, facts, number, read_facts
from outreach.domain.pacing import Lane, Pace
from outreach.domain.send_rate import Throttle
from outreach.domain.send_window import Turn
from outreach.domain.sending_limits import Limits

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def pace_attributes(pace: Pace) -> dict[str, Attribute]:
    """Everything but the key, one version on. Seldom more than a kilobyte, which is one write unit."""
    limits, throttle = pace.limits, pace.throttle
    values: dict[str, Any] = {
        "asked": _micros(pace.asked_at),
        "as_of": _micros(pace.as_of),
        "granted": pace.granted,
        "marketing": _lane(pace.marketing),
        "transactional": _lane(pace.transactional),
        "seen": _micros(pace.transactional_at),
    }
    if limits is not None:
        told = [limits.rate, limits.quota, limits.sent, limits.sandbox, limits.enforcement, limits.enabled]
        values["limits"] = told
    if throttle.slowed_at is not None:
        values["throttle"] = [throttle.factor, _micros(throttle.slowed_at)]
    return {"facts": facts(values), "version": number(pace.version + 1)}


def read_pace(item: Item) -> Pace:
    """The pace of a row; no row is a pace that nobody has set yet, of version 0."""
    known = read_facts(item)
    if not known:
        return Pace()
    limits, throttle = known.get("limits"), known.get("throttle")
    return Pace(
        limits=None if limits is None else Limits(*limits),
        asked_at=_moment(known["asked"]),
        as_of=_moment(known["as_of"]),
        granted=known["granted"],
        marketing=_read_lane(known["marketing"]),
        transactional=_read_lane(known["transactional"]),
        transactional_at=_moment(known["seen"]),
        throttle=Throttle() if throttle is None else Throttle(throttle[0], _moment(throttle[1])),
        version=int(item["version"]["N"]),
    )


def _lane(lane: Lane) -> list[Any]:
    """Turns are told from the one before, which keeps the numbers short."""
    turns, before = [], _EPOCH
    for turn in lane.recent:
        turns.append(
            [(turn.since - before) // _MICROSECOND, (turn.until - turn.since) // _MICROSECOND, turn.sends]
        )
        before = turn.since
    return [_micros(lane.next_free), _micros(lane.back), _micros(lane.quota_back), turns]


def _read_lane(known: list[Any]) -> Lane:
    next_free, back, quota_back, told = known
    turns, since = [], _EPOCH
    for gap, length, sends in told:
        since += gap * _MICROSECOND
        turns.append(Turn(since, since + length * _MICROSECOND, sends))
    return Lane(_moment(next_free), tuple(turns), _moment(back), _moment(quota_back))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
