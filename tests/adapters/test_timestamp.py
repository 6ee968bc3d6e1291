"""Times as a Wait state reads them: never early."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from outreach.adapters.stepfunctions.timestamp import to_timestamp


def test_a_whole_second_stays_as_it_is_in_utc() -> None:
    madrid = timezone(timedelta(hours=1))

    assert to_timestamp(datetime(2026, 3, 2, 10, 0, 7, tzinfo=madrid)) == "2026-03-02T09:00:07Z"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds the zone
def test_a_wait_ends_at_its_instant_or_less_than_a_second_after(instant: datetime) -> None:
    until = datetime.fromisoformat(to_timestamp(instant))

    assert instant <= until < instant + timedelta(seconds=1)
