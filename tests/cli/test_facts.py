"""`outreach facts suggest`: types are proposed, and no value is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from outreach.adapters.campaign_files.facts.facts_file import load_facts
from outreach.domain.journeys.declared_facts import FactType

SECRETS = ("Ana", "pro-plan", "1990", "cast iron", "shop.example", "412", "2026-03")


def delivered(number: int, **properties: Any) -> dict[str, Any]:
    attributes = {
        "plan": "pro-plan",
        "birthday": "1990-05-04",
        "points": number,
        "nick": "Ana",
        "vip": True,
        "used": ["cast iron"],
        "mixed": "412" if number % 2 else {"a": 1},
        "ana@shop.example": 1,
    }
    return {
        "detail-type": "checkout.started",
        "detail": {
            "event_id": f"e-{number}",
            "customer": {"id": "c-1", "attributes": attributes},
            "properties": {
                "cart_id": f"cart iron {number}",
                "total": 412.5,
                "ends_at": "2026-03-02T09:00:00Z",
                "url": "https://shop.example/1",
                "items": [{"sku": "cast iron", "price": "412.00", "quantity": 2}],
                **properties,
            },
        },
    }


def written(folder: Path, events: list[Any], *, by_line: bool = False) -> str:
    file = folder / "events.json"
    file.write_text("\n".join(map(json.dumps, events)) if by_line else json.dumps(events))
    return str(file)


@pytest.mark.parametrize("by_line", [False, True])
def test_a_file_of_events_gives_a_file_that_loads(
    outreach: Callable[..., Result], tmp_path: Path, by_line: bool
) -> None:
    events = [delivered(number, **({"note": "Ana"} if number == 3 else {})) for number in range(20)]

    done = outreach("facts", "suggest", written(tmp_path, events, by_line=by_line))

    assert done.exit_code == 0, done.output
    facts = load_facts(done.stdout)
    assert {name: fact.type for name, fact in facts.customer.items()} == {
        "birthday": FactType.DATE,
        "nick": FactType.TEXT,
        "plan": FactType.TEXT,
        "points": FactType.NUMBER,
        "used": FactType.LIST_OF,
        "vip": FactType.YES_NO,
    }
    started = facts.of_event("checkout.started")
    assert {name: (fact.type, fact.required) for name, fact in started.items()} == {
        "cart_id": (FactType.TEXT, True),
        "ends_at": (FactType.MOMENT, True),
        "items": (FactType.LIST_OF, True),
        "note": (FactType.TEXT, False),
        "total": (FactType.MONEY, True),
        "url": (FactType.URL, True),
    }
    assert started["items"].fields["price"].type is FactType.MONEY
    assert started["items"].fields["quantity"].type is FactType.NUMBER
    assert "# mixed: no type fits all of its values (in 20 of 20)" in done.stdout
    assert "note: text  # in 1 of 20" in done.stdout
    assert not [secret for secret in SECRETS if secret in done.stdout]


def test_what_is_declared_already_is_left_out(outreach: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "facts.yaml").write_text("customer: {plan: text}\nevents: {checkout.started: {total: money}}\n")

    done = outreach(
        "facts", "suggest", written(tmp_path, [delivered(1)]), "--templates", str(folder), "--json"
    )

    facts = load_facts(json.loads(done.stdout)["proposal"])
    assert "plan" not in facts.customer
    assert "total" not in facts.of_event("checkout.started")
    assert "birthday" in facts.customer


@pytest.mark.parametrize(
    "text", ["not json", '[{"event_id": "e-1"}]', "[1]", '[{"detail-type": "a.b", "detail": "{"}]']
)
def test_a_file_without_events_says_what_would_be_right(
    outreach: Callable[..., Result], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "events.json"
    file.write_text(text)

    done = outreach("facts", "suggest", str(file))

    assert done.exit_code == 1
    assert "write" in done.stderr
