"""Whether mail may go out, as the table says: pauses by people, the breaker, and outages."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.restore import read_restore, restore_item
from outreach.adapters.dynamodb.items.sending_state import (
    breaker_put,
    campaign_pause_item,
    outage_over,
    outage_put,
    pause_item,
    read_breaker,
    read_campaign_pause,
    read_outage,
    read_pause,
)
from outreach.domain.errors import ConflictError
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.outage import Outage, outage_after
from outreach.domain.sending.sending_state import SendingState

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.sending.breaker import Breaker
    from outreach.domain.sending.sending_state import CampaignPause, Pause, Restore
    from outreach.ports.clock import Clock

FRESH = timedelta(seconds=5)
"""How long what was read may be used: a pause takes effect within this time."""


class DynamoSendingState:
    """Keeps the ports House, SendingSwitch, CampaignSwitch and BreakerBook."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        *,
        clock: Clock,
        on_refusal: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`on_refusal` is told the reason of every refusal that began or prolonged an outage."""
        self._client = client
        self._on_refusal = on_refusal
        self._table = table
        self._clock = clock
        self._read: tuple[datetime, Rules] | None = None

    def rules(self) -> Rules:
        """Caps, pauses and outage, at most five seconds old."""
        now = self._clock.now()
        if self._read is None or not self._read[0] <= now < self._read[0] + FRESH:
            sending = self.sending()
            rules = Rules(
                marketing_paused=sending.marketing_paused,
                all_paused=sending.all_paused,
                paused_campaigns=frozenset(sending.campaigns),
                outage=sending.outage,
                is_restoring=sending.restore is not None,
            )
            self._read = now, rules
        return self._read[1]

    def try_alone(self, outage: Outage, *, now: datetime) -> bool:
        """Whether nobody else has begun to find out meanwhile."""
        try:
            self._put_outage(outage.tried(now), known=outage)
        except ConflictError:
            return False
        return True

    def remember_refusal(self, reason: str, *, now: datetime) -> None:
        """Begin an outage, or prolong it. Who loses a race to another that was refused has nothing to add."""
        key = keys.outage()
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        known = read_outage(answer.get("Item", {}))
        outage = outage_after(known, reason, now)
        self._read = None
        if outage != known:
            with suppress(ConflictError):
                self._put_outage(outage, known=known)
                self._on_refusal(reason)

    def end_outage(self) -> None:
        """SES takes mail again."""
        self._client.put_item(TableName=self._table, Item=outage_over())
        self._read = None

    def sending(self) -> SendingState:
        """As it is now."""
        answer = self._client.query(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :house",
            ExpressionAttributeValues={":house": keys.sending()[keys.PARTITION]},
        )
        rows = {row[keys.SORT]["S"]: row for row in answer["Items"]}
        return SendingState(
            read_pause(rows.get(keys.sending()[keys.SORT]["S"], {})),
            read_breaker(rows.get(keys.breaker()[keys.SORT]["S"], {})),
            read_outage(rows.get(keys.outage()[keys.SORT]["S"], {})),
            {
                keys.paused_campaign_name(row): read_campaign_pause(row)
                for name, row in rows.items()
                if name.startswith(keys.PAUSED_CAMPAIGNS)
            },
            read_restore(rows.get(keys.restore()[keys.SORT]["S"], {})),
        )

    def pause(self, pause: Pause) -> None:
        """From now on; a pause that was there before is replaced."""
        self._client.put_item(TableName=self._table, Item=pause_item(pause))

    def note_restore(self, restore: Restore) -> None:
        """How far a restore is; no enrollment advances until `end_restore`."""
        self._client.put_item(TableName=self._table, Item=restore_item(restore))
        self._read = None

    def end_restore(self) -> None:
        """Enrollments advance again."""
        self._client.delete_item(TableName=self._table, Key=keys.restore())
        self._read = None

    def pause_campaign(self, campaign: str, pause: CampaignPause) -> None:
        """From now on."""
        self._client.put_item(TableName=self._table, Item=campaign_pause_item(campaign, pause))
        self._read = None

    def resume_campaign(self, campaign: str) -> None:
        """One that is not paused stays so."""
        self._client.delete_item(TableName=self._table, Key=keys.paused_campaign(campaign))
        self._read = None

    def resume(self, breaker: Breaker) -> None:
        """No pause, no outage, and the breaker as given. Raises ConflictError when it counted meanwhile."""
        with conflict_when_changed("the breaker"):
            self._client.transact_write_items(
                TransactItems=[
                    {"Delete": {"TableName": self._table, "Key": keys.sending()}},
                    {"Put": {"TableName": self._table, "Item": outage_over()}},
                    {"Put": breaker_put(breaker, self._table)},
                ]
            )
        self._read = None

    def breaker(self) -> Breaker:
        """What it has counted."""
        key = keys.breaker()
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return read_breaker(answer.get("Item", {}))

    def count(self, breaker: Breaker) -> None:
        """Store a breaker that counted more. Raises ConflictError when another did so meanwhile."""
        with conflict_when_changed("the breaker"):
            self._client.put_item(**breaker_put(breaker, self._table))

    def _put_outage(self, outage: Outage, *, known: Outage | None) -> None:
        self._read = None
        with conflict_when_changed("the outage"):
            self._client.put_item(**outage_put(outage, self._table, known=known))
