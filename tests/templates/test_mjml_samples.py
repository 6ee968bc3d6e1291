"""MJML that people know from elsewhere passes through our compiler unchanged in meaning."""

from html.parser import HTMLParser
from pathlib import Path

import mrml
import pytest

from outreach.adapters.templates import TemplateBundle

SAMPLES = sorted((Path(__file__).parent / "mjml_samples").glob("*.mjml"))
HEAD = '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'
COLUMN = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
OLD_HABITS = {
    "lengths without a unit": '<mj-section padding-top="20"><mj-column padding="10 20"/></mj-section>',
    "a spacer between sections": '<mj-spacer height="20px"></mj-spacer><mj-section><mj-column/></mj-section>',
    "attributes of an older MJML": '<mj-section vertical-align="middle"><mj-column/></mj-section>',
    "a remark in raw HTML": "<mj-raw>\n<!-- Top Bar -->\n</mj-raw>",
    "square brackets": COLUMN.format("Hello [[FirstName]]"),
    "numeric references": COLUMN.format("a&#xA0;&#xA0;b"),
    "a line break inside a tag": COLUMN.format('<a\n href="https://mjml.io">a</a>'),
}


class Meaning(HTMLParser):
    """What a reader gets of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.pictures: list[tuple[str | None, str | None]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._hidden += tag == "style"
        if tag == "a":
            self.links.append(values.get("href"))
        if tag == "img":
            self.pictures.append((values.get("src"), values.get("alt")))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


def meaning(html: str) -> tuple[list[str], list[str | None], list[tuple[str | None, str | None]]]:
    reader = Meaning()
    reader.feed(html)
    reader.close()
    return reader.words, reader.links, reader.pictures


def bundle_of(document: str) -> TemplateBundle:
    return TemplateBundle(
        {
            "brand.yaml": b"{name: S, language: en, site_url: s, support_email: e, postal_address: p}",
            "c/campaign.yaml": b"class: transactional",
            "c/m.mjml": (HEAD + document).encode(),
        }
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_says_the_same(sample: Path) -> None:
    document = sample.read_text()
    made = bundle_of(document)
    assert list(made.problems("c")) == []
    assert meaning(made.render("c", "m", {}).html) == meaning(mrml.to_html(document).content)


@pytest.mark.parametrize("body", OLD_HABITS.values(), ids=OLD_HABITS)
def test_the_habits_of_published_templates_are_no_problem(body: str) -> None:
    document = f'<mjml><mj-body font-size="13px">{body}</mj-body></mjml>'
    made = bundle_of(document)
    assert list(made.problems("c")) == []
    assert meaning(made.render("c", "m", {}).html) == meaning(mrml.to_html(document).content)


def test_every_component_is_among_the_samples() -> None:
    text = " ".join(sample.read_text() for sample in SAMPLES)
    for component in (
        "hero",
        "social",
        "navbar",
        "accordion",
        "carousel",
        "table",
        "group",
        "wrapper",
        "font",
    ):
        assert f"<mj-{component}" in text


def test_words_of_every_component_are_in_the_text_part() -> None:
    by_name = {sample.stem: sample.read_text() for sample in SAMPLES}
    assert "Facebook: https://mjml.io/" in bundle_of(by_name["mj-social"]).render("c", "m", {}).text
    assert "How it works" in bundle_of(by_name["mj-accordion"]).render("c", "m", {}).text
    assert (
        "ORDER YOUR TICKET NOW: https://mjml.io/"
        in bundle_of(by_name["mj-hero-fixed"]).render("c", "m", {}).text
    )
    assert "Getting started" in bundle_of(by_name["mj-navbar"]).render("c", "m", {}).text
