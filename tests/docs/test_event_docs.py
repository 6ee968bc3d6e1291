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
from outreach.adapters.envelope import limits, rules, values
from outreach.adapters.envelope.model import (
    MOST_ITEMS,
    ConsentPart,
    CustomerPart,
    Envelope,
    ItemPart,
    OrderPart,
)
from outreach.adapters.event_envelope import event_schema, may_be_left_out, read
from outreach.domain import event as events
from outreach.domain.campaign import Key
from outreach.domain.errors import InvalidEvent
from outreach.domain.event_names import STANDARD_NAMES
from outreach.domain.free_text import LONGEST_NAME
from outreach.domain.repeats import SAME_EVENT_WITHIN
from outreach.usecases.take_in_event import EVENT_MEMORY

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
    with pytest.raises(InvalidEvent) as caught:
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
    with pytest.raises(InvalidEvent) as caught:
        read(name, least, now=NOW)
    assert {problem.where for problem in caught.value.problems} == set(
        re.findall(r"order|properties\.\w+", needs)
    )


def test_the_examples_tell_the_story_of_one_customer() -> None:
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
        f"{limits.MOST_VALUES} values, {limits.DEEPEST} levels, names of {limits.LONGEST_KEY} "
        f"and texts of {limits.LONGEST_VALUE} characters at most"
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
