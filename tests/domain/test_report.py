"""How far a send got, whatever is reported about it and in whatever order."""

from datetime import timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_send
from outreach.domain.feedback.report import (
    ON_ACCOUNT_LIST,
    Bounced,
    BounceKind,
    Clicked,
    Complained,
    ComplaintKind,
    Delivered,
    DeliveryDelayed,
    Feedback,
    Opened,
    Rejected,
    RenderingFailed,
    Report,
    Sent,
    Subscribed,
    after,
)
from outreach.domain.sending.send import Send, SendStatus

LATER = NOW + timedelta(minutes=1)

FEEDBACK: dict[str, Feedback] = {
    "sent": Sent(LATER),
    "delayed": DeliveryDelayed(LATER),
    "soft": Bounced(LATER, BounceKind.TRANSIENT, "MailboxFull"),
    "unclear": Bounced(LATER, BounceKind.UNDETERMINED, "Undetermined"),
    "delivered": Delivered(LATER),
    "machine open": Opened(LATER, machine=True),
    "machine click": Clicked(LATER, machine=True),
    "open": Opened(LATER),
    "click": Clicked(LATER),
    "virus": Rejected(LATER),
    "template": RenderingFailed(LATER),
    "listed": Bounced(LATER, BounceKind.PERMANENT, ON_ACCOUNT_LIST),
    "listed, complaint": Complained(LATER, ComplaintKind.UNKNOWN, ON_ACCOUNT_LIST),
    "hard": Bounced(LATER, BounceKind.PERMANENT, "NoEmail"),
    "complaint": Complained(LATER, ComplaintKind.ABUSE),
    "not spam": Complained(LATER, ComplaintKind.NOT_SPAM),
    "list page": Subscribed(LATER, wants_nothing=True),
}

TABLE = """
from         sent delivered machine open   click   soft         virus    listed     hard    complaint
claimed      sent delivered deliv   opened clicked soft_bounced rejected suppressed bounced complained
deferred     sent delivered deliv   opened clicked soft_bounced rejected suppressed bounced complained
unknown      sent delivered deliv   opened clicked soft_bounced rejected suppressed bounced complained
failed       sent delivered deliv   opened clicked soft_bounced rejected suppressed bounced complained
sent         .    delivered deliv   opened clicked soft_bounced rejected suppressed bounced complained
soft_bounced .    delivered deliv   opened clicked .            rejected suppressed bounced complained
delivered    .    .         .       opened clicked .            rejected suppressed bounced complained
opened       .    .         .       .      clicked .            rejected suppressed bounced complained
clicked      .    .         .       .      .       .            rejected suppressed bounced complained
rejected     .    .         .       .      .       .            .        suppressed bounced complained
suppressed   .    .         .       .      .       .            .        .          bounced complained
bounced      .    .         .       .      .       .            .        .          .       complained
complained   .    .         .       .      .       .            .        .          .       .
"""
COLUMNS = {
    "sent": ("sent",),
    "delivered": ("delivered",),
    "machine": ("machine open", "machine click"),
    "open": ("open",),
    "click": ("click",),
    "soft": ("soft", "unclear"),
    "virus": ("virus", "template"),
    "listed": ("listed", "listed, complaint"),
    "hard": ("hard",),
    "complaint": ("complaint",),
}


def _cases() -> list[tuple[str, str, str]]:
    header, *rows = [line.split() for line in TABLE.strip().splitlines()]
    words = {"deliv": "delivered"}
    return [
        (row[0], feedback, row[0] if cell == "." else words.get(cell, cell))
        for row in rows
        for column, cell in zip(header[1:], row[1:], strict=True)
        for feedback in COLUMNS[column]
    ]


def _report(feedback: Feedback) -> Report:
    return Report(feedback, "ses-1", NOW + timedelta(seconds=1))


@pytest.mark.parametrize(("known", "feedback", "expected"), _cases())
def test_each_feedback_moves_each_status_as_the_table_says(known: str, feedback: str, expected: str) -> None:
    told = after(a_send(SendStatus(known), reason="\U0010ffff"), _report(FEEDBACK[feedback]))

    assert told.status == expected


def test_the_table_knows_every_status() -> None:
    assert {known for known, _, _ in _cases()} == set(SendStatus)


@pytest.mark.parametrize("status", SendStatus)
@pytest.mark.parametrize("feedback", ["delayed", "not spam", "list page"])
def test_what_proves_nothing_changes_nothing(status: SendStatus, feedback: str) -> None:
    send = a_send(status)

    assert after(send, _report(FEEDBACK[feedback])) == send


def test_a_late_delivery_never_overwrites_a_complaint() -> None:
    complained = after(a_send(SendStatus.SENT), _report(FEEDBACK["complaint"]))

    assert after(complained, _report(FEEDBACK["delivered"])) == complained
    assert (complained.status, complained.reason) == (SendStatus.COMPLAINED, "abuse")


def test_an_out_of_office_answer_changes_nothing_about_a_delivery() -> None:
    delivered = after(a_send(SendStatus.SENT), _report(FEEDBACK["delivered"]))

    assert after(delivered, _report(Bounced(LATER, BounceKind.TRANSIENT, "General"))) == delivered


def test_when_it_went_out_stays_what_the_sender_recorded() -> None:
    recorded = a_send(SendStatus.SENT, message_id="ses-1")

    assert after(recorded, _report(FEEDBACK["click"])).at == recorded.at


def test_feedback_says_when_a_message_was_sent_whose_sender_crashed() -> None:
    told = after(a_send(SendStatus.CLAIMED), _report(FEEDBACK["delivered"]))

    assert (told.at, told.message_id) == (NOW + timedelta(seconds=1), "ses-1")


@given(
    st.sampled_from([SendStatus.CLAIMED, SendStatus.DEFERRED, SendStatus.UNKNOWN, SendStatus.SENT]),
    st.lists(st.sampled_from(list(FEEDBACK.values())), max_size=8).flatmap(
        lambda reported: st.tuples(st.permutations(reported), st.permutations([*reported, *reported[:3]]))
    ),
)
def test_order_and_repetition_do_not_matter(
    first: SendStatus, reported: tuple[list[Feedback], list[Feedback]]
) -> None:
    def told(feedback: list[Feedback]) -> Send:
        return reduce(after, map(_report, feedback), a_send(first))

    assert told(reported[0]) == told(reported[1])


@given(st.sampled_from(SendStatus), st.sampled_from(list(FEEDBACK.values())))
def test_a_send_never_falls(known: SendStatus, feedback: Feedback) -> None:
    assert after(a_send(known), _report(feedback)).status.rank >= known.rank
