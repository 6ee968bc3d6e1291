"""One entry of an enrollment's `sends`: short names, because a row holds one for every message."""

from outreach.adapters.dynamodb.items.attributes import Attribute, Item, instant, milliseconds, number, text
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import reason_of

STATUS = "s"
RANK = "r"
"""Beside the status, so that a condition can compare it."""
AT = "t"
MESSAGE = "m"
ATTEMPTS = "n"
MESSAGE_ID = "i"
REASON = "x"
TRIES = "v"
"""Seldom present: only while tries of a message fail."""


def send_attribute(send: Send) -> Attribute:
    entry: dict[str, Attribute] = {
        STATUS: text(send.status),
        RANK: number(send.status.rank),
        AT: number(milliseconds(send.at)),
        MESSAGE: text(send.message),
        ATTEMPTS: number(send.attempts),
    }
    if send.message_id is not None:
        entry[MESSAGE_ID] = text(send.message_id)
    if send.reason is not None:
        entry[REASON] = text(send.reason)
    if send.tries:
        entry[TRIES] = number(send.tries)
    return {"M": entry}


def read_send(entry: Item) -> Send:
    return Send(
        message=entry[MESSAGE]["S"],
        status=SendStatus(entry[STATUS]["S"]),
        at=instant(int(entry[AT]["N"])),
        attempts=int(entry[ATTEMPTS]["N"]),
        message_id=entry[MESSAGE_ID]["S"] if MESSAGE_ID in entry else None,
        reason=reason_of(entry[REASON]["S"]) if REASON in entry else None,
        tries=int(entry[TRIES]["N"]) if TRIES in entry else 0,
    )
