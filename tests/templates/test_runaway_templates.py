"""No template can exhaust the process that renders it: each attempt ends soon, with a place and a remedy."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.sandbox.limits import (
    LONGEST_VALUE,
    MOST_WORK,
    OF_AN_ENTRY,
    ROUNDS_IN_ALL,
    TOUCHED_PER_UNIT,
    start_meter,
    work_done,
)
from outreach.domain.sending.rendering import RenderedEmail, RenderError, TemplateError
from outreach_tools.checks import Checker
from templates.small_folder import small_folder

ONE_STEP = LONGEST_VALUE // TOUCHED_PER_UNIT * OF_AN_ENTRY * 5
"""Units that one operator or filter may take, with all that it gets and makes."""
LONG_WORD = "{% set w = 'abcdefghij' %}" + "{% set w = w ~ w %}" * 10

RUNAWAYS = {
    "loops one after the other": "{% for a in range(500) %}{% for b in range(500) %}{% endfor %}{% endfor %}"
    * 20,
    "slow filters in a loop": LONG_WORD
    + "{% for a in range(500) %}{% for b in range(19) %}"
    + "{{ (w | title | wordcount) - 1 }}{% endfor %}{% endfor %}",
    "slow filters in a row": LONG_WORD + "{{ w" + " | title" * 5000 + " | length }}",
    "a rounding of a billion digits": "{{ 1.5 | round(1000000000, 'ceil') }}",
    "a number that squares": "{% set n = 999 %}" + "{% set n = n * n %}" * 15 + "{{ n }}",
    "a number that grows inside one tag": "{{ " + " * ".join(["999999999"] * 500) + " }}",
    "a number of many digits": "{{ " + "9" * 5000 + " }}",
    "brackets in brackets": "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
    "nots of nots": "{{ " + "not " * 5000 + "1 }}",
    "lists in lists": "{{ " + "[" * 1000 + "]" * 1000 + " | length }}",
    "a list that doubles": "{% set l = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] %}"
    + "{% set l = l + l %}" * 15
    + "{{ l | length }}",
    "many joined ranges": "{{ range(500) | map('string') | join('" + "x" * 10_000 + "') }}",
    "a text that grows between lines": "{{ 'a b c d e f' | wrap('', '" + "x" * 1000 + "') }}",
    "loops around much": "{% for a in range(500) %}{% for b in range(19) %}"
    + "{% if order %}{% endif %}" * 1000
    + "{% endfor %}{% endfor %}",
    "long texts cut in a loop": LONG_WORD
    + "{% for a in range(500) %}{% for b in range(19) %}{% if w[1:] %}{% endif %}{% endfor %}{% endfor %}",
    "long texts compared in a loop": LONG_WORD
    + "{% for a in range(500) %}{% for b in range(19) %}{% if 'x' in w %}{% endif %}{% endfor %}{% endfor %}",
    "methods of long texts in a loop": LONG_WORD
    + "{% for a in range(500) %}{% for b in range(19) %}{{ w.strip('x') == 1 }}{% endfor %}{% endfor %}",
    "long lists sorted in a loop": "{% set l = range(500) | list %}"
    "{% for a in range(500) %}{% for b in range(19) %}{% if l | sort %}{% endif %}{% endfor %}{% endfor %}",
    "elements in elements": "<div>" * 1000 + "</div>" * 1000,
    "blocks in blocks": "{% if order %}" * 1000 + "{% endif %}" * 1000,
    "a file without an end": "words " * 50_000,
}


@pytest.mark.parametrize("body", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_stopped(render: Callable[..., RenderedEmail], body: str) -> None:
    start_meter()
    with pytest.raises(TemplateError) as stopped:
        render(f"<o-card><mj-text>{body}</mj-text></o-card>")
    assert work_done() <= MOST_WORK + ONE_STEP
    assert stopped.value.file == "c/m.mjml"


@pytest.mark.parametrize("body", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_refused_when_it_is_checked(body: str) -> None:
    start_meter()
    report = Checker().check(small_folder(f"<o-card><mj-text>{body}</mj-text></o-card>"))
    assert work_done() <= MOST_WORK + ONE_STEP
    assert report.errors


@pytest.mark.parametrize("body", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_in_a_text_part_is_stopped(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], body: str
) -> None:
    if body.startswith(("<div>", "words")):
        pytest.skip("this is only words in a text part, and words are welcome")
    made = bundle("<o-card><mj-text>a</mj-text></o-card>", files={"c/m.txt": body})
    start_meter()
    with pytest.raises(TemplateError):
        made.render("c", "m", facts)
    assert work_done() <= MOST_WORK + ONE_STEP


PARTS = {
    "a part that uses a hundred parts that use a hundred parts": {
        "_layout/a.mjml": "<o-b/>" * 100,
        "_layout/b.mjml": "<o-d/>" * 100,
        "_layout/d.mjml": "<o-e/>" * 100,
        "_layout/e.mjml": "<o-f/>" * 100,
        "_layout/f.mjml": "a",
    },
    "a part that shows its content twice, in itself": {
        "_layout/a.mjml": "<o-b>" * 40 + "x" + "</o-b>" * 40,
        "_layout/b.mjml": "[[ content ]][[ content ]]",
    },
    "a part that loops": {
        "_layout/a.mjml": "[% for i in range(500) %][% for k in range(500) %]<br>[% endfor %][% endfor %]"
    },
    "a part that writes without end": {
        "_layout/a.mjml": "[% for i in range(500) %]" + "word " * 500 + "[% endfor %]"
    },
    "a part of a part of itself": {"_layout/a.mjml": "<o-b/>", "_layout/b.mjml": "<o-a/>"},
    "a part that is a whole library": {"_layout/a.mjml": "word " * 100_000},
}


@pytest.mark.parametrize("files", PARTS.values(), ids=PARTS)
def test_parts_cannot_multiply_without_end(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], files: dict[str, str]
) -> None:
    made = bundle("<o-card><mj-text><o-a/></mj-text></o-card>", files=files)
    start_meter()
    with pytest.raises(TemplateError):
        made.render("c", "m", facts)
    assert work_done() <= MOST_WORK + ONE_STEP


def test_an_honest_long_message_is_not_stopped(render: Callable[..., RenderedEmail]) -> None:
    row = "<tr><td>{{ loop.index }}. {{ item.name }}</td><td>{{ item.price | money('EUR') }}</td></tr>"
    loop = "{% for item in order.items %}" + row + "{% endfor %}"
    items = tuple({"name": f"Thing {number}", "price": "9.90"} for number in range(400))
    email = render(f"<o-card><mj-table>{loop * 5}</mj-table></o-card>", order={"items": items})
    assert email.text.count("Thing 399") == 5


def test_the_next_message_has_all_its_rounds_again(render: Callable[..., RenderedEmail]) -> None:
    loops = "{% for a in range(80) %}{% for b in range(60) %}.{% endfor %}{% endfor %}"
    body = f"<o-card><mj-text>{loops}</mj-text></o-card>"
    for _ in range(4):
        assert render(body).text.count(".") == 80 * 60


def test_too_many_rounds_are_reported_with_their_place(render: Callable[..., RenderedEmail]) -> None:
    loops = "{% for a in range(500) %}{% for b in range(30) %}{% endfor %}{% endfor %}"
    with pytest.raises(RenderError, match=f"all loops together go up to {ROUNDS_IN_ALL} rounds"):
        render(f"<o-card><mj-text>{loops}</mj-text></o-card>")


NAMES = (
    "customer",
    "order",
    "links",
    "brand",
    "values",
    "loop",
    "range",
    "self",
    "namespace",
    "lipsum",
    "cycler",
    "x",
)
ATTRIBUTES = (
    "first_name", "items", "attributes", "__class__", "__mro__", "__globals__", "__init__", "_x", "format",
    "format_map", "upper", "append", "mro", "func_globals", "gi_frame", "cr_code", "environment", "index",
)  # fmt: skip
FILTERS = (
    "upper", "default('x')", "join(',')", "map('upper')", "map(attribute='__class__')", "list", "sort", "sum",
    "attr('__class__')", "replace('a', 'bb')", "first", "length", "round(9)", "truncate(3)", "select", "date",
    "url", "tojson", "xmlattr", "format(1)", "wrap", "unique", "safe", "pprint", "batch(2)", "groupby('a')",
    "string", "int",
)  # fmt: skip


def expressions() -> st.SearchStrategy[str]:
    constants = st.sampled_from(
        ["1", "'a'", "10 ** 10", "1.5", "none", "[]", "{}", "('a', 1)", "''.join", "'{0.x}'"]
    )
    return st.recursive(
        st.one_of(st.sampled_from(NAMES), constants),
        lambda inner: st.one_of(
            st.builds("{}.{}".format, inner, st.sampled_from(ATTRIBUTES)),
            st.builds("{}['{}']".format, inner, st.sampled_from(ATTRIBUTES)),
            st.builds("({} | {})".format, inner, st.sampled_from(FILTERS)),
            st.builds(
                "({} {} {})".format,
                inner,
                st.sampled_from(["+", "*", "~", "-", "%", "<", "and", "or", "in"]),
                inner,
            ),
            st.builds("{}({})".format, inner, inner),
            st.builds("{}[{}]".format, inner, inner),
            st.builds("[{}, {}]".format, inner, inner),
            st.builds("({} if {} else {})".format, inner, inner, inner),
        ),
        max_leaves=6,
    )


def templates() -> st.SearchStrategy[str]:
    shown = st.builds("{{{{ {} }}}}".format, expressions())
    return st.recursive(
        st.one_of(shown, st.text(alphabet="ab <>&{}%'\"\n", max_size=6)),
        lambda inner: st.one_of(
            st.builds("{{% if {} %}}{}{{% endif %}}".format, expressions(), inner),
            st.builds("{{% for x in {} %}}{}{{% endfor %}}".format, expressions(), inner),
            st.builds("{{% set x = {} %}}{}".format, expressions(), inner),
            st.builds("{{% macro x() %}}{}{{% endmacro %}}{{{{ x() }}}}".format, inner),
            st.builds("{}{}".format, inner, inner),
        ),
        max_leaves=4,
    )


SECRET = "pa55word-of-the-shop"


HEAD = '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'


class Trap:
    """An unforeseen fact, with something to hide."""

    def __init__(self) -> None:
        self._secret = SECRET
        self.first_name = "Ana"

    def format(self) -> str:
        return SECRET

    def __str__(self) -> str:
        return SECRET


@given(template=templates())
@example(template="{{ customer.first_name.__class__.__mro__[1].__subclasses__() }}")
@example(template="{{ ''.__class__.__base__.__subclasses__()[0] }}")
@example(template="{{ (customer | attr('_secret')) }}")
@example(template="{{ '{0._secret}'.format(customer) }}")
@example(template="{{ '%s' % customer }}")
@example(template="{{ customer ~ '' }}")
@example(template="{{ [customer] | join }}")
@example(template="{{ [customer] | map('string') | join }}")
@example(template="{{ customer | string }}")
@example(template="{{ customer | upper }}")
@example(template="{{ customer | replace('x', 'y') }}")
@example(template="{{ customer | default('x') }}")
@example(template="{% if order[customer] %}{% endif %}")
@example(template="{% if customer[customer] %}{% endif %}")
@example(template="{{ links[customer] }}")
@example(template="{% set namespace = customer %}{{ namespace._secret }}")
@example(template="{{ range.__globals__ }}")
@example(template="{{ loop.__init__.__globals__ }}")
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_ends_in_an_e_mail_or_in_one_named_error(template: str) -> None:
    files = {
        "brand.yaml": b"{name: S, language: en, site_url: s, support_email: e, postal_address: p}",
        "c/campaign.yaml": b"class: marketing",
        "c/m.mjml": f"{HEAD}<mjml><mj-body><mj-section><mj-column>"
        f"<mj-text>{template}</mj-text></mj-column></mj-section></mj-body></mjml>".encode(),
        "c/n.mjml": f"{HEAD}<mjml><mj-body/></mjml>".encode(),
        "c/n.txt": template.encode(),
    }
    made = TemplateBundle(files)
    for message in ("m", "n"):
        said = outcome(made, message)
        assert SECRET not in said
        assert "<class" not in said
        assert "object at 0x" not in said


def outcome(made: TemplateBundle, message: str) -> str:
    """The whole e-mail, or the error; anything else fails the test."""
    try:
        email = made.render("c", message, {"customer": Trap(), "order": {"items": [1, 2]}, "links": {}})
    except TemplateError as problem:
        return str(problem)
    return email.html + email.text
