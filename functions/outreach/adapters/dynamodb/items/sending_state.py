"""The rows of the sending state: an operator's pauses, the breaker's count, an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import (
    Attribute,
    Item,
    facts,
    instant,
    milliseconds,
    number,
    read_facts,
)
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.sending.breaker import Breaker, Opening, OpenReason, Tally
from outreach.domain.sending.outage import Outage
from outreach.domain.sending.sending_state import CampaignPause, Pause

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef


_RETRY_AT = "retry_at"


def pause_item(pause: Pause) -> dict[str, Attribute]:
    """Present only while an operator has paused something."""
    values = {
        "marketing_paused": True,
        "all_paused": pause.everything,
        "reason": pause.reason,
        "by": pause.by,
        "at": milliseconds(pause.at),
    }
    return {**keys.sending(), "facts": facts(values)}


def read_pause(item: Item) -> Pause | None:
    known = read_facts(item)
    if not known:
        return None
    return Pause(known["all_paused"], known["reason"], known["by"], instant(known["at"]))


def campaign_pause_item(campaign: str, pause: CampaignPause) -> dict[str, Attribute]:
    """Present only while the campaign is paused."""
    values = {"reason": pause.reason, "by": pause.by, "at": milliseconds(pause.at)}
    return {**keys.paused_campaign(campaign), "facts": facts(values)}


def read_campaign_pause(item: Item) -> CampaignPause:
    known = read_facts(item)
    return CampaignPause(known["reason"], known["by"], instant(known["at"]))


def outage_put(outage: Outage, table: str, *, known: Outage | None) -> PutTypeDef:
    """The whole row, if it still holds what was known. One that is over is empty.

    The time of the next try is its version, because every change of an outage advances that; so releases that
    know different facts understand each other.
    """
    change = Change()
    path = change.path(_RETRY_AT)
    if known is None:
        change.require(f"attribute_not_exists({path})")
    else:
        change.require(f"{path} = {change.value(number(milliseconds(known.retry_at)))}")
    values = {
        "reason": outage.reason,
        "since": milliseconds(outage.since),
        "refusals": outage.refusals,
        "is_tried": outage.is_tried,
    }
    moved_on = {_RETRY_AT: number(milliseconds(outage.retry_at))}
    return change.put(table, {**keys.outage(), **moved_on, "facts": facts(values)})


def outage_over() -> dict[str, Attribute]:
    """An empty row: a writer that read another one has lost the race."""
    return {**keys.outage()}


def read_outage(item: Item) -> Outage | None:
    known = read_facts(item)
    if not known:
        return None
    return Outage(
        known["reason"],
        instant(known["since"]),
        instant(int(item[_RETRY_AT]["N"])),
        known.get("refusals", 1),
        known.get("is_tried", False),
    )


def breaker_put(breaker: Breaker, table: str) -> PutTypeDef:
    """The whole row, if the count is unchanged since it was read."""
    opening = breaker.opening
    values: dict[str, Any] = {
        "blocks": [_counts(block) for block in breaker.blocks],
        "opening": None
        if opening is None
        else [opening.reason, milliseconds(opening.at), *_counts(opening.total)],
    }
    change = Change()
    change.require_version(breaker.version)
    item = {**keys.breaker(), "facts": facts(values), "version": number(breaker.version + 1)}
    return change.put(table, item)


def read_breaker(item: Item) -> Breaker:
    """The breaker of a row; an empty row has counted nothing yet."""
    if not item:
        return Breaker()
    known = read_facts(item)
    opening = known.get("opening")
    return Breaker(
        tuple(Tally(*block) for block in known["blocks"]),
        None
        if opening is None
        else Opening(OpenReason(opening[0]), instant(opening[1]), Tally(*opening[2:])),
        version=int(item["version"]["N"]),
    )


def _counts(tally: Tally) -> list[int]:
    return [tally.sends, tally.bounces, tally.complaints]
