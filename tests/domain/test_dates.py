"""When a day begins where a customer lives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.journeys.dates import instant_of, start_of

ZONES = [
    "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Apia", "Europe/Madrid", "America/Sao_Paulo",
    "America/Havana", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu",
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "text", "instant"),
    [
        pytest.param("UTC", "2026-03-05", "2026-03-05T00:00:00Z", id="midnight"),
        pytest.param("Europe/Madrid", "2026-03-05", "2026-03-04T23:00:00Z", id="east of Greenwich"),
        pytest.param("America/New_York", "2026-03-05", "2026-03-05T05:00:00Z", id="west of it"),
        pytest.param("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", id="clocks skip midnight"),
        pytest.param("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", id="midnight comes twice"),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", id="a day that was left out"),
        pytest.param("Europe/Madrid", "2028-02-29", "2028-02-28T23:00:00Z", id="the day of a leap year"),
    ],
)
def test_a_plain_date_is_the_start_of_that_day_where_the_customer_lives(
    zone: str, text: str, instant: str
) -> None:
    assert instant_of(text, ZoneInfo(zone)) == datetime.fromisoformat(instant)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-00-10", "0000-01-01", "26-03-05"])
def test_a_date_that_is_in_no_calendar_gives_no_instant(text: str) -> None:
    assert instant_of(text, ZoneInfo("UTC")) is None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_instants_or_none_and_no_error(text: str, zone: str) -> None:
    instant = instant_of(text, ZoneInfo(zone))

    assert instant is None or abs(instant.year - int(text[:4])) <= 1


@given(st.dates(date(2000, 1, 1), date(2037, 12, 30)), st.sampled_from(ZONES).map(ZoneInfo))
def test_a_day_begins_at_its_first_instant(day: date, zone: ZoneInfo) -> None:
    start = start_of(day, zone)

    assert start.astimezone(zone).date() >= day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day
    assert start.tzinfo is UTC
