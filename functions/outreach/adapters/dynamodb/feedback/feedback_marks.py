"""How reports come in from each source: marks and the last backlog in one row, and a row for each slot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds, number, text
from outreach.domain.feedback.health import MARK_STEP, SLOTS_REMEMBERED, FeedbackHealth
from outreach.domain.feedback.report import ReportSource

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.feedback.health import Slot

_MARKS = {ReportSource.EVENTBRIDGE: "at", ReportSource.SNS: "sns_at"}
"""`at` was the only mark before there were two sources, and EventBridge the only source."""
_SINCE = {ReportSource.EVENTBRIDGE: "eventbridge_since", ReportSource.SNS: "sns_since"}
_BEHIND_AT = "behind_at"
_MOST_REMEMBERED = 1000
"""Slots that a process remembers to have noted."""


class DynamoFeedbackMarks:
    """Keeps the port FeedbackMarks. Each process remembers what it wrote, and does not write it again."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._risen: dict[ReportSource, datetime] = {}
        self._noted: set[Slot] = set()
        self._behind_at: datetime | None = None

    def health(self) -> FeedbackHealth:
        """All but the probes."""
        key = keys.watermark()
        row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        known = {name: instant(int(value["N"])) for name, value in row.items() if "N" in value}
        return FeedbackHealth(
            marks={source: known[name] for source, name in _MARKS.items() if name in known},
            since={source: known[name] for source, name in _SINCE.items() if name in known},
            behind_at=known.get(_BEHIND_AT),
        )

    def rise(self, source: ReportSource, sent_at: datetime, now: datetime) -> None:
        """To this moment, if that is `MARK_STEP` above what this process stored, and above the row."""
        if source in self._risen and sent_at < self._risen[source] + MARK_STEP:
            return
        self._set(_MARKS[source], sent_at, since=_SINCE[source], now=now)
        self._risen[source] = sent_at

    def note_behind(self, now: datetime) -> None:
        """That a backlog is taken in; a process stores it again only after `MARK_STEP`."""
        if self._behind_at is not None and now < self._behind_at + MARK_STEP:
            return
        self._set(_BEHIND_AT, now)
        self._behind_at = now

    def _set(self, name: str, at: datetime, *, since: str = "", now: datetime | None = None) -> None:
        """Unless it is as high already."""
        names = {"#at": name}
        values = {":at": number(milliseconds(at))}
        update = "SET #at = :at"
        if now is not None:
            names["#since"], values[":now"] = since, number(milliseconds(now))
            update += ", #since = if_not_exists(#since, :now)"
        with refused_when_conditions_fail():
            self._client.update_item(
                TableName=self._table,
                Key=keys.watermark(),
                UpdateExpression=update,
                ConditionExpression="attribute_not_exists(#at) OR #at < :at",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )

    def note_slots(self, slots: Collection[Slot]) -> None:
        """A row for each that this process has not noted yet."""
        for source, start in sorted(set(slots) - self._noted):
            expires_at = start + SLOTS_REMEMBERED
            ttl = number(int(expires_at.timestamp()))
            item = {**keys.feedback_slot(source, start), keys.EXPIRES: ttl}
            self._client.put_item(TableName=self._table, Item=item)
            if len(self._noted) >= _MOST_REMEMBERED:
                self._noted.clear()
            self._noted.add((source, start))

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """In which something was reported, of those that begin from `first` to `last`."""
        return frozenset(
            (source, keys.feedback_slot_start(row))
            for source in ReportSource
            for row in self._client.query(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="PK = :feedback AND SK BETWEEN :first AND :last",
                ExpressionAttributeValues={
                    ":feedback": text(keys.FEEDBACK),
                    ":first": text(keys.feedback_slot(source, first)[keys.SORT]["S"]),
                    ":last": text(keys.feedback_slot(source, last)[keys.SORT]["S"]),
                },
            )["Items"]
        )
