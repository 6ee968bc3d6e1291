"""What every Addresses must do, and the intake that links customers to them; fake and table alike."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest

from adapters.dynamodb.conftest import Memory
from builders import KEY_SECRET, NOW, a_customer, a_send, an_enrollment, an_event
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.feedback.addresses import DynamoAddresses
from outreach.domain.errors import ConflictError
from outreach.domain.feedback.suppression import AddressStatus, KnownAddress, SuppressionApplied
from outreach.domain.intake.customer import Customer, SuppressionReason
from outreach.domain.intake.erasure import erase
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.journeys.enrollment import Enrollment
from outreach.ports.sending import Claim

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HARD = SuppressionReason.HARD_BOUNCE
FULL = AddressStatus(lifted_at=NOW - timedelta(days=9)).marked(HARD, NOW, "feedback")
FULL = reduce(lambda it, n: it.soft_bounced(f"ses-{n}", NOW + timedelta(days=n)), range(3), FULL)
FULL = FULL.delivered(NOW).marked(SuppressionReason.MANUAL, NOW, "Ñuria, support").opted_out(NOW)


@pytest.fixture
def addresses(memory: Memory, dynamodb: "DynamoDBClient") -> Any:
    if memory.fake is not None:
        return memory.fake.addresses
    return DynamoAddresses(dynamodb, memory.table, secret=lambda: b"secret")


def _known(addresses: Any, address: str, status: AddressStatus) -> KnownAddress:
    known = addresses.known(addresses.id_of(address)).reported(status)
    addresses.save(known)
    read: KnownAddress = addresses.known(known.id)
    return read


def _take_in(memory: Memory, customer: Customer, suppression_applied: SuppressionApplied | None) -> None:
    event = an_event(id=f"e-{customer.version}", customer_id=customer.id)
    intake = Intake(Outcome.TAKEN, customer, suppression_applied=suppression_applied)
    memory.intake.store(event, intake, expires_at=NOW + timedelta(days=400))


def test_nothing_is_known_of_an_address_at_first(addresses: Any) -> None:
    address_id = addresses.id_of("ana@example.com")

    assert addresses.known(address_id) == KnownAddress(address_id)
    assert addresses.customers(address_id) == ()
    assert addresses.soft_bounced([address_id]) == frozenset()


def test_all_that_is_known_comes_back(addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)

    assert (known.status, known.changes, known.version) == (FULL, 1, 1)


def test_an_address_is_the_same_in_upper_and_lower_case(addresses: Any) -> None:
    assert addresses.id_of("Ana@Example.COM") == addresses.id_of("ana@example.com")
    assert addresses.id_of("ben@example.com") != addresses.id_of("ana@example.com")


def test_of_two_that_write_at_once_the_second_must_look_again(addresses: Any) -> None:
    read = _known(addresses, "ana@example.com", FULL)
    addresses.save(read.reported(read.status.lifted(NOW)))

    with pytest.raises(ConflictError):
        addresses.save(read.reported(read.status.delivered(NOW)))
    assert addresses.known(read.id).status == FULL.lifted(NOW)


def test_soft_bounces_are_found_among_many_addresses(addresses: Any) -> None:
    soft = _known(addresses, "soft@example.com", AddressStatus().soft_bounced("ses-1", NOW))
    _known(addresses, "hard@example.com", AddressStatus().marked(HARD, NOW, "feedback"))
    others = [addresses.id_of(f"c-{number}@example.com") for number in range(230)]

    assert addresses.soft_bounced([*others, soft.id, addresses.id_of("hard@example.com")]) == {soft.id}


def test_intake_links_a_customer_and_stores_their_suppression(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)
    ana = a_customer(suppression=HARD)
    _take_in(memory, ana, SuppressionApplied(None, known.id, known.version))

    assert addresses.customers(known.id) == ("c-ana",)
    assert memory.customers.customer("c-ana").suppression is HARD


def test_intake_moves_the_link_to_another_address_and_lifts_the_suppression(
    memory: Memory, addresses: Any
) -> None:
    old = _known(addresses, "ana@example.com", FULL)
    new = addresses.id_of("new@example.com")
    _take_in(memory, a_customer(suppression=HARD), SuppressionApplied(None, old.id, old.version))
    ana = replace(memory.customers.customer("c-ana"), suppression=None)
    _take_in(memory, ana, SuppressionApplied(old.id, new, 0))

    assert (addresses.customers(old.id), addresses.customers(new)) == ((), ("c-ana",))
    assert memory.customers.customer("c-ana").suppression is None


def test_an_address_that_is_suppressed_meanwhile_makes_intake_look_again(
    memory: Memory, addresses: Any
) -> None:
    address_id = addresses.id_of("ana@example.com")
    _known(addresses, "ana@example.com", FULL)

    with pytest.raises(ConflictError):
        _take_in(memory, a_customer(), SuppressionApplied(None, address_id, 0))
    assert addresses.customers(address_id) == ()
    assert memory.customers.customer("c-ana").version == 0


def test_an_intake_that_did_not_look_leaves_the_suppression_alone(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)
    _take_in(memory, a_customer(suppression=HARD), SuppressionApplied(None, known.id, known.version))
    _take_in(memory, replace(memory.customers.customer("c-ana"), suppression=None), None)

    assert memory.customers.customer("c-ana").suppression is HARD


def test_an_intake_raises_the_version_of_the_address_so_that_the_next_must_look_again(
    memory: Memory, addresses: Any
) -> None:
    address_id = addresses.id_of("ana@example.com")
    _take_in(memory, a_customer(), SuppressionApplied(None, address_id, 0))

    with pytest.raises(ConflictError):
        _take_in(memory, a_customer("c-ben"), SuppressionApplied(None, address_id, 0))
    assert addresses.known(address_id) == KnownAddress(address_id, version=1)
    assert addresses.customers(address_id) == ("c-ana",)

    _take_in(memory, a_customer("c-ben"), SuppressionApplied(None, address_id, 1, joins=False))
    assert addresses.known(address_id).version == 1


def test_what_is_known_stays_when_an_intake_raises_the_version(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)
    _take_in(memory, a_customer(), SuppressionApplied(None, known.id, known.version))

    assert addresses.known(known.id) == replace(known, version=2)
    addresses.save(replace(known, version=2))


def test_an_address_is_read_with_the_first_of_its_customers(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)
    for version, each in enumerate(("c-ana", "c-ben", "c-eva"), start=1):
        _take_in(memory, a_customer(each), SuppressionApplied(None, known.id, version))

    assert addresses.with_customers(known.id, 5) == (replace(known, version=4), ("c-ana", "c-ben", "c-eva"))
    assert addresses.with_customers(known.id, 2)[1] == ("c-ana", "c-ben")
    elsewhere = addresses.id_of("nobody@example.com")
    assert addresses.with_customers(elsewhere, 2) == (KnownAddress(elsewhere), ())


def test_links_without_a_row_of_the_address_are_read_too(memory: Memory, addresses: Any) -> None:
    """As intake wrote them before it raised the version."""
    address_id = addresses.id_of("ana@example.com")
    for each in ("c-ana", "c-ben"):
        _take_in(memory, a_customer(each), SuppressionApplied(None, address_id, 0, joins=False))

    assert addresses.with_customers(address_id, 1) == (KnownAddress(address_id), ("c-ana",))


@pytest.mark.parametrize("mailed", [False, True])
def test_who_comes_second_is_noted_on_the_profile_of_the_first(
    memory: Memory, addresses: Any, mailed: bool
) -> None:
    address_id = addresses.id_of("ana@example.com")
    _take_in(memory, a_customer(address_id=address_id), SuppressionApplied(None, address_id, 0))
    if mailed:
        memory.ledger.claim(_a_claim(memory, memory.save(an_enrollment())))
    ana = memory.customers.customer("c-ana")
    assert (ana.address_id, ana.shares_address) == (address_id, False)
    ben = a_customer("c-ben", address_id=address_id, shares_address=True)
    _take_in(memory, ben, SuppressionApplied(None, address_id, 1, to_note=(ana,)))

    first, second = memory.customers.customer("c-ana"), memory.customers.customer("c-ben")
    assert first == replace(ana, shares_address=True, claims=ana.claims + 1, version=ana.version + 1)
    assert (second.address_id, second.shares_address) == (address_id, True)


@pytest.mark.parametrize("change", [{"claims": 7}, {"version": 7}])
def test_a_first_customer_who_was_mailed_or_changed_meanwhile_must_be_read_again(
    memory: Memory, addresses: Any, change: dict[str, Any]
) -> None:
    address_id = addresses.id_of("ana@example.com")
    _take_in(memory, a_customer(), SuppressionApplied(None, address_id, 0))
    ana = memory.customers.customer("c-ana")

    with pytest.raises(ConflictError):
        _take_in(
            memory,
            a_customer("c-ben"),
            SuppressionApplied(None, address_id, 1, to_note=(replace(ana, **change),)),
        )
    assert addresses.customers(address_id) == ("c-ana",)
    assert not memory.customers.customer("c-ana").shares_address


def test_an_erasure_forgets_which_address_it_was(memory: Memory, addresses: Any) -> None:
    address_id = addresses.id_of("ana@example.com")
    _take_in(
        memory,
        a_customer(address_id=address_id, shares_address=True),
        SuppressionApplied(None, address_id, 0),
    )
    ana = erase(memory.customers.customer("c-ana"), NOW)
    _take_in(memory, ana, SuppressionApplied(address_id))

    stored = memory.customers.customer("c-ana")
    assert (stored.address_id, stored.shares_address) == (None, False)
    assert addresses.customers(address_id) == ()


def test_of_two_claims_on_one_address_the_second_must_look_again(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", FULL)
    claims = [
        replace(_a_claim(memory, memory.save(an_enrollment(customer_id=each)), each), address=known)
        for each in ("c-ana", "c-ben")
    ]
    memory.ledger.claim(claims[0])

    with pytest.raises(ConflictError):
        memory.ledger.claim(claims[1])
    assert memory.customers.customer("c-ben").claims == 0
    assert addresses.known(known.id) == replace(known, version=2)


def test_a_claim_fails_on_an_address_that_opted_out_meanwhile(memory: Memory, addresses: Any) -> None:
    known = _known(addresses, "ana@example.com", AddressStatus())
    claim = replace(_a_claim(memory, memory.save(an_enrollment())), address=known)
    addresses.save(known.reported(known.status.opted_out(NOW)))

    with pytest.raises(ConflictError):
        memory.ledger.claim(claim)


def _a_claim(memory: Memory, enrollment: Enrollment, customer_id: str = "c-ana") -> Claim:
    if memory.customers.customer(customer_id).version == 0:
        memory.know(a_customer(customer_id))
    customer = memory.customers.customer(customer_id)
    moved = enrollment.with_send("welcome", a_send())
    return Claim(enrollment.send_id("welcome"), moved, customer, "getting-started", (NOW,))


def test_links_of_strange_ids_come_back_whole(memory: Memory, addresses: Any) -> None:
    address_id = addresses.id_of("ana@example.com")
    _take_in(memory, a_customer("c#1 %/ñ"), SuppressionApplied(None, address_id, 0))

    assert addresses.customers(address_id) == ("c#1 %/ñ",)


@pytest.fixture
def stored_addresses(dynamodb: "DynamoDBClient", table: str) -> DynamoAddresses:
    return DynamoTable(dynamodb, table, shards=1, address_secret=lambda: KEY_SECRET).addresses


def test_the_id_of_an_address_depends_on_the_stacks_own_secret(
    stored_addresses: DynamoAddresses, dynamodb: "DynamoDBClient", table: str
) -> None:
    again = DynamoTable(dynamodb, table, shards=1, address_secret=lambda: KEY_SECRET).addresses
    elsewhere = DynamoAddresses(dynamodb, table, secret=lambda: b"another")

    assert stored_addresses.id_of("ana@example.com") == again.id_of("ana@example.com")
    assert stored_addresses.id_of("ana@example.com") != elsewhere.id_of("ana@example.com")


@pytest.mark.parametrize("address", ["hola@café.example", "hola@xn--caf-dma.example", "Hola@CAFÉ.example"])
def test_a_domain_has_one_id_in_both_its_forms(stored_addresses: DynamoAddresses, address: str) -> None:
    assert stored_addresses.id_of(address) == stored_addresses.id_of("hola@café.example")


def test_the_suppressed_ones_are_listed_and_no_others(stored_addresses: DynamoAddresses) -> None:
    known = _known(stored_addresses, "ana@example.com", FULL)
    _known(stored_addresses, "soft@example.com", AddressStatus().soft_bounced("ses-1", NOW))
    freed = _known(stored_addresses, "free@example.com", FULL)
    stored_addresses.save(freed.reported(freed.status.lifted(NOW)))

    assert list(stored_addresses.suppressed()) == [known]
