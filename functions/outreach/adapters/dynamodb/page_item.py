"""The row of a page: what was about to be sent, and what became of it, as two strings."""

import json
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import Attribute, Item, milliseconds, moment, number, text
from outreach.domain.page import SENT, Page, Receipt
from outreach.domain.sends import SendId

if TYPE_CHECKING:
    from datetime import timedelta

RECEIPTS = "receipts"
CAMPAIGN = "campaign"


def page_row(page: Page, remembered_for: "timedelta") -> dict[str, Attribute]:
    """The whole row of a page that was just opened; all its sends are of one campaign."""
    sends = [[send.customer_id, send.key, send.run, send.step] for send in page.sends]
    return {
        **keys.page(page.shard, page.at, page.id),
        CAMPAIGN: text(page.sends[0].campaign),
        "at": number(milliseconds(page.at)),
        "marketing": {"BOOL": page.is_marketing},
        "sends": text(_compact(sends)),
        keys.EXPIRES: number(int((page.at + remembered_for).timestamp())),
    }


def receipts_attribute(page: Page) -> Attribute:
    """In the order of the sends: the id of one that went, else `!` and the reason; null while in doubt."""
    return text(_compact([_word(page.receipts.get(send)) for send in page.sends]))


def read_page(shard: int, row: Item) -> Page:
    """The page of a row."""
    campaign = row[CAMPAIGN]["S"]
    sends = tuple(
        SendId(customer_id, campaign, key, run, step)
        for customer_id, key, run, step in json.loads(row["sends"]["S"])
    )
    words = json.loads(row[RECEIPTS]["S"]) if RECEIPTS in row else []
    receipts = {send: _receipt(word) for send, word in zip(sends, words, strict=False) if word is not None}
    return Page(
        id=keys.page_id(row),
        shard=shard,
        at=moment(int(row["at"]["N"])),
        is_marketing=row["marketing"]["BOOL"],
        sends=sends,
        receipts=receipts,
    )


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _word(receipt: Receipt | None) -> str | None:
    if receipt is None:
        return None
    return receipt.message_id if receipt.outcome == SENT else f"!{receipt.outcome}"


def _receipt(word: str) -> Receipt:
    return Receipt(word[1:]) if word.startswith("!") else Receipt(SENT, word)
