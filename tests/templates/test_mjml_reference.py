"""Messages are laid out as MJML 4.18 lays them out; its figures are in `mjml_reference`."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from outreach.adapters.templates import TemplateBundle
from templates.mjml_reference.cases import ATTRIBUTES, cases, samples
from templates.mjml_reference.figures import figures

REFERENCE = json.loads((Path(__file__).parent / "mjml_reference" / "figures.json").read_text())
HEAD = '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'
DIFFERENT = {
    f'mj-hero {attribute}="{value}"'
    for attribute, values in {
        "padding": ("0 50px", "0 50px 0 50px", "20px 50px 0", "0 50px 20px", "10px 20px", "10 20", "5% 10%"),
        "padding-left": ("12px", "12", "12%"),
        "padding-right": ("12px", "12", "12%"),
    }.items()
    for value in values
}
"""A picture in a hero is as wide as the hero, where MJML takes the padding away."""

DIFFERENT_SAMPLES = frozenset({"mj-accordion"})
"""The size of its icon stands in <mj-attributes>, where only MJML reads it."""


def bundle_of(document: str) -> TemplateBundle:
    return TemplateBundle(
        {
            "brand.yaml": b"{name: S, language: en, site_url: s, support_email: e, postal_address: p}",
            "c/campaign.yaml": b"class: transactional",
            "c/m.mjml": (HEAD + document).encode(),
        }
    )


def html(document: str) -> str:
    made = bundle_of(document)
    assert list(made.problems("c")) == []
    return made.render("c", "m", {}).html


def body(inside: str, head: str = "") -> str:
    return html(f"<mjml><mj-head>{head}</mj-head><mj-body>{inside}</mj-body></mjml>")


@pytest.mark.parametrize("component", ATTRIBUTES)
def test_every_attribute_lays_a_component_out_as_mjml_does(component: str) -> None:
    bare: Counter[str] = Counter()
    different = set()
    for name, attribute, document in cases():
        if name != component:
            continue
        gone, new = map(Counter, REFERENCE[component][attribute])
        expected = bare - gone + new
        bare = bare if attribute else expected
        if Counter(figures(html(document))) != expected:
            different.add(f"{component} {attribute}".strip())
    assert different == {each for each in DIFFERENT if each.startswith(f"{component} ")}


@pytest.mark.parametrize(("name", "document"), [(name, document) for _, name, document in samples()])
def test_a_sample_is_laid_out_as_mjml_does_it(name: str, document: str) -> None:
    _, expected = REFERENCE["sample"][name]
    found = figures(html(re.sub(r"\{\{(\w+)\}\}", r"{{ '{{\1}}' }}", document)))
    assert (found == expected) is (name not in DIFFERENT_SAMPLES)


def test_nearly_every_cell_is_as_mjml_has_it() -> None:
    count = sum(1 for _ in cases())
    assert {f"{component} {attribute}" for component, attribute, _ in cases()} >= DIFFERENT
    assert 1 - len(DIFFERENT) / count >= 0.97


def widths(page: str) -> list[str]:
    return re.findall(r'<img[^>]*? width="(\d+)"', page)


PICTURE = '<mj-image src="https://a.b/c.png" alt="x" padding="{}"/>'


@pytest.mark.parametrize(
    ("section", "picture", "width"),
    [
        ("0 50px", "0 0 0 10px", "490"),
        ("0px 50px", "0 0 0 10px", "490"),
        ("0 50px 0 50px", "0", "500"),
        ("20px 50px 0", "0 25px", "450"),
        ("0 50px 20px", "0px 0 0", "500"),
        ("0", "0", "600"),
        ("00 50", "0", "500"),
    ],
)
def test_a_zero_without_a_unit_is_a_zero(section: str, picture: str, width: str) -> None:
    inside = f'<mj-section padding="{section}"><mj-column>{PICTURE.format(picture)}</mj-column></mj-section>'
    page = body(inside)
    assert widths(page) == [width]
    assert f"padding:{section};" in page


def column(inside: str) -> str:
    return f"<mj-section><mj-column>{inside}</mj-column></mj-section>"


def test_a_button_and_a_divider_are_as_wide_as_mjml_makes_them() -> None:
    button = body(column('<mj-button href="https://a.b" width="200px" inner-padding="0 20px">a</mj-button>'))
    assert "display:inline-block;width:160px;" in button
    divider = body(column('<mj-divider width="50%" padding="0 30px"/>'))
    assert {each for each in figures(divider) if "table" in each and "270" in each} == {
        "Outlook: table width: 270px",
        "Outlook: table width=270px",
    }


HEADS = {
    "for all": ('<mj-all padding="0 50px"/>', "", "", "300"),
    "for a component": ('<mj-column padding="0 50px"/>', "", ' padding="0"', "500"),
    "for a class": ('<mj-class name="k" padding="0 50px"/>', ' mj-class="k"', ' padding="0"', "500"),
}


@pytest.mark.parametrize("style", ["", '<mj-style inline="inline">td { color: red }</mj-style>'])
@pytest.mark.parametrize(("defaults", "section", "picture", "width"), HEADS.values(), ids=HEADS)
def test_a_zero_in_the_defaults_of_a_head_counts_too(
    defaults: str, section: str, picture: str, width: str, style: str
) -> None:
    image = f'<mj-image src="https://a.b/c.png" alt="x"{picture}/>'
    page = body(
        f"<mj-section{section}><mj-column>{image}</mj-column></mj-section>",
        f"<mj-attributes>{defaults}</mj-attributes>{style}",
    )
    assert widths(page) == [width]
    assert "00px" not in re.sub(r"[1-9]00px", "", page)


@pytest.mark.parametrize("words", ["costs 10.000000px", "1000000px", "0.00000000px", "padding:5.0000000px"])
def test_words_that_look_like_our_marks_are_kept(words: str) -> None:
    text = f"<mj-section><mj-column><mj-text><p>{words}</p></mj-text></mj-column></mj-section>"
    assert words in body(text)


HERO = (
    '<mj-hero mode="fluid-height" background-color="#3355aa" background-url="https://a.b/c.png" '
    'background-width="600px" background-height="300px"><mj-text color="#fff">Sale</mj-text></mj-hero>'
)
SIDE = '<td style="width:0.01%;padding-bottom:50%;mso-padding-bottom-alt:0;"></td>'


@pytest.mark.parametrize("style", ["", '<mj-style inline="inline">p { color: red }</mj-style>'])
def test_a_fluid_hero_has_the_height_of_its_picture(style: str) -> None:
    page = body(HERO + HERO, style)
    assert page.count(SIDE) == 4
    assert "height:0px" not in page
    assert "oqhero" not in page
    assert page.count("Sale") == 2


def test_a_fluid_hero_may_get_its_mode_from_the_head_and_hold_nothing() -> None:
    hero = '<mj-hero background-width="400px" background-height="100px"/>'
    page = body(hero, '<mj-attributes><mj-hero mode="fluid-height"/></mj-attributes>')
    assert page.count(SIDE.replace("50%", "25%")) == 2


def test_conditions_in_a_fluid_hero_stay_in_it() -> None:
    inside = HERO.replace("<mj-text", "{% if order.id %}<mj-text").replace(
        "</mj-hero>", "{% endif %}</mj-hero>"
    )
    made = bundle_of(f"<mjml><mj-body>{inside}</mj-body></mjml>")
    shown, hidden = (made.render("c", "m", {"order": {"id": each}}).html for each in ("o-1", None))
    assert shown.count(SIDE) == hidden.count(SIDE) == 2
    assert "Sale" in shown
    assert "Sale" not in hidden
