"""The size of every value is bounded, so no single step of a template or an expression is long or large.

Each form here ran for hours or took gigabytes in one step that no meter saw; a test that fails may hang.
"""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.sandbox.limits import MOST_WORK, start_meter, work_done
from outreach.domain.errors import ExpressionFailedError
from outreach.domain.sending.rendering import RenderedEmail, RenderError, TemplateError
from outreach_tools.checks import Checker
from templates.small_folder import small_folder

SIX = range(1, 7)
LITERAL_NEST = "{% set a0 = [1, 2] %}{% set b0 = [1, 2] %}" + "".join(
    f"{{% set {n}{i} = [{', '.join([f'{n}{i - 1}'] * 50)}] %}}" for i in SIX for n in "ab"
)
"""Six levels of lists that hold the same list fifty times, twice: 50^6 entries, and 2 KB of source."""
TUPLE_NEST = LITERAL_NEST.replace("[", "(").replace("]", ")")
NONES = f"[{', '.join(['none'] * 50)}]"
FILTERED_NEST = "{% set a0 = [1, 2] %}{% set b0 = [1, 2] %}" + "".join(
    f"{{% set {n}{i} = {NONES} | map('default', {n}{i - 1}) | list %}}" for i in SIX for n in "ab"
)
"""The same without a list that holds another by its name."""
GROWN_NEST = (
    "{% set a0 = [[1, 2]] %}"
    + "{% set a0 = a0 + a0 %}" * 8
    + f"{{% set a = {NONES} | map('default', a0) | list %}}{{% set b = a %}}"
)
NESTS = {"lists": LITERAL_NEST, "tuples": TUPLE_NEST, "filters": FILTERED_NEST}
FORMS = {
    "==": "{{ 'y' if A == B else 'n' }}",
    "!=": "{{ 'y' if A != B else 'n' }}",
    "<": "{{ 'y' if A < B else 'n' }}",
    "a chain": "{{ 'y' if 1 < 2 == (A == B) else 'n' }}",
    "in": "{{ 'y' if A in [B, 1] else 'n' }}",
    "not in": "{{ 'y' if A not in B else 'n' }}",
    "is eq": "{{ 'y' if A is eq(B) else 'n' }}",
    "is in": "{{ 'y' if A is in(B) else 'n' }}",
    "select": "{{ [A] | select('==', B) | list | length }}",
    "reject": "{{ [A] | reject('in', B) | list | length }}",
    "sort": "{{ [A, B] | sort | length }}",
    "max": "{{ [A, B] | max | length }}",
    "min": "{{ [A, B] | min | length }}",
    "unique": "{{ [A, B] | unique | list | length }}",
    "sum": "{{ [A, B] | sum(start=[]) | length }}",
    "a key": "{{ {A: 1} | length }}",
    "a subscript": "{{ customer.attributes[A] }}",
    "map by a list": "{{ [customer] | map(attribute=A) | list | length }}",
    "is filter": "{{ 'y' if A is filter else 'n' }}",
    "money": "{{ A | money('EUR') }}",
    "round": "{{ A | round }}",
    "a text": "{{ A | string }}",
}


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Fails when more bytes than that were in use at once inside."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def body_of(nest: str, form: str) -> str:
    shown = form.replace("A", "a6").replace("B", "b6")
    return f"<o-card><mj-text>{nest}{shown}</mj-text></o-card>"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("nest", [LITERAL_NEST, TUPLE_NEST], ids=["lists", "tuples"])
def test_a_list_that_holds_a_list_by_name_is_found_before_it_is_rendered(nest: str, form: str) -> None:
    hidden = f"{{% if customer.country == 'FR' %}}{body_of(nest, form)}{{% endif %}}"
    report = Checker().check(small_folder(hidden))
    assert any("a list cannot hold the list 'a0'" in error.what for error in report.errors)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    "nest", [LITERAL_NEST, TUPLE_NEST, FILTERED_NEST], ids=["lists", "tuples", "filters"]
)
def test_nested_lists_are_refused_before_anything_goes_through_them(
    render: Callable[..., RenderedEmail], nest: str, form: str
) -> None:
    start_meter()
    with pytest.raises(TemplateError, match="list"):
        render(body_of(nest, form))
    assert work_done() < MOST_WORK / 10


def test_lists_that_are_joined_count_what_they_hold(render: Callable[..., RenderedEmail]) -> None:
    with pytest.raises(RenderError, match="counting those inside"):
        render(body_of(GROWN_NEST, "{{ a | length }}"))


NESTED_FACTS = {"a6": [[1, 2], [3]], "b6": [[1, 2], [4]]}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_facts_that_are_lists_of_lists_are_refused_by_name_and_not_by_value(
    render: Callable[..., RenderedEmail], form: str
) -> None:
    given = "{% set a6 = customer.attributes.a6 %}{% set b6 = customer.attributes.b6 %}"
    with pytest.raises(TemplateError, match=r"list|number|decimal"):
        render(body_of(given, form), customer={"attributes": NESTED_FACTS, "country": "FR"})


EXPRESSIONS = [
    "customer.attributes.a6 == customer.attributes.b6",
    "customer.attributes.a6 < customer.attributes.b6",
    "customer.attributes.a6 in customer.attributes.b6",
    "1 in customer.attributes.b6",
    "customer.attributes.a6 is eq(customer.attributes.b6)",
    "[customer.attributes.a6] | select('==', customer.attributes.b6) | list",
    "customer.attributes.a6 | sort",
    "customer.attributes.a6 | unique | list",
    "customer.attributes.a6 | max",
    "customer.attributes.a6 | min",
    "customer.attributes.a6 | sum(start=[])",
    "customer.attributes.a6 | round",
    "{customer.attributes.a6: 1}",
    "customer.attributes[customer.attributes.a6]",
    "[customer] | map(attribute=customer.attributes.a6) | list",
    "customer.attributes.word | round(8)",
    "customer.attributes.word | sum",
    "[customer.attributes.word] | sum",
    "customer.attributes.wide is odd",
    "customer.attributes.wide % 1",
    "customer.attributes.word.strip(customer.attributes.word)",
    "customer.attributes.word | trim(customer.attributes.word)",
    " ~ ".join(["customer.attributes.word"] * 90),
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_event_door_refuses_the_same(bundle: Callable[..., TemplateBundle], expression: str) -> None:
    attributes = {**NESTED_FACTS, "word": "nine-lives" * 200, "wide": "%999999999d"}
    templates = bundle()
    templates.check_expression(expression)
    with memory(20_000_000), pytest.raises(ExpressionFailedError):
        templates.evaluate(expression, {"customer": {"attributes": attributes}})


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 2000 + "1" + ")" * 2000,
        "not " * 5000 + "1",
        "[" * 1000 + "]" * 1000,
        "9" * 5000,
        "9" * 4000,
        " ~ ".join("a" * 2000),
        " < ".join("1" * 2000),
        "[[1]] == [[1]]",
        "[[1], [2]] | max",
        "[1] | round",
    ],
)
def test_an_expression_that_asks_too_much_is_refused_when_it_is_checked(
    bundle: Callable[..., TemplateBundle], expression: str
) -> None:
    with pytest.raises(TemplateError, match=r"complicated|too large|lists|no list"):
        bundle().check_expression(expression)


LARGE = {
    "a text multiplied by round": "{{ customer.attributes.rating | round(6) }}",
    "one character multiplied by round": "{{ '7' | round(9) }}",
    "a list multiplied by round": "{{ [1] | round(9) }}",
    "a text as a format by a test": "{{ 'y' if '%999999999d' is odd else 'n' }}",
    "a text as a format by another test": "{{ 'y' if '%999999999d' is divisibleby 3 else 'n' }}",
    "lists joined by sum": "{{ range(400) | map('list') | sum(start=[]) | length }}",
    "lists of lists of ranges": f"{{{{ {NONES} | map('default', range(500) | list) | list | length }}}}",
    "a text joined with itself": "{% set w = customer.attributes.rating %}{{ "
    + " ~ ".join(["w"] * 90)
    + " }}",
    "a text shown again and again": "{% set w = customer.attributes.rating %}" + "{{ w }}" * 4000,
    "a text kept by a filter": "{% set w = customer.attributes.rating %}{% filter upper %}"
    "{% for a in range(500) %}{% for b in range(19) %}{{ w }}{{ w }}{% endfor %}{% endfor %}{% endfilter %}",
    "many separators": "{{ range(500) | join(customer.attributes.rating) }}",
    "an amount without end": "{{ customer.attributes.rating | money('EUR') }}",
}


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_no_value_fills_the_memory(render: Callable[..., RenderedEmail], body: str) -> None:
    rating = {"attributes": {"rating": "5" * 20_000}}
    with memory(60_000_000), pytest.raises(TemplateError) as refused:
        render(f"<o-card><mj-text>{body}</mj-text></o-card>", customer=rating)
    assert "55555" not in str(refused.value)


HONEST = {
    "{{ 'y' if order.currency in ['EUR', 'USD'] else 'n' }}": "y",
    "{% set lines = ['espresso', 'oven'] %}{{ 'y' if 'oven' in lines else 'n' }}": "y",
    "{% for word, number in [('a', 1), ('b', 2)] %}{{ word }}{{ number }}{% endfor %}": "a1b2",
    "{% set rows = [('a', customer.id), ('b', 2)] %}{{ rows[1][0] }}{{ rows | length }}": "b2",
    "{{ 'y' if 'loyal' in customer.attributes else 'n' }}": "y",
    "{{ order.items | map(attribute='name') | sort | first }}": "Oven",
    "{{ order.items | sort(attribute='name') | map(attribute='price') | first }}": "49.90",
    "{{ order.items | map(attribute='price') | map('float') | sum | money('EUR') }}": "€59.9",
    "{{ (order.items | map(attribute='name') | map('length') | sum) - 1 }}": "7",
    "{{ ['b', 'a', 'b'] | unique | join('-') }}{{ ['b', 'a'] | reverse | join }}": "b-aab",
    "{{ [3, 1, 2] | max }}{{ [3, 1, 2] | min }}{{ 2.5 | round(1) }}": "312.5",
    "{{ 'y' if [1, 2] == [1, 2] else 'n' }}{{ 'y' if order.items == [] else 'n' }}": "yn",
    "{{ (order.promised_at - now).days }}": "8",
    "{{ customer.first_name[:2] }}{{ [1, 2, 3][1:] | length }}{{ {'a': 1}['a'] }}": "An21",
    "{% set a = [1] %}{% set b = [2] %}{{ (a + b) | join('+') }}": "1+2",
    "{{ 'y' if 1 < 2 < 3 else 'n' }}{{ 'y' if 3 is odd and 'a' is lower else 'n' }}": "yy",
    "{{ ' x ' | trim }}{{ 'xxax' | trim('x') }}{{ 'a,b'.strip(',') }}": "xaa,b",
}


@pytest.mark.parametrize(("body", "text"), HONEST.items())
def test_what_honest_templates_do_is_as_it_was(
    render: Callable[..., RenderedEmail], body: str, text: str
) -> None:
    assert render(f"<o-card><mj-text>{body}</mj-text></o-card>").text == f"{text}\n"
