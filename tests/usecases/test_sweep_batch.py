"""The fast path of a sweep: many messages in one call, and every other row left to the single path."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_campaign, a_customer, a_send
from fakes import PLENTY
from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
    SendThrottledError,
)
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import (
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
    SkipReason,
)
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.page import LARGEST_PAGE, Outcome
from outreach.domain.sending.send import SendStatus
from outreach.domain.sweeps.counts import SweepCounts
from outreach.usecases.sweeps.sweep_shard import Swept
from usecases.seams import Phase
from usecases.shop import SHARDS, Shop, swept_as
from usecases.steps import notify, send, send_if, wait, wait_for

LETTER = a_campaign("letter", driver=Driver.SWEEP, steps=(send("letter"), wait(days=14), send("offer")))
ANA, BO = [f"c-{number}" for number in range(20) if shard_of(f"c-{number}", SHARDS) == 0][:2]
"""Two who share a page."""


def a_shop_of(*ids: str, campaign: Campaign = LETTER) -> Shop:
    shop = Shop(campaign)
    for customer_id in ids:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    return shop


def sweep(shop: Shop, campaign: Campaign = LETTER) -> Swept:
    """Both shards."""
    total = Swept()
    for shard in shop.table.shards():
        done = shop.sweep(campaign, shard)
        total.counts.add(done.counts)
        total.errors += done.errors
    return total


def of(customer_id: str, campaign: str = "letter") -> EnrollmentId:
    return EnrollmentId(customer_id, campaign, customer_id)


IDS = [f"c-{number}" for number in range(12)]


def test_what_went_is_on_record_in_its_page_and_its_enrollment_stands_past_the_step() -> None:
    shop = a_shop_of(*IDS)

    assert sweep(shop) == swept_as(sent=12)

    receipts = [receipt for page in shop.table.pages.values() for receipt in page.receipts.values()]
    assert len(receipts) == 12
    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    assert len({receipt.word for receipt in receipts}) == 12
    for customer_id in IDS:
        row = shop.row(of(customer_id))
        assert row.due_at == NOW + timedelta(days=14)
        assert (
            row.sends["letter"].status is SendStatus.CLAIMED
        )  # until SES reports it, or the reconciler resolves it


def test_a_claim_is_known_again_by_its_time_as_the_table_keeps_it() -> None:
    shop = a_shop_of(*IDS)
    shop.clock.advance(microseconds=1_234_567)

    sweep(shop)

    instants = {page.at for page in shop.table.pages.values()}
    assert instants == {shop.row(of(each)).sends["letter"].at for each in IDS}
    assert {instant.microsecond % 1000 for instant in instants} == {0}


def test_each_message_is_judged_by_itself() -> None:
    shop = a_shop_of(*IDS)
    shop.change("c-1", marketing=False)
    shop.change("c-2", suppression=SuppressionReason.COMPLAINT)
    shop.change("c-3", email=None)
    shop.change("c-4", mailed_at=(NOW - timedelta(hours=1),))

    assert sweep(shop) == swept_as(sent=8, skipped=2, held=2)

    assert shop.row(of("c-1")).skips["letter"].reason is SkipReason.NOT_SUBSCRIBED
    assert shop.row(of("c-2")).skips["letter"].reason is SkipReason.SUPPRESSED
    assert shop.row(of("c-3")).hold is HoldReason.NO_ADDRESS
    assert shop.row(of("c-4")).hold is HoldReason.CAP


@pytest.mark.parametrize(
    ("refusal", "status", "pause"),
    [
        (SendThrottledError("rate"), SendStatus.DEFERRED, timedelta(minutes=1)),
        (SendFalteredError("TRANSIENT_FAILURE"), SendStatus.DEFERRED, timedelta(minutes=1)),
        (SendThrottledError("daily_quota"), SendStatus.DEFERRED, timedelta(hours=1)),
        (SendingPausedError("ACCOUNT_SENDING_PAUSED"), SendStatus.DEFERRED, timedelta(minutes=5)),
        (SendImpossibleError("MESSAGE_REJECTED"), SendStatus.FAILED, None),
    ],
)
def test_one_that_is_refused_has_its_reason_and_the_others_went(
    refusal: SendRefusedError, status: SendStatus, pause: timedelta | None
) -> None:
    shop = a_shop_of(*IDS)
    before = shop.row(of("c-5"))
    shop.mailer.refuse("c-5", refusal)

    outcome = "failed" if pause is None else "held"
    assert sweep(shop) == swept_as(sent=11, **{outcome: 1})

    row = shop.row(of("c-5"))
    refused = row.sends["letter"]
    assert (refused.status, refused.reason) == (status, refusal.reason)
    assert {mail.send_id.customer_id for mail in shop.mailer.sent} == set(IDS) - {"c-5"}
    if pause is None:
        assert (row.step, row.due_at) == ("pause", NOW + timedelta(days=14))
    else:
        assert (row.step, row.entered_at) == ("letter", before.entered_at)
        assert row.due_at is not None
        assert pause <= row.due_at - NOW < pause + timedelta(seconds=1)
        assert refused.attempts == 0


def test_what_was_refused_for_now_comes_again_exactly_once() -> None:
    shop = a_shop_of(*IDS)
    for customer_id in IDS[:5]:
        shop.mailer.refuse(customer_id, SendThrottledError("rate"))

    shop.sweep_days(1)

    assert sorted(shop.mails_to) == sorted((customer_id, "letter") for customer_id in IDS)
    assert {len(shop.table.customer(each).mailed_at) for each in IDS} == {1}


def test_what_was_refused_for_now_is_not_sent_when_it_is_too_late_by_then() -> None:
    campaign = replace(LETTER, steps=(send("letter", valid_for=timedelta(seconds=90)), wait(days=14)))
    shop = a_shop_of("c-0", "c-1", campaign=campaign)
    shop.mailer.refuse("c-1", SendThrottledError("rate"))

    shop.sweep_days(1)

    assert shop.mails_to == [("c-0", "letter")]
    assert shop.row(of("c-1")).skips["letter"].reason is SkipReason.EXPIRED


def test_a_whole_page_that_is_refused_comes_back_to_its_place() -> None:
    shop = a_shop_of(*IDS)
    shop.mailer.refuse_next(*(SendingPausedError("ACCOUNT_SENDING_PAUSED") for _ in IDS))

    assert sweep(shop) == swept_as(held=12)

    assert {shop.row(of(each)).step for each in IDS} == {"letter"}
    refused = {each.customer_id for page in shop.table.pages.values() for each in page.sends}
    assert {each for each in IDS if shop.row(of(each)).hold is HoldReason.PAUSED} == refused


def test_when_the_service_refuses_for_its_rate_all_senders_slow_down() -> None:
    shop = a_shop_of(*IDS)
    shop.mailer.refuse("c-0", SendThrottledError("rate"))

    sweep(shop)

    assert shop.rate_limiter.pace.throttle.at(shop.clock.now()) < 1


def test_a_message_that_cannot_be_rendered_has_failed_and_the_others_go() -> None:
    campaign = replace(LETTER, steps=(send("letter"),))
    shop = a_shop_of(*IDS, campaign=campaign)
    other = replace(campaign, version="v2", steps=(send("broken"),))
    shop.campaigns.publish(other)
    row = shop.row(of("c-3"))
    shop.table.enrollments[row.id] = replace(row, bundle="v2", step="broken")
    shop.renderer.broken.add("broken")

    assert sweep(shop) == swept_as(sent=11, failed=1)

    failed = shop.row(of("c-3")).sends["broken"]
    assert (failed.status, failed.reason) == (SendStatus.FAILED, "render_failed")


def test_two_enrollments_of_one_customer_do_not_meet_in_one_page() -> None:
    campaign = replace(LETTER, message_class=MessageClass.TRANSACTIONAL)
    shop = Shop(campaign)
    for key in ("o-1", "o-2", "o-3"):
        shop.enroll(campaign, a_customer("c-0"), key=key)

    assert sweep(shop, campaign) == swept_as(sent=3)

    assert shop.mails == ["letter"] * 3


def test_of_two_marketing_messages_to_one_customer_the_second_meets_the_cap() -> None:
    shop = Shop(LETTER)
    for key in ("oven", "pan"):
        shop.enroll(LETTER, a_customer("c-0"), key=key)

    assert sweep(shop) == swept_as(sent=1, held=1)

    holds = [row.hold for row in shop.table.enrollments.values()]
    assert sorted(holds, key=str) == [None, HoldReason.CAP]


@pytest.mark.parametrize(
    "following",
    [
        (send("second"),),
        (notify("told"),),
        (send_if("never", "second"), send("third")),
        (wait_for("a.happened", days=1), wait(days=1)),
    ],
    ids=["send", "notify", "skip and send", "what happened already"],
)
def test_what_goes_on_at_once_goes_one_by_one_so_that_no_message_can_overtake_another(
    following: tuple[object, ...],
) -> None:
    campaign = replace(LETTER, message_class=MessageClass.TRANSACTIONAL, steps=(send("letter"), *following))
    shop = Shop(campaign, answers={"never": False})
    shop.enroll(campaign, a_customer("c-0", seen={"a.happened": NOW}), key="c-0")

    sweep(shop, campaign)

    assert shop.bulk_mailer.calls == []
    assert shop.mails[0] == "letter"


def test_what_ends_with_the_message_is_finished_in_the_same_write() -> None:
    campaign = replace(LETTER, steps=(send("letter"),))
    shop = a_shop_of(*IDS, campaign=campaign)

    assert sweep(shop) == swept_as(sent=12)

    assert {shop.row(of(each)).status for each in IDS} == {EnrollmentStatus.FINISHED}
    assert shop.bulk_mailer.calls != []


def test_one_that_was_tried_before_is_left_to_the_slow_lane() -> None:
    shop = a_shop_of(*IDS)
    row = shop.row(of("c-0"))
    shop.table.enrollments[row.id] = row.with_send("letter", a_send(SendStatus.DEFERRED))

    assert sweep(shop) == swept_as(sent=12)

    assert len(shop.mails) == 12
    assert shop.row(of("c-0")).sends["letter"].status is SendStatus.SENT


def test_a_pause_holds_all_messages_without_a_call() -> None:
    shop = a_shop_of(*IDS)
    shop.state_store.current = Rules(marketing_paused=True)

    assert sweep(shop) == swept_as(held=12)

    assert shop.bulk_mailer.calls == []
    assert shop.renderer.rendered == []


def test_calls_are_as_large_as_the_rate_allows() -> None:
    shop = a_shop_of(*(f"c-{number}" for number in range(80)))
    shop.rate_limiter.account.current = replace(PLENTY, rate=14)

    assert sweep(shop) == swept_as(sent=80)

    assert max(shop.bulk_mailer.calls) == 14
    seconds = (shop.clock.now() - NOW) / timedelta(seconds=1)
    assert 80 / 14 - 1.1 < seconds < 80 / 14 * 1.1


def test_when_the_quota_is_spent_the_shard_is_held_and_no_row_is_written() -> None:
    shop = a_shop_of(*IDS)
    before = dict(shop.table.enrollments)
    shop.rate_limiter.account.current = replace(PLENTY, quota=10, sent=10)

    done = [shop.sweep(LETTER, shard) for shard in shop.table.shards()]

    assert [each.hold is not None and each.hold.reason for each in done] == [HoldReason.QUOTA] * SHARDS
    assert sum(each.counts.held for each in done) == len(IDS)
    assert (shop.table.enrollments, shop.table.pages) == (before, {})


def test_what_holds_everyone_is_met_once_and_not_page_by_page() -> None:
    shop = a_shop_of(*(f"c-{number}" for number in range(250)))
    shop.state_store.current = Rules(paused_campaigns=frozenset({"letter"}))
    before = dict(shop.table.enrollments)

    assert sweep(shop) == swept_as(held=SHARDS * LARGEST_PAGE)

    assert shop.seams.calls.count("read_all") == SHARDS
    assert shop.table.enrollments == before


def test_a_lost_answer_leaves_its_page_unresolved_and_no_message_is_sent_twice() -> None:
    shop = a_shop_of(*IDS)
    shop.bulk_mailer.lost_answers = 1

    done = sweep(shop).counts

    assert (done.in_doubt > 0, done.sent + done.in_doubt) == (True, 12)
    shop.sweep_days(2)
    assert sorted(shop.mails_to) == sorted((customer_id, "letter") for customer_id in IDS)


def test_a_message_in_a_page_is_worded_and_addressed_as_one_by_itself_would_be() -> None:
    read_all, alone = a_shop_of("c-0"), a_shop_of("c-0")

    sweep(read_all)
    alone.advance(of("c-0"))

    assert read_all.mailer.sent == alone.mailer.sent
    assert read_all.bulk_mailer.calls == [1]
    assert alone.bulk_mailer.calls == []


def test_a_customer_who_left_while_the_call_was_out_is_not_brought_back_by_a_refusal() -> None:
    shop = a_shop_of(ANA, BO)
    shop.mailer.refuse(ANA, SendThrottledError("rate"))

    def leave() -> None:
        shop.table.save(shop.row(of(ANA)).ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    shop.seams.at_next("send_all", Phase.AFTER, leave)
    sweep(shop)

    row = shop.row(of(ANA))
    assert (row.status, row.reason) == (EnrollmentStatus.LEFT, "goal")
    assert (row.sends["letter"].status, row.sends["letter"].reason) == (SendStatus.FAILED, "left")


def test_an_enrollment_that_moved_during_the_call_is_released_all_the_same() -> None:
    shop = a_shop_of(ANA, BO)
    shop.mailer.refuse(ANA, SendThrottledError("rate"))
    shop.seams.at_next("send_all", Phase.AFTER, lambda: shop.table.save(shop.row(of(ANA))))

    sweep(shop)
    shop.sweep_days(1)

    assert (ANA, "letter") in shop.mails_to


def test_a_customer_who_was_erased_during_the_call_blocks_no_other() -> None:
    shop = a_shop_of(ANA, BO)
    shop.mailer.refuse(ANA, SendThrottledError("rate"))
    shop.seams.at_next("send_all", Phase.AFTER, lambda: shop.table.enrollments.pop(of(ANA)))

    assert sweep(shop) == swept_as(sent=1, failed=1)

    assert shop.failures == []


TROUBLE: list[Callable[[Shop], object]] = [
    lambda shop: shop.mailer.refuse("c-0", SendThrottledError("rate")),
    lambda shop: shop.mailer.refuse("c-1", SendImpossibleError("MESSAGE_REJECTED")),
    lambda shop: shop.change("c-2", marketing=False),
    lambda shop: shop.change("c-3", mailed_at=(NOW,)),
    lambda shop: shop.table.enrollments.update({of("c-4"): replace(shop.row(of("c-4")), bundle="lost")}),
    lambda shop: setattr(shop.bulk_mailer, "lost_answers", 1),
    lambda shop: setattr(shop.rate_limiter.account, "current", replace(PLENTY, rate=1)),
    lambda shop: setattr(shop.rate_limiter.account, "current", replace(PLENTY, quota=4)),
    lambda shop: setattr(shop.state_store, "current", Rules(marketing_paused=True)),
    lambda shop: shop.seams.at_next(
        "claim_page", Phase.BEFORE, lambda: shop.change(ANA, marketing=False, version=9)
    ),
    lambda shop: shop.seams.at_next("claim_page", Phase.BEFORE, lambda: shop.table.save(shop.row(of(ANA)))),
    lambda shop: shop.seams.at_next("read_all", Phase.AFTER, lambda: shop.table.enrollments.pop(of(ANA))),
    lambda shop: shop.seams.at_next("save_all", Phase.BEFORE, lambda: shop.table.save(shop.row(of("c-3")))),
]


@given(st.sets(st.integers(0, len(TROUBLE) - 1)))
def test_every_enrollment_that_a_sweep_met_is_in_exactly_one_of_its_numbers(chosen: set[int]) -> None:
    shop = a_shop_of(*IDS)
    for number in chosen:
        TROUBLE[number](shop)

    done = [shop.sweep(LETTER, shard) for shard in shop.table.shards()]

    counts = SweepCounts()
    for each in done:
        counts.add(each.counts)
    assert counts.due == len(IDS) or any(each.hold for each in done)
    assert counts.missing == 0
    assert not any(each.more for each in done)
    assert counts.sent <= len(shop.mails)
    (report,) = shop.sweep_log.reports(NOW)
    assert report.adds_up
    assert report.counts == counts
