"""The row of a page: what was about to be sent, and the outcomes, as two strings."""

import json
from datetime import timedelta

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import Attribute, Item, instant, milliseconds, number, text
from outreach.domain.sending.page import Outcome, Page, Receipt
from outreach.domain.sending.send import SendId

RECEIPTS = "receipts"
REMEMBERED = timedelta(days=90)
"""How long a page is kept: far longer than any claim in it can be unresolved."""

_CAMPAIGN = "campaign"
_AT = "at"
_MARKETING = "marketing"
_SENDS = "sends"
_SIGNS = {"=": Outcome.SENT, "?": Outcome.RELEASED, "!": Outcome.REFUSED}
"""The first character of a receipt."""
_SIGN_OF = {outcome: sign for sign, outcome in _SIGNS.items()}


def page_row(page: Page) -> dict[str, Attribute]:
    """The whole row of a page that was just opened; all its sends are of one campaign."""
    campaign = next(iter(page.sends)).campaign
    sends = [
        [send.customer_id, send.key, send.run, send.step, milliseconds(came)]
        for send, came in page.sends.items()
    ]
    return {
        **keys.page(page.shard, page.at, page.id),
        _CAMPAIGN: text(campaign),
        _AT: number(milliseconds(page.at)),
        _MARKETING: {"BOOL": page.is_marketing},
        _SENDS: text(_compact(sends)),
        keys.EXPIRES: number(int((page.at + REMEMBERED).timestamp())),
    }


def receipts_attribute(page: Page) -> Attribute:
    """In the order of the sends: a sign and a text, or null for unresolved ones."""
    receipts = [page.receipts.get(send) for send in page.sends]
    return text(_compact([each and f"{_SIGN_OF[each.outcome]}{each.word}" for each in receipts]))


def read_page(shard: int, row: Item) -> Page:
    """The page of a row."""
    campaign = row[_CAMPAIGN]["S"]
    sends = {
        SendId(customer_id, campaign, key, run, step): instant(came)
        for customer_id, key, run, step, came in json.loads(row[_SENDS]["S"])
    }
    words = json.loads(row[RECEIPTS]["S"]) if RECEIPTS in row else [None] * len(sends)
    return Page(
        id=keys.page_id(row),
        shard=shard,
        at=instant(int(row[_AT]["N"])),
        is_marketing=row[_MARKETING]["BOOL"],
        sends=sends,
        receipts={
            send: Receipt(_SIGNS[word[0]], word[1:])
            for send, word in zip(sends, words, strict=True)
            if word is not None
        },
    )


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
