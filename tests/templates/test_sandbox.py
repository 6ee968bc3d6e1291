"""A template can show facts and nothing else: it cannot leave the sandbox, hang, or exhaust memory."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail, RenderError, TemplateError

WAYS_OUT = {
    "a class": "{{ customer.__class__ }}",
    "a class by subscript": "{{ customer['__class__'] }}",
    "a class by map": "{{ [customer.id] | map(attribute='__class__') | join }}",
    "a class of a constant": "{{ ''.__class__.__mro__ }}",
    "a method's globals": "{{ range.__globals__ }}",
    "format": "{{ '{0.__class__}'.format(customer) }}",
    "the attr filter": "{{ customer | attr('__class__') }}",
    "a private fact": "{{ customer._secret }}",
    "a mutation": "{{ order.items.append(1) }}",
    "a mutation of a mapping": "{{ customer.attributes.update({'a': 1}) }}",
    "joiner": "{{ joiner('x') }}",
    "lipsum": "{{ lipsum(9) }}",
    "self": "{{ self }}",
    "a macro": "{% macro f() %}{% endmacro %}",
    "an include": "{% include 'x' %}",
    "the safe filter": "{{ customer.first_name | safe }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a repeated word": "{{ 'a' * 1000000000 }}",
    "a wide number": "{{ '%1000000000d' % 1 }}",
    "a centered word": "{{ 'a' | center(1000000000) }}",
    "a long range": "{% for i in range(1000000000) %}{% endfor %}",
    "loops in loops in loops": "{% for a in [1] %}{% for b in [1] %}{% for c in [1] %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "a recursive loop": "{% for a in order.items recursive %}{% endfor %}",
    "a word that doubles": "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 15 + "{{ a }}",
    "a word that squares": "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a | replace('a', a) %}" * 9 + "{{ a }}",
    "too many assignments": "{% set a = 1 %}" * 17,
    "too much text": "{% for a in range(500) %}{% for b in range(500) %}"
    + "long text " * 50
    + "{% endfor %}{% endfor %}",
}


@pytest.mark.parametrize("attempt", WAYS_OUT.values(), ids=WAYS_OUT)
def test_a_template_cannot_leave_the_sandbox(render: Callable[..., RenderedEmail], attempt: str) -> None:
    with pytest.raises(TemplateError) as raised:
        render(f"<o-card><mj-text>{attempt}</mj-text></o-card>")
    assert raised.value.where.startswith("c/m.mjml")


@pytest.mark.parametrize("attempt", WAYS_OUT.values(), ids=WAYS_OUT)
def test_a_text_part_written_by_hand_is_in_the_same_sandbox(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], attempt: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        bundle("<o-card><mj-text>a</mj-text></o-card>", files={"c/m.txt": attempt}).render("c", "m", facts)
    assert raised.value.file == "c/m.txt"


def test_a_loop_over_facts_is_bounded_too(render: Callable[..., RenderedEmail]) -> None:
    with pytest.raises(RenderError, match="500 rounds"):
        render(
            "<o-card><mj-text>{% for item in order.items %}{% endfor %}</mj-text></o-card>",
            order={"items": tuple(range(501))},
        )


def test_a_fact_called_like_a_method_is_the_fact(render: Callable[..., RenderedEmail]) -> None:
    values = {"items": "A", "keys": "B", "get": "C"}
    body = "{{ customer.attributes.items }}{{ customer.attributes.keys }}{{ customer.attributes['get'] }}"
    email = render(f"<o-card><mj-text>{body}</mj-text></o-card>", customer={"attributes": values})
    assert email.text == "ABC\n"


def test_facts_may_be_objects_whose_methods_stay_out_of_reach(render: Callable[..., RenderedEmail]) -> None:
    @dataclass(frozen=True)
    class Customer:
        first_name: str
        time_zone: str = "UTC"

        def delete(self) -> str:
            return "deleted"

    shown = "<o-card><mj-text>{{ customer.first_name }} {{ customer.first_name.upper() }}</mj-text></o-card>"
    assert render(shown, customer=Customer("Ana")).text == "Ana ANA\n"
    with pytest.raises(TemplateError, match="can be called"):
        render("<o-card><mj-text>{{ customer.delete() }}</mj-text></o-card>", customer=Customer("Ana"))


def test_facts_are_not_changed_by_rendering(
    render: Callable[..., RenderedEmail], facts: dict[str, object]
) -> None:
    before = repr(facts)
    render("{% set customer = 'gone' %}<o-card><mj-text>{{ customer }}</mj-text></o-card>")
    assert repr(facts) == before
