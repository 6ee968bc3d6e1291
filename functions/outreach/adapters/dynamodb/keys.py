"""Every key of the table. Ids come from outside and may hold any character, `#` too: parts are escaped.

More than 250 lines: in one file it can be seen that no two kinds of rows share a key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.domain.errors import OutreachError
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.sending.send import SendId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.domain.feedback.survey import Question

PARTITION = "PK"
SORT = "SK"
DUE_INDEX = "due"
DUE_SHARD = "due_shard"
DUE_AT = "due_at"
EXPIRES = "ttl"
ENROLLMENTS = "ENROLLMENT#"
RUNS = "RUN#"
FACTS = "FACTS#"
ORDERS = "ORDER#"
ANSWERS = "ANSWER#"
PAUSED_CAMPAIGNS = "PAUSED#"
ADDRESS = "ADDRESS"
CUSTOMERS = "CUSTOMER#"
PROFILE = "PROFILE"
HISTORIES = "CAMPAIGN#"
SECRETS = "SECRET#"
PUBLISHED = "PUBLISHED"
"""The partition of all pointers: senders read it as a whole, twice a minute."""
FEEDBACK = "FEEDBACK"
"""The partition of marks and slots of feedback, which show whether reports come in."""
SWEEPS = "SWEEPS"
"""The partition of sweeps' calls."""
LEASES = "SWEEPING#"
"""The partitions, one for each campaign, of who sweeps its shards."""
UNMATCHED = "UNMATCHED"
"""The partition of replayed reports whose run is not in the table."""
HOUSE = "HOUSE"
"""The partition of the sending state, which holds for all customers."""
DROPPED = "DROPPED"
"""The partition of the refused messages that an operator dropped."""

_LONGEST_PARTITION = 2048
_LONGEST_SORT = 1024

type Key = "dict[str, AttributeValueTypeDef]"


class KeyTooLongError(OutreachError):
    """Ids that are together longer than a DynamoDB key may be (2048 bytes, sort key 1024)."""


def profile(customer_id: str) -> Key:
    return _key(_customer(customer_id), PROFILE)


def event(customer_id: str, event_id: str) -> Key:
    return _key(_customer(customer_id), f"EVENT#{_part(event_id)}")


def order(customer_id: str, order_id: str) -> Key:
    return _key(_customer(customer_id), f"{ORDERS}{_part(order_id)}")


def enrollment(enrollment_id: EnrollmentId) -> Key:
    return _key(
        _customer(enrollment_id.customer_id),
        f"{ENROLLMENTS}{_part(enrollment_id.campaign)}#{_part(enrollment_id.key)}",
    )


def run(enrollment_id: EnrollmentId, number: int) -> Key:
    """The key of a run that a newer run of the same enrollment replaced."""
    return _key(
        _customer(enrollment_id.customer_id),
        f"{RUNS}{_part(enrollment_id.campaign)}#{_part(enrollment_id.key)}#{number:06d}",
    )


def properties(enrollment_id: EnrollmentId, number: int) -> Key:
    """The key of the properties of the event that began a run, where they are too large for the run's row."""
    return _key(
        _customer(enrollment_id.customer_id),
        f"{FACTS}{_part(enrollment_id.campaign)}#{_part(enrollment_id.key)}#{number:06d}",
    )


def survey_answer(question: Question) -> Key:
    """The key of an answer: by its send, or by its topic for a link without a send."""
    send = question.send
    if send is None:
        name = f"TOPIC#{_part(question.topic)}"
    else:
        name = f"SEND#{_part(send.campaign)}#{_part(send.key)}#{send.run:06d}#{_part(send.step)}"
    return _key(_customer(question.customer_id), f"{ANSWERS}{name}")


def survey_send(item: Item) -> tuple[str, SendId | None]:
    """Undo `survey_answer`: the customer, and the send if the question named one."""
    customer_id = _whole(item[PARTITION]["S"].removeprefix(CUSTOMERS))
    _, kind, *parts = item[SORT]["S"].split("#")
    if kind == "TOPIC":
        return customer_id, None
    campaign, key, run, step = parts
    return customer_id, SendId(customer_id, _whole(campaign), _whole(key), int(run), _whole(step))


def runs_of(campaign: str) -> tuple[str, str]:
    """The prefix of the sort keys of a campaign's runs: of the newest ones, and of earlier ones."""
    return f"{ENROLLMENTS}{_part(campaign)}#", f"{RUNS}{_part(campaign)}#"


def secret(name: str) -> Key:
    return _key(f"{SECRETS}{_part(name)}", "SECRET")


def table_format() -> Key:
    """The format of the rows. A partition of its own: functions with access to nothing else read it."""
    return _key("FORMAT", "FORMAT")


def sending_state(name: str) -> Key:
    """One row for each thing that holds for all messages: `PACER` and so on."""
    return _key(HOUSE, name)


def address(address_id: str) -> Key:
    """`address_id` is a hash: no address is ever part of a key."""
    return _key(f"ADDRESS#{_part(address_id)}", ADDRESS)


def address_link(address_id: str, customer_id: str) -> Key:
    """Records that this customer has this address."""
    return _key(f"ADDRESS#{_part(address_id)}", _customer(customer_id))


def sending() -> Key:
    return _key(HOUSE, "SENDING")


def paused_campaign(campaign: str) -> Key:
    """Records that an operator paused this campaign."""
    return _key(HOUSE, f"{PAUSED_CAMPAIGNS}{_part(campaign)}")


def paused_campaign_name(item: Item) -> str:
    """Undo `paused_campaign`."""
    return _whole(item[SORT]["S"].removeprefix(PAUSED_CAMPAIGNS))


def outage() -> Key:
    """Records an outage: SES refuses everything from the account."""
    return _key(HOUSE, "OUTAGE")


def restore() -> Key:
    """Records that an operator restores the table."""
    return _key(HOUSE, "RESTORE")


def unmatched_report(send_id: SendId) -> Key:
    """Records that a restore replayed a report of a send whose run is not in the table."""
    return _key(UNMATCHED, sha256(send_id.encoded().encode()).hexdigest())


def swept_campaigns() -> Key:
    """The campaigns that ever had something in the due index."""
    return _key(HOUSE, "SWEPT")


def breaker() -> Key:
    return _key(HOUSE, "BREAKER")


def watermark() -> Key:
    return _key(FEEDBACK, "WATERMARK")


def feedback_slot(source: str, start: datetime) -> Key:
    """Records that a source reported something of messages that SES took in the five minutes from `start`."""
    return _key(FEEDBACK, f"{feedback_slots(source)}{start.astimezone(UTC).isoformat()}")


def feedback_slots(source: str) -> str:
    """The prefix of the sort keys of a source's slots; they lie in the order of time."""
    return f"SLOT#{_part(source)}#"


def feedback_slot_start(item: Item) -> datetime:
    """Undo `feedback_slot`."""
    return datetime.fromisoformat(item[SORT]["S"].rpartition("#")[2])


def probe() -> Key:
    """When a process last checked whether feedback flows."""
    return _key(FEEDBACK, "PROBE")


def pointer(campaign: str) -> Key:
    """The current bundle of a campaign."""
    return _key(PUBLISHED, f"{HISTORIES}{_part(campaign)}")


def publications_of(campaign: str) -> str:
    """The partition of all publications of a campaign."""
    return f"{HISTORIES}{_part(campaign)}"


def publication(campaign: str, revision: int) -> Key:
    """They lie in the order in which they were published."""
    return _key(publications_of(campaign), f"HISTORY#{revision:08d}")


def page(shard: int, at: datetime, page_id: str) -> Key:
    """Pages lie in the order of time: unresolved claims are found by reading on from the last place."""
    return _key(pages(shard), f"{page_instant(at)}#{_part(page_id)}")


def page_instant(at: datetime) -> str:
    """The prefix of the places of pages of one instant."""
    return at.isoformat(timespec="milliseconds")


def pages(shard: int) -> str:
    """The partition that holds the pages of one shard, of all campaigns."""
    return f"PAGES#{shard}"


def resolved_pages(shard: int) -> Key:
    """Up to where the pages of a shard are resolved."""
    return _key(pages(shard), "SETTLED")


def sweep_call(sweep: datetime, campaign: str, call_id: str) -> Key:
    """Calls lie in the order of their sweeps."""
    return _key(SWEEPS, f"{sweep_instant(sweep)}#{_part(campaign)}#{_part(call_id)}")


def shard_lease(campaign: str, shard: int) -> Key:
    """Who sweeps a campaign shard."""
    return _key(f"{LEASES}{_part(campaign)}", str(shard))


def dropped(message_id: str) -> Key:
    """Records that an operator dropped the message of that SQS id."""
    return _key(DROPPED, _part(message_id))


def sweep_instant(sweep: datetime) -> str:
    """The prefix of the places of all calls of one sweep."""
    return sweep.astimezone(UTC).isoformat(timespec="milliseconds")


def sweep_and_campaign(item: Item) -> tuple[datetime, str]:
    """Undo `sweep_call`."""
    sweep, campaign, _ = item[SORT]["S"].split("#")
    return datetime.fromisoformat(sweep), _whole(campaign)


def page_id(item: Item) -> str:
    return _whole(item[SORT]["S"].split("#")[1])


def partition_of(customer_id: str) -> str:
    """The partition that holds all rows of one customer."""
    return _customer(customer_id)


def due_shard(campaign: str, shard: int) -> str:
    """The partition of the due index for one part of a campaign's customers."""
    return f"{_part(campaign)}#{shard}"


def enrollment_id(item: Item) -> EnrollmentId:
    """Which enrollment an item is: of the table (an archived run too) or of the due index."""
    _, customer_id = item[PARTITION]["S"].split("#")
    _, campaign, key, *_ = item[SORT]["S"].split("#")
    return EnrollmentId(_whole(customer_id), _whole(campaign), _whole(key))


def order_id(item: Item) -> str:
    """Which order of its customer an item is."""
    return _whole(item[SORT]["S"].removeprefix(ORDERS))


def address_id(item: Item) -> str:
    """Which address an item is about."""
    return _whole(item[PARTITION]["S"].split("#")[1])


def linked_customer(item: Item) -> str:
    """The customer that a link of an address leads to."""
    return _whole(item[SORT]["S"].removeprefix(CUSTOMERS))


def _customer(customer_id: str) -> str:
    return f"{CUSTOMERS}{_part(customer_id)}"


def _part(name: str) -> str:
    return name.replace("%", "%25").replace("#", "%23")


def _whole(part: str) -> str:
    return part.replace("%23", "#").replace("%25", "%")


def _key(partition: str, sort: str) -> Key:
    if len(partition.encode()) > _LONGEST_PARTITION or len(sort.encode()) > _LONGEST_SORT:
        kind = sort.partition("#")[0].lower()
        raise KeyTooLongError(
            f"the ids of this {kind} row are too long: at most {_LONGEST_PARTITION} bytes for the customer "
            f"and {_LONGEST_SORT} for the rest together"
        )
    return {PARTITION: {"S": partition}, SORT: {"S": sort}}
