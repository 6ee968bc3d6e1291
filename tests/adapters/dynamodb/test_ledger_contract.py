"""What every Ledger must do when a send is claimed, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment, an_order
from outreach.domain.errors import ConflictError
from outreach.domain.intake.customer import Customer, Purchases, SuppressionReason
from outreach.domain.intake.erasure import erase
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop
from outreach.domain.sending.send import SendStatus
from outreach.ports.sending import Claim

LATER = NOW + timedelta(minutes=1)
TOPIC = "getting-started"


def a_claim(
    customer: Customer, enrollment: Enrollment, step: str = "welcome", *, topic: str | None = TOPIC
) -> Claim:
    """The claim of a sender that read these two rows."""
    return Claim(
        enrollment.send_id(step),
        enrollment.with_send(step, a_send(at=LATER)),
        customer,
        topic,
        () if topic is None else (*customer.mailed_at, LATER),
    )


def test_a_claim_is_in_the_ledger_and_moves_the_enrollment(memory: Memory) -> None:
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    moved = replace(enrollment, consumed={"customer.activated": NOW})

    claimed = memory.ledger.claim(a_claim(customer, moved))

    assert memory.enrollments.get(enrollment.id) == claimed
    assert claimed.sends["welcome"] == a_send(at=LATER)
    assert claimed.consumed == {"customer.activated": NOW}


def test_marketing_counts_under_the_cap(memory: Memory) -> None:
    customer = memory.know(a_customer())

    memory.ledger.claim(a_claim(customer, memory.save(an_enrollment())))

    assert memory.customers.customer("c-ana") == replace(customer, mailed_at=(LATER,), claims=1)


def test_a_place_that_is_freed_counts_no_more_and_who_counted_it_must_look_again(memory: Memory) -> None:
    customer = memory.know(a_customer())
    memory.ledger.claim(a_claim(customer, memory.save(an_enrollment())))
    judged = memory.customers.customer("c-ana")

    for _ in range(2):  # doing it again does no harm
        memory.ledger.free_place("c-ana", LATER)
    memory.ledger.free_place("c-nobody", LATER)

    assert memory.customers.customer("c-ana").mailed_at == ()
    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(judged, memory.save(an_enrollment("news"))))


def test_transactional_mail_does_not_count_under_the_cap(memory: Memory) -> None:
    customer = memory.know(a_customer())

    memory.ledger.claim(a_claim(customer, memory.save(an_enrollment()), topic=None))

    assert memory.customers.customer("c-ana") == customer


@pytest.mark.parametrize("topic", [TOPIC, None], ids=["marketing", "transactional"])
@pytest.mark.parametrize(
    ("stopped", "is_refused"), [(ALL_CAMPAIGNS, True), ("onboarding", True), ("news", False)]
)
def test_a_customer_whom_an_operator_stopped_cannot_be_claimed(
    memory: Memory, stopped: str, is_refused: bool, topic: str | None
) -> None:
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    memory.customers.save_stops(replace(customer, stops={stopped: Stop(NOW, "olga")}))

    if is_refused:
        with pytest.raises(ConflictError):
            memory.ledger.claim(a_claim(customer, enrollment, topic=topic))
    else:
        memory.ledger.claim(a_claim(customer, enrollment, topic=topic))


def test_of_two_claims_to_one_send_only_one_is_granted(memory: Memory) -> None:
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    memory.ledger.claim(a_claim(customer, enrollment, topic=None))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, enrollment, topic=None))


@pytest.mark.parametrize("status", [each for each in SendStatus if each is not SendStatus.DEFERRED])
def test_a_send_that_got_anywhere_cannot_be_claimed_again(memory: Memory, status: SendStatus) -> None:
    customer = memory.know(a_customer())
    enrollment = memory.save(an_enrollment(sends={"welcome": a_send(status)}))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, enrollment, topic=None))
    assert memory.enrollments.get(enrollment.id) == enrollment


def test_a_send_that_was_put_off_may_be_claimed_again(memory: Memory) -> None:
    customer = memory.know(a_customer())
    enrollment = memory.save(an_enrollment(sends={"welcome": a_send(SendStatus.DEFERRED, reason="rate")}))

    claimed = memory.ledger.claim(a_claim(customer, enrollment, topic=None))

    assert memory.enrollments.get(enrollment.id).sends == claimed.sends == {"welcome": a_send(at=LATER)}


def test_a_customer_who_left_while_the_message_was_written_gets_none(memory: Memory) -> None:
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    left = memory.save(enrollment.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, enrollment))
    assert memory.enrollments.get(enrollment.id) == left
    assert memory.customers.customer("c-ana").claims == 0


def test_an_enrollment_that_is_over_claims_nothing(memory: Memory) -> None:
    customer = memory.know(a_customer())
    left = memory.save(an_enrollment().ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, left))


@pytest.mark.parametrize("topic", [TOPIC, None])
def test_no_suppressed_customer_is_mailed_whatever_the_message(memory: Memory, topic: str | None) -> None:
    suppressed = memory.know(a_customer(suppression=SuppressionReason.HARD_BOUNCE))
    as_judged = replace(suppressed, suppression=None)

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(as_judged, memory.save(an_enrollment()), topic=topic))


@pytest.mark.parametrize("topic", [TOPIC, None])
def test_no_erased_customer_is_mailed_whatever_the_message(memory: Memory, topic: str | None) -> None:
    as_judged = memory.know(a_customer())
    memory.take_in(erase(as_judged, NOW))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(as_judged, memory.save(an_enrollment()), topic=topic))


@pytest.mark.parametrize(
    "unwilling",
    [
        a_customer(marketing=False),
        a_customer(consent=None),
        a_customer(topics_off=frozenset({"news", TOPIC})),
    ],
    ids=["said no", "never said yes", "turned the topic off"],
)
def test_only_marketing_asks_what_the_customer_wants(memory: Memory, unwilling: Customer) -> None:
    customer, enrollment = memory.know(unwilling), memory.save(an_enrollment())

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, enrollment))
    assert memory.enrollments.get(enrollment.id) == enrollment

    assert memory.ledger.claim(a_claim(customer, enrollment, topic=None)).sends


def test_another_topic_turned_off_stops_nothing(memory: Memory) -> None:
    customer = memory.know(a_customer(topics_off=frozenset({"news", "getting"})))

    assert memory.ledger.claim(a_claim(customer, memory.save(an_enrollment()))).sends


@pytest.mark.parametrize("mailed_before", [False, True])
def test_two_campaigns_cannot_both_take_the_last_room_under_the_cap(
    memory: Memory, *, mailed_before: bool
) -> None:
    customer = memory.know(a_customer())
    if mailed_before:
        memory.ledger.claim(a_claim(customer, memory.save(an_enrollment("tutorial"))))
        customer = memory.customers.customer("c-ana")
    one, other = memory.save(an_enrollment("onboarding")), memory.save(an_enrollment("win-back"))
    memory.ledger.claim(a_claim(customer, one))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(customer, other))
    assert memory.enrollments.get(other.id) == other

    again = memory.customers.customer("c-ana")
    memory.ledger.claim(a_claim(again, other))
    assert memory.customers.customer("c-ana").claims == customer.claims + 2


@pytest.mark.parametrize("topic", [TOPIC, None])
def test_a_customer_who_has_another_address_by_now_is_not_mailed_at_the_old_one(
    memory: Memory, topic: str | None
) -> None:
    as_judged, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    memory.take_in(replace(as_judged, profile=replace(as_judged.profile, email="ana.new@example.com")))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(as_judged, enrollment, topic=topic))
    assert memory.enrollments.get(enrollment.id) == enrollment

    assert memory.ledger.claim(a_claim(memory.customers.customer("c-ana"), enrollment, topic=topic)).sends


def test_a_customer_who_was_erased_and_signed_up_again_without_an_address_is_not_mailed(
    memory: Memory,
) -> None:
    as_judged, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    memory.take_in(erase(as_judged, NOW))
    erased = memory.customers.customer("c-ana")
    memory.take_in(replace(erased, erased_at=None))

    with pytest.raises(ConflictError):
        memory.ledger.claim(a_claim(as_judged, enrollment, topic=None))


def test_an_event_of_the_customer_does_not_cost_a_claim(memory: Memory) -> None:
    """A profile that changes in other ways is still the one the gate judged, as far as it asked."""
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    memory.take_in(replace(customer, purchases=Purchases(orders=1)), an_order())

    assert memory.ledger.claim(a_claim(customer, enrollment)).version == 2


def test_a_claimed_send_waits_in_the_due_index_where_the_claim_says(memory: Memory) -> None:
    customer = memory.know(a_customer())
    enrollment = memory.save(an_enrollment(swept=True, due_at=NOW))

    memory.ledger.claim(a_claim(customer, replace(enrollment, due_at=LATER)))

    assert list(memory.due_shards.first_due("onboarding").values()) == [LATER]
