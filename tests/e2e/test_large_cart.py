"""A cart of forty lines reaches the message, typed, by either driver, and goes with an erasure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from e2e.own_campaigns import project_of
from e2e.shop import RARELY_RECONCILED, START
from local_cloud import LocalCloud
from outreach.adapters.campaign_files.facts.facts_file import load_facts
from outreach.domain.journeys.declared_facts import FactType
from outreach_tools.cli.app import app

DRIVERS = ("workflow", "sweep")
FACTS = """\
events:
  checkout.started:
    total: money
    items: {list_of: {name: {type: text, required: true}, price: money}, required: true}
"""
STEPS = """\
trigger: checkout.started
reentry: restart
only_if: event.properties.total >= 50
steps:
  - wait: 1h
  - send: your-cart
    if: event.properties.total > 100.50
"""
MESSAGE = """\
---
subject: "Your cart of {{ event.properties['items'] | length }}"
preheader: "It waits for you."
---
<o-card>
  <mj-text><p>{% for item in event.properties['items'] %}{{ item.name }}
  {% if item.price and item.price > 9 %}costs {{ item.price | money("EUR") }}{% endif %}
  {% endfor %}</p></mj-text>
</o-card>
"""


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    campaigns = {f"cart-{driver}": f"class: transactional\ndriver: {driver}\n{STEPS}" for driver in DRIVERS}
    with project_of(campaigns) as project:
        _declare(project)
        with LocalCloud(START, project=project, parameters=RARELY_RECONCILED) as running:
            yield running


def _declare(project: Path) -> None:
    (project / "templates/facts.yaml").write_text(FACTS)
    for driver in DRIVERS:
        (project / f"templates/cart-{driver}/your-cart.mjml").write_text(MESSAGE)


def _starts_checkout(cloud: LocalCloud, customer: str, total: object) -> None:
    lines = [{"name": f"Line {number} of the cart", "price": f"{number}.90"} for number in range(1, 41)]
    cloud.emit(
        "checkout.started",
        {
            "event_id": f"evt-{customer}",
            "occurred_at": cloud.now.isoformat(),
            "customer": {"id": customer, "email": f"{customer}@example.com"},
            "properties": {"total": total, "items": lines},
        },
    )


def test_a_large_cart_is_typed_in_conditions_and_in_the_message(
    cloud: LocalCloud, caplog: pytest.LogCaptureFixture
) -> None:
    for customer, total in (("c-much", 839.9), ("c-some", "99.90"), ("c-none", "9.90"), ("c-odd", "free")):
        _starts_checkout(cloud, customer, total)
    cloud.advance(hours=30)

    mails = list(cloud.outbox)
    assert [mail.headers["X-Outreach-Customer"] for mail in mails] == ["c-much", "c-much"]
    for mail in mails:
        assert mail.subject == "Your cart of 40"
        text = " ".join(mail.text.split())
        assert "Line 40 of the cart costs €40.90" in text
        assert "Line 8 of the cart Line 9 of the cart costs €9.90" in text
    misfits = [vars(each)["facts"] for each in caplog.records if "declared type" in each.message]
    assert {(each["fact"], each["expected"]) for each in misfits} == {("event.properties.total", "money")}


def test_a_file_is_suggested_from_what_the_stack_took_in(cloud: LocalCloud, tmp_path: Path) -> None:
    _starts_checkout(cloud, "c-more", "700.00")

    done = CliRunner().invoke(app, ["facts", "suggest", "--templates", str(tmp_path)], obj=cloud)

    assert done.exit_code == 0, done.output
    started = load_facts(done.stdout).of_event("checkout.started")
    assert started["items"].fields["price"].type is FactType.MONEY
    assert "of the cart" not in done.stdout


def test_an_erasure_leaves_nothing_of_the_cart(cloud: LocalCloud) -> None:
    _starts_checkout(cloud, "c-gone", "700.00")
    assert _rows(cloud, "FACTS#", "c-gone") == 2
    cloud.advance(hours=2)
    cloud.emit(
        "customer.deleted",
        {"event_id": "evt-del", "occurred_at": cloud.now.isoformat(), "customer": {"id": "c-gone"}},
    )

    assert _rows(cloud, "FACTS#", "c-gone") == 0
    assert _rows(cloud, "ENROLLMENT#", "c-gone") == 2


def _rows(cloud: LocalCloud, prefix: str, customer: str) -> int:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=cloud.resource("Table"))
    return sum(
        row["SK"]["S"].startswith(prefix) and row["PK"]["S"] == f"CUSTOMER#{customer}"
        for page in pages
        for row in page["Items"]
    )
