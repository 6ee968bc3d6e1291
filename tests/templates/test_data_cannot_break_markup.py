"""Whatever a customer is called, the markup around the name stays the author's."""

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail, RenderError

BODY = (
    "<o-card><mj-text><p>{{ event.name }}</p></mj-text>"
    '<mj-image src="https://shop.example/{{ event.name }}.png" alt="{{ event.name }}"/>'
    '<o-button href="https://shop.example/?q={{ event.name }}">{{ event.name }}</o-button>'
    "</o-card>"
)


class Shape(HTMLParser):
    """The tags and attribute names of a document, which data must not change."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[object] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(tag)


def shape_of(html: str) -> Shape:
    shape = Shape()
    shape.feed(html)
    shape.close()
    return shape


@pytest.fixture(scope="module")
def greeting() -> TemplateBundle:
    head = "---\nsubject: \"Hi {{ event.name or 'you' }}.\"\n"
    head += 'preheader: "For {{ event.name }}."\n---\n'
    page = (
        "<mjml><mj-head><mj-title>{{ subject }}</mj-title><mj-preview>{{ preheader }}</mj-preview></mj-head>"
    )
    return TemplateBundle(
        {
            "brand.yaml": b"{name: S, language: en, site_url: s, support_email: e, postal_address: p}",
            "c/campaign.yaml": b"class: marketing",
            "c/m.mjml": (head + BODY).encode(),
            "_layout/page.mjml": f"{page}<mj-body>[[ content ]]</mj-body></mjml>".encode(),
            "_layout/card.mjml": b"<mj-section><mj-column>[[ content ]]</mj-column></mj-section>",
            "_layout/button.mjml": b'<mj-button href="[[ href ]]">[[ content ]]</mj-button>',
        }
    )


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="<>\"'&{}%#/=;:!-[] \r\n\t\x00\u202e\u2028abjs", max_size=40),
    st.sampled_from(
        ["oq0qo", "{{ 7*7 }}", "<!--", "]]>", "\ue000content\ue001", "--></style><script>", '" onload="x']
    ),
)


@given(name=HOSTILE)
@settings(max_examples=150, deadline=None)
def test_no_text_changes_the_shape_of_the_e_mail(greeting: TemplateBundle, name: str) -> None:
    plain = shape_of(greeting.render("c", "m", {"event": {"name": "Ana"}}).html)
    email = greeting.render("c", "m", {"event": {"name": name}})
    assert shape_of(email.html).shape == plain.shape
    assert "\n" not in email.subject
    assert "\r" not in email.subject
    for link in shape_of(email.html).links:
        assert urlsplit(link).netloc == "shop.example"
        assert not set(link) & set(' \r\n\t<>"')


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "x",
        "",
        "https://",
        "\x01https://a.b",
        "vbscript:x",
        "file:///etc/passwd",
        "https:///path",
    ],
)
def test_a_fact_used_as_a_link_must_be_a_link(render: Callable[..., RenderedEmail], address: str) -> None:
    for body in (
        '<o-button href="{{ order.url }}">a</o-button>',
        '<mj-text><a href="{{ order.url }}">a</a></mj-text>',
        '<o-button href="{% if order.url %}{{ order.url }}{% endif %}">a</o-button>',
    ):
        with pytest.raises(RenderError, match="must begin with https://"):
            render(f"<o-card>{body}</o-card>", order={"url": address})


@pytest.mark.parametrize(
    ("href", "sent"),
    [
        (
            "https://shop.example/?q={{ order.delay_reason }}&amp;p=1",
            "https://shop.example/?q=a%26b%3D%3Cc%3E%20d&amp;p=1",
        ),
        (
            "{{ order.url }}&amp;q={{ order.delay_reason }}",
            "https://o.example/?x=1&amp;q=a%26b%3D%3Cc%3E%20d",
        ),
        (
            "{% if order.delays %}{{ order.url }}{% else %}https://shop.example{% endif %}",
            "https://shop.example",
        ),
        (
            "{% if order.delays %}https://shop.example{% else %}{{ order.url }}{% endif %}",
            "https://o.example/?x=1",
        ),
        (
            "https://shop.example/{% if not order.delays %}{{ order.delay_reason }}{% endif %}/",
            "https://shop.example/a%26b%3D%3Cc%3E%20d/",
        ),
    ],
)
def test_facts_inside_an_address_cannot_change_where_it_leads(
    render: Callable[..., RenderedEmail], href: str, sent: str
) -> None:
    order = {"delay_reason": "a&b=<c> d", "url": "https://o.example/?x=1", "delays": 0}
    email = render(f'<o-card><o-button href="{href}">a</o-button></o-card>', order=order)
    assert f'href="{sent}"' in email.html
    assert email.text == f"a: {sent.replace('&amp;', '&')}\n"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("https://shop.example/o?a=1&b=2", "https://shop.example/o?a=1&amp;b=2"),
        ("HTTP://shop.example", "HTTP://shop.example"),
        ("mailto:help@shop.example", "mailto:help@shop.example"),
        ("https://shop.example/käse brot", "https://shop.example/k%C3%A4se%20brot"),
    ],
)
def test_links_are_sent_as_links(render: Callable[..., RenderedEmail], address: str, sent: str) -> None:
    email = render('<o-card><o-button href="{{ order.url }}">a</o-button></o-card>', order={"url": address})
    assert f'href="{sent}"' in email.html
    assert email.text == f"a: {sent.replace('&amp;', '&')}\n"
