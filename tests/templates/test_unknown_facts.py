"""Conditions are followed as a reader follows them: a tested fact is known from there on."""

import pytest

from outreach.adapters.templates.sandbox.environment import sandbox
from outreach.adapters.templates.sandbox.program import parsed
from outreach_tools.checks.unknown_facts import UnknownFacts

ENVIRONMENT = sandbox("en", html=True)


def unknown(source: str, campaign_key: str = "order.id") -> list[str]:
    found = UnknownFacts(campaign_key).of(parsed(source, ENVIRONMENT))
    return [".".join(each.path) for each in found]


SAFE = [
    "{{ customer.id }}",
    '{{ customer.first_name or "there" }}',
    '{{ customer.first_name | default("there") }}',
    "{% if customer.first_name %}{{ customer.first_name }}{% endif %}",
    "{{ customer.first_name if customer.first_name else 'there' }}",
    "{{ order.url or brand.site_url ~ '/orders' }}",
    "{% if not order.url %}none{% else %}{{ order.url }}{% endif %}",
    "{% if order.url is none %}none{% else %}{{ order.url }}{% endif %}",
    "{% if order.url is not none %}{{ order.url }}{% endif %}",
    "{% if order.promised_at and order.promised_at > now %}{{ order.promised_at | date }}{% endif %}",
    "{% set late = order.promised_at %}{% if late %}{{ order.promised_at | date }}{% endif %}",
    "{% set name = customer.first_name or 'friend' %}{{ name | upper }}",
    "{% for item in order.items %}{{ item.name }}{% endfor %}",
    "{% for item in order.items if item.price %}{{ item.price }}{% endfor %}",
    "{% for i in order.items %}{% if order.url %}{{ i.name }}{{ order.url }}{% endif %}{% endfor %}",
    "{% if customer.attributes.city %}{{ customer.attributes.city }}{% endif %}",
    "{{ customer.attributes.city | default('your town') }}",
    "{% if order.status == 'late' %}{{ order.status }}{% endif %}",
    "{% if order.url %}a{% elif order.delay_reason %}{{ order.delay_reason }}{% endif %}",
    "{{ order['id'] }}",
    "{{ links.survey }}",
]


@pytest.mark.parametrize("source", SAFE)
def test_what_is_asked_for_first_may_be_used(source: str) -> None:
    assert unknown(source) == []


UNSAFE = [
    ("{{ customer.first_name }}", "customer.first_name"),
    ("{{ customer['first_name'] }}", "customer.first_name"),
    ("{{ customer.first_name | title }}", "customer.first_name"),
    ("{{ customer.first_name.upper() }}", "customer.first_name"),
    ("{{ 'Dear ' ~ customer.first_name }}", "customer.first_name"),
    ("{{ customer.first_name or customer.last_name }}", "customer.last_name"),
    ("{% if customer.last_name %}{{ customer.first_name }}{% endif %}", "customer.first_name"),
    ("{% if customer.first_name or order.url %}{{ order.url }}{% endif %}", "order.url"),
    ("{% if order.url %}a{% else %}{{ order.url }}{% endif %}", "order.url"),
    ("{% if order.url %}a{% endif %}{{ order.url }}", "order.url"),
    ("{% if order.promised_at > now %}a{% endif %}", "order.promised_at"),
    ("{% set name = customer.first_name %}{{ name }}", "customer.first_name"),
    ("{% for item in order.items %}{{ item.price }}{% endfor %}", "item.price"),
    ("{{ order.total | money(order.currency or 'EUR') }}", "order.total"),
    ("{{ order.total | default(order.currency) }}", "order.currency"),
    ("{{ customer.attributes.city }}", "customer.attributes.city"),
    ("{{ event.properties.amount }}", "event.properties.amount"),
    ("{{ 'x' if order.url else order.url }}", "order.url"),
    ("{% filter upper %}{{ order.url }}{% endfilter %}", "order.url"),
]


@pytest.mark.parametrize(("source", "fact"), UNSAFE)
def test_what_some_lack_is_found(source: str, fact: str) -> None:
    assert unknown(source) == [fact]


def test_who_has_an_order_depends_on_the_campaign() -> None:
    assert unknown("{{ order.id }}", "order.id") == []
    assert unknown("{{ order.id }}", "product.line") == []
    assert unknown("{{ order.id }}", "customer.id") == ["order"]
    assert unknown("{% if order %}{{ order.id }}{% endif %}", "customer.id") == []
    assert unknown("{% if order and order.url %}{{ order.url }}{% endif %}", "customer.id") == []
    assert unknown("{{ order.url or 'x' }}", "customer.id") == ["order"]
    assert unknown("{{ product.name }}", "order.id") == ["product"]
    assert unknown("{{ product.name }}", "product.line") == []


def test_what_one_stretch_sets_the_next_one_knows() -> None:
    reader = UnknownFacts("order.id")
    assert list(reader.of(parsed("{% set late = order.promised_at %}", ENVIRONMENT))) == []
    shown = "{% if late %}{{ order.promised_at | date }}{% endif %}{{ late | date }}"
    assert [each.path for each in reader.of(parsed(shown, ENVIRONMENT))] == [("order", "promised_at")]
