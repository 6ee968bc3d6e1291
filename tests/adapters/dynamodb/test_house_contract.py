"""What the house's switch and its breaker must do, the fakes as well as the table."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOW
from fake_feedback import FakeHouseRows
from fakes import FakeClock
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.house import FRESH, DynamoHouse
from outreach.domain.breaker import Breaker, Opening, OpenReason, Tally
from outreach.domain.errors import Conflict
from outreach.domain.gate import Rules
from outreach.domain.outage import FIRST_RETRY, TRY_TAKES, Outage
from outreach.domain.sending import CampaignPause, Pause, Sending
from outreach.usecases.pause_campaign import pause_campaign, resume_campaign
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
    before = resume_sending(switch=house, clock=FakeClock())

    assert (before.all_paused, before.breaker.opening) == (True, OPEN.opening)
    assert house.sending() == Sending(breaker=Breaker(version=2))


def test_a_paused_campaign_says_who_and_why_until_it_is_resumed(house: Any) -> None:
    for name in ("win-back", "a#b%23"):
        pause = pause_campaign(name, switch=house, clock=FakeClock(), reason="wrong price", by="ana")
        assert pause == CampaignPause("wrong price", "ana", NOW)

    assert house.sending() == Sending(campaigns=dict.fromkeys(("win-back", "a#b%23"), pause))
    assert house.rules() == Rules(paused_campaigns=frozenset({"win-back", "a#b%23"}))
    assert resume_campaign("win-back", switch=house) == pause
    assert house.rules() == Rules(paused_campaigns=frozenset({"a#b%23"}))


def test_pausing_and_resuming_a_campaign_again_changes_nothing(house: Any) -> None:
    pause = pause_campaign("win-back", switch=house, clock=FakeClock(), reason="wrong price", by="ana")
    later = FakeClock(NOW + timedelta(hours=1))
    assert pause_campaign("win-back", switch=house, clock=later, reason="other", by="ben") == pause
    assert house.sending().campaigns == {"win-back": pause}

    resume_campaign("win-back", switch=house)
    assert resume_campaign("win-back", switch=house) is None
    assert house.sending() == Sending()


def test_to_resume_sending_resumes_no_campaign(house: Any) -> None:
    pause = pause_campaign("win-back", switch=house, clock=FakeClock(), reason="wrong price", by="ana")
    pause_sending(switch=house, clock=FakeClock(), everything=True, reason="incident", by="ana")
    resume_sending(switch=house, clock=FakeClock())

    assert house.sending().campaigns == {"win-back": pause}


def test_a_resume_forgets_nothing_that_a_closed_breaker_counted(house: Any) -> None:
    house.count(Breaker((Tally(40, 1, 0),)))
    pause_sending(switch=house, clock=FakeClock(), everything=False, reason="draft", by="ana")
    resume_sending(switch=house, clock=FakeClock())

    assert (house.sending().pause, house.breaker().total) == (None, Tally(40, 1, 0))


RETRY = NOW + FIRST_RETRY


def test_a_refusal_of_the_account_is_remembered_for_everybody(house: Any) -> None:
    house.remember_refusal("AccountSuspendedException", now=NOW)

    outage = Outage("AccountSuspendedException", NOW, RETRY)
    assert house.rules() == Rules(outage=outage)
    assert house.sending() == Sending(outage=outage)


def test_one_of_those_who_know_of_an_outage_may_try(house: Any) -> None:
    house.remember_refusal("AccountSuspendedException", now=NOW)
    known = house.rules().outage

    assert [house.try_alone(known, now=RETRY) for _ in range(2)] == [True, False]
    assert house.rules().outage == known.tried(RETRY)
    assert house.try_alone(house.rules().outage, now=RETRY + TRY_TAKES)  # whoever tried first has died


def test_a_try_in_vain_prolongs_an_outage_and_late_refusals_do_not(house: Any) -> None:
    house.remember_refusal("AccountSuspendedException", now=NOW)
    house.remember_refusal("AccountSuspendedException", now=NOW + timedelta(seconds=3))
    assert house.rules().outage.refusals == 1
    house.try_alone(house.rules().outage, now=RETRY)
    house.remember_refusal("SendingPausedException", now=RETRY)

    assert house.rules().outage == Outage("SendingPausedException", NOW, RETRY + 2 * FIRST_RETRY, refusals=2)


def test_an_outage_that_another_release_wrote_is_tried_all_the_same(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    house = DynamoHouse(dynamodb, table, clock=FakeClock())
    house.remember_refusal("AccountSuspendedException", now=NOW)
    row = dynamodb.get_item(TableName=table, Key=keys.outage())["Item"]
    told = json.loads(row["facts"]["S"])
    del told["refusals"], told["is_tried"]
    row["facts"] = {"S": json.dumps(told | {"a_new_fact": 1})}
    dynamodb.put_item(TableName=table, Item=row)

    known = house.rules().outage
    assert known == Outage("AccountSuspendedException", NOW, RETRY)
    assert [house.try_alone(known, now=RETRY) for _ in range(2)] == [True, False]


def test_an_outage_that_is_over_leaves_nothing_and_another_begins_afresh(house: Any) -> None:
    house.remember_refusal("AccountSuspendedException", now=NOW)
    old = house.rules().outage
    house.forget_outage()

    assert house.rules() == Rules()
    assert not house.try_alone(old, now=RETRY)
    house.remember_refusal("sender_not_verified", now=RETRY)
    assert house.rules().outage == Outage("sender_not_verified", RETRY, RETRY + FIRST_RETRY)


def test_a_resume_ends_an_outage_too(house: Any) -> None:
    house.remember_refusal("AccountSuspendedException", now=NOW)

    assert resume_sending(switch=house, clock=FakeClock()).outage is not None
    assert house.sending().outage is None
    assert house.rules() == Rules()


def test_every_refusal_that_counts_is_told(dynamodb: "DynamoDBClient", table: str) -> None:
    told: list[str] = []
    house = DynamoHouse(dynamodb, table, clock=FakeClock(), on_refusal=told.append)
    house.remember_refusal("AccountSuspendedException", now=NOW)
    house.remember_refusal("AccountSuspendedException", now=NOW + timedelta(seconds=3))
    house.remember_refusal("SendingPausedException", now=RETRY)

    assert told == ["AccountSuspendedException", "SendingPausedException"]


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
