"""Small bundles made on the spot, the shipped one, and facts to render them with."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.adapters.templates import TemplateBundle, TemplateFolder
from outreach.domain.sending.rendering import RenderedEmail

TEMPLATES = Path(__file__).parents[2] / "templates"
BRAND = b"{name: Shop & Co, language: en, site_url: 'https://shop.example', support_email: a@shop.example, "
BRAND += b"postal_address: Road 1}"
LAYOUT = {
    "brand.yaml": BRAND,
    "c/campaign.yaml": b"{name: c, class: marketing, values: {coupon_code: HELLO10}}",
    "_layout/page.mjml": b'<mjml lang="[[ language ]]"><mj-head><mj-title>{{ subject }}</mj-title>'
    b"<mj-preview>{{ preheader }}</mj-preview></mj-head><mj-body>[[ content ]]</mj-body></mjml>",
    "_layout/card.mjml": b"<mj-section><mj-column>[[ content ]]</mj-column></mj-section>",
    "_layout/button.mjml": b'<mj-button href="[[ href ]]">[[ content ]]</mj-button>',
    "_layout/row.mjml": b"<tr><td>[[ name ]]</td><td>[[ price | default('free') ]]</td></tr>",
}
HEAD = '---\nsubject: "Hello"\npreheader: "A word"\n---\n'

type Bundle = Callable[..., TemplateBundle]
type Render = Callable[..., RenderedEmail]


@pytest.fixture
def facts() -> dict[str, object]:
    return {
        "customer": {
            "id": "c-1",
            "first_name": "Ana",
            "last_name": None,
            "time_zone": "Europe/Madrid",
            "attributes": {"loyal": True},
            "orders": 2,
        },
        "order": {
            "id": "o-1",
            "url": None,
            "total": "59.90",
            "currency": "EUR",
            "delays": 1,
            "promised_at": datetime(2026, 3, 10, 9, tzinfo=UTC),
            "items": ({"name": "Oven", "price": "49.90"}, {"name": "Peel", "price": "10.00"}),
        },
        "product": None,
        "event": {"name": "order.placed", "properties": {}},
        "now": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "links": {"unsubscribe": "https://x.example/u", "preferences": "https://x.example/p"},
    }


@pytest.fixture
def bundle() -> Bundle:
    """A bundle with one campaign `c`; keyword arguments are the files of more messages, by path."""

    def make(
        body: str = "", head: str = HEAD, files: Mapping[str, str | bytes] | None = None
    ) -> TemplateBundle:
        more = {
            path: text.encode() if isinstance(text, str) else text for path, text in (files or {}).items()
        }
        return TemplateBundle({**LAYOUT, "c/m.mjml": (head + body).encode(), **more})

    return make


@pytest.fixture
def render(bundle: Bundle, facts: dict[str, object]) -> Render:
    """The message with this body, rendered; keyword arguments change facts."""

    def rendered(body: str, head: str = HEAD, **changed: object) -> RenderedEmail:
        return bundle(body, head).render("c", "m", {**facts, **changed})

    return rendered


@pytest.fixture(scope="session")
def shipped() -> TemplateFolder:
    return TemplateFolder(TEMPLATES)
