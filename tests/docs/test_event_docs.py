"""docs/events.md is true: its examples are taken or refused as it says; its tables are those of the code."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from builders import a_campaign
from docs.page import DOCS, Page
from domain.small_world import SmallWorld
from outreach.adapters.events.envelope import limits, rules, values
from outreach.adapters.events.envelope.model import (
    MOST_ITEMS,
    ConsentPart,
    CustomerPart,
    Envelope,
    ItemPart,
    OrderPart,
)
from outreach.adapters.events.event_envelope import event_schema, may_be_left_out, read
from outreach.adapters.validation.zone_names import zone_names
from outreach.domain.errors import InvalidEventError
from outreach.domain.intake import event as events
from outreach.domain.intake.event_names import STANDARD_NAMES
from outreach.domain.intake.free_text import LONGEST_NAME
from outreach.domain.intake.repeats import EVENT_MEMORY, SAME_EVENT_WITHIN
from outreach.domain.journeys.campaign import Key

PAGE = Page("events.md")
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
BLOCKS = re.findall(r"^```json (\S+)( refused)?\n(.*?)^```$", PAGE.text, re.MULTILINE | re.DOTALL)
TAKEN = [(name, json.loads(text)) for name, refused, text in BLOCKS if not refused]
[(REFUSED_NAME, REFUSED)] = [(name, json.loads(text)) for name, refused, text in BLOCKS if refused]


@pytest.mark.parametrize(("name", "detail"), TAKEN, ids=[name for name, _ in TAKEN])
def test_every_example_is_taken_and_fits_the_schema(name: str, detail: dict[str, Any]) -> None:
    assert read(name, detail, now=NOW).id == detail["event_id"]
    jsonschema.validate(detail, event_schema())


def test_the_example_that_is_refused_is_refused_in_the_words_of_the_page() -> None:
    with pytest.raises(InvalidEventError) as caught:
        read(REFUSED_NAME, REFUSED, now=NOW)

    [shown] = PAGE.examples("text")
    assert [str(problem) for problem in caught.value.problems] == shown.text.strip().splitlines()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(REFUSED, event_schema())


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("An event", Envelope),
        ("customer", CustomerPart),
        ("consent", ConsentPart),
        ("order", OrderPart),
        ("items", ItemPart),
    ],
)
def test_the_tables_of_fields_are_those_of_the_code(heading: str, model: type[BaseModel]) -> None:
    assert PAGE.table(heading) == [
        [name, "yes" if field.is_required() else "", field.description]
        for name, field in model.model_fields.items()
    ]


def test_the_table_of_names_holds_every_name_that_the_rules_know() -> None:
    listed = {row[0] for row in PAGE.table("Names")}
    known = {word for name, word in vars(events).items() if name.isupper() and isinstance(word, str)}

    assert known - events.ADDRESS_NEWS <= listed
    assert all(f"`{name}`" in PAGE.section("Names") for name in events.ADDRESS_NEWS)


@pytest.mark.parametrize("row", PAGE.table("Names"), ids=lambda row: row[0])
def test_each_name_needs_what_the_table_says(row: list[str]) -> None:
    name, _, needs = row
    least: dict[str, Any] = {"event_id": "e", "occurred_at": NOW.isoformat(), "customer": {"id": "c"}}
    if not needs:
        assert read(name, least, now=NOW).name == name
        return
    with pytest.raises(InvalidEventError) as caught:
        read(name, least, now=NOW)
    assert {problem.where for problem in caught.value.problems} == set(
        re.findall(r"order|properties\.\w+", needs)
    )


def test_the_examples_are_the_story_of_one_customer() -> None:
    news = a_campaign("news", trigger="order.placed", key=Key.ORDER)
    world = SmallWorld((news,), NOW)
    for name, detail in TAKEN[:4]:
        world.tell(read(name, detail, now=NOW))
        world.tell(read(name, detail, now=NOW))
    ana, order = world.customers["c-ana"], world.orders["c-ana", "o-1"]

    assert (ana.purchases.orders, str(ana.purchases.spent), ana.purchases.currency) == (1, "59.90", "EUR")
    assert ana.wants_marketing
    assert ana.features_used == {"oven": ("pizza_stone",)}
    assert (order.status, order.delays, order.delay_reason) == ("delayed", 1, "strike at the port")
    assert len(world.sent) == 1

    world.tell(read(*TAKEN[4], now=NOW))
    assert world.customers["c-ana"].profile.email is None


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    text = " ".join(PAGE.text.split())

    assert rules.EARLIEST == EVENT_MEMORY == timedelta(days=400)
    assert text.count("400 days") == 2
    assert timedelta(hours=1) == rules.LATEST
    assert timedelta(hours=1) == SAME_EVENT_WITHIN
    assert f"1 to {values.LONGEST_ID} printable characters (bytes of UTF-8)" in text
    assert f"{rules.LONGEST_EVENT_NAME} characters at most. These have a meaning" in text
    assert f"{limits.LARGEST_EVENT:,} bytes of JSON at most; {MOST_ITEMS} items in an order" in text
    assert (
        f"{limits.DEEPEST} levels, names of {limits.LONGEST_KEY} and texts of {limits.LONGEST_VALUE} "
        f"characters at most; `attributes`: {limits.MOST_VALUES} values in all; `properties`: "
        f"{limits.LARGEST_PROPERTIES:,} bytes of JSON in all"
    ) in text


def test_the_names_on_the_page_are_those_that_no_campaign_needs_to_ask_for() -> None:
    assert {row[0] for row in PAGE.table("Names")} == STANDARD_NAMES


def test_the_table_of_fields_that_are_left_out_is_that_of_the_code() -> None:
    assert {row[0] for row in PAGE.table("What is left out")} == may_be_left_out()
    assert f"longer than {LONGEST_NAME} characters" in PAGE.text


def test_the_file_in_the_docs_is_the_schema() -> None:
    assert json.loads((DOCS / "event.schema.json").read_text("utf-8")) == event_schema(), (
        "write it again: outreach schema event > docs/event.schema.json"
    )


def an_event(**more: Any) -> dict[str, Any]:
    return {"event_id": "e", "occurred_at": NOW.isoformat(), "customer": {"id": "c"}} | more


def a_customer(**more: Any) -> dict[str, Any]:
    return an_event(customer={"id": "c", **more})


def an_order(**more: Any) -> dict[str, Any]:
    return an_event(order={"id": "o", **more})


def is_sound(name: str, detail: dict[str, Any]) -> bool:
    """Whether intake takes the event with all of its fields."""
    left_out: list[object] = []
    try:
        read(name, detail, now=NOW, on_left_out=left_out.append)
    except InvalidEventError:
        return False
    return not left_out


def fits_the_schema(detail: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(event_schema()).is_valid(detail)


@pytest.mark.parametrize(
    "detail",
    [
        a_customer(email="ana"),
        a_customer(email="ana@example"),
        a_customer(email="ana@example.com, ben@example.com"),
        a_customer(email="Ana <ana@example.com>"),
        a_customer(email="zoë@example.com"),
        a_customer(email=f"{'a' * 65}@example.com"),
        a_customer(locale="spanish"),
        a_customer(locale="es_ES.UTF-8"),
        a_customer(locale="e"),
        a_customer(country="Spain"),
        a_customer(time_zone="+02:00"),
        a_customer(time_zone="Europe/San Marino"),
        a_customer(id=" c"),
        an_event(event_id=""),
        an_event(occurred_at="2026-03-02T09:00:00"),
        an_event(occurred_at="2026-03-02"),
        an_event(occurred_at=1_774_000_000),
        an_order(total=59.9),
        an_order(total="59,90", currency="EUR"),
        an_order(promised_at="tomorrow"),
        an_order(url="shop.example.com/o"),
        an_order(items=[{"sku": "x"}]),
        an_event(propertys={}),
    ],
    ids=repr,
)
def test_the_schema_refuses_what_intake_refuses_or_leaves_out(detail: dict[str, Any]) -> None:
    assert not is_sound("order.placed" if "order" in detail else "customer.updated", detail)
    assert not fits_the_schema(detail)


@pytest.mark.parametrize(
    "detail",
    [
        *(a_customer(time_zone=name) for name in sorted(zone_names())[::20]),
        *(
            a_customer(email=each)
            for each in ("o'hara+x@sub.example.co.uk", "a..b@例え.jp", " ana@example.com ", "")
        ),
        *(a_customer(locale=each) for each in ("en", "zh-Hant-TW", "es_ES", "de-1996", " fr ", "  ")),
        a_customer(time_zone="Etc/Unknown", country=None, first_name=" ", last_name=None),
        an_event(occurred_at="2026-04-01 11:00:00.123456789+05:30"),
        an_event(occurred_at="2026-04-01t09:00:00z", event_id="order 1001, ordentlich bezahlt"),
        an_order(total="0.0001", currency="eur", url="http://shop.example.com/o?x=1"),
    ],
    ids=repr,
)
def test_the_schema_accepts_what_intake_takes(detail: dict[str, Any]) -> None:
    assert is_sound("customer.updated", detail)
    assert fits_the_schema(detail)


def test_every_name_of_a_zone_fits_the_schema() -> None:
    assert [name for name in zone_names() if not fits_the_schema(a_customer(time_zone=name))] == []


BEYOND_THE_SCHEMA: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "the event's name": [
        ("order.placed", an_event()),
        ("Order Placed", an_order()),
        (events.FEATURE_USED, an_event()),
    ],
    "the time": [
        ("customer.updated", an_event(occurred_at="2024-01-01T00:00:00Z")),
        ("customer.updated", an_event(occurred_at="2027-01-01T00:00:00Z")),
        ("customer.updated", an_event(occurred_at="2026-02-30T00:00:00Z")),
        ("customer.updated", a_customer(consent={"marketing": True, "at": "2027-01-01T00:00:00Z"})),
    ],
    "zones": [("customer.updated", a_customer(time_zone="Mars/Olympus"))],
    "domains": [("customer.updated", a_customer(email="ana@-.com"))],
    "money": [("order.placed", an_order(total="59.90"))],
    "ids": [("customer.updated", a_customer(id="ana@example.com"))],
    "bytes": [("customer.updated", a_customer(id="é" * 65))],
    "characters": [
        ("customer.updated", a_customer(first_name="Ana\u0007")),
        ("order.placed", an_order(url="https://shop.example.com/<o>")),
    ],
    "free form": [("customer.updated", an_event(properties={"x": "y" * 2001}))],
}


@pytest.mark.parametrize("row", PAGE.table("What the schema does not check"), ids=lambda row: row[0])
def test_what_the_schema_does_not_check_is_as_the_table_says(row: list[str]) -> None:
    for name, detail in BEYOND_THE_SCHEMA[row[0]]:
        assert fits_the_schema(detail), detail
        assert not is_sound(name, detail), detail


def test_the_table_of_what_the_schema_does_not_check_is_complete() -> None:
    assert {row[0] for row in PAGE.table("What the schema does not check")} == set(BEYOND_THE_SCHEMA)
