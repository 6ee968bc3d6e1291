"""What SES reports is counted and takes effect."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from builders import NOW
from outreach.domain.feedback.health import BACKLOG_WAIT, SLOT_LENGTH
from outreach.domain.feedback.report import (
    ON_ACCOUNT_LIST,
    Bounced,
    BounceKind,
    Clicked,
    Complained,
    ComplaintKind,
    Delivered,
    Feedback,
    Opened,
    Report,
    ReportSource,
    Sent,
    Subscribed,
    may_be_about,
)
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.intake.event import COMPLAINED, SUPPRESSED
from outreach.domain.journeys.campaign import MessageClass
from outreach.domain.journeys.enrollment import LeaveReason
from outreach.domain.sending.breaker import FEWEST_SENDS, Breaker, Tally
from outreach.domain.sending.send import Send, SendStatus
from outreach.usecases.feedback.take_in_feedback import PATIENCE
from usecases.mailbag import CONFIGURATION_SET, HARD, SOFT, Mailbag
from usecases.seams import Phase

ABUSE = Complained(NOW + timedelta(hours=1), ComplaintKind.ABUSE)
OUT_OF_OFFICE = Bounced(NOW, BounceKind.TRANSIENT, "General")


def test_each_report_moves_its_own_send() -> None:
    bag = Mailbag(3)
    digest = bag.hears((Delivered(NOW), 0), (Clicked(NOW), 1), (HARD, 2))

    assert [bag.status(n) for n in range(3)] == [
        SendStatus.DELIVERED,
        SendStatus.CLICKED,
        SendStatus.BOUNCED,
    ]
    assert (digest.moved, digest.failed) == (3, {})


def test_a_machine_that_opens_proves_delivery_and_no_more() -> None:
    bag = Mailbag()
    bag.hears(Opened(NOW, machine=True))

    assert bag.status() is SendStatus.DELIVERED


def test_a_hard_bounce_suppresses_and_ends_all_marketing_that_waits() -> None:
    bag = Mailbag(3)
    bag.hears(HARD)

    assert bag.suppression is SuppressionReason.HARD_BOUNCE
    assert bag.waiting() == (set(), set())
    assert {row.reason for row in bag.table.enrollments.values()} == {LeaveReason.SUPPRESSED}
    assert bag.table.customer("c-ana").wants_marketing


def test_what_is_transactional_goes_on_its_way_and_is_only_not_mailed() -> None:
    bag = Mailbag(message_class=MessageClass.TRANSACTIONAL)
    bag.hears(HARD)

    assert bag.suppression is SuppressionReason.HARD_BOUNCE
    assert bag.waiting()[1] == {"mail-0"}


def test_a_complaint_suppresses_and_unsubscribes() -> None:
    bag = Mailbag(2)
    bag.hears(ABUSE)

    ana = bag.table.customer("c-ana")
    assert (bag.suppression, ana.wants_marketing) == (SuppressionReason.COMPLAINT, False)
    assert bag.waiting() == (set(), set())
    assert COMPLAINED in ana.seen


def test_a_complaint_reaches_who_was_written_to_although_they_moved() -> None:
    bag = Mailbag()
    bag.signs_up("c-ana", "new@example.com", "customer.updated")
    bag.hears(ABUSE)

    ana = bag.table.customer("c-ana")
    assert (ana.suppression, ana.wants_marketing) == (None, False)


def test_every_customer_who_has_the_address_is_suppressed() -> None:
    bag = Mailbag()
    bag.signs_up("c-ben", "Ana@Example.com")
    bag.hears(HARD)

    assert bag.table.customer("c-ben").suppression is SuppressionReason.HARD_BOUNCE


@pytest.mark.parametrize(
    "harmless",
    [
        Complained(NOW, ComplaintKind.NOT_SPAM),
        Bounced(NOW, BounceKind.TRANSIENT, "MessageTooLarge"),
        Bounced(NOW, BounceKind.TRANSIENT, "ContentRejected"),
        Bounced(NOW, BounceKind.TRANSIENT, "AttachmentRejected"),
    ],
)
def test_what_says_nothing_about_the_mailbox_never_suppresses(
    harmless: Complained | Bounced,
) -> None:
    bag = Mailbag(6)
    bag.hears(*[(harmless, number) for number in range(6)])

    assert bag.suppression is None
    assert len(bag.waiting()[1]) == 6


def test_five_soft_bounces_in_a_row_suppress_and_four_do_not() -> None:
    bag = Mailbag(5)
    for number in range(4):
        bag.hears((SOFT, number))
    assert bag.suppression is None

    bag.hears((SOFT, 4))
    assert bag.suppression is SuppressionReason.SOFT_BOUNCES


def test_a_delivery_in_between_breaks_the_row_even_if_it_is_reported_last() -> None:
    bag = Mailbag(6)
    bag.hears(*[(SOFT, number) for number in (0, 1, 2, 4, 5)])
    assert bag.suppression is SuppressionReason.SOFT_BOUNCES

    bag.hears((Delivered(NOW), 3))
    assert bag.suppression is None


def test_a_delivery_that_was_reported_first_breaks_the_row_too() -> None:
    bag = Mailbag(6)
    bag.hears((Delivered(NOW), 3))
    bag.hears(*[(SOFT, number) for number in (0, 1, 2, 4, 5)])

    assert bag.suppression is None


def test_out_of_office_answers_never_count() -> None:
    bag = Mailbag(6)
    for number in range(6):
        bag.hears((Delivered(NOW), number))
        bag.hears((OUT_OF_OFFICE, number))

    assert bag.suppression is None
    assert {bag.status(n) for n in range(6)} == {SendStatus.DELIVERED}


def test_a_bounce_of_a_stranger_suppresses_its_address() -> None:
    bag = Mailbag()
    stranger = replace(bag.report(HARD), send_id=None)
    digest = bag.take_in([stranger])

    assert bag.suppression is SuppressionReason.HARD_BOUNCE
    assert (digest.strangers, digest.moved) == (1, 0)


def test_feedback_of_another_stacks_send_makes_no_customer() -> None:
    bag = Mailbag()
    send_id = replace(bag.send_id(), customer_id="c-elsewhere")
    bag.take_in([replace(bag.report(ABUSE, to="else@example.com"), send_id=send_id)])

    assert set(bag.table.customers) == {"c-ana"}
    assert bag.table.addresses.known("id of else@example.com").status.reason is SuppressionReason.COMPLAINT


@pytest.mark.parametrize("feedback", [Delivered(NOW), HARD, ABUSE], ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(
    "foreign",
    [{"configuration_set": "staging"}, {"message_id": "ses-elsewhere"}],
    ids=["configuration set", "message id"],
)
def test_a_report_about_another_stacks_message_with_our_tags_changes_no_send(
    feedback: Feedback, foreign: dict[str, str]
) -> None:
    bag = Mailbag(3)
    digest = bag.take_in([replace(bag.report(feedback), **foreign)])

    assert {bag.status(n) for n in range(3)} == {SendStatus.SENT}
    assert (digest.strangers, digest.moved, digest.breaker) in {
        (1, 0, None),
        (1, 0, bag.table.state_store.breaker()),
    }
    assert bag.table.state_store.breaker().total == Tally()


def test_a_report_of_another_stacks_configuration_set_raises_no_mark() -> None:
    bag = Mailbag()
    bag.take_in([replace(bag.report(Delivered(NOW)), configuration_set="staging")])

    assert bag.marks.writes == 0


@pytest.mark.parametrize("configuration_set", [None, CONFIGURATION_SET])
def test_a_report_with_the_configuration_set_of_this_stack_or_none_counts(
    configuration_set: str | None,
) -> None:
    bag = Mailbag()
    digest = bag.take_in([replace(bag.report(Delivered(NOW)), configuration_set=configuration_set)])

    assert (bag.status(), digest.strangers) == (SendStatus.DELIVERED, 0)


@pytest.mark.parametrize(
    ("recorded", "attempts", "is_taken"),
    [(None, 1, True), ("ses-0", 1, True), ("ses-1", 1, False), ("ses-1", 2, True)],
    ids=["unresolved claim", "same", "another", "sent more than once"],
)
def test_a_report_must_name_the_message_id_on_record_if_the_send_has_one_message(
    recorded: str | None, attempts: int, is_taken: bool
) -> None:
    known = Send("hello", SendStatus.CLAIMED, NOW, attempts=attempts, message_id=recorded)
    assert may_be_about(Report(Delivered(NOW), "ses-0", NOW), known) is is_taken


ANA, BEN, EVE = "ana@example.com", "ben@example.com", "eve@example.com"


@pytest.mark.parametrize("destination", [(ANA,), (), (ANA, BEN)])
@pytest.mark.parametrize(
    ("named", "added"),
    [
        ((), set()),
        ((ANA,), set()),
        (("Ana@Example.com", ANA), set()),
        ((ANA, BEN), set()),
        ((BEN, EVE), set()),
        ((BEN,), {BEN}),
    ],
)
@pytest.mark.parametrize("feedback", [ABUSE, HARD])
def test_feedback_about_a_known_message_counts_whatever_its_list_of_recipients_holds(
    feedback: Complained | Bounced, named: tuple[str, ...], added: set[str], destination: tuple[str, ...]
) -> None:
    bag = Mailbag()
    digest = bag.take_in([replace(bag.report(feedback), recipients=named, destination=destination)])

    is_complaint = isinstance(feedback, Complained)
    if destination != (ANA,) and named == (BEN,):
        assert suppressed_in(bag) == {
            BEN
        }  # SES names one address, and does not say where the message was sent
    elif is_complaint:
        assert suppressed_in(bag) == {ANA, *added}
    else:
        own = {ANA} if destination == (ANA,) or not named else set()
        assert suppressed_in(bag) == {each.lower() for each in named} | own
    assert bag.table.customer("c-ana").wants_marketing is not is_complaint
    assert digest.ambiguous == []


@pytest.mark.parametrize("destination", [(), (ANA, BEN)])
def test_a_complaint_about_an_unknown_message_that_names_several_suppresses_none_and_is_counted(
    destination: tuple[str, ...],
) -> None:
    bag = Mailbag()
    many = replace(bag.report(ABUSE), send_id=None, recipients=(ANA, BEN), destination=destination)
    digest = bag.take_in([many])

    assert suppressed_in(bag) == set()
    assert digest.ambiguous == [many]


def test_two_spellings_of_one_address_are_one_complainer() -> None:
    bag = Mailbag()
    digest = bag.take_in([replace(bag.report(ABUSE), send_id=None, recipients=(ANA, "ANA@example.com"))])

    assert suppressed_in(bag) == {ANA}
    assert digest.ambiguous == []


def test_five_soft_bounces_that_name_no_recipient_suppress_the_address_of_the_messages() -> None:
    bag = Mailbag(5)
    bag.take_in([replace(bag.report(SOFT, number), recipients=(), destination=(ANA,)) for number in range(5)])

    assert suppressed_in(bag) == {ANA}


@pytest.mark.parametrize("repeats", [1, 2])
def test_who_unsubscribes_from_all_topics_at_ses_opts_the_mailbox_out(repeats: int) -> None:
    bag = Mailbag(2)
    bag.signs_up("c-ben", "Ana@example.com")
    for _ in range(repeats):
        bag.hears(Subscribed(NOW + timedelta(hours=1), wants_nothing=True))

    assert {row.wants_marketing for row in bag.table.customers.values()} == {False}
    assert bag.waiting() == (set(), set())
    assert bag.suppression is None
    bag.signs_up("c-eva", ANA)
    assert not bag.table.customer("c-eva").wants_marketing


def test_a_yes_that_was_said_after_leaving_ses_topics_stays() -> None:
    bag = Mailbag()
    bag.hears(Subscribed(NOW - timedelta(hours=1), wants_nothing=True))

    assert bag.table.customer("c-ana").wants_marketing


def test_leaving_some_of_ses_topics_changes_nothing() -> None:
    bag = Mailbag()
    bag.hears(Subscribed(NOW + timedelta(hours=1), wants_nothing=False))

    assert bag.table.customer("c-ana").wants_marketing


def suppressed_in(bag: Mailbag) -> set[str]:
    rows = bag.table.addresses.rows.values()
    return {row.id.removeprefix("id of ") for row in rows if row.status.suppression is not None}


def test_one_report_that_fails_holds_up_no_other_and_raises_no_mark() -> None:
    bag = Mailbag(2)

    def fail() -> None:
        raise ConnectionError

    bag.seams.at_next("move", Phase.BEFORE, fail)
    digest = bag.hears((Delivered(NOW), 0), (Delivered(NOW), 1), (Sent(NOW), 0))

    assert set(digest.failed) == {0, 2}
    assert bag.status(1) is SendStatus.DELIVERED
    assert bag.marks.health().marks == {}
    assert bag.marks.health().behind_at == bag.clock.now()


def test_a_batch_is_read_at_once_and_each_message_is_written_once() -> None:
    bag = Mailbag(3)

    bag.hears(*((Sent(NOW), number) for number in range(3)), *((Delivered(NOW), each) for each in range(3)))

    assert bag.seams.calls.count("sent_many") == 1
    assert bag.seams.calls.count("sent") == 0
    assert bag.seams.calls.count("move") == 3
    assert [bag.status(number) for number in range(3)] == [SendStatus.DELIVERED] * 3


def test_where_a_batch_cannot_be_read_at_once_only_the_send_whose_fault_it_is_fails() -> None:
    bag = Mailbag(2)

    def fail() -> None:
        raise ConnectionError

    bag.seams.at_next("sent_many", Phase.BEFORE, fail)
    bag.seams.at_next("sent", Phase.BEFORE, fail)
    digest = bag.hears((Delivered(NOW), 0), (Delivered(NOW), 1))

    assert set(digest.failed) == {0}
    assert (bag.status(0), bag.status(1)) == (SendStatus.SENT, SendStatus.DELIVERED)


def test_what_a_slow_batch_does_not_reach_in_time_is_left_to_the_queue() -> None:
    bag = Mailbag(3)
    bag.seams.at_next("move", Phase.AFTER, lambda: bag.clock.advance(PATIENCE))

    digest = bag.hears(*((Delivered(NOW), number) for number in range(3)))

    assert set(digest.failed) == {1, 2}
    assert {type(error) for error in digest.failed.values()} == {TimeoutError}
    assert bag.marks.health().marks == {}
    bag.hears((Delivered(NOW), 1), (Delivered(NOW), 2))
    assert [bag.status(number) for number in range(3)] == [SendStatus.DELIVERED] * 3


def rivals_at(bag: Mailbag, call: str, times: int) -> list[datetime]:
    """So often another function counts at the worst time; returns the times."""
    lost: list[datetime] = []

    def counts() -> None:
        state_store = bag.table.state_store
        state_store.counted = replace(state_store.counted, version=state_store.counted.version + 1)
        lost.append(bag.clock.now())
        if len(lost) < times:
            bag.seams.at_next(call, Phase.BEFORE, counts)

    bag.seams.at_next(call, Phase.BEFORE, counts)
    return lost


def test_in_a_storm_of_bounces_a_lost_race_is_run_again_a_little_later_each_time() -> None:
    bag = Mailbag()
    lost = rivals_at(bag, "move", 7)

    digest = bag.hears(HARD)

    assert digest.failed == {}
    assert bag.table.state_store.counted.total.bounces == 1
    pauses = [after - before for before, after in pairwise(lost)]
    assert all(timedelta(0) < pause < timedelta(seconds=2) for pause in pauses)
    assert sum(pauses, timedelta(0)) > timedelta(milliseconds=500)


def test_of_many_that_lose_their_races_the_later_ones_are_left_to_the_queue_in_time() -> None:
    """The function has a minute; a record that it does not reach returns alone."""
    bag = Mailbag(50)
    rivals_at(bag, "move", 1000)
    start = bag.clock.now()

    digest = bag.hears(*((HARD, number) for number in range(50)))

    assert len(digest.failed) == 50
    assert bag.clock.now() < start + timedelta(seconds=40)


def test_a_delivery_waits_for_the_breaker_too() -> None:
    bag = Mailbag()
    lost = rivals_at(bag, "count", 4)

    digest = bag.hears(Delivered(NOW))

    assert (digest.uncounted, bag.table.state_store.counted.total.sends) == (0, 1)
    assert len(set(lost)) == 4


@pytest.mark.parametrize("feedback", [Sent(NOW), Delivered(NOW), HARD, SOFT, ABUSE, Clicked(NOW)])
@pytest.mark.parametrize("source", ReportSource)
def test_any_report_raises_the_mark_of_its_source(feedback: Feedback, source: ReportSource) -> None:
    bag = Mailbag(3)
    for numbers in ((2, 1), (0,)):
        bag.take_in([bag.report(feedback, number, source=source) for number in numbers])

    assert bag.marks.health().marks == {source: NOW + timedelta(days=2)}


def test_a_report_that_came_in_neither_way_raises_no_mark() -> None:
    bag = Mailbag()
    bag.take_in([replace(bag.report(Delivered(NOW)), source=None)])

    assert bag.status() is SendStatus.DELIVERED
    assert bag.marks.writes == 0


@pytest.mark.parametrize("sent_at", [NOW, NOW + timedelta(days=900)])
def test_a_mark_is_never_in_the_future(sent_at: datetime) -> None:
    bag = Mailbag()
    bag.take_in([replace(bag.report(Sent(NOW)), sent_at=sent_at)])

    assert bag.marks.health().marks == {ReportSource.EVENTBRIDGE: min(sent_at, bag.clock.now())}


@pytest.mark.parametrize("wait", [BACKLOG_WAIT, BACKLOG_WAIT + timedelta(seconds=1)])
def test_a_batch_from_a_backlog_raises_no_mark_and_says_that_feedback_is_behind(wait: timedelta) -> None:
    bag = Mailbag()
    bag.take_in([bag.report(Sent(NOW))], waited=wait)

    is_backlog = wait > BACKLOG_WAIT
    known = bag.marks.health()
    assert known.is_behind(bag.clock.now()) is is_backlog
    assert (known.marks == {}) is is_backlog
    assert bag.status() is SendStatus.SENT


def test_a_batch_of_which_a_record_cannot_be_read_raises_no_mark() -> None:
    bag = Mailbag()
    bag.take_in([bag.report(Sent(NOW))], is_whole=False)

    assert bag.marks.health().marks == {}


def test_what_happened_at_once_is_noted_for_its_five_minutes_and_source() -> None:
    bag = Mailbag()
    bag.take_in(
        [
            bag.report(Sent(NOW)),
            bag.report(Delivered(NOW + SLOT_LENGTH), source=ReportSource.SNS),
            bag.report(Opened(NOW + timedelta(days=1))),
        ]
    )

    assert bag.marks.slots == {(source, NOW) for source in ReportSource}


@pytest.mark.parametrize("feedback", [Sent(NOW), Delivered(NOW), HARD, ABUSE])
def test_what_is_reported_again_the_same_way_or_the_other_costs_no_write(feedback: Feedback) -> None:
    bag = Mailbag()
    both = [bag.report(feedback, source=source) for source in ReportSource]
    bag.take_in(both)
    before, writes = len(bag.seams.calls), bag.marks.writes

    for batch in (both, both[:1], both[1:]):
        digest = bag.take_in(batch)
        assert (digest.moved, digest.failed) == (0, {})

    assert {"move", "save", "count", "store"}.isdisjoint(bag.seams.calls[before:])
    assert bag.marks.writes == writes


def test_marketing_outcomes_are_counted_once_each() -> None:
    bag = Mailbag(4)
    for _ in range(2):
        bag.hears((Sent(NOW), 0), (Delivered(NOW), 0), (Delivered(NOW), 1), (HARD, 2), (ABUSE, 3), (HARD, 3))

    assert bag.table.state_store.counted.total == Tally(4, bounces=1, complaints=1)


@pytest.mark.parametrize(
    "listed",
    [
        Bounced(NOW, BounceKind.PERMANENT, ON_ACCOUNT_LIST),
        Complained(NOW, ComplaintKind.UNKNOWN, ON_ACCOUNT_LIST),
    ],
)
def test_what_ses_did_not_even_try_suppresses_but_does_not_speak_against_the_list(
    listed: Bounced | Complained,
) -> None:
    bag = Mailbag()
    bag.hears(listed)

    assert bag.suppression is not None
    assert bag.status() is SendStatus.SUPPRESSED
    assert bag.table.state_store.counted.total == Tally(1)


def test_transactional_bounces_do_not_open_the_breaker() -> None:
    bag = Mailbag(message_class=MessageClass.TRANSACTIONAL)
    bag.hears(HARD)

    assert bag.table.state_store.counted == Breaker()


def test_the_bounce_that_is_too_many_opens_the_breaker_and_says_so_again_when_repeated() -> None:
    bag = Mailbag()
    bag.table.state_store.counted = Breaker((Tally(FEWEST_SENDS - 1, bounces=4),))
    first, again = bag.hears(HARD), bag.hears(HARD)

    for digest in (first, again):
        assert digest.breaker is not None
        assert digest.breaker.opening is not None
    assert bag.table.state_store.rules().marketing_paused
    assert bag.table.state_store.counted.total.bounces == 5


def test_a_suppression_is_reported_once() -> None:
    bag = Mailbag(3)
    bag.hears((HARD, 0), (HARD, 1))
    bag.hears((HARD, 2), (HARD, 0))

    assert [name for _, name in bag.table.events if name.startswith(SUPPRESSED)] == [
        f"{SUPPRESSED}-id of ana@exampl-1"
    ]
