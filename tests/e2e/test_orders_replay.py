"""Real orders through the whole stack: every e-mail is the one that plain dates say, at that second."""

from decimal import Decimal

import pytest

from e2e.expected_mail import Calendar, Mail
from e2e.shop import PROJECT
from e2e.told import lives
from outreach_tools.demo.emails import NumberedEmail
from outreach_tools.demo.orders_file import purchases_by_customer
from outreach_tools.demo.plan import ENDS, PlannedEvent, plan
from outreach_tools.demo.run import replay
from outreach_tools.demo.summary import Summary

CUSTOMERS, SEED = 12, 268
"""Few customers, and among them a bit of everything."""
FILE = PROJECT / "tools/outreach_tools/data/cdnow/CDNOW_sample.txt"


@pytest.fixture(scope="module")
def events() -> list[PlannedEvent]:
    return plan(purchases_by_customer(), CUSTOMERS, SEED)


@pytest.fixture(scope="module")
def replayed(events: list[PlannedEvent]) -> tuple[list[NumberedEmail], Summary]:
    return replay(events, customers=CUSTOMERS, seed=SEED, project=PROJECT, tell=lambda *_: None, began=0)


@pytest.fixture(scope="module")
def expected(events: list[PlannedEvent]) -> list[Mail]:
    told = lives((event.name, event.detail) for event in events)
    return sorted(Calendar(told.values(), ENDS).walk())


def test_the_orders_are_those_of_the_file(events: list[PlannedEvent]) -> None:
    numbers = {event.detail["customer"]["id"].removeprefix("c-") for event in events}
    assert len(numbers) == CUSTOMERS
    in_file = [line.split()[1:] for line in FILE.read_text(encoding="ascii").splitlines()]
    placed = [event for event in events if event.name == "order.placed"]
    assert sorted(
        (
            event.detail["customer"]["id"].removeprefix("c-"),
            f"{event.at:%Y%m%d}",
            sum(item["quantity"] for item in event.detail["order"]["items"]),
            Decimal(event.detail["order"]["total"]),
        )
        for event in placed
    ) == sorted(
        (who, day, int(pieces), Decimal(total)) for who, day, pieces, total in in_file if who in numbers
    )


def test_the_replay_is_worth_looking_at(events: list[PlannedEvent], expected: list[Mail]) -> None:
    """It holds late orders, missing events, customers who leave, and all four campaigns."""
    names = {event.name for event in events}
    assert {"customer.activated", "customer.updated", "product.feature_used", "customer.deleted"} <= names
    messages = {message for _, _, message in expected}
    assert {"welcome", "need-a-hand", "make-the-most", "oven-4-care", "last-call"} <= messages
    assert {"delayed", "delayed-again", "overdue"} <= messages


def test_every_expected_mail_went_out_at_its_second_and_no_other(
    replayed: tuple[list[NumberedEmail], Summary], expected: list[Mail]
) -> None:
    emails, _ = replayed
    went = [(each.sent_at.replace(microsecond=0), each.customer, each.message) for each in emails]
    assert sorted(went) == expected


def test_the_figures_are_those_of_the_outbox(replayed: tuple[list[NumberedEmail], Summary]) -> None:
    emails, summary = replayed
    for campaign, figures in summary.campaigns.items():
        messages = [email.message for email in emails if email.campaign == campaign]
        assert dict(figures.sent) == {message: messages.count(message) for message in set(messages)}
        assert not {email.customer for email in emails if email.campaign == campaign} & set(figures.holdout)
