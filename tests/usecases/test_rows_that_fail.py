"""Rows that fail by themselves, however many, block no other; and when everything fails, a sweep stops."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from builders import a_campaign, a_customer
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.facts import CustomerFacts
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.send import SendStatus
from outreach.ports.sweeps import EnrollmentSnapshot
from outreach.usecases.sweeps.sweep_shard import MOST_FAILURES_IN_A_ROW, MOST_TROUBLE_IN_A_ROW
from usecases.shop import SHARDS, Shop, swept_as
from usecases.steps import send, send_if

IDS = sorted(f"c-{number}" for number in range(1200) if shard_of(f"c-{number}", SHARDS) == 0)
"""Customers of shard 0, in the order of the sweep."""
ODD = "something odd"
LETTER = a_campaign("letter", driver=Driver.SWEEP, steps=(send_if(ODD, "letter"),))
TWO_AT_ONCE = a_campaign(
    "two", driver=Driver.SWEEP, message_class=MessageClass.TRANSACTIONAL, steps=(send("one"), send("two"))
)
"""Its messages are sent one by one: the second may not overtake the first."""


def a_shop_where(
    fails: Collection[str], error: Exception, *, of: Collection[str], campaign: Campaign = LETTER
) -> Shop:
    """Looking at these customers raises."""

    def look(facts: Mapping[str, object]) -> bool:
        customer = facts["customer"]
        assert isinstance(customer, CustomerFacts)
        if customer.id in fails:
            raise error
        return True

    shop = Shop(campaign, answers={ODD: look})
    for customer_id in of:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    return shop


@pytest.mark.parametrize("error", [KeyError("points"), ValueError("points"), TypeError("points")])
def test_any_number_of_rows_that_the_code_stumbles_over_is_passed_by(error: Exception) -> None:
    shop = a_shop_where(IDS[:120], error, of=IDS[:200])

    stuck = {type(error).__name__: 120}
    assert shop.sweep(LETTER, 0) == swept_as(sent=80, stuck=120, errors=stuck)
    assert [who.customer_id for who, _ in shop.failures if who] == IDS[:120]


def test_those_of_a_page_that_fail_do_not_send_the_others_of_it_one_by_one() -> None:
    shop = a_shop_where(IDS[:3], KeyError("points"), of=IDS[:40])

    shop.sweep(LETTER, 0)

    assert shop.bulk_mailer.calls == [37]


def test_any_number_of_unreadable_rows_is_passed_by() -> None:
    shop = a_shop_where((), KeyError(), of=IDS[:80])

    class Torn:
        """The table, except that some rows are invalid."""

        def __getattr__(self, name: str) -> Any:
            return getattr(shop.table, name)

        def get(self, enrollment_id: EnrollmentId) -> Enrollment:
            if enrollment_id.customer_id in IDS[:60]:
                raise ValueError("'oddly' is not a valid status")
            return shop.table.get(enrollment_id)

        def read(self, enrollment_id: EnrollmentId, **expected: Any) -> EnrollmentSnapshot:
            self.get(enrollment_id)
            return shop.table.read(enrollment_id, **expected)

        def read_all(self, ids: Sequence[EnrollmentId]) -> tuple[EnrollmentSnapshot, ...]:
            for each in ids:
                self.get(each)
            return shop.table.read_all(ids)

    table: Any = Torn()
    shop.sweep_page = replace(
        shop.sweep_page,
        batch=replace(shop.sweep_page.batch, snapshots=table),
        advance=replace(shop.sweep_page.advance, enrollments=table, snapshots=table),
        enrollments=table,
    )

    assert shop.sweep(LETTER, 0) == swept_as(sent=20, stuck=60, errors={"ValueError": 60})


def test_what_else_fails_stops_nothing_while_others_of_the_page_go() -> None:
    shop = a_shop_where(IDS[:20], TimeoutError(), of=IDS[:40])

    assert shop.sweep(LETTER, 0) == swept_as(sent=20, stuck=20, errors={"TimeoutError": 20})


def test_when_no_message_is_sent_because_something_else_fails_it_stops() -> None:
    shop = a_shop_where(IDS[:40], TimeoutError(), of=IDS[:40])

    with pytest.raises(TimeoutError):
        shop.sweep(LETTER, 0)

    assert len(shop.failures) == MOST_TROUBLE_IN_A_ROW * MOST_FAILURES_IN_A_ROW
    assert shop.mails == []


def test_when_the_code_stumbles_after_each_claim_it_stops_before_all_is_spoilt() -> None:
    shop = Shop(TWO_AT_ONCE)
    for customer_id in IDS[:40]:
        shop.enroll(TWO_AT_ONCE, a_customer(customer_id), key=customer_id)
    shop.mailer.refuse_next(*(ValueError("a header that cannot be written") for _ in IDS))

    with pytest.raises(ValueError, match="header"):
        shop.sweep(TWO_AT_ONCE, 0)

    claimed = [
        row
        for row in shop.table.enrollments.values()
        if any(send.status is SendStatus.CLAIMED for send in row.sends.values())
    ]
    assert len(claimed) == MOST_TROUBLE_IN_A_ROW * MOST_FAILURES_IN_A_ROW
