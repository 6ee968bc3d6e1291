"""Attributes and properties are what `facts.yaml` says they are; what does not fit counts as missing."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.journeys.amount import Amount
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts, FactType
from outreach.domain.journeys.typed_values import Misfit, typed_values

MADRID = ZoneInfo("Europe/Madrid")
TEXT, NUMBER = DeclaredFact(FactType.TEXT), DeclaredFact(FactType.NUMBER)
MONEY, YES_NO = DeclaredFact(FactType.MONEY), DeclaredFact(FactType.YES_NO)
DATE, MOMENT, URL = (
    DeclaredFact(FactType.DATE),
    DeclaredFact(FactType.MOMENT),
    DeclaredFact(FactType.URL),
)
TAGS = DeclaredFact(FactType.LIST_OF, entry=TEXT)
ITEMS = DeclaredFact(FactType.LIST_OF, fields={"name": TEXT, "price": MONEY})


def read(given: dict[str, Any], **declared: DeclaredFact) -> tuple[dict[str, Any], list[Misfit]]:
    misfits: list[Misfit] = []
    return dict(typed_values(given, declared, MADRID, "event.properties", misfits.append)), misfits


@pytest.mark.parametrize(
    ("fact", "came", "means"),
    [
        (TEXT, "pro", "pro"),
        (NUMBER, 3, 3),
        (NUMBER, 2.5, 2.5),
        (NUMBER, "120", 120),
        (NUMBER, "2.50", 2.5),
        (MONEY, "59.90", Amount("59.90")),
        (MONEY, 59.9, Amount("59.90")),
        (MONEY, 60, Amount("60")),
        (DATE, "2026-03-05", datetime(2026, 3, 4, 23, tzinfo=UTC)),
        (DATE, date(2026, 3, 5), datetime(2026, 3, 4, 23, tzinfo=UTC)),
        (MOMENT, "2026-03-05T09:00:00Z", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        (MOMENT, "2026-03-05T10:00:00+01:00", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        (YES_NO, True, True),
        (YES_NO, "no", False),
        (URL, "https://shop.example/cart?id=1", "https://shop.example/cart?id=1"),
        (TAGS, ["a", "b"], ["a", "b"]),
        (ITEMS, [{"name": "Pan", "price": "9.00"}], [{"name": "Pan", "price": Amount("9.00")}]),
    ],
)
def test_a_value_is_read_by_its_declared_type(fact: DeclaredFact, came: object, means: object) -> None:
    assert read({"fact": came}, fact=fact) == ({"fact": means}, [])


@pytest.mark.parametrize(
    ("fact", "came"),
    [
        (TEXT, 3),
        (NUMBER, "three"),
        (NUMBER, True),
        (MONEY, "59,90"),
        (MONEY, "free"),
        (DATE, "05/03/2026"),
        (DATE, "2026-02-30"),
        (DATE, "2026-03-05T09:00:00Z"),
        (DATE, datetime(2026, 3, 5, tzinfo=UTC)),
        (MOMENT, "2026-03-05T09:00:00"),
        (MOMENT, "2026-03-05"),
        (MOMENT, datetime(2026, 3, 5, 9)),  # noqa: DTZ001 - a time without an offset is tried
        (YES_NO, 1),
        (YES_NO, "perhaps"),
        (URL, "shop.example/cart"),
        (URL, "javascript:alert(1)"),
        (TAGS, "a"),
        (ITEMS, {"name": "Pan"}),
    ],
)
def test_a_value_that_does_not_fit_is_missing_and_reported(fact: DeclaredFact, came: object) -> None:
    found, misfits = read({"fact": came, "other": 1}, fact=fact)

    assert found == {"other": 1}
    assert misfits == [Misfit("event.properties.fact", fact.type)]


def test_a_default_holds_where_a_value_is_missing_or_does_not_fit() -> None:
    plan = DeclaredFact(FactType.TEXT, default="free", one_of=("free", "pro"))

    assert read({}, plan=plan) == ({"plan": "free"}, [])
    assert read({"plan": None}, plan=plan) == ({"plan": "free"}, [])
    assert read({"plan": "gold"}, plan=plan)[0] == {"plan": "free"}
    assert read({"plan": "pro"}, plan=plan) == ({"plan": "pro"}, [])


def test_a_value_that_is_none_of_the_declared_ones_is_reported_without_the_value() -> None:
    plan = DeclaredFact(FactType.TEXT, one_of=("free", "pro"))

    assert read({"plan": "gold"}, plan=plan) == (
        {},
        [Misfit("event.properties.plan", "one of its 2 values")],
    )


def test_a_missing_value_is_no_misfit() -> None:
    assert read({"plan": None}, plan=TEXT, other=NUMBER) == ({}, [])


def test_the_entries_of_a_list_lose_what_does_not_fit_and_nothing_else() -> None:
    came = [{"name": "Pan", "price": "cheap", "colour": "red"}, "Pot", {"name": "Lid", "price": 5}]

    found, misfits = read({"items": came}, items=ITEMS)

    assert found == {"items": [{"name": "Pan", "colour": "red"}, {"name": "Lid", "price": Amount("5")}]}
    assert misfits == [
        Misfit("event.properties.items[].price", "money"),
        Misfit("event.properties.items[]", "an object with names and values"),
    ]


def test_what_is_not_declared_stays_as_it_came() -> None:
    given = {"plan": 3, "nested": {"a": [1]}}

    assert typed_values(given, {}, MADRID, "", _fail) is given
    assert read({**given, "x": "1"}, x=NUMBER) == ({**given, "x": 1}, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.sampled_from([TEXT, NUMBER, MONEY, DATE, MOMENT, YES_NO, URL, TAGS, ITEMS]))
def test_no_value_that_a_producer_can_send_is_an_error(came: Any, fact: DeclaredFact) -> None:
    found, misfits = read({"fact": came}, fact=fact)

    assert ("fact" in found) or came is None or misfits


@given(st.dates(), st.sampled_from(["Pacific/Apia", "America/Sao_Paulo", "Asia/Beirut", "UTC"]))
def test_a_day_begins_where_the_customer_lives(day: date, zone: str) -> None:
    found = typed_values({"day": day.isoformat()}, {"day": DATE}, ZoneInfo(zone), "", lambda _: None)

    if "day" in found:
        began = found["day"]
        assert isinstance(began, datetime)
        assert began.utcoffset() is not None
        assert began.date() >= day
    else:
        assert day.year in {1, 9999}


def test_newer_declarations_add_to_older_ones() -> None:
    older = DeclaredFacts({"plan": TEXT}, {"cart.left": {"total": MONEY}})
    newer = DeclaredFacts({"points": NUMBER}, {"cart.left": {"items": ITEMS}, "trial.ended": {"at": MOMENT}})

    both = newer.over(older)

    assert both.types() == {**older.types(), **newer.types()}
    assert both.types()["events", "cart.left", "items", "list_of", "price"] is FactType.MONEY


def _fail(misfit: Misfit) -> None:
    raise AssertionError(misfit)
