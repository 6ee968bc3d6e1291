"""What a mailbox means for each of its customers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import KEY_SECRET, NOW, a_campaign, a_customer, a_send, an_enrollment
from outreach.domain.feedback.suppression import AddressStatus, KnownAddress
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event_effects import Candidate
from outreach.domain.intake.mailbox import (
    Mailbox,
    as_in,
    bars,
    counts_by_address,
    ids_of_other,
    under_opt_out,
)
from outreach.domain.journeys.campaign import Key, MessageClass, Reentry
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, Trigger
from outreach.domain.journeys.enrollment_key import key_id
from outreach.domain.sending.send import SendStatus

DAY = timedelta(days=1)
BEN = a_customer("c-ben")
ACTIVE = an_enrollment(customer_id="c-ben")
MAILED = ACTIVE.with_send("welcome", a_send(SendStatus.SENT))


def marked(at: datetime | None) -> KnownAddress:
    return KnownAddress("id", AddressStatus(opted_out_at=at))


@pytest.mark.parametrize(
    ("word", "mark", "wants"),
    [
        (Consent(True, NOW), None, True),
        (Consent(True, NOW), NOW - DAY, True),
        (Consent(True, NOW), NOW, False),
        (Consent(True, NOW), NOW + DAY, False),
        (Consent(True, NOW, dated=False), NOW - DAY, False),
        (Consent(False, NOW), NOW - DAY, False),
        (None, NOW, False),
        (None, None, False),
    ],
)
def test_only_a_yes_that_was_said_after_the_opt_out_frees_its_customer(
    word: Consent | None, mark: datetime | None, wants: bool
) -> None:
    assert under_opt_out(a_customer(consent=word), marked(mark)).wants_marketing is wants


def test_the_cap_counts_what_the_mailbox_got_through_any_customer() -> None:
    ana = a_customer(mailed_at=(NOW,))
    mailbox = Mailbox(marked(NOW - DAY), (a_customer("c-ben", mailed_at=(NOW - DAY, NOW)),))

    assert as_in(mailbox, ana) == replace(ana, mailed_at=(NOW - DAY, NOW))


BENS_OVEN = key_id(Key.PRODUCT_LINE, "oven", "c-ben", lambda: KEY_SECRET)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (Key.CUSTOMER, "c-ana", ("c-ben",)),
        (Key.ORDER, "o-1", ("o-1",)),
        (Key.PRODUCT_LINE, "oven", (BENS_OVEN, "oven")),
    ],
)
def test_the_other_customers_run_is_the_one_for_the_same_thing(
    key: Key, value: str, expected: tuple[str, ...]
) -> None:
    enrollment_id = EnrollmentId("c-ana", "onboarding", "any")
    candidate = Candidate(a_campaign(key=key), enrollment_id, value, Trigger("e", "x", NOW))

    found = ids_of_other(candidate, BEN, lambda: KEY_SECRET)

    assert found == tuple(EnrollmentId("c-ben", "onboarding", each) for each in expected)


def over(status: SendStatus | None) -> Enrollment:
    run = ACTIVE if status is None else ACTIVE.with_send("welcome", a_send(status))
    return run.ended(EnrollmentStatus.FINISHED, "", NOW)


@pytest.mark.parametrize(
    ("reentry", "run", "barred"),
    [
        (Reentry.NEVER, ACTIVE, True),
        (Reentry.NEVER, over(None), False),
        (Reentry.NEVER, over(SendStatus.FAILED), False),
        (Reentry.NEVER, over(SendStatus.CLAIMED), True),
        (Reentry.NEVER, over(SendStatus.DELIVERED), True),
        (Reentry.AFTER_EXIT, ACTIVE, True),
        (Reentry.AFTER_EXIT, over(SendStatus.SENT), False),
        (Reentry.AFTER, ACTIVE, True),
        (Reentry.AFTER, over(SendStatus.SENT), True),
        (Reentry.AFTER, replace(MAILED, started_at=NOW - 30 * DAY, status=EnrollmentStatus.LEFT), False),
        (Reentry.RESTART, MAILED, False),
    ],
)
def test_a_run_of_another_customer_counts_as_ones_own(
    reentry: Reentry, run: Enrollment, barred: bool
) -> None:
    campaign = a_campaign(reentry=reentry, reentry_after=30 * DAY)

    assert bars(campaign, [(BEN, run)], NOW) is barred


def test_a_run_of_a_customer_who_never_said_yes_bars_no_other() -> None:
    guest = a_customer("c-ben", marketing=False)

    assert not bars(a_campaign(), [(guest, ACTIVE)], NOW)
    assert bars(a_campaign(), [(guest, MAILED)], NOW)


def test_orders_are_never_held_back() -> None:
    assert counts_by_address(a_campaign())
    assert not counts_by_address(a_campaign(message_class=MessageClass.TRANSACTIONAL))
    assert not counts_by_address(a_campaign(reentry=Reentry.RESTART))
