"""Text from customers in messages to others: one check, whatever renders, and whatever the facts are."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from builders import NOW, a_campaign, a_customer
from outreach.adapters.templates import TemplateBundle
from outreach.domain.intake.customer import Profile
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.enrollment import EnrollmentId, Trigger
from outreach.domain.journeys.facts import Links, facts_for
from templates.small_folder import small_folder

SPAM = "Click https://evil.example/win NOW"
HEAD = '---\nsubject: "Hello {{ customer.first_name or \'there\' }}"\npreheader: "p"\n---\n'
BODY = (
    "<o-card><mj-text>{{ customer.first_name or 'there' }} {{ customer.last_name or 'you' }} "
    "{{ customer.attributes.likes }} {{ order.delay_reason or '' }} {{ order.items[0].name }} "
    "{{ event.properties.note }}</mj-text></o-card>"
)


def bundle() -> TemplateBundle:
    return TemplateBundle(small_folder(files={"c/m.mjml": HEAD + BODY}))


def facts(text: str, name: str) -> dict[str, object]:
    """As the engine makes them for a single message and for a page."""
    profile = Profile(first_name=name, last_name=name, attributes={"likes": text})
    order = replace(Order("o-1"), delay_reason=text, items=(OrderItem("x", text),))
    trigger = Trigger("e", "order.placed", NOW, {"note": text}, "o-1")
    links = Links("https://x.example/u", "https://x.example/p", "https://x.example/s")
    customer = replace(a_customer(), profile=profile)
    who = EnrollmentId("c-ana", "c", "o-1")
    return facts_for(a_campaign("c"), who, trigger, customer, order, links, ZoneInfo("UTC"), NOW)


def sample(text: str, name: str) -> dict[str, object]:
    """As previews, checks and tests of a message have them."""
    return {
        "customer": {"first_name": name, "last_name": name, "attributes": {"likes": text}},
        "order": {"id": "o-1", "delay_reason": text, "items": [{"name": text}]},
        "event": {"properties": {"note": text}},
        "links": {"unsubscribe": "https://x.example/u"},
    }


@pytest.mark.parametrize("made", [facts, sample])
@pytest.mark.parametrize("name", [SPAM, "ana@evil.example", "x" * 81, ".", "null"])
def test_a_name_that_is_none_is_as_if_not_given(made: object, name: str) -> None:
    email = bundle().render("c", "m", made("plain", name))  # type: ignore[operator]  # one of the two above

    assert email.subject == "Hello there"
    assert "there you plain" in email.text
    for part in (email.html, email.text):
        assert name == "." or name not in part


@pytest.mark.parametrize("made", [facts, sample])
def test_no_text_controls_a_terminal_or_reverses_what_follows(made: object) -> None:
    email = bundle().render("c", "m", made("a\x00\x1b\u202e\u2066b", "An\u202ea"))  # type: ignore[operator]

    assert email.subject == "Hello Ana"
    assert "Ana Ana ab ab ab ab" in email.text
    assert "Ana Ana ab ab ab ab" in email.html
