"""The account's one pacer: a row that every sender moves on, and only one at a time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import random
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.rate_limiter import rate_limiter_attributes, read_rate_limiter
from outreach.domain.errors import ConflictError
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.account_limits import LimitsUnknownError
from outreach.domain.sending.permit_lease import HeldPermits
from outreach.domain.sending.rate_limiter import AHEAD, Permit, RateLimiterState, Wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.sending.account_limits import Limits, SendingStatus
    from outreach.domain.sending.permit_lease import Lease
    from outreach.domain.sending.rate_limiter import Answer
    from outreach.ports.sending import SendingAccount

_ROUNDS = 25
"""How often a lost race is run again. Each is lost to a sender who got a turn: somebody always moves on."""
_FIRST_ANSWER = timedelta(seconds=1)


class DynamoRateLimiter:
    """Keeps the port RateLimiter with one conditional update for each permit, or for each lease of permits.

    The row is remembered from call to call, and a refused update brings back the newest one, so it need
    not be read first.
    """

    def __init__(self, client: DynamoDBClient, table: str, account: SendingAccount) -> None:
        self._client = client
        self._table = table
        self._account = account
        self._known: RateLimiterState | None = None
        self._held = {True: HeldPermits(), False: HeldPermits()}
        """By whether they are for marketing."""

    def take(self, sends: int, *, marketing: bool, now: datetime) -> Answer:
        """A permit for at most `sends` messages, or the moment to ask again.

        Raises LimitsUnknownError when SES has never told this stack its limits, and does not now.
        """
        if sends > 1:
            return self._answer(lambda state: state.take(sends, marketing=marketing, now=now), now)
        held = self._held[marketing].asking(now)
        if held.covers(now):
            self._held[marketing] = held.using()
            return Permit(1, now)
        lease: Lease | None = None

        def move(state: RateLimiterState) -> tuple[RateLimiterState, Answer]:
            nonlocal lease
            leased, lease = state.lease(len(held.asked), marketing=marketing, now=now)
            if lease is None:
                return state.take(1, marketing=marketing, now=now)
            return leased, Permit(1, now)

        answer = self._answer(move, now)
        self._held[marketing] = held if lease is None else held.holding(lease).using()
        return answer

    def _answer(
        self, move: Callable[[RateLimiterState], tuple[RateLimiterState, Answer]], now: datetime
    ) -> Answer:
        try:
            told = self._ask_if_time(now)
            if told is None and self._newest().limits is None:
                self._known = None  # another sender is asking at this moment: look at the row again then
                return Wait(now + _FIRST_ANSWER, HoldReason.PACE)
            return self._change(lambda state: move(state if told is None else state.told(told, now)))
        except ConflictError:
            # More senders at once than rounds: step aside, each for another while.
            return Wait(now + AHEAD * (1 + random()), HoldReason.PACE)  # noqa: S311 - nothing secret

    def slow_down(self, *, now: datetime) -> None:
        """SES refused for the rate."""
        self._drop_leases()
        self._hint(lambda state: state.slowed(now))

    def run_out(self) -> None:
        """SES refused for the 24-hour quota."""
        self._drop_leases()
        self._hint(lambda state: state.spent())

    def _drop_leases(self) -> None:
        self._held = {share: held.dropped() for share, held in self._held.items()}

    def status(self, *, now: datetime) -> SendingStatus:
        """For people, with limits asked for just now. Changes nothing. Raises LimitsUnknownError."""
        self._known = None
        return self._newest().told(self._account.limits(), now).status(now)

    def _ask_if_time(self, now: datetime) -> Limits | None:
        """New limits, if it is time for them and this sender of all wins the right to ask."""
        if not self._wins_asking(now):
            return None
        try:
            return self._account.limits()
        except LimitsUnknownError:
            if self._newest().limits is None:
                raise
            return None  # the old ones still hold; the next minute asks again

    def _wins_asking(self, now: datetime) -> bool:
        for _ in range(_ROUNDS):
            if not self._newest().must_ask(now):
                return False
            try:
                self._store(self._newest().asking(now))
            except ConflictError:
                continue  # somebody moved the row, and may be asking
            return True
        return False

    def _change[Result](self, move: Callable[[RateLimiterState], tuple[RateLimiterState, Result]]) -> Result:
        """Decide on the newest state and store what comes of it, unless somebody was faster: decide again."""
        for _ in range(_ROUNDS):
            state, result = move(self._newest())
            try:
                self._store(state)
            except ConflictError:
                continue
            return result
        raise ConflictError("too many senders moved the pacer at once")

    def _hint(self, move: Callable[[RateLimiterState], RateLimiterState]) -> None:
        """Told in vain when too many senders are at the row: then they meet the refusal themselves."""
        with suppress(ConflictError):
            self._change(lambda state: (state if state.limits is None else move(state), None))

    def _newest(self) -> RateLimiterState:
        if self._known is None:
            key = keys.sending_state("PACER")
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            self._known = read_rate_limiter(answer.get("Item", {}))
        return self._known

    def _store(self, state: RateLimiterState) -> None:
        """Raises ConflictError when the row is not as it was read; it is known as it is then."""
        change = Change()
        for name, attribute in rate_limiter_attributes(state).items():
            change.set(attribute, name)
        change.require_version(state.version)
        update = change.update(self._table, keys.sending_state("PACER"))
        update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            self._client.update_item(**update)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            # botocore knows this key, its stubs do not.
            item = cast("dict[str, Any]", error.response).get("Item")
            self._known = read_rate_limiter(item) if item else None
            raise ConflictError("the pacer moved on since it was read") from None
        self._known = replace(state, version=state.version + 1)
