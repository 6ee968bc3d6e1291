"""The row of an enrollment (and of a run that a newer one replaced): where it stands and what was sent."""

from typing import Any

from outreach.adapters.dynamodb.items.attributes import (
    Attribute,
    Item,
    facts,
    in_milliseconds,
    instant,
    instants,
    milliseconds,
    number,
    optional_instant,
    optional_milliseconds,
    read_facts,
    text,
)
from outreach.adapters.dynamodb.items.send import read_send, send_attribute
from outreach.adapters.dynamodb.keys import DUE_AT, DUE_SHARD, due_shard
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    Resume,
    Skip,
    SkipReason,
    Trigger,
    Waiting,
)
from outreach.domain.journeys.hash_share import shard_of

_HIDDEN_KEY = "key_value"  # not in `facts`: an older release reads it here during a deployment

MAY_BE_ABSENT = ("token", DUE_SHARD, DUE_AT)
"""Attributes of `position` that a row has only while they mean something."""


def position(enrollment: Enrollment, shards: int) -> dict[str, Attribute]:
    """Everything but the key and the sends, with the next version.

    The due index holds an enrollment only while a sweep has to look at it.
    """
    attributes: dict[str, Attribute] = {
        "status": text(enrollment.status),
        "run": number(enrollment.run),
        "step": text(enrollment.step),
        "version": number(enrollment.version + 1),
        "facts": _facts(enrollment),
    }
    if enrollment.waiting is not None and enrollment.waiting.token is not None:
        attributes["token"] = text(enrollment.waiting.token)
    if enrollment.hidden_key is not None:
        attributes[_HIDDEN_KEY] = text(enrollment.hidden_key)
    if enrollment.swept and enrollment.is_active and enrollment.due_at is not None:
        shard = shard_of(enrollment.id.customer_id, shards)
        attributes[DUE_SHARD] = text(due_shard(enrollment.id.campaign, shard))
        attributes[DUE_AT] = number(milliseconds(enrollment.due_at))
    return attributes


def sends_attribute(enrollment: Enrollment) -> Attribute:
    return {"M": {step: send_attribute(send) for step, send in enrollment.sends.items()}}


def read_enrollment(enrollment_id: EnrollmentId, item: Item) -> Enrollment:
    """The enrollment of a row; properties that lie apart are missing (see `trigger_properties`)."""
    known = read_facts(item)
    used = known["trigger"]
    return Enrollment(
        id=enrollment_id,
        trigger=Trigger(
            used["id"],
            used["name"],
            instant(used["at"]),
            used.get("properties", {}),
            used.get("order"),
            used.get("apart", False),
        ),
        bundle=known["bundle"],
        started_at=instant(known["started"]),
        step=item["step"]["S"],
        entered_at=instant(known["entered"]),
        run=int(item["run"]["N"]),
        status=EnrollmentStatus(item["status"]["S"]),
        reason=known.get("reason"),
        ended_at=optional_instant(known.get("ended")),
        due_at=optional_instant(known.get("due")),
        waiting=_waiting(known.get("waiting"), item),
        consumed=instants(known.get("consumed", {})),
        sends={step: read_send(entry["M"]) for step, entry in item["sends"]["M"].items()},
        skips={
            step: Skip(SkipReason(why), instant(at)) for step, (why, at) in known.get("skips", {}).items()
        },
        holds=known.get("holds", {}),
        hold=HoldReason(known["hold"]) if "hold" in known else None,
        resume=_resume(known.get("resume")),
        swept=known.get("swept", False),
        goal_at=optional_instant(known.get("goal")),
        ended_by=known.get("by"),
        hidden_key=item[_HIDDEN_KEY]["S"] if _HIDDEN_KEY in item else None,
        version=int(item["version"]["N"]),
    )


def _facts(enrollment: Enrollment) -> Attribute:
    trigger, waiting, resume = enrollment.trigger, enrollment.waiting, enrollment.resume
    used: dict[str, Any] = {
        "id": trigger.event_id,
        "name": trigger.name,
        "at": milliseconds(trigger.occurred_at),
    }
    if trigger.properties_apart:
        used["apart"] = True
    elif trigger.properties:
        used["properties"] = dict(trigger.properties)
    if trigger.order_id is not None:
        used["order"] = trigger.order_id
    return facts(
        {
            "trigger": used,
            "bundle": enrollment.bundle,
            "started": milliseconds(enrollment.started_at),
            "entered": milliseconds(enrollment.entered_at),
            "reason": enrollment.reason,
            "ended": optional_milliseconds(enrollment.ended_at),
            "due": optional_milliseconds(enrollment.due_at),
            "waiting": None if waiting is None else [waiting.event, milliseconds(waiting.deadline)],
            "consumed": in_milliseconds(enrollment.consumed),
            "skips": {step: [skip.reason, milliseconds(skip.at)] for step, skip in enrollment.skips.items()},
            "holds": dict(enrollment.holds),
            "hold": enrollment.hold,
            "resume": None
            if resume is None
            else [resume.step, milliseconds(resume.entered_at), list(resume.late)],
            "swept": enrollment.swept or None,
            "goal": optional_milliseconds(enrollment.goal_at),
            "by": enrollment.ended_by,
        }
    )


def _resume(known: list[Any] | None) -> Resume | None:
    if known is None:
        return None
    step, entered_at, late = known
    return Resume(step, instant(entered_at), tuple(late))


def _waiting(known: list[Any] | None, item: Item) -> Waiting | None:
    if known is None:
        return None
    event, deadline = known
    return Waiting(event, instant(deadline), item["token"]["S"] if "token" in item else None)
