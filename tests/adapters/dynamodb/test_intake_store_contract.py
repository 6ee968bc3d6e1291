"""What every IntakeStore must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment, an_event, an_order
from outreach.adapters.dynamodb.intake.intake_store import TooManyChangesError
from outreach.domain.errors import ConflictError, UnknownEnrollmentError
from outreach.domain.intake.customer import Purchases, SuppressionReason
from outreach.domain.intake.erasure import erase
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.intake.repeats import StoredEvent
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.sending.send import SendStatus
from outreach.ports.sending import Claim
from reported import report

LATER = NOW + timedelta(hours=1)
EXPIRES = NOW + timedelta(days=400)


def test_an_event_stores_all_that_it_changes(memory: Memory) -> None:
    event = an_event("order.placed", order_id="o-1")
    left = memory.save(an_enrollment()).ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW, by="evt-1")
    new = an_enrollment("win-back", swept=True, due_at=LATER)
    customer = a_customer(purchases=Purchases(orders=1))

    memory.intake.store(event, Intake(Outcome.TAKEN, customer, an_order(), (left, new)), expires_at=EXPIRES)

    assert memory.customers.stored_event("c-ana", "evt-1") is not None
    assert memory.customers.customer("c-ana") == replace(customer, version=1)
    assert memory.customers.order("c-ana", "o-1") == replace(an_order(), version=1)
    assert memory.enrollments.of_customer("c-ana") == {
        left.id: replace(left, version=2),
        new.id: replace(new, version=1),
    }


def test_an_event_is_known_for_its_own_customer_only(memory: Memory) -> None:
    memory.intake.store(an_event(), Intake(Outcome.TAKEN, a_customer()), expires_at=EXPIRES)

    assert memory.customers.stored_event("c-ana", "evt-1") is not None
    assert memory.customers.stored_event("c-ana", "evt-2") is None
    assert memory.customers.stored_event("c-ben", "evt-1") is None


def test_of_an_event_it_is_known_what_distinguishes_it_from_another(memory: Memory) -> None:
    ahead = an_event(id="evt-2", stated_at=LATER)
    memory.intake.store(an_event(), Intake(Outcome.TAKEN, a_customer()), expires_at=EXPIRES)
    known = memory.customers.customer("c-ana")
    memory.intake.store(ahead, Intake(Outcome.TAKEN, known), expires_at=EXPIRES)

    assert memory.customers.stored_event("c-ana", "evt-1") == StoredEvent("customer.signed_up", NOW)
    assert memory.customers.stored_event("c-ana", "evt-2") == StoredEvent("customer.signed_up", LATER)


def test_the_same_event_is_stored_only_once(memory: Memory) -> None:
    memory.intake.store(an_event(), Intake(Outcome.TAKEN, a_customer()), expires_at=EXPIRES)
    again = replace(memory.customers.customer("c-ana"), purchases=Purchases(orders=1))

    with pytest.raises(ConflictError):
        memory.intake.store(an_event(), Intake(Outcome.TAKEN, again), expires_at=EXPIRES)
    assert memory.customers.customer("c-ana").purchases.orders == 0


def test_an_event_keeps_which_campaigns_could_not_be_asked_until_a_repeat_asks_them(memory: Memory) -> None:
    both = frozenset({"offers", "news"})
    memory.intake.store(an_event(), Intake(Outcome.TAKEN, a_customer(), unevaluated=both), expires_at=EXPIRES)
    known = memory.customers.stored_event("c-ana", "evt-1")
    assert known is not None
    assert known.unevaluated == both

    ana = memory.customers.customer("c-ana")
    again = Intake(Outcome.TAKEN, ana, changed=(an_enrollment(),))
    with pytest.raises(ConflictError):
        memory.intake.store(
            an_event(), again, expires_at=EXPIRES, known=StoredEvent("customer.signed_up", NOW)
        )
    memory.intake.store(an_event(), again, expires_at=EXPIRES, known=known)

    stored = memory.customers.stored_event("c-ana", "evt-1")
    assert stored == StoredEvent("customer.signed_up", NOW)
    assert len(memory.enrollments.of_customer("c-ana")) == 1
    with pytest.raises(ConflictError):
        memory.intake.store(
            an_event(),
            Intake(Outcome.TAKEN, memory.customers.customer("c-ana")),
            expires_at=EXPIRES,
            known=known,
        )


def test_of_an_event_that_was_not_taken_nothing_is_kept(memory: Memory) -> None:
    memory.intake.store(an_event(), Intake(Outcome.ERASED, a_customer()), expires_at=EXPIRES)

    assert memory.customers.stored_event("c-ana", "evt-1") is None
    assert memory.customers.customer("c-ana").version == 0


@pytest.mark.parametrize("stale", ["customer", "order", "enrollment", "new enrollment"])
def test_when_one_row_changed_since_it_was_read_nothing_is_stored(memory: Memory, stale: str) -> None:
    memory.take_in(a_customer(), an_order())
    enrollment = memory.save(an_enrollment())
    read = memory.customers.customer("c-ana")
    versions = dict.fromkeys(("customer", "order", "enrollment", "new enrollment"), 1)
    if stale == "new enrollment":
        memory.save(an_enrollment("win-back"))
    else:
        versions[stale] = 7
    intake = Intake(
        Outcome.TAKEN,
        replace(read, version=versions["customer"], profile=replace(read.profile, first_name="Anna")),
        an_order(status="shipped", version=versions["order"]),
        (
            replace(enrollment, step="moved", version=versions["enrollment"]),
            an_enrollment("win-back", step="new"),
        ),
    )

    with pytest.raises(ConflictError):
        memory.intake.store(an_event(), intake, expires_at=EXPIRES)

    order = memory.customers.order("c-ana", "o-1")
    assert order is not None
    assert order.status == "placed"
    assert memory.customers.customer("c-ana") == read
    assert memory.customers.stored_event("c-ana", "evt-1") is None
    assert {each.step for each in memory.enrollments.of_customer("c-ana").values()} == {"welcome"}


def _restart(memory: Memory, before: Enrollment) -> Enrollment:
    """As intake does it: the run that was goes to the archive, a new one begins under the same id."""
    ended = before.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, NOW)
    new = an_enrollment(run=before.run + 1, version=before.version)
    known = memory.customers.customer("c-ana")
    memory.take_in(known, changed=(new,), archived=(ended,))
    return memory.enrollments.get(before.id)


def test_a_restart_begins_without_sends_and_keeps_the_old_run(memory: Memory) -> None:
    before = memory.save(an_enrollment(sends={"welcome": a_send(SendStatus.SENT)}))

    new = _restart(memory, before)

    assert (new.run, new.sends, new.status) == (2, {}, EnrollmentStatus.ACTIVE)
    assert report(memory.deliveries, before.send_id("welcome"), SendStatus.OPENED, LATER)
    assert memory.enrollments.get(new.id) == new


def test_a_restart_that_missed_what_feedback_said_is_decided_again(memory: Memory) -> None:
    before = memory.save(an_enrollment(sends={"welcome": a_send(SendStatus.SENT)}))
    report(memory.deliveries, before.send_id("welcome"), SendStatus.OPENED, LATER)

    with pytest.raises(ConflictError):
        _restart(memory, before)

    assert _restart(memory, memory.enrollments.get(before.id)).run == 2


def test_an_archived_run_is_no_enrollment(memory: Memory) -> None:
    memory.take_in(a_customer(), archived=(an_enrollment(),))

    with pytest.raises(UnknownEnrollmentError):
        memory.enrollments.get(EnrollmentId("c-ana", "onboarding", "c-ana"))


def test_what_others_wrote_meanwhile_survives_an_event(memory: Memory) -> None:
    """Claims, topics and suppressions change the customer without a new version."""
    read = memory.know(a_customer(topics_off=frozenset({"news"}), suppression=SuppressionReason.COMPLAINT))
    unaware = replace(read, topics_off=frozenset(), suppression=None)

    memory.take_in(unaware)

    assert memory.customers.customer("c-ana") == replace(read, version=2)


def test_the_memory_of_the_cap_survives_an_event(memory: Memory) -> None:
    read = memory.know(a_customer())
    _mail(memory)

    memory.take_in(read)

    known = memory.customers.customer("c-ana")
    assert (known.mailed_at, known.claims) == ((NOW,), 1)


def _mail(memory: Memory) -> None:
    enrollment = memory.save(an_enrollment()).with_send("welcome", a_send())
    customer = memory.customers.customer("c-ana")
    memory.ledger.claim(Claim(enrollment.send_id("welcome"), enrollment, customer, "tips", (NOW,)))


def test_an_erasure_forgets_everything_but_the_suppression(memory: Memory) -> None:
    memory.know(a_customer(topics_off=frozenset({"news"})))
    _mail(memory)
    known = memory.customers.customer("c-ana")

    memory.take_in(erase(known, LATER))

    erased = memory.customers.customer("c-ana")
    assert erased == replace(erase(known, LATER), version=2)
    assert (erased.profile.email, erased.topics_off, erased.mailed_at) == (None, frozenset(), ())


def test_a_suppression_outlives_an_erasure(memory: Memory) -> None:
    known = memory.know(a_customer(suppression=SuppressionReason.HARD_BOUNCE))

    memory.take_in(erase(known, LATER))

    assert memory.customers.customer("c-ana").suppression is SuppressionReason.HARD_BOUNCE


def test_a_customer_who_was_erased_may_come_back(memory: Memory) -> None:
    memory.take_in(erase(memory.know(a_customer()), NOW))
    erased = memory.customers.customer("c-ana")
    assert erased.erased_at == NOW

    memory.take_in(replace(a_customer(), version=erased.version))

    back = memory.customers.customer("c-ana")
    assert (back.erased_at, back.profile.email) == (None, "ana@example.com")


def test_more_rows_than_a_transaction_holds_are_refused_by_name(stored: Memory) -> None:
    changed = tuple(an_enrollment("tutorial", key=f"line-{number}") for number in range(99))

    with pytest.raises(TooManyChangesError, match="101 rows"):
        stored.take_in(a_customer(), changed=changed)
    assert stored.customers.customer("c-ana").version == 0


def test_an_event_leaves_nothing_personal_in_its_own_row(stored: Memory) -> None:
    event = an_event("order.placed", order_id="o-1", properties={"note": "for Ana Núñez"})
    stored.intake.store(event, Intake(Outcome.TAKEN, a_customer()), expires_at=EXPIRES)

    assert stored.client is not None
    row = stored.client.get_item(
        TableName=stored.table, Key={"PK": {"S": "CUSTOMER#c-ana"}, "SK": {"S": "EVENT#evt-1"}}
    )["Item"]
    assert row == {
        "PK": {"S": "CUSTOMER#c-ana"},
        "SK": {"S": "EVENT#evt-1"},
        "name": {"S": "order.placed"},
        "occurred_at": {"N": "1772442000000"},
        "order_id": {"S": "o-1"},
        "ttl": {"N": str(int(EXPIRES.timestamp()))},
    }
