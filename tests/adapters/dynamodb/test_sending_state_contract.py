"""What the pauses and the breaker must do, the fakes as well as the table."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOW
from fake_feedback import FakeSendingStateRows
from fakes import FakeClock
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.sending.sending_state import FRESH, DynamoSendingState
from outreach.domain.errors import ConflictError
from outreach.domain.sending.breaker import Breaker, Opening, OpenReason, Tally
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.outage import FIRST_RETRY, TRY_TAKES, Outage
from outreach.domain.sending.sending_state import CampaignPause, Pause, SendingState
from outreach.usecases.operations.pause_campaign import pause_campaign, resume_campaign
from outreach.usecases.operations.pause_sending import pause_sending
from outreach.usecases.operations.resume_sending import resume_sending

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPEN = Breaker((Tally(100, 5, 0), Tally(3)), Opening(OpenReason.BOUNCES, NOW, Tally(100, 5, 0)))


@pytest.fixture(params=["fake", "dynamodb"])
def state_store(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeSendingStateRows()
    client, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")
    return DynamoSendingState(client, table, clock=FakeClock())


def test_at_first_nothing_is_paused(state_store: Any) -> None:
    assert state_store.sending() == SendingState()
    assert state_store.rules() == Rules()


def test_what_counted_comes_back_whole(state_store: Any) -> None:
    state_store.count(OPEN)

    assert state_store.breaker() == state_store.sending().breaker == replace(OPEN, version=1)


def test_of_two_that_count_at_once_the_second_must_look_again(state_store: Any) -> None:
    state_store.count(OPEN)

    with pytest.raises(ConflictError):
        state_store.count(Breaker((Tally(1),)))
    assert state_store.breaker().total == OPEN.total


@pytest.mark.parametrize("everything", [False, True])
def test_a_pause_says_who_and_why(state_store: Any, everything: bool) -> None:
    pause = pause_sending(
        switch=state_store, clock=FakeClock(), everything=everything, reason="new list", by="ana"
    )

    assert state_store.sending().pause == pause == Pause(everything, "new list", "ana", NOW)
    assert state_store.rules() == Rules(marketing_paused=True, all_paused=everything)


def test_an_open_breaker_pauses_marketing_only(state_store: Any) -> None:
    state_store.count(OPEN)

    assert state_store.rules() == Rules(marketing_paused=True)


def test_a_resume_ends_both_and_says_what_there_was(state_store: Any) -> None:
    state_store.count(OPEN)
    pause_sending(switch=state_store, clock=FakeClock(), everything=True, reason="incident", by="ana")
    before = resume_sending(switch=state_store, clock=FakeClock())

    assert (before.all_paused, before.breaker.opening) == (True, OPEN.opening)
    assert state_store.sending() == SendingState(breaker=Breaker(version=2))


def test_a_paused_campaign_says_who_and_why_until_it_is_resumed(state_store: Any) -> None:
    for name in ("win-back", "a#b%23"):
        pause = pause_campaign(name, switch=state_store, clock=FakeClock(), reason="wrong price", by="ana")
        assert pause == CampaignPause("wrong price", "ana", NOW)

    assert state_store.sending() == SendingState(campaigns=dict.fromkeys(("win-back", "a#b%23"), pause))
    assert state_store.rules() == Rules(paused_campaigns=frozenset({"win-back", "a#b%23"}))
    assert resume_campaign("win-back", switch=state_store) == pause
    assert state_store.rules() == Rules(paused_campaigns=frozenset({"a#b%23"}))


def test_pausing_and_resuming_a_campaign_again_changes_nothing(state_store: Any) -> None:
    pause = pause_campaign("win-back", switch=state_store, clock=FakeClock(), reason="wrong price", by="ana")
    later = FakeClock(NOW + timedelta(hours=1))
    assert pause_campaign("win-back", switch=state_store, clock=later, reason="other", by="ben") == pause
    assert state_store.sending().campaigns == {"win-back": pause}

    resume_campaign("win-back", switch=state_store)
    assert resume_campaign("win-back", switch=state_store) is None
    assert state_store.sending() == SendingState()


def test_to_resume_sending_resumes_no_campaign(state_store: Any) -> None:
    pause = pause_campaign("win-back", switch=state_store, clock=FakeClock(), reason="wrong price", by="ana")
    pause_sending(switch=state_store, clock=FakeClock(), everything=True, reason="incident", by="ana")
    resume_sending(switch=state_store, clock=FakeClock())

    assert state_store.sending().campaigns == {"win-back": pause}


def test_a_resume_forgets_nothing_that_a_closed_breaker_counted(state_store: Any) -> None:
    state_store.count(Breaker((Tally(40, 1, 0),)))
    pause_sending(switch=state_store, clock=FakeClock(), everything=False, reason="draft", by="ana")
    resume_sending(switch=state_store, clock=FakeClock())

    assert (state_store.sending().pause, state_store.breaker().total) == (None, Tally(40, 1, 0))


RETRY = NOW + FIRST_RETRY


def test_a_refusal_of_the_account_is_stored_for_all_senders(state_store: Any) -> None:
    state_store.remember_refusal("AccountSuspendedException", now=NOW)

    outage = Outage("AccountSuspendedException", NOW, RETRY)
    assert state_store.rules() == Rules(outage=outage)
    assert state_store.sending() == SendingState(outage=outage)


def test_one_of_those_who_know_of_an_outage_may_try(state_store: Any) -> None:
    state_store.remember_refusal("AccountSuspendedException", now=NOW)
    known = state_store.rules().outage

    assert [state_store.try_alone(known, now=RETRY) for _ in range(2)] == [True, False]
    assert state_store.rules().outage == known.tried(RETRY)
    assert state_store.try_alone(
        state_store.rules().outage, now=RETRY + TRY_TAKES
    )  # the process of the first try has crashed


def test_a_try_in_vain_prolongs_an_outage_and_late_refusals_do_not(state_store: Any) -> None:
    state_store.remember_refusal("AccountSuspendedException", now=NOW)
    state_store.remember_refusal("AccountSuspendedException", now=NOW + timedelta(seconds=3))
    assert state_store.rules().outage.refusals == 1
    state_store.try_alone(state_store.rules().outage, now=RETRY)
    state_store.remember_refusal("SendingPausedException", now=RETRY)

    assert state_store.rules().outage == Outage(
        "SendingPausedException", NOW, RETRY + 2 * FIRST_RETRY, refusals=2
    )


def test_an_outage_that_another_release_wrote_is_tried_all_the_same(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    state_store = DynamoSendingState(dynamodb, table, clock=FakeClock())
    state_store.remember_refusal("AccountSuspendedException", now=NOW)
    row = dynamodb.get_item(TableName=table, Key=keys.outage())["Item"]
    told = json.loads(row["facts"]["S"])
    del told["refusals"], told["is_tried"]
    row["facts"] = {"S": json.dumps(told | {"a_new_fact": 1})}
    dynamodb.put_item(TableName=table, Item=row)

    known = state_store.rules().outage
    assert known == Outage("AccountSuspendedException", NOW, RETRY)
    assert [state_store.try_alone(known, now=RETRY) for _ in range(2)] == [True, False]


def test_an_outage_that_is_over_leaves_nothing_and_another_begins_afresh(state_store: Any) -> None:
    state_store.remember_refusal("AccountSuspendedException", now=NOW)
    old = state_store.rules().outage
    state_store.end_outage()

    assert state_store.rules() == Rules()
    assert not state_store.try_alone(old, now=RETRY)
    state_store.remember_refusal("sender_not_verified", now=RETRY)
    assert state_store.rules().outage == Outage("sender_not_verified", RETRY, RETRY + FIRST_RETRY)


def test_a_resume_ends_an_outage_too(state_store: Any) -> None:
    state_store.remember_refusal("AccountSuspendedException", now=NOW)

    assert resume_sending(switch=state_store, clock=FakeClock()).outage is not None
    assert state_store.sending().outage is None
    assert state_store.rules() == Rules()


def test_every_refusal_that_counts_is_reported(dynamodb: "DynamoDBClient", table: str) -> None:
    told: list[str] = []
    state_store = DynamoSendingState(dynamodb, table, clock=FakeClock(), on_refusal=told.append)
    state_store.remember_refusal("AccountSuspendedException", now=NOW)
    state_store.remember_refusal("AccountSuspendedException", now=NOW + timedelta(seconds=3))
    state_store.remember_refusal("SendingPausedException", now=RETRY)

    assert told == ["AccountSuspendedException", "SendingPausedException"]


def test_rules_are_read_again_after_five_seconds_and_not_before(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    clock = FakeClock()
    state_store = DynamoSendingState(dynamodb, table, clock=clock)
    assert not state_store.rules().marketing_paused
    state_store.pause(Pause(False, "draft", "ana", NOW))
    clock.advance(FRESH - timedelta(milliseconds=1))
    assert not state_store.rules().marketing_paused
    clock.advance(milliseconds=1)

    assert state_store.rules().marketing_paused
