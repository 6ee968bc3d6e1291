"""What every RateLimiter must do, the fake as well as the table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOW
from fakes import FakeAccount, FakeRateLimiter
from outreach.adapters.dynamodb.items.rate_limiter import rate_limiter_attributes, read_rate_limiter
from outreach.adapters.dynamodb.sending.rate_limiter import DynamoRateLimiter
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError
from outreach.domain.sending.rate_limiter import Permit, RateLimiterState, Wait
from outreach.ports.sending import RateLimiter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FOURTEEN = Limits(rate=14, quota=50_000, sent=0)
LATER = NOW + timedelta(minutes=1)


@dataclass
class Account:
    """One account, and a rate limiter for each function that sends with it."""

    account: FakeAccount
    rate_limiter: Callable[[], RateLimiter]


@pytest.fixture(params=["fake", "dynamodb"])
def account(request: pytest.FixtureRequest) -> Account:
    told = FakeAccount(FOURTEEN)
    if request.param == "fake":
        fake = FakeRateLimiter(told)
        return Account(told, lambda: fake)
    client, table = request.getfixturevalue("dynamodb"), request.getfixturevalue("table")
    return Account(told, lambda: DynamoRateLimiter(client, table, told))


def test_two_functions_share_one_rate(account: Account) -> None:
    one, other = account.rate_limiter(), account.rate_limiter()

    first = one.take(14, marketing=True, now=NOW)
    second = other.take(14, marketing=True, now=NOW)
    third = one.take(14, marketing=True, now=NOW)

    assert first == Permit(14, NOW)
    assert isinstance(second, Permit)
    assert second.at - NOW == pytest.approx(timedelta(seconds=1.061), abs=timedelta(milliseconds=1))
    assert isinstance(third, Wait)
    assert third.reason is HoldReason.PACE


def test_the_limits_are_asked_for_once_a_minute_by_all_together(account: Account) -> None:
    rate_limiters = [account.rate_limiter() for _ in range(4)]
    for rate_limiter in rate_limiters:
        rate_limiter.take(1, marketing=True, now=NOW)
        rate_limiter.take(1, marketing=True, now=NOW + timedelta(seconds=59))
    assert account.account.asked == 1

    for rate_limiter in rate_limiters:
        rate_limiter.take(1, marketing=True, now=LATER)
    assert account.account.asked == 2


def test_new_limits_hold_for_all_senders(account: Account) -> None:
    one, other = account.rate_limiter(), account.rate_limiter()
    one.take(1, marketing=True, now=NOW)
    other.take(1, marketing=True, now=NOW)
    account.account.current = replace(FOURTEEN, rate=500)

    one.take(1, marketing=True, now=LATER)

    assert other.take(50, marketing=True, now=LATER + timedelta(seconds=2)) == Permit(
        50, LATER + timedelta(seconds=2)
    )


def test_a_service_that_does_not_report_its_limits_lets_the_old_ones_stand(account: Account) -> None:
    rate_limiter = account.rate_limiter()
    rate_limiter.take(1, marketing=True, now=NOW)
    account.account.current = None

    assert rate_limiter.take(14, marketing=True, now=LATER) == Permit(14, LATER)


def test_a_service_that_never_reported_its_limits_permits_nothing(account: Account) -> None:
    account.account.current = None
    rate_limiter = account.rate_limiter()

    with pytest.raises(LimitsUnknownError, match="AccessDeniedException"):
        rate_limiter.take(1, marketing=False, now=NOW)
    assert rate_limiter.take(1, marketing=False, now=NOW) == Wait(NOW + timedelta(seconds=1), HoldReason.PACE)

    account.account.current = FOURTEEN
    again = NOW + timedelta(seconds=5)
    assert rate_limiter.take(1, marketing=False, now=again) == Permit(1, again)


def test_a_refusal_slows_all_senders(account: Account) -> None:
    one, other = account.rate_limiter(), account.rate_limiter()
    one.take(1, marketing=True, now=NOW)
    other.slow_down(now=NOW)

    answer = one.take(14, marketing=True, now=NOW + timedelta(seconds=2))

    assert answer == Permit(7, NOW + timedelta(seconds=2))


def test_a_spent_quota_is_spent_for_all_senders(account: Account) -> None:
    one, other = account.rate_limiter(), account.rate_limiter()
    one.take(1, marketing=True, now=NOW)
    other.run_out()

    answer = one.take(1, marketing=False, now=NOW + timedelta(seconds=2))

    assert isinstance(answer, Wait)
    assert answer.reason is HoldReason.QUOTA


def test_refusals_before_anything_was_sent_change_nothing(account: Account) -> None:
    rate_limiter = account.rate_limiter()
    rate_limiter.slow_down(now=NOW)
    rate_limiter.run_out()

    assert rate_limiter.take(14, marketing=True, now=NOW) == Permit(14, NOW)


class CountingClient:
    """Passes everything on to the table, and says how much that was; a rival may act in between."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.calls: list[str] = []
        self.before_update: list[Callable[[], object]] = []

    def get_item(self, **request: Any) -> Any:
        self.calls.append("get_item")
        return self._client.get_item(**request)

    def update_item(self, **request: Any) -> Any:
        self.calls.append("update_item")
        if self.before_update:
            self.before_update.pop(0)()
        return self._client.update_item(**request)


def test_a_permit_costs_one_update_and_no_read(dynamodb: "DynamoDBClient", table: str) -> None:
    client: Any = CountingClient(dynamodb)
    rate_limiter = DynamoRateLimiter(client, table, FakeAccount(FOURTEEN))
    rate_limiter.take(1, marketing=True, now=NOW)
    client.calls.clear()

    rate_limiter.take(1, marketing=True, now=NOW)

    assert client.calls == ["update_item"]


def test_new_limits_cost_one_more_update_a_minute(dynamodb: "DynamoDBClient", table: str) -> None:
    client: Any = CountingClient(dynamodb)
    rate_limiter = DynamoRateLimiter(client, table, FakeAccount(FOURTEEN))
    rate_limiter.take(1, marketing=True, now=NOW)
    client.calls.clear()

    rate_limiter.take(1, marketing=True, now=LATER)

    assert client.calls == ["update_item", "update_item"]


def test_a_busy_process_of_a_quiet_account_asks_for_few_of_its_permits(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    client: Any = CountingClient(dynamodb)
    rate_limiter = DynamoRateLimiter(client, table, FakeAccount(replace(FOURTEEN, rate=100)))
    instants = [NOW + timedelta(milliseconds=40 * number) for number in range(100)]

    answers = [rate_limiter.take(1, marketing=True, now=at) for at in instants]

    assert answers == [Permit(1, at) for at in instants]
    assert client.calls.count("update_item") < 20


@pytest.mark.parametrize("refused", ["rate", "quota"])
def test_after_a_refusal_a_process_holds_no_permits(
    dynamodb: "DynamoDBClient", table: str, refused: str
) -> None:
    client: Any = CountingClient(dynamodb)
    rate_limiter = DynamoRateLimiter(client, table, FakeAccount(replace(FOURTEEN, rate=1000)))
    at = NOW
    while not client.calls or client.calls[-1] == "update_item":  # until one is free
        at += timedelta(milliseconds=40)
        client.calls.append("take")
        rate_limiter.take(1, marketing=True, now=at)

    rate_limiter.slow_down(now=at) if refused == "rate" else rate_limiter.run_out()
    client.calls.clear()
    rate_limiter.take(1, marketing=True, now=at)

    assert client.calls == ["update_item"]


def test_a_lost_race_costs_one_more_update_and_no_permit_is_granted_twice(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    client: Any = CountingClient(dynamodb)
    account = FakeAccount(FOURTEEN)
    rate_limiter, rival = (
        DynamoRateLimiter(client, table, account),
        DynamoRateLimiter(dynamodb, table, account),
    )
    rate_limiter.take(1, marketing=True, now=NOW)
    client.calls.clear()
    theirs: list[object] = []
    client.before_update.append(lambda: theirs.append(rival.take(1, marketing=True, now=NOW)))

    ours = rate_limiter.take(1, marketing=True, now=NOW)

    assert client.calls == ["update_item", "update_item"]
    (other,) = theirs
    assert isinstance(ours, Permit)
    assert isinstance(other, Permit)
    assert ours.at - other.at == pytest.approx(timedelta(seconds=1 / 13.58), abs=timedelta(milliseconds=1))


def test_who_loses_again_and_again_steps_aside(dynamodb: "DynamoDBClient", table: str) -> None:
    client: Any = CountingClient(dynamodb)
    account = FakeAccount(replace(FOURTEEN, rate=1000))
    rate_limiter, rival = (
        DynamoRateLimiter(client, table, account),
        DynamoRateLimiter(dynamodb, table, account),
    )
    rate_limiter.take(1, marketing=True, now=NOW)
    client.before_update += [lambda: rival.take(1, marketing=True, now=NOW)] * 100

    answer = rate_limiter.take(1, marketing=True, now=NOW)

    assert isinstance(answer, Wait)
    assert timedelta(seconds=2) <= answer.until - NOW < timedelta(seconds=4)


def test_only_one_of_two_senders_queries_the_limits_at_the_same_instant(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    client: Any = CountingClient(dynamodb)
    account = FakeAccount(FOURTEEN)
    rate_limiter, rival = (
        DynamoRateLimiter(client, table, account),
        DynamoRateLimiter(dynamodb, table, account),
    )
    client.before_update.append(lambda: rival.take(1, marketing=True, now=NOW))

    assert isinstance(rate_limiter.take(1, marketing=True, now=NOW), Permit)
    assert account.asked == 1


def test_a_sender_during_the_very_first_query_comes_back_a_second_later(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    account = FakeAccount(FOURTEEN)
    rival = DynamoRateLimiter(dynamodb, table, account)
    met: list[object] = []

    class SlowAccount:
        def limits(self) -> Limits:
            met.append(rival.take(1, marketing=True, now=NOW))
            return FOURTEEN

    DynamoRateLimiter(dynamodb, table, SlowAccount()).take(1, marketing=True, now=NOW)

    second = NOW + timedelta(seconds=1)
    assert met == [Wait(second, HoldReason.PACE)]
    assert rival.take(1, marketing=True, now=second) == Permit(1, second)
    assert account.asked == 0


def test_the_state_of_sending_is_reported(dynamodb: "DynamoDBClient", table: str) -> None:
    account = FakeAccount(replace(FOURTEEN, sandbox=True, enforcement="PROBATION"))
    rate_limiter = DynamoRateLimiter(dynamodb, table, account)
    rate_limiter.take(14, marketing=True, now=NOW)
    before = dynamodb.scan(TableName=table)["Items"]
    account.current = replace(FOURTEEN, sent=14, sandbox=True, enforcement="PROBATION")

    status = DynamoRateLimiter(dynamodb, table, account).status(now=LATER)

    assert (status.rate, status.left, status.left_for_marketing) == (pytest.approx(13.58), 49_986, 47_486)
    assert (status.limits.sandbox, status.limits.enforcement, status.as_of) == (True, "PROBATION", LATER)
    assert dynamodb.scan(TableName=table)["Items"] == before


def test_the_operator_is_asked_before_anything_was_sent(dynamodb: "DynamoDBClient", table: str) -> None:
    status = DynamoRateLimiter(dynamodb, table, FakeAccount(FOURTEEN)).status(now=NOW)

    assert (status.limits, status.left, status.booked_until) == (FOURTEEN, 50_000, NOW)


def test_everything_comes_back_from_the_row_and_a_busy_one_stays_small() -> None:
    pace, now = RateLimiterState().asking(NOW).told(replace(FOURTEEN, rate=500), NOW).slowed(NOW), NOW
    for permit in range(3000):
        pace, _ = pace.take(1, marketing=permit % 9 > 0, now=now)
        now += timedelta(milliseconds=2)

    stored = rate_limiter_attributes(pace)

    assert read_rate_limiter(stored) == replace(pace, version=1)
    assert len(str(stored)) < 2048


def test_a_row_in_bulk_traffic_is_one_write_unit() -> None:
    pace, now = RateLimiterState().told(replace(FOURTEEN, rate=500), NOW), NOW
    for _ in range(300):
        pace, answer = pace.take(50, marketing=True, now=now)
        now = answer.until if isinstance(answer, Wait) else max(now, answer.at - timedelta(milliseconds=800))

    assert len(str(rate_limiter_attributes(pace))) < 1024
