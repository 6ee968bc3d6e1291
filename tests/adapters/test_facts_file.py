"""`facts.yaml` is read with its lines: every problem says what is wrong and what would be right."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.page import DOCS, Page
from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.campaign_files.facts.facts_file import (
    facts_schema,
    load_facts,
    with_facts,
    without_facts,
)
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts, FactType

WHOLE = """\
customer:
  birthday: date
  trial_ends_at: moment
  plan: {type: text, one_of: [free, pro], default: free}
  used: {list_of: text}
events:
  checkout.started:
    cart_id: {type: text, required: true}
    total: money
    items: {list_of: {sku: text, name: text, url: url, image_url: url, price: money, quantity: number}}
"""
CAMPAIGN = """\
name: c
title: C
class: transactional
trigger: checkout.started
reentry: never
steps: [{send: m}]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidCampaignError) as raised:
        load_facts(text)
    return [str(each) for each in raised.value.problems]


def test_a_file_declares_attributes_and_properties() -> None:
    facts = load_facts(WHOLE)

    assert facts.customer["birthday"] == DeclaredFact(FactType.DATE)
    assert facts.customer["plan"] == DeclaredFact(FactType.TEXT, default="free", one_of=("free", "pro"))
    assert facts.customer["used"].entry == DeclaredFact(FactType.TEXT)
    started = facts.of_event("checkout.started")
    assert started["cart_id"].is_always_known
    assert not started["total"].is_always_known
    assert started["items"].fields["price"] == DeclaredFact(FactType.MONEY)
    assert facts.of_event("order.placed") == {}


def test_the_example_in_the_docs_loads() -> None:
    (example,) = Page("facts.md").examples("yaml")

    assert load_facts(example.text).of_event("checkout.started")["total"].type is FactType.MONEY


def test_the_table_of_types_in_the_docs_is_that_of_the_code() -> None:
    assert [row[0] for row in Page("facts.md").table("Types")] == [str(each) for each in FactType]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "customer: {}\n"])
def test_an_empty_file_declares_nothing(text: str) -> None:
    assert load_facts(text) == DeclaredFacts()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("customer:\n  plan: txet", "2:3: `customer.plan`: must be a type; did you mean `text`?"),
        (
            "customer:\n  tags: list",
            "2:3: `customer.tags`: must be a type; write {list_of: ...} for a list; ",
        ),
        ("customer:\n  plan:", "2:3: `customer.plan`: has no value; give it a type, such as plan: text"),
        (
            "customer:\n  plan: {type: text, defualt: free}",
            "2:22: `customer.plan.defualt`: is not known here; did you mean `default`?",
        ),
        ("evnts: {}", "1:1: `evnts`: is not known here; did you mean `events`?"),
        (
            "customer:\n  points: {type: number, default: many}",
            "2:3: `customer.points`: `default` must be a number, as the fact is",
        ),
        (
            "customer:\n  ends: {type: moment, default: 2026-03-05}",
            "2:3: `customer.ends`: `default` must be a date and time with its offset",
        ),
        (
            "customer:\n  plan: {type: text, one_of: [a, b], default: c}",
            "2:3: `customer.plan`: `default` must be among `one_of`",
        ),
        (
            "customer:\n  born: {type: date, one_of: [a]}",
            "2:3: `customer.born`: `one_of` is for text and numbers, not for date; leave it out",
        ),
        (
            "customer:\n  plan: {type: text, required: true, default: a}",
            "2:3: `customer.plan`: has both `required` and `default`",
        ),
        ("events:\n  checkout: {}", "2:3: `events.checkout`: must be an event's name: noun.verb_in_past"),
        (
            "events:\n  cart.left:\n    items: {list_of: {}}",
            "3:13: `events.cart.left.items.list_of`: must not",
        ),
        ("customer:\n  a.b: text", "2:3: `customer.a.b`: must be a name as producers send it, without dots"),
        ("- customer", "1:1: must be `customer:` and `events:` with the names and types of facts"),
        ("customer: {", "is not valid YAML"),
    ],
)
def test_a_mistake_is_reported_with_its_line_and_what_would_be_right(text: str, told: str) -> None:
    (problem,) = problems(text)

    assert problem.startswith("facts.yaml:")
    assert told in problem


def test_all_mistakes_are_reported_at_once() -> None:
    told = problems(
        "customer:\n  a: txt\n  b: {type: date, default: soon}\nevents:\n  cart.left: {c: nmber}\n"
    )

    assert [problem.split(":")[1] for problem in told] == ["2", "3", "5"]


def test_the_schema_in_the_docs_is_the_schema_and_accepts_a_whole_file() -> None:
    assert json.loads((DOCS / "facts.schema.json").read_text("utf-8")) == facts_schema(), (
        "write it again: outreach schema facts > docs/facts.schema.json"
    )
    jsonschema.validate(read_yaml(WHOLE).data, facts_schema())


@pytest.mark.parametrize("text", ["customer: {plan: txt}", "customer: {plan: {typ: text}}", "evnts: {}"])
def test_the_schema_refuses_what_loading_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(text).data, facts_schema())


TEXTS = st.text(st.characters(exclude_characters="\r", codec="utf-8")).filter(str.strip)


@given(TEXTS, TEXTS)
def test_steps_and_facts_that_were_put_together_come_apart_again(steps: str, facts: str) -> None:
    assert without_facts(with_facts(steps, facts)) == (steps, facts)


@pytest.mark.parametrize("facts", [None, "", "\n"])
def test_without_the_file_the_steps_are_what_they_always_were(facts: str | None) -> None:
    assert with_facts(CAMPAIGN, facts) == CAMPAIGN


def test_a_campaign_that_was_published_with_facts_knows_them() -> None:
    text = with_facts(CAMPAIGN, WHOLE)

    assert load(text, file="x").facts == load_facts(WHOLE)
    assert load(CAMPAIGN, file="x").facts == DeclaredFacts()
    assert read_yaml(text).data == read_yaml(CAMPAIGN).data  # a release that knows no facts reads the same


def test_facts_that_cannot_be_read_are_reported_in_their_own_file() -> None:
    with pytest.raises(InvalidCampaignError, match=r"facts\.yaml:2:3: `customer\.plan`: must be a type"):
        load(with_facts(CAMPAIGN, "customer:\n  plan: txt\n"), file="x")
