"""An event from outside becomes an Event, or every problem in it is reported at once, without values."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.adapters.events.event_envelope import may_be_left_out, read
from outreach.adapters.ses.mime import ascii_address
from outreach.domain.errors import InvalidEventError, Problem
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, Event, OrderMention
from outreach.domain.intake.order import OrderItem

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
WHOLE = {
    "event_id": "evt_01",
    "occurred_at": "2026-03-02T10:00:00.1239+01:00",
    "customer": {
        "id": "c-ana",
        "email": " Ana.Garcia+shop@Example.COM ",
        "first_name": " Ana ",
        "last_name": "García",
        "locale": "es_es",
        "country": "es",
        "time_zone": "Europe/Madrid",
        "consent": {"marketing": True, "source": "checkout", "at": "2026-03-01T09:00:00Z"},
        "attributes": {"profile_complete": True, "sizes": [1, 2.5, None, {"eu": "39"}]},
    },
    "order": {
        "id": "o-1",
        "status": "placed",
        "placed_at": "2026-03-02T08:59:00Z",
        "promised_at": "2026-03-09T00:00:00-05:00",
        "total": "59.90",
        "currency": "eur",
        "delay_reason": "strike at the port",
        "url": "https://shop.example.com/orders/o-1?key=1",
        "items": [
            {"sku": "x1", "name": "Oven", "product_line": "oven", "quantity": 2, "price": "29.95"},
            {"sku": "x2", "name": "Tray"},
        ],
    },
    "properties": {"channel": "web"},
}
AT = "2026-03-02T09:00:00Z"
LEAST = {"event_id": "e", "occurred_at": AT, "customer": {"id": "c"}}


def told(name: object, detail: object) -> list[Problem]:
    with pytest.raises(InvalidEventError) as caught:
        read(name, detail, now=NOW)  # type: ignore[arg-type]  # what comes from outside has any type
    return list(caught.value.problems)


def with_value(path: str, value: object) -> dict[str, Any]:
    """The whole event with another value at a path such as `order.items.0.sku`."""
    detail: dict[str, Any] = copy.deepcopy(WHOLE)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    part: Any = detail
    for step in way:
        part = part[step]
    part[last] = value
    return detail


def test_everything_an_event_says_arrives() -> None:
    assert read("order.placed", WHOLE, now=NOW) == Event(
        id="evt_01",
        name="order.placed",
        occurred_at=datetime(2026, 3, 2, 9, 0, 0, 123_000, tzinfo=UTC),
        customer=CustomerMention(
            "c-ana",
            {
                "email": "Ana.Garcia+shop@example.com",
                "first_name": "Ana",
                "last_name": "García",
                "locale": "es-ES",
                "country": "ES",
                "time_zone": "Europe/Madrid",
            },
            {"profile_complete": True, "sizes": [1, 2.5, None, {"eu": "39"}]},
            Consent(marketing=True, at=datetime(2026, 3, 1, 9, tzinfo=UTC), source="checkout"),
        ),
        order=OrderMention(
            "o-1",
            {
                "status": "placed",
                "placed_at": datetime(2026, 3, 2, 8, 59, tzinfo=UTC),
                "promised_at": datetime(2026, 3, 9, 5, tzinfo=UTC),
                "total": Decimal("59.90"),
                "currency": "EUR",
                "delay_reason": "strike at the port",
                "url": "https://shop.example.com/orders/o-1?key=1",
            },
            (OrderItem("x1", "Oven", 2, "oven", "29.95"), OrderItem("x2", "Tray")),
        ),
        properties={"channel": "web"},
    )


def test_an_event_may_say_as_little_as_who_what_and_when() -> None:
    event = read("customer.activated", LEAST, now=NOW)

    assert event.customer == CustomerMention("c")
    assert (event.order, event.properties) == (None, {})


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_null_and_blank_are_not_mentioned(nothing: str | None) -> None:
    customer = {"id": "c", "email": nothing, "first_name": nothing, "time_zone": nothing, "consent": None}
    order = {"id": "o", "status": nothing, "url": nothing, "items": None}

    event = read("order.placed", {**LEAST, "customer": customer, "order": order, "properties": None}, now=NOW)

    assert event.customer == CustomerMention("c")
    assert event.order == OrderMention("o")


def test_consent_without_a_time_was_given_when_the_event_occurred() -> None:
    customer = {"id": "c", "consent": {"marketing": False}}

    event = read("customer.updated", {**LEAST, "customer": customer}, now=NOW)

    assert event.customer.consent == Consent(marketing=False, at=NOW - timedelta(hours=1))


@pytest.mark.parametrize("at", [None, AT])
def test_of_a_yes_it_is_known_whether_its_time_was_given(at: str | None) -> None:
    customer = {"id": "c", "consent": {"marketing": True, "at": at}}

    said = read("customer.updated", LEAST | {"customer": customer}, now=NOW).customer.consent

    assert said == Consent(marketing=True, at=NOW - timedelta(hours=1), dated=at is not None)


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("o'brien+a_b-c=d@mail.example.co.uk", "o'brien+a_b-c=d@mail.example.co.uk"),
        ("ANA@EXAMPLE.COM", "ANA@example.com"),
        ("ana.cocina.@docomo.ne.jp", "ana.cocina.@docomo.ne.jp"),
        ("ana..cocina@docomo.ne.jp", "ana..cocina@docomo.ne.jp"),
        ("ana@exämple.com", "ana@xn--exmple-cua.com"),
        ("ana@XN--EXMPLE-CUA.com", "ana@xn--exmple-cua.com"),
        ("ana@straße.de", "ana@xn--strae-oqa.de"),
        ("ana@例え。テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_keeps_its_name_and_gets_the_domain_that_ses_uses(given_address: str, kept: str) -> None:
    assert ascii_address(given_address) == kept
    assert (
        read("customer.updated", with_value("customer.email", given_address), now=NOW).customer.fields[
            "email"
        ]
        == kept
    )


@pytest.mark.parametrize(
    "address",
    [
        "ana", "@example.com", "ana@", "ana@@example.com", "ana@example", "ana@example.com.", "ana@.com",
        "ana@-example.com", "ana@exa mple.com", "a na@example.com", "ana\n@example.com", "aná@example.com",
        ".ana@example.com", '"ana"@example.com', "ana@[127.0.0.1]",
        "ana@127.0.0.1", "ana@example.123", "a" * 65 + "@example.com", "ana@" + "a" * 64 + ".com",
        "ana@" + "a." * 125 + "com", "ana@ex\u0000ample.com", "ana@ex\u00adämple.com", "ana@ä\u200bb.com",
        "Ana <ana@example.com>", "ana@example.com,bea@example.com",
    ],
)  # fmt: skip
def test_an_address_that_ses_could_not_deliver_is_left_out_and_never_repeated(address: str) -> None:
    left_out: list[Problem] = []

    event = read(
        "customer.updated", with_value("customer.email", address), now=NOW, on_left_out=left_out.append
    )

    [problem] = left_out
    assert "email" not in event.customer.fields
    assert problem.where == "customer.email"
    assert problem.what.startswith(("must", "is too long"))
    assert address not in str(problem)


@pytest.mark.parametrize(
    ("locale", "kept"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("ca-ES-valencia", "ca-ES-valencia"),
    ],
)
def test_a_locale_is_kept_in_one_form(locale: str, kept: str) -> None:
    assert read("a.b", with_value("customer.locale", locale), now=NOW).customer.fields["locale"] == kept


@pytest.mark.parametrize(
    "name", ["Ana\u00a0María", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646", "👩\u200d🍳", "O'Neill-Łukasz"]
)
def test_real_names_in_any_script_are_kept_as_they_are(name: str) -> None:
    assert read("a.b", with_value("customer.first_name", name), now=NOW).customer.fields["first_name"] == name


def test_a_reason_on_several_lines_is_put_on_one() -> None:
    event = read("order.delayed", with_value("order.delay_reason", " strike\r\n\tat the port\n"), now=NOW)

    assert event.order is not None
    assert event.order.fields["delay_reason"] == "strike at the port"


MISTAKES = [
    ("event_id", "x" * 129, "event_id", "1 to 128 printable characters"),
    ("event_id", "a\nb", "event_id", "printable"),
    ("event_id", " a", "event_id", "without spaces at either end"),
    ("customer.id", "\N{GRINNING FACE}" * 33, "customer.id", "1 to 128 printable"),
    ("order.items.0.product_line", "x" * 49, "order.items[0].product_line", "1 to 48 characters"),
    ("event_id", 7, "event_id", "must be text"),
    ("occurred_at", "2026-03-02T09:00:00", "occurred_at", "RFC 3339 text with its offset"),
    ("occurred_at", "2026-03-02", "occurred_at", "such as 2026-03-02T09:00:00Z"),
    ("occurred_at", 1_772_442_000, "occurred_at", "must be text"),
    ("occurred_at", "2026-02-30T09:00:00Z", "occurred_at", "a valid date and time"),
    ("occurred_at", "2026-03-02T11:00:01Z", "occurred_at", "more than an hour in the future"),
    ("occurred_at", "2025-01-25T09:59:59Z", "occurred_at", "older than 400 days"),
    ("customer.id", "c\u0007", "customer.id", "printable"),
    ("customer.id", None, "customer.id", "is missing: The shop's own id"),
    ("customer", ["c"], "customer", "must be a mapping of names to values"),
    ("customer.consent.marketing", "yes", "customer.consent.marketing", "must be true or false"),
    ("customer.consent", True, "customer.consent", "must be a mapping"),
    ("customer.consent.at", "2026-03-02T12:00:00Z", "customer.consent.at", "in the future"),
    ("properties", {"a": [[[[[[[1]]]]]]]}, "properties", "nested too deeply: 6 levels"),
    ("order.total", 59.9, "order.total", "a JSON number would lose cents"),
    ("order.total", "59,90", "order.total", 'such as "59.90"'),
    ("order.total", "-1", "order.total", 'such as "59.90"'),
    ("order.total", "1e3", "order.total", 'such as "59.90"'),
    ("order.currency", "€", "order.currency", "three letters of ISO 4217, such as EUR"),
    ("order.currency", None, "order.currency", "an amount needs its currency beside it"),
    ("order.placed_at", "2026-03-02T12:00:00Z", "order.placed_at", "in the future"),
    ("order.promised_at", "9999-12-31T23:59:59-12:00", "order.promised_at", "a valid date and time"),
    ("order.promised_at", "3026-03-02T12:00:00Z", "order.promised_at", "between the years 1990 and 2100"),
    ("order.status", "x" * 41, "order.status", "1 to 40 characters"),
    ("order.items", {"sku": "x"}, "order.items", "must be a list"),
    ("order.items", [{"sku": "x", "name": "y"}] * 201, "order.items", "200 at most"),
    ("order.items.1.quantity", 0, "order.items[1].quantity", "must be 1 or more"),
    ("order.items.1.quantity", 1.5, "order.items[1].quantity", "must be a whole number"),
    ("order.items.1.price", 5, "order.items[1].price", "lose cents"),
    ("order.items.1.name", "", "order.items[1].name", "is missing: What the customer calls it"),
    ("customer.id", "ana@example.com", "customer.id", "looks like an e-mail address"),
    ("event_id", "signup:ana@shop.example", "event_id", "looks like an e-mail address"),
    ("order.id", "ana@x.y-2026-1", "order.id", "looks like an e-mail address"),
    ("emial", "x", "emial", "is not known here"),
    ("customer.emial", "x", "customer.emial", "did you mean `email`?"),
    ("order.items.0.qantity", 1, "order.items[0].qantity", "did you mean `quantity`?"),
]


@pytest.mark.parametrize(
    ("path", "value", "where", "words"), MISTAKES, ids=[f"{m[0]} {n}" for n, m in enumerate(MISTAKES)]
)
def test_a_mistake_is_reported_with_its_place_and_what_would_be_right(
    path: str, value: object, where: str, words: str
) -> None:
    problems = told("order.placed", with_value(path, value))

    assert [each.where for each in problems] == [where]
    assert words in problems[0].what


@pytest.mark.parametrize("path", ["event_id", "customer.id", "order.id"])
@pytest.mark.parametrize("address", ["ana@example.com", "u-ana@mail.shop.example-7"])
def test_an_id_that_looks_like_an_address_is_refused_and_not_repeated(path: str, address: str) -> None:
    (problem,) = told("order.placed", with_value(path, address))

    assert problem.where == path
    assert "ana" not in problem.what


@pytest.mark.parametrize("given_id", ["c@7", "7.2@a", "@", "a.b", "o-1@shop"])
def test_an_at_or_a_dot_alone_makes_no_address_of_an_id(given_id: str) -> None:
    event = read("order.placed", with_value("customer.id", given_id), now=NOW)

    assert event.customer.id == given_id


def test_a_customer_whose_id_is_an_address_can_still_be_deleted() -> None:
    """Earlier releases took such ids."""
    deleted = read("customer.deleted", {**LEAST, "customer": {"id": "ana@example.com"}}, now=NOW)

    assert deleted.customer.id == "ana@example.com"


LEFT_OUT = [
    ("customer.first_name", "Ana\u2028María", "customer.first_name", "without control characters"),
    ("order.delay_reason", "\x07", "order.delay_reason", "without control characters"),
    ("customer.first_name", "Ana\r\nBcc: x", "customer.first_name", "one line of 1 to 100 characters"),
    ("customer.last_name", "x" * 101, "customer.last_name", "1 to 100 characters"),
    ("customer.locale", "Spanish (Spain)", "customer.locale", "es-ES or zh-Hant-TW (BCP 47)"),
    ("customer.country", "ESP", "customer.country", "two letters of ISO 3166, such as ES"),
    ("customer.time_zone", "Europe/Madird", "customer.time_zone", "did you mean `Europe/Madrid`?"),
    ("customer.time_zone", "CET+1 or so", "customer.time_zone", "IANA zone database, such as Europe/Madrid"),
    ("customer.time_zone", "/etc/localtime", "customer.time_zone", "IANA zone database"),
    ("customer.attributes", ["vip"], "customer.attributes", "must be an object of names and values"),
    ("customer.attributes", {"x": "y" * 2_001}, "customer.attributes", "longer than 2000 characters"),
    ("customer.attributes", {"x" * 65: 1}, "customer.attributes", "a name longer than 64"),
    ("customer.attributes", {f"n{n}": n for n in range(201)}, "customer.attributes", "too many values: 200"),
    ("order.url", "javascript:alert(1)", "order.url", "must be a web address, such as https://"),
    ("order.url", 'https://x.example/"onclick', "order.url", "must be a web address"),
    ("customer.email", "ana@example", "customer.email", "a full domain after the @"),
    ("customer.email", 7, "customer.email", "must be text"),
    ("customer.time_zone", "localtime", "customer.time_zone", "IANA zone database"),
    ("customer.time_zone", "Factory", "customer.time_zone", "IANA zone database"),
    ("customer.time_zone", ["Europe/Madrid"], "customer.time_zone", "must be text"),
]


@pytest.mark.parametrize(
    ("path", "value", "where", "words"), LEFT_OUT, ids=[f"{m[0]} {n}" for n, m in enumerate(LEFT_OUT)]
)
def test_a_wrong_field_that_the_event_can_do_without_is_left_out_and_reported(
    path: str, value: object, where: str, words: str
) -> None:
    left_out: list[Problem] = []

    event = read("order.placed", with_value(path, value), now=NOW, on_left_out=left_out.append)

    assert event == read("order.placed", with_value(path, None), now=NOW)
    assert [each.where for each in left_out] == [where]
    assert words in left_out[0].what
    assert where in may_be_left_out()


def test_every_wrong_field_that_can_be_left_out_is() -> None:
    detail = copy.deepcopy(WHOLE)
    for path in may_be_left_out():
        part, field = path.split(".")
        detail[part][field] = 7  # type: ignore[index]  # they are mappings
    left_out: list[Problem] = []

    event = read("order.placed", detail, now=NOW, on_left_out=left_out.append)

    assert {each.where for each in left_out} == may_be_left_out()
    assert (event.customer.fields, event.customer.attributes) == ({}, {})
    assert event.customer.consent is not None
    assert event.order is not None
    assert event.order.fields["total"] == Decimal("59.90")


def test_a_refused_event_lists_the_fields_that_would_have_been_left_out_too() -> None:
    left_out: list[Problem] = []
    detail = with_value("order.total", 59.9)
    detail["customer"]["time_zone"] = "Europe/Madird"

    with pytest.raises(InvalidEventError) as caught:
        read("order.placed", detail, now=NOW, on_left_out=left_out.append)

    assert [each.where for each in caught.value.problems] == ["customer.time_zone", "order.total"]
    assert left_out == []


def test_the_zone_that_means_not_known_is_as_if_not_given() -> None:
    left_out: list[Problem] = []
    detail = with_value("customer.time_zone", "Etc/Unknown")

    event = read("order.placed", detail, now=NOW, on_left_out=left_out.append)

    assert "time_zone" not in event.customer.fields
    assert left_out == []


AHEAD = "2026-03-02T10:50:00Z"


def test_no_instant_but_a_promise_counts_as_later_than_the_receipt() -> None:
    detail = with_value("occurred_at", AHEAD)
    detail["customer"]["consent"]["at"] = detail["order"]["placed_at"] = AHEAD
    received = NOW - timedelta(seconds=2)

    event = read("order.placed", detail, now=NOW, received_at=received)

    assert event.order is not None
    assert event.customer.consent is not None
    assert event.occurred_at == event.customer.consent.at == event.order.fields["placed_at"] == received
    assert event.order.fields["promised_at"] == datetime(2026, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamped", "counts"),
    [
        (timedelta(minutes=-3), timedelta(minutes=-3)),  # it was sent back to the queue
        (timedelta(minutes=3), timedelta()),
        (timedelta(days=-300), timedelta()),  # a producer's own value, and no receipt
    ],
)
def test_an_event_that_comes_again_keeps_its_first_receipt(stamped: timedelta, counts: timedelta) -> None:
    event = read(
        "customer.updated", LEAST | {"occurred_at": AHEAD}, now=NOW, received_at=NOW, stamped_at=NOW + stamped
    )

    assert event.occurred_at == NOW + counts


@pytest.mark.parametrize(
    "name", ["placed", "Order.placed", "order.", "order.placed.twice", "", None, "o." + "x" * 63]
)
def test_a_name_that_is_not_noun_and_verb_is_refused(name: object) -> None:
    [problem] = told(name, WHOLE)

    assert problem == Problem(
        "detail-type", "must be noun.verb_in_past, 64 characters at most, such as order.placed"
    )


@pytest.mark.parametrize("detail", [None, [], "text", 7, '{"event_id": "e"}'])
def test_what_is_no_object_is_refused(detail: object) -> None:
    assert told("order.placed", detail) == [Problem("detail", "must be a JSON object")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "no NaN"),
        ("\ud800", "half a character"),
        (["x" * 1_999] * 101, "200,000 bytes"),
        (b"bytes", "must be JSON"),
    ],
)
def test_what_is_no_json_or_too_much_of_it_is_refused(value: object, words: str) -> None:
    [problem] = told("a.b", {**LEAST, "properties": {"x": value}})

    assert problem.where == "detail"
    assert words in problem.what


def test_json_nested_without_end_is_refused() -> None:
    deep: object = 1
    for _ in range(50_000):
        deep = [deep]

    assert [each.where for each in told("a.b", {**LEAST, "properties": {"x": deep}})] == ["detail"]


@pytest.mark.parametrize("name", ["order.placed", "order.refunded"])
def test_an_order_event_needs_its_order(name: str) -> None:
    [problem] = told(name, LEAST)

    assert problem.where == "order"
    assert "give order.id" in problem.what


def test_a_used_feature_needs_its_name_and_its_product_line() -> None:
    problems = told("product.feature_used", {**LEAST, "properties": {"feature": 7}})

    assert [each.where for each in problems] == ["properties.product_line", "properties.feature"]
    used = {"product_line": "oven", "feature": "steam"}
    assert read("product.feature_used", {**LEAST, "properties": used}, now=NOW).properties == used


def test_every_problem_is_reported_at_once() -> None:
    problems = told("Placed", {"event_id": "", "occurred_at": "now", "customer": {"email": "x"}, "shop": "s"})

    assert [each.where for each in problems] == [
        "detail-type", "event_id", "occurred_at", "customer.id", "customer.email", "(a name not shown here)",
    ]  # fmt: skip


def test_an_unknown_name_that_could_be_personal_is_not_repeated() -> None:
    [problem] = told("a.b", {**LEAST, "ana@example.com": 1})

    assert "ana" not in str(problem)


@pytest.mark.parametrize("name", ["AnnaSchmidt", "anna_schmidt_1983", "Schmidt", "x" * 40, "emial\x1b[2J"])
@pytest.mark.parametrize("place", ["", "customer.", "customer.consent.", "order.", "order.items.0."])
def test_a_plain_name_that_is_no_slip_of_ours_is_not_repeated(name: str, place: str) -> None:
    [problem] = told("order.placed", with_value(f"{place}{name}", 1))

    assert name not in str(problem)
    assert "(a name not shown here)" in problem.where


def test_any_offset_means_the_same_instant() -> None:
    instants = {
        read("a.b", {**LEAST, "occurred_at": at.isoformat()}, now=NOW).occurred_at
        for at in (NOW.astimezone(timezone(timedelta(hours=hours, minutes=30))) for hours in range(-12, 14))
    }

    assert instants == {NOW}


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATHS = ["event_id", "occurred_at", "customer", "order", "properties", "surprise"]
PATHS += [f"customer.{name}" for name in WHOLE["customer"]] + ["order.items.0", "order.items.0.price"]  # type: ignore[attr-defined]
PATHS += [f"order.{name}" for name in WHOLE["order"]]  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(PATHS), json_values)
def test_whatever_stands_in_a_field_it_is_an_event_or_a_list_of_problems(path: str, value: object) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        event = read("order.placed", with_value(path, value), now=NOW)
    except InvalidEventError as error:
        problems = error.problems
    else:
        assert isinstance(event.customer.fields, Mapping)
        json.dumps(event.properties, ensure_ascii=False, allow_nan=False).encode()

    assert all(each.where and each.what for each in problems)
