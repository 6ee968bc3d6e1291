"""A valid little templates folder, in which tests make one thing wrong."""

from collections.abc import Mapping

CAMPAIGN = """\
name: c
title: A campaign
class: marketing
topic: news
trigger: order.placed
key: order.id
reentry: never
values: {coupon_code: HELLO10}
steps:
  - send: m
"""
SAMPLE = """\
defaults:
  customer: {id: c-1, first_name: Ana, last_name: null, time_zone: Europe/Madrid, attributes: {}, orders: 2}
  order: {id: o-1, url: null, total: "59.90", currency: EUR, delays: 1, promised_at: null, items: []}
  product: null
  event: {name: order.placed, properties: {}}
  links: {unsubscribe: 'https://x.example/u', preferences: 'https://x.example/p', survey: 'https://x.example/s'}
  now: 2026-03-02T09:00:00Z
people:
  ana: {}
  nobody: {customer: {first_name: null}}
"""
BRAND = """\
name: Shop & Co
language: en
site_url: https://shop.example
support_email: a@shop.example
postal_address: Road 1
light: {ink: '#222222', card: '#ffffff'}
dark: {ink: '#eeeeee', card: '#222222'}
"""
PAGE = (
    '<mjml lang="[[ language ]]"><mj-head><mj-title>{{ subject }}</mj-title></mj-head><mj-body>[[ content ]]'
    '<mj-section><mj-column><mj-text><a href="{{ links.unsubscribe }}">Unsubscribe</a></mj-text></mj-column>'
    "</mj-section></mj-body></mjml>"
)
HEAD = '---\nsubject: "Hello"\npreheader: "A word"\n---\n'
BODY = "<o-card><mj-text>Hello</mj-text></o-card>"


def small_folder(
    body: str = BODY, head: str = HEAD, files: Mapping[str, str | None] | None = None
) -> dict[str, bytes]:
    """The files of the folder; `files` adds or changes some, and takes away those that are None."""
    texts: dict[str, str | None] = {
        "brand.yaml": BRAND,
        "c/campaign.yaml": CAMPAIGN,
        "c/sample.yaml": SAMPLE,
        "c/m.mjml": head + body,
        "_layout/page.mjml": PAGE,
        "_layout/card.mjml": "<mj-section><mj-column>[[ content ]]</mj-column></mj-section>",
        **(files or {}),
    }
    return {path: text.encode() for path, text in texts.items() if text is not None}
