"""How an enrollment's row is written: as a whole when it is new, else only where it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb.items import send as send_item
from outreach.adapters.dynamodb.items.attributes import Attribute, number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.enrollment import MAY_BE_ABSENT, position, sends_attribute
from outreach.adapters.dynamodb.items.send import send_attribute
from outreach.domain.sending.send import Send, SendStatus

if TYPE_CHECKING:
    from collections.abc import Collection

    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.journeys.enrollment import Enrollment


def new_row(enrollment: Enrollment, key: Key, shards: int) -> dict[str, Attribute]:
    """The whole row. `sends` is there from the start: an update cannot write into a missing map."""
    return {**key, **position(enrollment, shards), "sends": sends_attribute(enrollment)}


def archived_row(enrollment: Enrollment, key: Key) -> dict[str, Attribute]:
    """The whole row of a run that is over; it is never in the due index."""
    return {**key, **position(enrollment, shards=1), "sends": sends_attribute(enrollment)}


def moved(enrollment: Enrollment, shards: int) -> Change:
    """Where the enrollment stands now, if it is unchanged since it was read. The sends stay."""
    change = Change()
    attributes = position(enrollment, shards)
    for name, attribute in attributes.items():
        change.set(attribute, name)
    for name in MAY_BE_ABSENT:
        if name not in attributes:
            change.remove(name)
    change.require_version(enrollment.version)
    return change


def saved(enrollment: Enrollment, shards: int, *, replaces: Enrollment | None = None) -> Change:
    """Where it stands, and its sends as read; feedback that changed a send since then is a conflict.

    Feedback raises sends without a new version, so sent messages are left to it. A run without sends is a new
    one: the map starts empty, provided that those of the run it replaces were archived as they are.
    """
    change = moved(enrollment, shards)
    if not enrollment.sends:
        change.set({"M": {}}, "sends")
    if replaces is not None:
        change.require(f"{change.path('sends')} = {change.value(sends_attribute(replaces))}")
    for step, send in enrollment.sends.items():
        if not send.status.went_out:
            change.set(send_attribute(send), "sends", step)
            rank = change.value(number(send.status.rank))
            change.require(f"{change.path('sends', step, send_item.RANK)} <= {rank}")
    return change


def claimed(enrollment: Enrollment, step: str, shards: int) -> Change:
    """As advanced, and with one more send, which was never claimed or whose claim was released."""
    change = moved(enrollment, shards)
    change.require(f"{change.path('status')} = {change.value(text(enrollment.status.ACTIVE))}")
    before = change.path("sends", step, send_item.STATUS)
    released = change.value(text(SendStatus.DEFERRED))
    change.require(f"(attribute_not_exists({change.path('sends', step)}) OR {before} = {released})")
    change.set(send_attribute(enrollment.sends[step]), "sends", step)
    return change


def reopened(enrollment: Enrollment, steps: Collection[str], shards: int) -> Change:
    """As advanced, and with sends that may be claimed again although they had ended unsent."""
    change = moved(enrollment, shards)
    for step in steps:
        status = change.path("sends", step, send_item.STATUS)
        ends = [change.value(text(each)) for each in (SendStatus.FAILED, SendStatus.UNKNOWN)]
        change.require(f"{status} IN ({', '.join(ends)})")
        change.set(send_attribute(enrollment.sends[step]), "sends", step)
    return change


def risen(change: Change, step: str, send: Send) -> Change:
    """With a send of a higher status; one that is already as high refuses the whole change."""
    change.set(send_attribute(send), "sends", step)
    _require_rise(change, step, send.status)
    return change


def noted(run: int, step: str, send: Send) -> Change:
    """Only the send, in a run that changed or ended meanwhile."""
    return risen(_in_run(run), step, send)


def _in_run(run: int) -> Change:
    change = Change()
    change.require(f"{change.path('run')} = {change.value(number(run))}")
    return change


def _require_rise(change: Change, step: str, status: SendStatus) -> None:
    rank = change.path("sends", step, send_item.RANK)
    change.require(f"{rank} < {change.value(number(status.rank))}")
