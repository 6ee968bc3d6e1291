"""Every problem is reported with file, line and column, what it is, and what would be right."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail, RenderError, TemplateError, UnknownMessageError

WRONG = {
    "an unclosed element": ("<o-card>\n<mj-text>a</o-card>", "6:11", "write </mj-text> before it"),
    "an element never closed": ("<o-card>\n  <mj-text>a", "6:3", "<mj-text> is never closed"),
    "an unknown component": ("<o-card><mj-txt>a</mj-txt></o-card>", "5:9", "did you mean <mj-text>"),
    "an unknown part": ("<o-crad></o-crad>", "5:1", "did you mean <o-card>"),
    "a part that is nearly one": (
        "<o-card><o-buton>a</o-buton></o-card>",
        "5:9",
        "there is no part <o-buton>; did you mean <o-button>?",
    ),
    "a component that looks a little like another": (
        '<o-card><mj-video src="https://x.example"/></o-card>',
        "5:9",
        (
            "<mj-video> cannot stand in <mj-column>; mail programs play no video: "
            "show a picture of it with a link, <mj-image src href alt>"
        ),
    ),
    "a component that is like none": (
        "<o-card><mj-zebra/></o-card>",
        "5:9",
        "<mj-zebra> cannot stand in <mj-column>; there is: <mj-accordion>, <mj-button>, ",
    ),
    "an include": (
        '<mj-include path="./note.mjml"/>',
        "5:1",
        "put what it includes into a part, such as _layout/note.mjml, and write <o-note/> here",
    ),
    "a style sheet below our page": (
        "<mj-style>p { margin: 0 }</mj-style>",
        "5:1",
        "put it into _layout/page.mjml, or write `layout: none` above and a whole MJML document below",
    ),
    "a button among words": (
        "<o-card><mj-text><button>a</button></mj-text></o-card>",
        "5:18",
        'write <o-button href="https://..."> outside of the words',
    ),
    "a missing attribute of a part": (
        "<o-card>\n <o-button>a</o-button></o-card>",
        "6:2",
        "lacks href=",
    ),
    "an unknown attribute of a part": (
        '<o-card><o-button hrf="https://a.b">a</o-button></o-card>',
        "5:19",
        "did you mean 'href'",
    ),
    "an unknown attribute": (
        '<o-card><mj-text colour="red">a</mj-text></o-card>',
        "5:18",
        "did you mean 'color'",
    ),
    "words outside a component": ("<o-card>\nHello\n</o-card>", "5:9", "put it inside <mj-text>"),
    "a value outside a component": ("<o-card>{{ order.id }}</o-card>", "5:9", "put it inside <mj-text>"),
    "an unclosed condition": (
        "<o-card>{% if order %}<mj-text>a</mj-text></o-card>",
        "5:43",
        "write {% endif %} before it",
    ),
    "a stray end": ("<o-card><mj-text>{% endif %}</mj-text></o-card>", "5:18", "nothing to belong to"),
    "a wrong end": (
        "<o-card>{% for i in order.items %}<mj-text/>{% endif %}</o-card>",
        "5:45",
        "nothing to belong to",
    ),
    "an unclosed tag": ("<o-card><mj-text>{{ order.id }</mj-text></o-card>", "5:18", "end it with }}"),
    "a bare less-than": ("<o-card><mj-text>a < b</mj-text></o-card>", "5:20", "&lt;"),
    "an unquoted attribute": ("<o-card><mj-text color=red>a</mj-text></o-card>", "5:9", 'name="value"'),
    "an attribute given twice": (
        '<o-card><mj-text color="#fff" color="#000">a</mj-text></o-card>',
        "5:31",
        "twice",
    ),
    "a misspelled fact": (
        "<o-card><mj-text>Hi\n{{ custmer.first_name }}</mj-text></o-card>",
        "6:1",
        "did you mean 'customer'",
    ),
    "a misspelled attribute of a fact": (
        "<o-card><mj-text>{{ customer.frist_name }}</mj-text></o-card>",
        "5:18",
        "did you mean 'first_name'",
    ),
    "a misspelled value": (
        "<o-card><mj-text>{{ values.cupon_code }}</mj-text></o-card>",
        "5:18",
        "did you mean 'coupon_code'",
    ),
    "a fact written as programmers of other tools do": (
        "<o-card><mj-text>{{ firstName }}</mj-text></o-card>",
        "5:18",
        "did you mean 'customer.first_name'",
    ),
    "a value that nobody wrote down": (
        "<o-card><mj-text>{{ values.zebra }}</mj-text></o-card>",
        "5:18",
        "write `zebra: ...` below `values:` in campaign.yaml",
    ),
    "an amount without its currency": (
        "<o-card><mj-text>{{ order.total | money }}</mj-text></o-card>",
        "5:18",
        "money(order.currency)",
    ),
    "curly quotes": (
        "<o-card><mj-text>{{ customer.first_name or \u201cthere\u201d }}</mj-text></o-card>",
        "5:18",
        "write straight quotes",
    ),
    "a default as Liquid writes it": (
        "<o-card><mj-text>{{ customer.first_name | default: 'there' }}</mj-text></o-card>",
        "5:18",
        """write default("there") instead of default: 'there'""",
    ),
    "a comparison with one sign": (
        '<o-card><mj-text>{% if order.id = "b" %}a{% endif %}</mj-text></o-card>',
        "5:18",
        "write == instead of = to compare two values",
    ),
    "else if": (
        "<o-card><mj-text>{% if order.id %}a{% else if order.url %}b{% endif %}</mj-text></o-card>",
        "5:36",
        "write {% elif ... %} instead of {% else if ... %}",
    ),
    "a sign of other languages": (
        "<o-card><mj-text>{% if order.id && order.url %}a{% endif %}</mj-text></o-card>",
        "5:18",
        "write and instead of &&",
    ),
    "curly quotes around an address": (
        "<o-card><mj-text><a href=\u201chttps://x.example\u201d>a</a></mj-text></o-card>",
        "5:18",
        "write straight quotes, ' or \", instead of \u201c",
    ),
    "words pasted from Word": (
        "<o-card><mj-text><p>a<o:p></o:p></p></mj-text></o-card>",
        "5:22",
        "this was pasted from Word: paste it again as plain text",
    ),
    "a gap that import left": (
        '<o-card><mj-text>{{ import_gap("if vip") }}</mj-text></o-card>',
        "5:18",
        "import left a gap here: if vip; write what belongs here in place of this mark",
    ),
    "a misspelled keyword": (
        "<o-card><mj-text>{% if order %}a{% esle %}b{% endif %}</mj-text></o-card>",
        "5:33",
        "did you mean 'else'",
    ),
    "an element that was never opened": ("<o-card>a</mj-text></o-card>", "5:10", "it was never opened"),
    "a picture of one's own computer": (
        '<o-card><mj-image src="oven.jpg" alt=""/></o-card>',
        "5:24",
        "put the picture on the web",
    ),
    "a misspelled filter": (
        "<o-card><mj-text>{{ order.promised_at | dat }}</mj-text></o-card>",
        "5:18",
        "did you mean 'date'",
    ),
    "bad syntax in a tag": (
        "<o-card><mj-text>ok {{ order.id }} {{ order. }}</mj-text></o-card>",
        "5:36",
        "a name is missing behind the dot",
    ),
    "a fact in a colour": (
        '<o-card><mj-text color="{{ order.id }}">a</mj-text></o-card>',
        "5:18",
        "laid out once",
    ),
    "a link that is none": (
        '<o-card><o-button href="www.shop.example">a</o-button></o-card>',
        "5:25",
        "did you mean https://www.shop.example?",
    ),
    "a script": ("<o-card><mj-text><script>a</script></mj-text></o-card>", "5:18", "<script> cannot stand"),
    "an event handler": ('<o-card><mj-text><a onclick="x">a</a></mj-text></o-card>', "5:21", "script"),
    "a block around columns": (
        "<mj-section>{% if order %}<mj-column/>{% endif %}</mj-section>",
        "5:13",
        "around a whole section",
    ),
    "a trimming dash": ("<o-card><mj-text>{{- order.id }}</mj-text></o-card>", "5:18", "leave out the -"),
    "an import": ("{% import 'x' as y %}", "5:1", "is not available here"),
}


@pytest.mark.parametrize(("body", "place", "right"), WRONG.values(), ids=WRONG)
def test_the_place_and_the_remedy_are_reported(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], body: str, place: str, right: str
) -> None:
    made = bundle(body)
    with pytest.raises(TemplateError) as raised:
        made.render("c", "m", facts)
    assert str(raised.value.where).endswith(f".mjml:{place}")
    assert right in raised.value.problem
    assert str(raised.value) in [str(problem) for problem in made.problems("c")]


def test_every_problem_is_reported_and_not_only_the_first(bundle: Callable[..., TemplateBundle]) -> None:
    made = bundle(
        '<o-card><mj-text colour="red">a</mj-text>words<mj-txt/></o-card>',
        files={"c/other.mjml": "no head", "c/third.es.mjml": "---\nsubject: x\npreheader: y\n---\n<b"},
    )
    told = [problem.where for problem in made.problems("c")]
    assert told == [
        "c/m.mjml:5:18",
        "c/m.mjml:5:42",
        "c/m.mjml:5:47",
        "c/other.mjml:1:1",
        "c/third.es.mjml:5:1",
    ]


WHOLE = (
    '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'
    "<mjml>\n<mj-head>{}</mj-head><mj-body>{}</mj-body></mjml>"
)
WHOLE_WRONG = {
    "attributes for HTML": (
        '<mj-html-attributes><mj-selector path=".a"/></mj-html-attributes>',
        "",
        "7:10",
        "<mj-html-attributes> cannot stand in <mj-head>; write the attributes on the elements themselves",
    ),
    "a class with components": (
        '<mj-attributes>\n<mj-class name="k"><mj-text color="#222"/></mj-class></mj-attributes>',
        "",
        "8:1",
        (
            "<mj-class> cannot hold other components here; write a class of its own for each, such as "
            '<mj-class name="note-text" color="#25302a"/>, and mj-class="note-text" on the component'
        ),
    ),
    "an include": (
        '<mj-include path="./head.mjml"/>',
        "",
        "7:10",
        "put what it includes into a part, such as _layout/note.mjml, and write <o-note/> here",
    ),
    "a fluid hero without the size of its picture": (
        "",
        '<mj-hero mode="fluid-height"/>',
        "7:29",
        (
            'mode="fluid-height" has no height here; write background-width="600px" and '
            'background-height="300px", the size of the picture'
        ),
    ),
}


@pytest.mark.parametrize(("head", "body", "place", "right"), WHOLE_WRONG.values(), ids=WHOLE_WRONG)
def test_what_mjml_has_and_we_have_not_is_reported_with_the_remedy(
    bundle: Callable[..., TemplateBundle], head: str, body: str, place: str, right: str
) -> None:
    (problem,) = bundle(files={"c/m.mjml": WHOLE.format(head, body)}).problems("c")
    assert problem.where == f"c/m.mjml:{place}"
    assert right in problem.problem


def test_a_whole_document_below_our_page_is_reported(bundle: Callable[..., TemplateBundle]) -> None:
    (problem,) = bundle("<mjml><mj-body/></mjml>").problems("c")
    assert str(problem) == (
        "c/m.mjml:5:1: <mjml> cannot stand in <mj-body>; write `layout: none` above, "
        "since this is a whole MJML document"
    )


def test_what_the_compiler_alone_refuses_is_reported_with_its_place(
    bundle: Callable[..., TemplateBundle],
) -> None:
    head = "<mj-attributes>\n<mj-text>words</mj-text></mj-attributes>"
    made = bundle(files={"c/m.mjml": WHOLE.format(head, "")})
    with pytest.raises(TemplateError) as raised:
        made.prepare("c", "m")
    assert str(raised.value) == (
        "c/m.mjml:8:1: <mj-text> cannot be laid out as it is; take it out, "
        "or write it as https://documentation.mjml.io has it"
    )


HEADS = {
    "no head": ("<o-card/>", "1:1", "the head is missing"),
    "a head without an end": ("---\nsubject: a\npreheader: b\n<o-card/>", "1:1", "write a line ---"),
    "an empty subject": ('---\nsubject: ""\npreheader: a\n---\n', "2:10", "subject is empty"),
    "no subject": ("---\npreheader: a\n---\n", "1:1", "subject is missing"),
    "an invented field": ("---\nsubject: a\npreheader: b\nsubjct: c\n---\n", "4:1", "did you mean 'subject'"),
    "a subject that YAML takes for a mapping": (
        "---\nsubject: {{ a }}\npreheader: b\n---\n",
        "2:10",
        "quotes",
    ),
    "a subject with a colon": (
        "---\nsubject: a: b\npreheader: b\n---\n",
        "2:11",
        "put the text between quotes",
    ),
    "a misspelled fact in the subject": (
        '---\nsubject: "{{ nobody }}"\npreheader: b\n---\n',
        "2:10",
        "nobody",
    ),
}


@pytest.mark.parametrize(("head", "place", "right"), HEADS.values(), ids=HEADS)
def test_problems_of_the_head_are_placed_too(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], head: str, place: str, right: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        bundle(head=head).render("c", "m", facts)
    assert raised.value.where == f"c/m.mjml:{place}"
    assert right in raised.value.problem


DOUBLE = "double quotes cannot stand inside double quotes; write single quotes outside: "
SINGLE = "single quotes cannot stand inside single quotes; write double quotes outside: "
QUOTED = {
    "double quotes inside double quotes": (
        'subject: "Hi {{ customer.first_name or "you" }}"',
        DOUBLE + """subject: 'Hi {{ customer.first_name or "you" }}'""",
    ),
    "a colon and an apostrophe": (
        "subject: Don't miss: Ana",
        'put the text between quotes: subject: "Don\'t miss: Ana"',
    ),
    "a colon and both quotes": (
        'subject: Don\'t say: "you"',
        "put the text between quotes: subject: 'Don''t say: \"you\"'",
    ),
    "single quotes inside single quotes": (
        "subject: 'Hi {{ customer.first_name or 'you' }}'",
        SINGLE + """subject: "Hi {{ customer.first_name or 'you' }}\"""",
    ),
}


@pytest.mark.parametrize(("line", "problem"), QUOTED.values(), ids=QUOTED)
def test_the_cure_for_quotes_in_the_head_works_as_it_is_pasted(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], line: str, problem: str
) -> None:
    body = "<o-card><mj-text>a</mj-text></o-card>"
    with pytest.raises(TemplateError) as raised:
        bundle(body, f"---\n{line}\npreheader: b\n---\n").render("c", "m", facts)
    assert raised.value.problem == problem
    cure = problem[problem.index("subject: ") :]
    assert bundle(body, f"---\n{cure}\npreheader: b\n---\n").render("c", "m", facts).subject


def test_facts_cannot_get_into_style_sheets(bundle: Callable[..., TemplateBundle]) -> None:
    style = "<mj-head>\n<mj-style>p { color: {{ order.id }} }</mj-style></mj-head>"
    page = f"<mjml>{style}<mj-body>[[ content ]]</mj-body></mjml>"
    made = bundle(files={"_layout/page.mjml": page})
    assert [problem.where for problem in made.problems("c")] == ["_layout/page.mjml:2:11"]


def test_a_problem_inside_a_part_names_the_part(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    made = bundle("<o-bad/>", files={"_layout/bad.mjml": "<mj-section>\n<mj-text/></mj-section>"})
    with pytest.raises(TemplateError) as raised:
        made.render("c", "m", facts)
    assert raised.value.where == "_layout/bad.mjml:2:1"


def test_a_fact_that_does_not_fit_is_reported_with_its_tag_but_without_its_value(
    render: Callable[..., RenderedEmail],
) -> None:
    with pytest.raises(RenderError) as raised:
        render(
            "<o-card><mj-text>a</mj-text>\n<mj-text>{{ customer.attributes.size }}</mj-text></o-card>",
            customer={"attributes": {"sise": "ana@example.com"}},
        )
    assert raised.value.where == "c/m.mjml:6:10"
    assert "{{ customer.attributes.size }}" in raised.value.problem
    assert "did you mean 'sise'" in raised.value.problem
    assert "example.com" not in str(raised.value)


UNFIT = {
    "nothing": ("{{ customer.last_name }}", "is not known for this customer"),
    "a moment": ("{{ order.promised_at }}", "| date"),
    "a mapping": ("{{ order }}", "name the part of it"),
    "a truth": ("{{ customer.attributes.loyal }}", "cannot be shown"),
    "a part of nothing": ("{{ product.name }}", "put {% if %} around it"),
    "a date of nothing": ("{{ customer.last_name | date }}", "date needs a date and time"),
    "money without a currency": ("{{ order.total | money(customer.last_name) }}", "EUR"),
    "a sum of words": ("{{ order.total * 2 }}", "numbers only"),
}


@pytest.mark.parametrize(("tag", "right"), UNFIT.values(), ids=UNFIT)
def test_what_people_cannot_read_is_never_sent(
    render: Callable[..., RenderedEmail], tag: str, right: str
) -> None:
    with pytest.raises(RenderError, match=r"c/m\.mjml:5:18") as raised:
        render(f"<o-card><mj-text>{tag}</mj-text></o-card>")
    assert right in raised.value.problem


def test_an_unknown_message_or_campaign_is_named(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    with pytest.raises(UnknownMessageError, match="has no message 'n'; there is: m"):
        bundle("").render("c", "n", facts)
    with pytest.raises(UnknownMessageError, match="no campaign 'd'"):
        bundle("").render("d", "m", facts)


def test_a_file_that_is_not_utf_8_is_reported(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=r"c/m\.mjml:2:1: this file is not UTF-8"):
        bundle(files={"c/m.mjml": b"---\n\xff"}).render("c", "m", facts)
