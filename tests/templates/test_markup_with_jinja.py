"""A marketer writes Jinja between, inside and around MJML components, and it works."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail, TemplateError


def body_of(html: str) -> str:
    return html[html.index("<body") :]


def test_a_condition_around_a_component_shows_or_hides_it(render: Callable[..., RenderedEmail]) -> None:
    again = (
        "{% if customer.orders > 1 %}<mj-text>again</mj-text>{% else %}<mj-text>first</mj-text>{% endif %}"
    )
    email = render(f"<o-card>{again}</o-card>")
    assert "again" in email.html
    assert "first" not in body_of(email.html)
    assert email.text == "again\n"


def test_a_condition_around_a_section_shows_or_hides_it(render: Callable[..., RenderedEmail]) -> None:
    section = "<mj-section><mj-column><mj-text>secret</mj-text></mj-column></mj-section>"
    assert "secret" not in render("{% if order.delays > 3 %}" + section + "{% endif %}").html
    assert "secret" in render("{% if order.delays < 3 %}" + section + "{% endif %}").html


def test_a_loop_repeats_components_and_parts_with_its_own_data(render: Callable[..., RenderedEmail]) -> None:
    loop = "{% for item in order.items %}<mj-text>{{ item.name }}</mj-text>"
    loop += '<o-button href="https://shop.example/{{ item.name }}">See {{ item.name }}</o-button>{% endfor %}'
    email = render(f"<o-card>{loop}</o-card>")
    assert 'href="https://shop.example/Oven"' in email.html
    assert 'href="https://shop.example/Peel"' in email.html
    assert email.text == (
        "Oven\n\nSee Oven: https://shop.example/Oven\n\nPeel\n\nSee Peel: https://shop.example/Peel\n"
    )


def test_a_loop_inside_a_table_makes_rows(render: Callable[..., RenderedEmail]) -> None:
    rows = '{% for item in order.items %}<o-row name="{{ item.name }}"/>{% endfor %}'
    email = render(f"<o-card><mj-table>{rows}<tr><td>Sum</td><td>2</td></tr></mj-table></o-card>")
    assert "<tr><td>Oven</td><td>free</td></tr>" in email.html
    assert email.text == "Oven  free\nPeel  free\nSum  2\n"


def test_a_loop_around_sections_repeats_them(render: Callable[..., RenderedEmail]) -> None:
    section = (
        "<mj-section><mj-column><mj-text>{{ loop.index }}. {{ item.name }}</mj-text></mj-column></mj-section>"
    )
    html = body_of(render("{% for item in order.items %}" + section + "{% endfor %}").html)
    assert html.index("1. Oven") < html.index("2. Peel")
    assert html.count("<!--[if") == html.count("<![endif]-->")


def test_comparisons_quotes_and_ampersands_inside_tags_are_left_alone(
    render: Callable[..., RenderedEmail],
) -> None:
    text = """{% if order.delays < 2 and "a" ~ '>' == "a>" %}{{ "<b> & \\"c\\" }}" }}{% endif %}"""
    email = render(f"<o-card><mj-text>{text}</mj-text></o-card>")
    assert "&lt;b&gt; &amp; &#34;c&#34; }}" in email.html
    assert email.text == '<b> & "c" }}\n'


def test_an_attribute_may_hold_tags_with_the_same_quotes(render: Callable[..., RenderedEmail]) -> None:
    email = render(
        '<o-card><o-button href="{{ order.url or "https://shop.example/orders" }}">Go</o-button></o-card>'
    )
    assert 'href="https://shop.example/orders"' in email.html


def test_a_bare_ampersand_and_references_are_text(render: Callable[..., RenderedEmail]) -> None:
    email = render("<o-card><mj-text>Salt & pepper&nbsp;&lt; 5&euro;</mj-text></o-card>")
    assert email.text == "Salt & pepper < 5€\n"


def test_remarks_of_both_kinds_are_not_sent(render: Callable[..., RenderedEmail]) -> None:
    email = render("<o-card><!-- not {{ this }} --><mj-text>seen{# nor <this> #}</mj-text></o-card>")
    assert email.text == "seen\n"
    assert "this" not in email.html


def test_a_name_set_once_is_known_to_the_rest_of_the_message(render: Callable[..., RenderedEmail]) -> None:
    email = render(
        "{% set who = customer.first_name or 'friend' %}<o-card><mj-text>Hi {{ who }}</mj-text></o-card>"
    )
    assert email.text == "Hi Ana\n"


def test_only_one_part_of_the_e_mail_can_be_addressed(render: Callable[..., RenderedEmail]) -> None:
    email = render("<o-card><mj-text><o-html>Click</o-html><o-text>Type</o-text> here</mj-text></o-card>")
    assert "Click here" in email.html
    assert "Type here" not in email.html
    assert email.text == "Type here\n"


def test_a_part_without_content_sees_none(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    part = "[% if content %]<mj-text>[[ content ]]</mj-text>[% else %]<mj-text>nothing</mj-text>[% endif %]"
    made = bundle("<o-card><o-note/></o-card>", files={"_layout/note.mjml": part})
    assert made.render("c", "m", facts).text == "nothing\n"


def test_parts_that_use_each_other_in_a_circle_are_refused(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    made = bundle("<o-a/>", files={"_layout/a.mjml": "<o-b/>", "_layout/b.mjml": "<o-a/>"})
    with pytest.raises(TemplateError, match="in a circle"):
        made.render("c", "m", facts)


def test_the_brand_is_escaped_where_a_part_shows_it(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    made = bundle(
        "<o-card><o-name/></o-card>", files={"_layout/name.mjml": "<mj-text>[[ brand.name ]]</mj-text>"}
    )
    email = made.render("c", "m", facts)
    assert "Shop &amp; Co" in email.html
    assert email.text == "Shop & Co\n"


def test_subject_and_preheader_are_one_line_each(render: Callable[..., RenderedEmail]) -> None:
    head = (
        '---\nsubject: "Hi {{ customer.attributes.x }}"\npreheader: "For {{ customer.attributes.x }}"\n---\n'
    )
    email = render(
        "<o-card><mj-text>x</mj-text></o-card>",
        head,
        customer={"attributes": {"x": "A\r\nBcc: all@x.example\n"}},
    )
    assert email.subject == "Hi A Bcc: all@x.example"
    assert "For A Bcc: all@x.example" in email.html


def test_an_empty_subject_is_refused(render: Callable[..., RenderedEmail]) -> None:
    head = '---\nsubject: "{{ customer.first_name }}"\npreheader: "x"\n---\n'
    with pytest.raises(TemplateError, match="the subject is empty"):
        render("<o-card><mj-text>x</mj-text></o-card>", head, customer={"first_name": " "})
