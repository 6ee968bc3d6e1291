"""What the page lists: e-mails, and between them what happened to the customer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from outreach_tools.demo.emails import NumberedEmail
from outreach_tools.demo.gallery.email_pages import html_name, text_name
from outreach_tools.demo.plan import PlannedEvent

_WORDS = {
    "customer.signed_up": "Signed up",
    "customer.activated": "Set up the account",
    "customer.updated": "Took back the consent to marketing mail",
    "customer.deleted": "Deleted the account",
    "product.feature_used": "Tried something out",
    "order.placed": "Placed an order",
    "order.delayed": "Got a notice of a delay",
    "order.shipped": "The order was shipped",
    "order.delivered": "The order was delivered",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    at: datetime
    customer: str
    words: str
    detail: str
    campaign: str = ""
    message: str = ""
    to: str = ""
    page: str = ""
    text_page: str = ""
    """Both are set for e-mails only."""


def timeline(emails: Sequence[NumberedEmail], events: Sequence[PlannedEvent], folder: str) -> list[Row]:
    """Everything in time's order; at the same instant the event stands before its e-mail."""
    rows = [*map(_event, events), *(_email(email, folder) for email in emails)]
    return sorted(rows, key=lambda row: row.at)


def people(events: Sequence[PlannedEvent]) -> Mapping[str, str]:
    """Customer id to name, from the sign-up."""
    return dict(sorted(_names(events)))


def _names(events: Sequence[PlannedEvent]) -> Iterator[tuple[str, str]]:
    for event in events:
        if event.name == "customer.signed_up":
            who = event.detail["customer"]
            named = " ".join(who[part] for part in ("first_name", "last_name") if part in who)
            yield who["id"], f"{named}, {who['country']}"


def _event(event: PlannedEvent) -> Row:
    order = event.detail.get("order", {})
    used = event.detail.get("properties", {})
    items = ", ".join(f"{item['quantity']} x {item['name']}" for item in order.get("items", ()))
    delay = ""
    if "delay_reason" in order:
        promised_at = datetime.fromisoformat(order["promised_at"])
        delay = f"{order['delay_reason']}; now promised for {promised_at:%d %B %Y}"
    feature = f"{used['product_line']}: {used['feature'].replace('_', ' ')}" if used else ""
    return Row(event.at, event.detail["customer"]["id"], _WORDS[event.name], items or delay or feature)


def _email(email: NumberedEmail, folder: str) -> Row:
    return Row(
        at=email.sent_at.astimezone(UTC),
        customer=email.customer,
        words=email.subject,
        detail=email.preheader,
        campaign=email.campaign,
        message=email.message,
        to=email.to,
        page=f"{folder}/{html_name(email)}",
        text_page=f"{folder}/{text_name(email)}",
    )
