"""Mail is sent in the customer's own hours, whatever their clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.intake.zones import ZONES_BY_COUNTRY
from outreach.domain.sending.delivery_hours import ANY_TIME, EVERY_DAY, DeliveryHours, start_delay, zone_of

WORKDAY = DeliveryHours(time(8), time(20))
MADRID = ZoneInfo("Europe/Madrid")
ZONES_WITH_TEMPER = (
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Europe/Madrid",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)


def local(zone: ZoneInfo, *clock: int, fold: int = 0) -> datetime:
    return datetime(*clock, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]  # a clock time is at most year to second


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(7, 59, False), (8, 0, True), (19, 59, True), (20, 0, False), (0, 0, False)],
)
def test_a_window_is_open_from_its_first_minute_to_before_its_last(
    hour: int, minute: int, is_open: bool
) -> None:
    assert WORKDAY.is_open(local(MADRID, 2026, 3, 2, hour, minute), MADRID) is is_open


def test_a_window_over_midnight_belongs_to_the_day_it_opens() -> None:
    friday_night = DeliveryHours(time(22), time(2), frozenset({4}))

    assert friday_night.is_open(local(MADRID, 2026, 3, 6, 23), MADRID)
    assert friday_night.is_open(local(MADRID, 2026, 3, 7, 1), MADRID)
    assert not friday_night.is_open(local(MADRID, 2026, 3, 7, 2), MADRID)
    assert not friday_night.is_open(local(MADRID, 2026, 3, 7, 23), MADRID)
    assert not friday_night.is_open(local(MADRID, 2026, 3, 6, 1), MADRID)


def test_a_whole_day_window_has_days_but_no_hours() -> None:
    weekdays = DeliveryHours(time(0), time(0), frozenset(range(5)))
    saturday_noon = local(MADRID, 2026, 3, 7, 12)

    assert not weekdays.is_open(saturday_noon, MADRID)
    assert weekdays.next_open(saturday_noon, MADRID) == local(MADRID, 2026, 3, 9)
    assert ANY_TIME.next_open(saturday_noon, MADRID) == saturday_noon


def test_an_opening_hour_that_the_clock_skips_is_the_first_instant_after_the_gap() -> None:
    # Madrid springs from 02:00 to 03:00 on 29 March 2026.
    window = DeliveryHours(time(2, 30), time(3, 15))

    opening = window.next_open(local(MADRID, 2026, 3, 29, 1, 10), MADRID)

    assert opening == local(MADRID, 2026, 3, 29, 3)


def test_an_hour_that_happens_twice_is_open_twice() -> None:
    # Madrid falls from 03:00 back to 02:00 on 25 October 2026.
    early, second_half = DeliveryHours(time(1), time(2, 30)), DeliveryHours(time(2, 30), time(4))

    between = local(MADRID, 2026, 10, 25, 2, 45)
    assert early.next_open(between, MADRID) == local(MADRID, 2026, 10, 25, 2, 0, fold=1)
    again = local(MADRID, 2026, 10, 25, 2, 10, fold=1)
    assert second_half.next_open(again, MADRID) == local(MADRID, 2026, 10, 25, 2, 30, fold=1)


def test_a_window_on_the_one_day_that_samoa_skipped_opens_a_week_later() -> None:
    # Samoa had no Friday 30 December 2011: it moved across the date line.
    apia = ZoneInfo("Pacific/Apia")
    fridays = DeliveryHours(time(8), time(20), frozenset({4}))

    opening = fridays.next_open(local(apia, 2011, 12, 24, 9), apia)

    assert opening == local(apia, 2012, 1, 6, 8)


def test_a_window_over_the_skipped_day_opens_on_the_next_morning() -> None:
    apia = ZoneInfo("Pacific/Apia")

    opening = WORKDAY.next_open(local(apia, 2011, 12, 29, 21), apia)

    assert opening == local(apia, 2011, 12, 31, 8)
    assert opening - local(apia, 2011, 12, 29, 21) == timedelta(hours=11)


instants = st.datetimes(datetime(2011, 12, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
near_changes = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2011, 12, 29, 0, tzinfo=UTC),  # Apia skips a day
            datetime(2026, 3, 8, 5, tzinfo=UTC),  # New York springs
            datetime(2026, 11, 1, 4, tzinfo=UTC),  # New York falls
            datetime(2026, 3, 28, 23, tzinfo=UTC),  # Madrid springs
            datetime(2026, 10, 24, 22, tzinfo=UTC),  # Madrid falls
            datetime(2026, 4, 4, 13, tzinfo=UTC),  # Lord Howe falls by half an hour
            datetime(2026, 10, 3, 14, tzinfo=UTC),  # Lord Howe springs by half an hour
        ]
    ),
    st.integers(0, 48 * 60),
)
clocks = st.times().map(lambda each: each.replace(second=0, microsecond=0))
windows = st.builds(DeliveryHours, clocks, clocks, st.frozensets(st.integers(0, 6), min_size=1))
zones = st.sampled_from(ZONES_WITH_TEMPER).map(ZoneInfo)


def is_open_by_the_wall(window: DeliveryHours, instant: datetime, zone: ZoneInfo) -> bool:
    """The same question in another way: minutes of the day, and the day the hours opened."""
    wall = instant.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    opens, closes = (each.hour * 60 + each.minute for each in (window.opens, window.closes))
    length = (closes - opens) % 1440 or 1440
    since_opening = (minute - opens) % 1440
    day = wall.date() if opens <= minute or opens == closes else wall.date() - timedelta(days=1)
    if opens == closes:
        return wall.weekday() in window.days
    return since_opening < length and day.weekday() in window.days


@given(windows, st.one_of(instants, near_changes), zones)
def test_mail_never_goes_out_in_closed_hours(
    window: DeliveryHours, instant: datetime, zone: ZoneInfo
) -> None:
    opening = window.next_open(instant, zone)

    assert opening >= instant
    assert is_open_by_the_wall(window, opening, zone)


@given(windows, near_changes, zones)
def test_no_open_minute_is_missed(window: DeliveryHours, instant: datetime, zone: ZoneInfo) -> None:
    opening = window.next_open(instant, zone)

    tick = instant
    for _ in range(60):  # ten hours, in steps that no clock change and no minute window hides from for long
        if tick >= opening:
            break
        assert not is_open_by_the_wall(window, tick, zone)
        tick += timedelta(minutes=10)


@given(windows, st.one_of(instants, near_changes), zones, st.integers(0, 100))
def test_a_permit_is_never_in_closed_hours_either(
    window: DeliveryHours, instant: datetime, zone: ZoneInfo, priority: int
) -> None:
    permit = window.permit(instant, zone, priority)

    assert permit >= window.next_open(instant, zone)
    assert is_open_by_the_wall(window, permit, zone)


def test_higher_priorities_get_a_smaller_delay_after_an_opening() -> None:
    closed = local(MADRID, 2026, 3, 2, 3)
    permits = [WORKDAY.permit(closed, MADRID, priority) for priority in (100, 90, 50, 0)]

    assert permits == sorted(set(permits))
    assert permits[0] == WORKDAY.next_open(closed, MADRID)
    assert permits[-1] - permits[0] == start_delay(0) == timedelta(minutes=10)


def test_a_window_too_short_for_the_delay_still_lets_every_message_through() -> None:
    five_minutes = DeliveryHours(time(8), time(8, 5))

    assert five_minutes.permit(local(MADRID, 2026, 3, 2, 3), MADRID, 0) == local(MADRID, 2026, 3, 2, 8)


def test_a_window_without_a_day_says_so() -> None:
    with pytest.raises(ValueError, match="never opens"):
        DeliveryHours(time(8), time(20), frozenset()).next_open(local(MADRID, 2026, 3, 2, 3), MADRID)


@pytest.mark.parametrize(
    ("time_zone", "country", "expected"),
    [
        pytest.param("Asia/Kathmandu", "ES", "Asia/Kathmandu", id="the customer's own zone goes first"),
        pytest.param(None, "es", "Europe/Madrid", id="then the country's"),
        pytest.param("Mars/Olympus", "ES", "Europe/Madrid", id="a zone nobody knows is not given"),
        pytest.param("../etc/passwd", None, "America/New_York", id="nor is a path"),
        pytest.param("Europe", None, "America/New_York", id="nor is a part of the world"),
        pytest.param(None, "XX", "America/New_York", id="else the shop's"),
    ],
)
def test_the_zone_is_the_customers_then_the_countrys_then_the_shops(
    time_zone: str | None, country: str | None, expected: str
) -> None:
    assert zone_of(time_zone, country, {"ES": "Europe/Madrid"}, "America/New_York").key == expected


def test_every_country_has_a_zone_that_exists() -> None:
    assert {zone_of(None, country, ZONES_BY_COUNTRY, "UTC").key for country in ZONES_BY_COUNTRY} == set(
        ZONES_BY_COUNTRY.values()
    )


def test_a_window_has_seven_days_by_default() -> None:
    assert WORKDAY.days == EVERY_DAY
