"""Common MJML passes through our compiler unchanged in meaning."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import mrml
import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.markup.parse import VOID
from outreach.adapters.templates.output.html_part import OPTIONS
from outreach.domain.sending.rendering import RenderedEmail
from outreach_tools.checks.links import link_and_image_findings

FOLDERS = [Path(__file__).parent / "mjml_samples"]
if "MJML_SAMPLES" in os.environ:
    FOLDERS.append(Path(os.environ["MJML_SAMPLES"]))
SAMPLES = sorted(sample for folder in FOLDERS for sample in folder.glob("*.mjml"))
HEAD = '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'
COLUMN = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
OLD_HABITS = {
    "lengths without a unit": '<mj-section padding-top="20"><mj-column padding="10 20"/></mj-section>',
    "a spacer between sections": '<mj-spacer height="20px"></mj-spacer><mj-section><mj-column/></mj-section>',
    "attributes of an older MJML": '<mj-section vertical-align="middle"><mj-column/></mj-section>',
    "values of an older MJML": '<mj-section vertical-align="center"><mj-column/></mj-section>',
    "spaces of an older divider": (
        '<mj-section><mj-column><mj-divider vertical-spacing="0"/></mj-column></mj-section>'
    ),
    "a remark in raw HTML": "<mj-raw>\n<!-- Top Bar -->\n</mj-raw>",
    "square brackets": COLUMN.format("Hello [[FirstName]]"),
    "numeric references": COLUMN.format("a&#xA0;&#xA0;b"),
    "a line break inside a tag": COLUMN.format('<a\n href="https://mjml.io">a</a>'),
    "a bare ampersand": COLUMN.format("&copy; & &trade; Us"),
    "the same attribute again": COLUMN.format("a").replace("<mj-text", '<mj-text align="left" align="left"'),
    "raw HTML between columns": "<mj-section><mj-column/><mj-raw><b>a</b></mj-raw><mj-column/></mj-section>",
    "raw HTML in a wrapper": "<mj-wrapper><mj-section/><mj-raw><b>a</b></mj-raw><mj-section/></mj-wrapper>",
    "a link left for later": COLUMN.format('<a href="#">a</a> <a href="">b</a> <a href="[[LINK]]">c</a>'),
    "an image left for later": '<mj-section><mj-column><mj-image src=""/></mj-column></mj-section>',
}
STYLES = {
    "rules moved into elements": '<mj-style inline="inline">.a b { color: red } a { margin: 0 }</mj-style>',
    "a tab after it": "<mj-style>b { color: red }</mj-style>\t\n",
    "a line break in the end tag": '<mj-style inline="inline">b { color: red }</mj-style\n>',
    "tags in a remark": '<mj-style inline="inline">/* for <p> and <b> */ b { color: red }</mj-style>',
    "rules that stay": "<mj-style>b { color: red } @media print { b { color: black } }</mj-style>",
}


class Meaning(HTMLParser):
    """What a reader gets of a page: tags with their attributes and styles, text, what only Outlook reads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "style" in values:
            values["style"] = ";".join(re.sub(r"\s*:\s*", ":", each).strip() for each in _rules(values))
        self.found.append(f"<{tag} {sorted(values.items())}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.found += data.split()

    def handle_comment(self, data: str) -> None:
        if data.startswith("["):
            self.found += data.split()


def _rules(values: dict[str, str]) -> list[str]:
    return [each for each in values["style"].split(";") if each.strip()]


def meaning(html: str) -> list[str]:
    reader = Meaning()
    reader.feed(html)
    reader.close()
    return reader.found


def as_mjml_has_it(document: str) -> list[str]:
    """The meaning that the MJML compiler gives it, after what is only its own habit.

    It refuses some remarks and blanks, and shows raw HTML in a wrapper to Outlook alone.
    """

    def raw_html_for_all(wrapper: re.Match[str]) -> str:
        return re.sub(r"<mj-raw>(.*?)</mj-raw>", r"<mj-raw>raw(\1)raw</mj-raw>", wrapper[0], flags=re.DOTALL)

    plain = re.sub(r"<!--(?!\[).*?-->|/\*.*?\*/", "", document, flags=re.DOTALL)
    plain = re.sub(r"(</mj-style\s*>)\s+", r"\1", plain)
    plain = re.sub(r"<mj-wrapper.*?</mj-wrapper>", raw_html_for_all, plain, flags=re.DOTALL)
    html = mrml.to_html(plain, render_options=OPTIONS).content
    html = html.replace("raw(", "<tr><td><![endif]-->").replace(")raw", "<!--[if mso | IE]></td></tr>")
    return meaning(html)


def bundle_of(document: str) -> TemplateBundle:
    return TemplateBundle(
        {
            "brand.yaml": b"{name: S, language: en, site_url: s, support_email: e, postal_address: p}",
            "c/campaign.yaml": b"class: transactional",
            "c/m.mjml": (HEAD + document).encode(),
        }
    )


def rendered(document: str) -> RenderedEmail:
    """Names in braces are facts here and only text there, so they are quoted."""
    made = bundle_of(re.sub(r"\{\{(\w+)\}\}", r"{{ '{{\1}}' }}", document))
    assert list(made.problems("c")) == []
    return made.render("c", "m", {})


REFUSED = {
    "loyalty-client": "font-size is given twice",
    "ticketshop": "text cannot stand in <mj-section>",
}
"""E-mails of the MJML project with errors that MJML compilers treat differently."""


CORRECTED = frozenset({"mj-hero-fluid", "mj-wrapper"})
"""The compiler alone does not make of these what MJML does; `test_mjml_reference.py` holds their widths."""


@pytest.mark.parametrize(
    "sample", [each for each in SAMPLES if each.stem not in CORRECTED], ids=lambda path: path.stem
)
def test_a_sample_says_the_same(sample: Path) -> None:
    document = sample.read_text()
    slip = REFUSED.get(sample.stem, "is of MJML 3" if "<mj-container" in document else "")
    if slip:
        problem = next(iter(bundle_of(document).problems("c")))
        assert slip in problem.problem
        assert problem.line
        assert problem.column
        return
    assert meaning(rendered(document).html) == as_mjml_has_it(document)


@pytest.mark.parametrize("body", OLD_HABITS.values(), ids=OLD_HABITS)
def test_the_habits_of_published_templates_are_no_problem(body: str) -> None:
    document = f'<mjml version="4"><mj-body font-size="13px" color="red">{body}</mj-body></mjml>'
    assert meaning(rendered(document).html) == as_mjml_has_it(document)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_style_sheet_does_in_a_message_what_it_does_in_mjml(style: str) -> None:
    body = COLUMN.format(
        '<p class="a">a<br><b>b</b> <a href="https://mjml.io/?a=1&b=2">c &nbsp; &amp; d</a></p>'
    )
    document = f"<mjml><mj-head>{style}</mj-head><mj-body>{body}</mj-body></mjml>"
    assert meaning(rendered(document).html) == as_mjml_has_it(document)


def test_what_depends_on_facts_stays_where_it_was_among_moved_rules() -> None:
    row = "<tr>{% if each.name %}<td>{{ each.name }}</td>{% endif %}</tr>"
    document = (
        '<mjml><mj-head><mj-style inline="inline">td { color: red }</mj-style></mj-head><mj-body><mj-section>'
        "<mj-column>{% if order.delays %}<mj-text>Late</mj-text>{% endif %}"
        f"<mj-table>{{% for each in order.items %}}{row}{{% endfor %}}</mj-table>"
        '<mj-button href="{{ order.url }}">Go</mj-button></mj-column></mj-section></mj-body></mjml>'
    )
    compiled = bundle_of(document).prepare("c", "m")
    items = [{"name": "Oven"}, {"name": ""}, {"name": "Peel"}]
    order = {"items": items, "delays": 0, "url": "https://shop.example/1"}
    html = compiled.render({"order": order}).html
    cell = '<td style="color: red;">{}</td>'
    assert f"<tr>{cell.format('Oven')}</tr><tr></tr><tr>{cell.format('Peel')}</tr>" in html
    assert 'href="https://shop.example/1"' in html
    assert "Late" not in html
    assert "Late" in compiled.render({"order": {**order, "delays": 1}}).html


def test_an_author_of_mjml_3_gets_what_to_write_instead() -> None:
    old = "<mjml><mj-body>\n <mj-container><mj-section/></mj-container></mj-body></mjml>"
    (problem,) = bundle_of(old).problems("c")
    assert problem.where == "c/m.mjml:7:2"
    assert "give its attributes to <mj-body>" in problem.problem


def test_double_quotes_inside_single_ones_do_not_end_a_style() -> None:
    text = """<mj-text font-family='"Open Sans", Arial'>a</mj-text>"""
    document = f"<mjml><mj-body><mj-section><mj-column>{text}</mj-column></mj-section></mj-body></mjml>"
    assert '"font-family:&quot;Open Sans&quot;, Arial;' in rendered(document).html


@pytest.mark.parametrize("written", ["#", "", "#top"])
def test_a_link_left_for_later_is_only_its_label_in_the_text_part(written: str) -> None:
    document = f"<mjml><mj-body>{COLUMN.format(f'''<a href="{written}">Look</a> here''')}</mj-body></mjml>"
    assert rendered(document).text == "Look here\n"


@pytest.mark.parametrize("written", ["#", "", "#top", "[[LINK]]"])
def test_the_checker_says_which_links_were_left_for_later(written: str) -> None:
    document = f"<mjml><mj-body>\n{COLUMN.format(f'''<a href="{written}">Look</a>''')}</mj-body></mjml>"
    (finding,) = link_and_image_findings(bundle_of(document).read_message("c", "c/m.mjml").tree)
    assert finding.where == "c/m.mjml:7:36"
    assert "leads nowhere yet" in finding.what


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
