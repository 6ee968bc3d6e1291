"""What the house's switch, its breaker and the watermark must do, the fakes as well as the table."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOW
from fake_feedback import FakeHouseRows, FakeWatermark
from fakes import FakeClock
from outreach.adapters.dynamodb.house import FRESH, DynamoHouse
from outreach.adapters.dynamodb.watermark import DynamoWatermark
from outreach.domain.breaker import Breaker, Opening, OpenReason, Tally
from outreach.domain.errors import Conflict
from outreach.domain.gate import Rules
from outreach.domain.sending import Pause, Sending
from outreach.usecases.pause_sending import pause_sending
from outreach.usecases.resume_sending import resume_sending

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPEN = Breaker((Tally(100, 5, 0), Tally(3)), Opening(OpenReason.BOUNCES, NOW, Tally(100, 5, 0)))


@pytest.fixture(params=["fake", "dynamodb"])
def house(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeHouseRows()
    client, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")
    return DynamoHouse(client, table, clock=FakeClock())


@pytest.fixture(params=["fake", "dynamodb"])
def watermark(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeWatermark()
    return DynamoWatermark(request.getfixturevalue("dynamodb"), request.getfixturevalue("table"))


def test_at_first_nothing_is_paused(house: Any) -> None:
    assert house.sending() == Sending()
    assert house.rules() == Rules()


def test_what_counted_comes_back_whole(house: Any) -> None:
    house.count(OPEN)

    assert house.breaker() == house.sending().breaker == replace(OPEN, version=1)


def test_of_two_that_count_at_once_the_second_must_look_again(house: Any) -> None:
    house.count(OPEN)

    with pytest.raises(Conflict):
        house.count(Breaker((Tally(1),)))
    assert house.breaker().total == OPEN.total


@pytest.mark.parametrize("everything", [False, True])
def test_a_pause_says_who_and_why(house: Any, everything: bool) -> None:
    pause = pause_sending(switch=house, clock=FakeClock(), everything=everything, reason="new list", by="ana")

    assert house.sending().pause == pause == Pause(everything, "new list", "ana", NOW)
    assert house.rules() == Rules(marketing_paused=True, all_paused=everything)


def test_an_open_breaker_pauses_marketing_only(house: Any) -> None:
    house.count(OPEN)

    assert house.rules() == Rules(marketing_paused=True)


def test_a_resume_ends_both_and_says_what_there_was(house: Any) -> None:
    house.count(OPEN)
    pause_sending(switch=house, clock=FakeClock(), everything=True, reason="incident", by="ana")
    before = resume_sending(switch=house)

    assert (before.all_paused, before.breaker.opening) == (True, OPEN.opening)
    assert house.sending() == Sending(breaker=Breaker(version=2))


def test_a_resume_forgets_nothing_that_a_closed_breaker_counted(house: Any) -> None:
    house.count(Breaker((Tally(40, 1, 0),)))
    pause_sending(switch=house, clock=FakeClock(), everything=False, reason="draft", by="ana")
    resume_sending(switch=house)

    assert (house.sending().pause, house.breaker().total) == (None, Tally(40, 1, 0))


def test_the_watermark_only_rises(watermark: Any) -> None:
    assert watermark.newest() is None
    for hours in (2, 1, 3, 2):
        watermark.rise(NOW + timedelta(hours=hours))
    assert watermark.newest() == NOW + timedelta(hours=3)


def test_rules_are_read_again_after_five_seconds_and_not_before(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    clock = FakeClock()
    house = DynamoHouse(dynamodb, table, clock=clock)
    assert not house.rules().marketing_paused
    house.pause(Pause(False, "draft", "ana", NOW))
    clock.advance(FRESH - timedelta(milliseconds=1))
    assert not house.rules().marketing_paused
    clock.advance(milliseconds=1)

    assert house.rules().marketing_paused
