"""Expressions of campaign files: the same syntax as in messages, but a missing fact is only false."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.errors import ExpressionFailedError
from outreach.domain.sending.rendering import TemplateError


@pytest.fixture
def templates(bundle: Callable[..., TemplateBundle]) -> TemplateBundle:
    return bundle()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("customer.orders >= 2", True),
        ("customer.orders > 2", False),
        ("customer.attributes.loyal", True),
        ("customer.attributes.profile_complete", None),
        ("not customer.attributes.profile_complete", True),
        ("'grinder' in product.features_used", False),
        ("product.line == 'espresso'", False),
        ("product.line in ['espresso', 'oven']", False),
        ("order.promised_at and order.promised_at > now", True),
        ("order.promised_at", datetime(2026, 3, 10, 9, tzinfo=UTC)),
        ("order.url", None),
        ("customer.attributes.a.b.c", None),
        ("customer.attributes.age > 3", False),
        ("customer.attributes.age < 3", False),
        ("order.url < now", False),
        ("event.properties.x.y == 3", False),
        ("order.items | length", 2),
        ("order.items[0].price | float > 49", True),
        ("customer.last_name or 'x'", "x"),
        ("order.delays + 1", 2),
        ("campaign.name", None),
        ("order.items[7].name", None),
        ("values.anything", None),
    ],
)
def test_an_expression_has_a_value_for_whatever_facts_there_are(
    templates: TemplateBundle, facts: dict[str, object], expression: str, value: object
) -> None:
    templates.check_expression(expression)
    assert templates.evaluate(expression, facts) == value


def test_no_facts_at_all_are_no_error(templates: TemplateBundle) -> None:
    assert templates.evaluate("order.promised_at > now and customer.orders > 3", {}) is False


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("order.", "a name is missing behind the dot"),
        ("a b", "nothing is called 'a'|nothing can follow"),
        ("1 +", "this ends too early: a value is missing at its end"),
        ("", "this ends too early: a value is missing at its end"),
        ("custmer.orders", "did you mean 'customer'"),
        ("customer.order", "did you mean 'orders'"),
        ("customer.__class__", "begin with _"),
        ("x) and (y", "closes nothing here: take it out"),
        ("{{ order.id }}", "."),
        ("order.items | lenth", "did you mean 'length'"),
        ("lipsum()", "can be called"),
        ("2 ** 9", "not available"),
    ],
)
def test_a_wrong_expression_is_found_before_it_is_used(
    templates: TemplateBundle, expression: str, right: str
) -> None:
    with pytest.raises(TemplateError, match=right):
        templates.check_expression(expression)
    with pytest.raises(TemplateError, match=right):
        templates.evaluate(expression, {})


def test_facts_of_another_kind_are_named_without_their_value(templates: TemplateBundle) -> None:
    with pytest.raises(ExpressionFailedError, match="a str cannot be compared with a int") as raised:
        templates.evaluate(
            "customer.attributes.age > 3", {"customer": {"attributes": {"age": "ana@example.com"}}}
        )
    assert "example.com" not in str(raised.value)
