"""What every Enrollments and DueShards must do, the fake as well as the table."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.dynamodb.conftest import SHARDS, Memory
from adapters.dynamodb.rows import a_full_enrollment
from builders import NOW, a_customer, a_send, an_enrollment
from outreach.domain.errors import ConflictError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.send import SendStatus
from reported import report

HOUR = timedelta(hours=1)


def test_an_enrollment_that_is_not_there_is_an_error(memory: Memory) -> None:
    with pytest.raises(UnknownEnrollmentError, match="onboarding"):
        memory.enrollments.get(EnrollmentId("c-ana", "onboarding", "c-ana"))


def test_an_enrollment_comes_back_with_all_that_it_is(memory: Memory) -> None:
    memory.save(a_full_enrollment())

    assert memory.enrollments.get(a_full_enrollment().id) == replace(a_full_enrollment(), version=1)


def test_saving_returns_what_is_stored(memory: Memory) -> None:
    enrollment = memory.save(an_enrollment())
    enrollment = memory.save(enrollment.enter_step("nudge", NOW + HOUR))

    assert enrollment.version == 2
    assert memory.enrollments.get(enrollment.id) == enrollment


def test_what_an_enrollment_no_longer_waits_for_is_gone(memory: Memory) -> None:
    waiting = memory.save(a_full_enrollment())

    moved = memory.save(replace(waiting.enter_step("tip", NOW), goal_at=None, ended_at=None, reason=None))

    assert memory.enrollments.get(waiting.id) == moved
    assert moved.waiting is None


def test_the_second_save_raises(memory: Memory) -> None:
    read = memory.save(an_enrollment())
    memory.save(read.enter_step("first", NOW))

    with pytest.raises(ConflictError):
        memory.save(read.enter_step("second", NOW))
    assert memory.enrollments.get(read.id).step == "first"


def test_the_same_enrollment_is_made_only_once(memory: Memory) -> None:
    memory.save(an_enrollment(step="first"))

    with pytest.raises(ConflictError):
        memory.save(an_enrollment(step="second"))
    assert memory.enrollments.get(an_enrollment().id).step == "first"


def test_what_was_never_stored_cannot_be_changed(memory: Memory) -> None:
    with pytest.raises(ConflictError):
        memory.save(an_enrollment(version=1))


def test_saving_keeps_what_feedback_said_meanwhile(memory: Memory) -> None:
    read = memory.save(an_enrollment(sends={"welcome": a_send(SendStatus.SENT)}))
    report(memory.deliveries, read.send_id("welcome"), SendStatus.OPENED, NOW + HOUR)

    memory.save(read.enter_step("nudge", NOW))

    kept = memory.enrollments.get(read.id)
    assert (kept.step, kept.sends["welcome"].status) == ("nudge", SendStatus.OPENED)


def test_giving_up_a_claim_that_went_out_after_all_is_a_conflict(memory: Memory) -> None:
    read = memory.save(an_enrollment(sends={"welcome": a_send()}))
    report(memory.deliveries, read.send_id("welcome"), SendStatus.SENT, NOW, message_id="ses-1")

    with pytest.raises(ConflictError):
        memory.save(read.with_send("welcome", a_send(SendStatus.UNKNOWN)))
    assert memory.enrollments.get(read.id).sends["welcome"].message_id == "ses-1"


def test_a_claim_may_be_recorded_as_unknown(memory: Memory) -> None:
    read = memory.save(an_enrollment(sends={"welcome": a_send()}))

    memory.save(read.with_send("welcome", a_send(SendStatus.UNKNOWN, reason="no_record")))

    assert memory.enrollments.get(read.id).sends["welcome"].status is SendStatus.UNKNOWN


def test_a_customer_has_all_their_enrollments_and_no_others(memory: Memory) -> None:
    mine = [
        memory.save(an_enrollment()),
        memory.save(an_enrollment("delay-notification", key="o#1")),
        memory.save(an_enrollment("delay-notification", key="o-2", status=EnrollmentStatus.LEFT)),
    ]
    memory.save(an_enrollment(customer_id="c-ana-2"))
    memory.take_in(a_customer(), archived=(an_enrollment(run=1),))

    assert memory.enrollments.of_customer("c-ana") == {each.id: each for each in mine}
    assert memory.enrollments.of_customer("c-nobody") == {}


def _due(memory: Memory, customer_id: str = "c-ana", *, limit: int = 10, at: timedelta = HOUR) -> list[str]:
    shard = shard_of(customer_id, SHARDS)
    return [each.key for each in memory.enrollments.due("win-back", shard, NOW + at, limit)]


def _swept(key: str = "k", **fields: Any) -> Enrollment:
    return an_enrollment("win-back", key=key, **{"swept": True, "due_at": NOW, **fields})


def test_what_is_due_comes_longest_due_first_and_no_more_than_asked_for(memory: Memory) -> None:
    memory.save(_swept("late", due_at=NOW + HOUR))
    memory.save(_swept("early", due_at=NOW))
    memory.save(_swept("middle", due_at=NOW + HOUR / 2))
    memory.save(_swept("not yet", due_at=NOW + HOUR + timedelta(milliseconds=1)))

    assert _due(memory) == ["early", "middle", "late"]
    assert _due(memory, limit=2) == ["early", "middle"]


def test_only_sweep_driven_enrollments_are_ever_due(memory: Memory) -> None:
    memory.save(_swept("by workflow", swept=False))
    memory.save(_swept("waits for an event only", due_at=None))

    assert _due(memory) == []


def test_an_enrollment_is_due_in_its_own_campaign_and_shard_only(memory: Memory) -> None:
    enrollment = memory.save(_swept())
    shard = shard_of("c-ana", SHARDS)

    found = {
        (campaign, each): memory.enrollments.due(campaign, each, NOW, 10)
        for campaign in ("win-back", "onboarding")
        for each in range(SHARDS)
    }

    assert {place: ids for place, ids in found.items() if ids} == {("win-back", shard): (enrollment.id,)}


def test_moving_an_enrollment_moves_it_in_the_index_too(memory: Memory) -> None:
    enrollment = memory.save(_swept())

    enrollment = memory.save(replace(enrollment, due_at=NOW + 2 * HOUR))
    assert _due(memory) == []
    assert _due(memory, at=2 * HOUR) == ["k"]

    memory.save(enrollment.ended(EnrollmentStatus.LEFT, "goal", NOW))
    assert _due(memory, at=2 * HOUR) == []


def test_a_run_in_the_archive_is_never_due(memory: Memory) -> None:
    memory.take_in(a_customer(), archived=(_swept(run=1),))

    assert _due(memory) == []


def test_each_shard_says_when_its_first_enrollment_is_due(memory: Memory) -> None:
    due_at = {"c-1": NOW, "c-2": NOW - HOUR, "c-3": NOW + HOUR, "c-4": NOW + 2 * HOUR}
    for customer_id, instant in due_at.items():
        memory.save(_swept(customer_id=customer_id, due_at=instant))
    memory.save(_swept(customer_id="c-5", due_at=None))

    first: dict[int, datetime] = {}
    for customer_id, instant in due_at.items():
        shard = shard_of(customer_id, SHARDS)
        first[shard] = min(instant, first.get(shard, instant))
    assert memory.due_shards.first_due("win-back") == first
    assert memory.due_shards.first_due("onboarding") == {}


def test_a_customer_with_more_enrollments_than_one_answer_holds_has_them_all(stored: Memory) -> None:
    """DynamoDB answers a megabyte at a time."""
    trigger = replace(an_enrollment().trigger, properties={"note": "x" * 300_000})
    keys = {f"line-{number}" for number in range(5)}
    for key in keys:
        stored.save(an_enrollment("tutorial", key=key, trigger=trigger))

    assert {each.key for each in stored.enrollments.of_customer("c-ana")} == keys
