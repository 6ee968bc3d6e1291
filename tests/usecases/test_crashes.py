"""A process may crash at any call of a port. The platform calls again, and the promise to customers holds."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

import pytest

from builders import a_campaign, an_event
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentStatus
from outreach.domain.sending.send import SendStatus
from sampling import sampled
from some import some
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import notify, send, wait

STEPS = (
    send("first"),
    wait(hours=2),
    notify("told"),
    send("second"),
    wait("again", days=2),
    send("third"),
)
CLASSES = [MessageClass.MARKETING, MessageClass.TRANSACTIONAL]


def campaign_of(message_class: MessageClass, driver: Driver) -> Campaign:
    return a_campaign("journey", steps=STEPS, message_class=message_class, driver=driver)


def run(campaign: Campaign, crash_at: tuple[int, Phase] | None = None, *, feedback: bool = True) -> Shop:
    """One customer's whole way through a campaign, with one crash on the way."""
    shop = Shop(campaign, feedback=feedback)
    ana = shop.enroll(campaign)
    if crash_at is not None:
        shop.seams.at(*crash_at, crash)
    if campaign.driver is Driver.WORKFLOW:
        shop.carry(ana)
    else:
        shop.sweep_days(6)
    return shop


def calls_of(campaign: Campaign, *, feedback: bool = True) -> list[str]:
    return run(campaign, feedback=feedback).seams.calls


def points(calls: list[str], name: str) -> Sequence[tuple[int, str]]:
    """Each call with its number: all in `make proof`, a part in `make test`."""
    return sampled(list(enumerate(calls)), name)


CASES = [
    pytest.param(message_class, driver, id=f"{message_class}-{driver}")
    for message_class, driver in product(CLASSES, Driver)
]


@pytest.mark.parametrize(("message_class", "driver"), CASES)
@pytest.mark.parametrize("feedback", [True, False], ids=["flowing", "silent"])
def test_without_a_crash_everything_goes_out_once(
    message_class: MessageClass, driver: Driver, feedback: bool
) -> None:
    shop = run(campaign_of(message_class, driver), feedback=feedback)

    assert shop.mails == ["first", "second", "third"]
    assert len(shop.announcer.announced) == 1
    (row,) = shop.table.enrollments.values()
    assert {sent.status for sent in row.sends.values()} == {SendStatus.SENT}


@pytest.mark.parametrize(("message_class", "driver"), CASES)
@pytest.mark.parametrize("phase", Phase)
def test_while_feedback_flows_every_message_is_sent_once_wherever_the_process_crashes(
    message_class: MessageClass, driver: Driver, phase: Phase
) -> None:
    campaign = campaign_of(message_class, driver)

    for number, call in some(points(calls_of(campaign), f"flows {phase} {campaign.message_class}")):
        shop = run(campaign, (number, phase))

        where = f"{phase} call {number}: {call}"
        (row,) = shop.table.enrollments.values()
        assert row.status is EnrollmentStatus.FINISHED, where
        assert shop.mails == ["first", "second", "third"], where
        assert {step: sent.status for step, sent in row.sends.items()} == dict.fromkeys(
            ["first", "second", "third"], SendStatus.SENT
        ), where
        assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 1, where


@pytest.mark.parametrize(("message_class", "driver"), CASES)
@pytest.mark.parametrize("phase", Phase)
def test_while_feedback_is_silent_the_class_decides_and_only_about_the_unresolved_message(
    message_class: MessageClass, driver: Driver, phase: Phase
) -> None:
    campaign = campaign_of(message_class, driver)
    most = 1 if message_class is MessageClass.MARKETING else 2

    calls = calls_of(campaign, feedback=False)
    for number, call in some(points(calls, f"silent {phase} {campaign.message_class}")):
        shop = run(campaign, (number, phase), feedback=False)
        where = f"{phase} call {number}: {call}"

        (row,) = shop.table.enrollments.values()
        mails = Counter(shop.mails)
        assert row.status is EnrollmentStatus.FINISHED, where
        assert max(mails.values()) <= most, where
        for step, sent in row.sends.items():
            if sent.status is SendStatus.UNKNOWN:
                assert message_class is MessageClass.MARKETING, where
            else:
                assert sent.status is SendStatus.SENT, where
                assert mails[step] >= 1, where
        assert len(row.sends) == 3, where
        assert sum(send.status is SendStatus.UNKNOWN for send in row.sends.values()) <= 1, where
        announced = {event_id for _, event_id, _ in shop.announcer.announced}
        assert len(announced) == 1, where


@pytest.mark.parametrize("driver", Driver)
@pytest.mark.parametrize("phase", Phase)
def test_only_between_claim_and_record_is_a_claim_unresolved(driver: Driver, phase: Phase) -> None:
    campaign = campaign_of(MessageClass.MARKETING, driver)
    calls = calls_of(campaign, feedback=False)
    expected, claims = [], False
    for call in some(calls):
        ends = call in {"record", "close_page"}
        begins = call in {"claim", "claim_page"}
        claims = claims or (begins and phase is Phase.AFTER)
        expected.append(claims and not (ends and phase is Phase.AFTER))
        claims = (claims or begins) and not ends

    for number, call in some(points(calls, f"between {phase}")):
        shop = run(campaign, (number, phase), feedback=False)

        (row,) = shop.table.enrollments.values()
        is_unresolved_send = any(sent.status is SendStatus.UNKNOWN for sent in row.sends.values())
        assert is_unresolved_send == expected[number], f"{phase} {number}: {call}"
        if not is_unresolved_send:
            assert shop.mails == ["first", "second", "third"]


@pytest.mark.parametrize("phase", Phase)
def test_an_event_is_taken_in_as_if_nothing_had_happened_wherever_the_process_crashes(phase: Phase) -> None:
    def story(crash_at: int | None) -> Shop:
        """She was enrolled in one campaign; the event ends that, wakes another, enrolls in two more."""
        campaigns = [
            a_campaign("ends", trigger="a.began", exit_on=("b.came",)),
            a_campaign("begins", trigger="b.came"),
            a_campaign("sweeps", trigger="b.came", driver=Driver.SWEEP, steps=(wait(days=3), send("later"))),
        ]
        shop = Shop(*campaigns)
        shop.take_in(an_event("a.began"))
        if crash_at is not None:
            shop.seams.at(len(shop.seams.calls) + crash_at, phase, crash)
        event = an_event("b.came", id="evt-2")
        try:
            shop.take_in(event)
        except CrashError:  # the queue delivers the event again
            shop.take_in(event)
        return shop

    before = Shop(a_campaign("ends", trigger="a.began"))
    before.take_in(an_event("a.began"))
    smooth = story(None)
    assert len(smooth.workflows.stopped) == 1
    assert len(smooth.workflows.running) == 1

    for number in some(range(len(smooth.seams.calls) - len(before.seams.calls))):
        shop = story(number)

        where = f"{phase} call {number}"
        assert shop.table.enrollments == smooth.table.enrollments, where
        assert shop.table.customers == smooth.table.customers, where
        assert shop.workflows.running == smooth.workflows.running, where
        assert shop.workflows.stopped == smooth.workflows.stopped, where
