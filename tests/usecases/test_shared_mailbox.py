"""One mailbox under two customers: an opt-out, the cap and messages sent once count for the mailbox."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import DELETED, SIGNED_UP, CustomerMention
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId, LeaveReason, SkipReason
from some import some
from usecases.door import door
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

BOX = "ana@example.com"
GUEST, ACCOUNT = "c-guest", "c-account"
WELCOME = a_campaign()
NEWS = a_campaign("news", steps=(wait(days=1), send("news")), trigger="news.wanted", reentry=Reentry.RESTART)
SWEPT = a_campaign("swept", driver=Driver.SWEEP, trigger="news.wanted", reentry=Reentry.RESTART)
EARLIER = NOW - timedelta(days=1)


def said(
    shop: Shop,
    customer_id: str,
    *,
    name: str = SIGNED_UP,
    email: str | None = BOX,
    yes: datetime | None = EARLIER,
    by: Callable[..., object] | None = None,
) -> None:
    """One event of a customer, now, under an id of its own."""
    now = shop.clock.now()
    consent = None if yes is None else Consent(True, yes, "checkout")
    mention = CustomerMention(customer_id, {} if email is None else {"email": email}, consent=consent)
    event = an_event(name, id=f"{name}-{now}", customer_id=customer_id, customer=mention, occurred_at=now)
    (by or shop.take_in)(event)


def a_shop(*campaigns: Campaign) -> Shop:
    """A guest and an account with one mailbox, written in two ways; each has signed up."""
    shop = Shop(*campaigns)
    said(shop, GUEST)
    said(shop, ACCOUNT, email="Ana@Example.com")
    shop.clock.advance(minutes=1)
    return shop


def wants(shop: Shop) -> set[str]:
    return {each for each, row in shop.table.customers.items() if row.wants_marketing}


def drive_all(shop: Shop) -> list[tuple[str, str]]:
    for each in list(shop.table.enrollments):
        shop.carry(each)
    return shop.mails_to


def run(customer_id: str, campaign: str = "onboarding") -> EnrollmentId:
    return EnrollmentId(customer_id, campaign, customer_id)


def test_an_opt_out_reaches_every_customer_of_the_mailbox_and_ends_what_waits() -> None:
    shop = a_shop(NEWS)
    for each in (GUEST, ACCOUNT):
        said(shop, each, name="news.wanted")

    assert door(shop)(GUEST) == 2

    assert wants(shop) == set()
    assert {row.reason for row in shop.table.enrollments.values()} == {LeaveReason.UNSUBSCRIBED}
    assert shop.workflows.running == set()
    assert {detail["customer_id"] for _, _, detail in shop.announcer.announced} == {GUEST, ACCOUNT}
    assert drive_all(shop) == []


def test_pressing_again_changes_nothing_for_the_mailbox() -> None:
    shop = a_shop(NEWS)
    door(shop)(GUEST)
    rows, known = dict(shop.table.customers), dict(shop.table.addresses.rows)
    shop.clock.advance(days=3)
    for each in (GUEST, ACCOUNT):
        door(shop)(each)

    assert (shop.table.customers, shop.table.addresses.rows) == (rows, known)


def test_a_press_counts_as_of_now_though_its_customer_said_no_elsewhere_before() -> None:
    shop = Shop()
    shop.table.know(a_customer(GUEST, consent=Consent(False, EARLIER, "checkout")))
    door(shop)(GUEST)
    said(shop, ACCOUNT, yes=NOW - timedelta(hours=1))

    assert wants(shop) == set()


def test_a_customer_who_comes_later_with_the_mailbox_starts_opted_out() -> None:
    shop = a_shop(WELCOME)
    door(shop)(GUEST)
    shop.clock.advance(days=1)
    said(shop, "c-later")

    assert wants(shop) == set()
    assert "c-later" not in dict(drive_all(shop))
    assert shop.row(run("c-later")).skips["welcome"].reason is SkipReason.NOT_SUBSCRIBED


def test_a_newer_yes_frees_only_the_customer_who_said_it() -> None:
    shop = a_shop(WELCOME)
    door(shop)(GUEST)
    now = shop.clock.advance(days=1)
    said(shop, ACCOUNT, name="customer.updated", email=None, yes=now)
    said(shop, "c-later")

    assert wants(shop) == {ACCOUNT}

    shop.clock.advance(days=1)
    door(shop)(GUEST)
    assert wants(shop) == set()


def test_a_customer_who_comes_later_with_a_newer_yes_is_in() -> None:
    shop = a_shop(WELCOME)
    door(shop)(GUEST)
    now = shop.clock.advance(days=1)
    said(shop, "c-later", yes=now)

    assert wants(shop) == {"c-later"}


def test_who_moves_to_an_opted_out_mailbox_is_out_and_their_marketing_ends() -> None:
    shop = Shop(NEWS)
    said(shop, GUEST)
    said(shop, ACCOUNT, email="other@example.com")
    said(shop, ACCOUNT, name="news.wanted", email=None)
    door(shop)(GUEST)
    shop.clock.advance(minutes=1)
    said(shop, ACCOUNT, name="customer.updated", yes=None)

    assert wants(shop) == set()
    assert shop.row(run(ACCOUNT, "news")).reason == LeaveReason.UNSUBSCRIBED
    assert shop.workflows.running == set()


def test_who_moves_away_before_the_opt_out_is_not_reached_and_after_it_stays_out() -> None:
    shop = a_shop()
    said(shop, "c-third")
    said(shop, ACCOUNT, name="customer.updated", email="before@example.com")
    shop.clock.advance(minutes=1)
    door(shop)(GUEST)
    shop.clock.advance(minutes=1)
    said(shop, "c-third", name="customer.updated", email="after@example.com")

    assert wants(shop) == {ACCOUNT}


def test_the_mark_outlives_a_customer_who_is_erased() -> None:
    shop = a_shop()
    door(shop)(GUEST)
    shop.clock.advance(minutes=1)
    shop.take_in(an_event(DELETED, id="gone", customer_id=GUEST, occurred_at=shop.clock.now()))
    assert shop.table.addresses.customers(f"id of {BOX}") == (ACCOUNT,)
    shop.clock.advance(minutes=1)
    said(shop, GUEST)

    assert wants(shop) == set()


def test_the_link_of_an_erased_customer_leaves_the_others_as_they_are() -> None:
    """No row says any more which mailbox was theirs; the link of any other message in it does."""
    shop = a_shop()
    shop.take_in(an_event(DELETED, id="gone", customer_id=GUEST, occurred_at=shop.clock.now()))

    assert door(shop)(GUEST) == 0
    assert wants(shop) == {ACCOUNT}


def test_customers_from_before_sharing_was_noted_are_reached_all_the_same() -> None:
    shop = Shop(NEWS)
    for each in (GUEST, ACCOUNT):
        shop.table.know(a_customer(each))
        shop.table.addresses.links.add((f"id of {BOX}", each))
        shop.enroll(NEWS, a_customer(each))

    assert door(shop)(ACCOUNT) == 2
    assert wants(shop) == set()


def test_any_event_of_a_customer_from_before_notes_that_the_mailbox_is_shared() -> None:
    shop = Shop()
    for each in (GUEST, ACCOUNT):
        shop.table.know(a_customer(each))
        shop.table.addresses.links.add((f"id of {BOX}", each))
    said(shop, GUEST, name="order.placed", email=None)

    for each in (GUEST, ACCOUNT):
        row = shop.table.customer(each)
        assert (row.address_id, row.shares_address) == (f"id of {BOX}", True)


def test_a_customer_who_has_the_mailbox_alone_pays_nothing_for_it() -> None:
    shop = Shop(WELCOME)
    said(shop, GUEST)
    before = len(shop.seams.calls)
    shop.carry(run(GUEST))

    assert not shop.table.customer(GUEST).shares_address
    assert "with_customers" not in shop.seams.calls[before:]
    assert shop.mails == ["welcome"]


def test_wherever_the_process_crashes_the_next_press_finishes_it_for_the_whole_mailbox() -> None:
    def story() -> Shop:
        shop = a_shop(NEWS)
        for each in (GUEST, ACCOUNT):
            said(shop, each, name="news.wanted")
        return shop

    whole = story()
    before = len(whole.seams.calls)
    door(whole)(GUEST)
    calls = whole.seams.calls[before:]

    for number, call in enumerate(some(calls)):
        for phase in Phase:
            shop = story()
            shop.seams.at(before + number, phase, crash)
            with pytest.raises(CrashError):
                door(shop)(GUEST)
            shop.clock.advance(minutes=1)
            door(shop)(GUEST)

            where = f"{phase} {call}"
            assert wants(shop) == set(), where
            assert shop.workflows.running == set(), where
            assert not [row for row in shop.table.enrollments.values() if row.is_active], where
            said(shop, "c-later")
            assert wants(shop) == set(), where


def test_one_mailbox_gets_one_welcome_however_two_sign_ups_race() -> None:
    def story(at: tuple[int, Phase] | None = None) -> Shop:
        shop = Shop(WELCOME)
        if at is not None:
            shop.seams.at(*at, partial(said, shop, ACCOUNT, by=shop.rival.take_in))
        said(shop, GUEST)
        if at is None:
            said(shop, ACCOUNT, by=shop.rival.take_in)
        return shop

    calls = story().seams.calls
    for phase in Phase:
        for number, call in enumerate(some(calls)):
            shop = story((number, phase))
            where = f"{phase} call {number}: {call}"
            assert not shop.seams.is_pending, where
            assert [message for _, message in drive_all(shop)] == ["welcome"], where
            assert all(row.shares_address for row in shop.table.customers.values()), where


@pytest.mark.parametrize(("watched", "rival"), [(GUEST, ACCOUNT), (ACCOUNT, GUEST)])
def test_one_mailbox_gets_it_once_when_the_first_customer_enters_as_the_second_comes(
    watched: str, rival: str
) -> None:
    """The guest has the mailbox alone until the account's event, which enters the campaign as well."""
    campaign = a_campaign(trigger="news.wanted")

    def enters(shop: Shop, customer_id: str, by: Callable[..., object] | None = None) -> None:
        email = BOX if customer_id == ACCOUNT else None
        said(shop, customer_id, name="news.wanted", email=email, by=by)

    def story(at: tuple[int, Phase] | None = None) -> tuple[Shop, int]:
        shop = Shop(campaign)
        said(shop, GUEST)
        before = len(shop.seams.calls)
        if at is not None:
            shop.seams.at(before + at[0], at[1], partial(enters, shop, rival, shop.rival.take_in))
        enters(shop, watched)
        return shop, before

    shop, before = story()
    for phase in Phase:
        for number in some(range(len(shop.seams.calls) - before)):
            again, _ = story((number, phase))
            where = f"{phase} {shop.seams.calls[before + number]}"
            assert [message for _, message in drive_all(again)] == ["welcome"], where


def test_a_guest_who_never_said_yes_takes_no_welcome_from_the_account() -> None:
    shop = Shop(WELCOME)
    said(shop, GUEST, yes=None)
    shop.carry(run(GUEST))
    said(shop, ACCOUNT)

    assert drive_all(shop) == [(ACCOUNT, "welcome")]


@pytest.mark.parametrize(
    ("reentry", "welcomes"), [(Reentry.NEVER, 1), (Reentry.AFTER, 1), (Reentry.RESTART, 2)]
)
def test_what_may_come_again_comes_again_to_a_mailbox_too(reentry: Reentry, welcomes: int) -> None:
    campaign = a_campaign(reentry=reentry, reentry_after=timedelta(days=30))
    shop = Shop(campaign)
    said(shop, GUEST)
    shop.carry(run(GUEST))
    shop.clock.advance(days=2)
    said(shop, ACCOUNT)

    assert len(drive_all(shop)) == welcomes


def test_messages_about_orders_go_to_each_customer() -> None:
    shop = a_shop(a_campaign(message_class=MessageClass.TRANSACTIONAL))

    assert drive_all(shop) == [(GUEST, "welcome"), (ACCOUNT, "welcome")]


@pytest.mark.parametrize("driver", Driver)
def test_the_cap_counts_by_mailbox_however_two_claims_race(driver: Driver) -> None:
    """The guest is mailed while the account is being mailed, too."""
    one = a_campaign("one", trigger="one", driver=driver)
    two = a_campaign("two", trigger="two")

    def story(at: tuple[int, Phase] | None = None) -> tuple[Shop, int]:
        shop = Shop(one, two)
        said(shop, GUEST)
        said(shop, GUEST, name="one", email=None)
        said(shop, ACCOUNT)
        said(shop, ACCOUNT, name="two", email=None)
        return raced(shop, at)

    def raced(shop: Shop, at: tuple[int, Phase] | None) -> tuple[Shop, int]:
        before = len(shop.seams.calls)
        if at is not None:
            shop.seams.at(before + at[0], at[1], partial(shop.rival.advance, run(ACCOUNT, "two")))
        if driver is Driver.SWEEP:
            for shard in range(2):
                shop.sweep(one, shard)
        else:
            shop.advance(run(GUEST, "one"))
        return shop, before

    shop, before = story()
    for phase in Phase:
        for number in some(range(len(shop.seams.calls) - before)):
            again, _ = story((number, phase))
            assert len(again.mails) == 1, f"{phase} {shop.seams.calls[before + number]}"


def test_a_claim_of_a_customer_who_was_alone_fails_when_another_gets_the_mailbox() -> None:
    two = a_campaign("two", trigger="two")

    def story(at: tuple[int, Phase] | None = None) -> tuple[Shop, int]:
        shop = Shop(WELCOME, two)
        said(shop, GUEST)
        before = len(shop.seams.calls)

        def comes_and_is_mailed() -> None:
            said(shop, ACCOUNT, name="two", by=shop.rival.take_in)
            shop.rival.advance(run(ACCOUNT, "two"))

        if at is not None:
            shop.seams.at(before + at[0], at[1], comes_and_is_mailed)
        shop.advance(run(GUEST))
        return shop, before

    shop, before = story()
    for phase in Phase:
        for number in some(range(len(shop.seams.calls) - before)):
            again, _ = story((number, phase))
            assert len(again.mails) == 1, f"{phase} {shop.seams.calls[before + number]}"


def test_an_opt_out_while_the_other_customers_message_is_being_claimed_stops_it() -> None:
    """Even if the process of the opt-out crashes right after it marked the address."""
    shop = a_shop(WELCOME)
    guest = next(iter(shop.table.enrollments))
    other = ACCOUNT if guest.customer_id == GUEST else GUEST

    class Dies:
        def customers(self, _: str) -> tuple[str, ...]:
            raise CrashError

        def __getattr__(self, name: str) -> object:
            return getattr(shop.table.addresses, name)

    def presses() -> None:
        with pytest.raises(CrashError):
            door(shop, addresses=Dies())(other)

    shop.seams.at_next("claim", Phase.BEFORE, presses)
    shop.advance(guest)

    assert shop.mails == []
    assert shop.row(guest).skips["welcome"].reason is SkipReason.NOT_SUBSCRIBED


def test_a_page_leaves_shared_mailboxes_to_the_single_path_and_takes_the_others() -> None:
    shop = Shop(SWEPT)
    for each in (GUEST, ACCOUNT, "c-ben", "c-eva", "c-ida"):
        said(shop, each, email=BOX if each in {GUEST, ACCOUNT} else f"{each}@example.com")
        said(shop, each, name="news.wanted", email=None)
    for shard in range(2):
        shop.sweep(SWEPT, shard)

    assert sum(shop.bulk_mailer.calls) == 3
    assert len(shop.mails) == 4
    assert {customer_id for customer_id, _ in shop.mails_to} >= {"c-ben", "c-eva", "c-ida"}
