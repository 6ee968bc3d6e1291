"""Messages in a language that is written from right to left run that way in the shipped layout."""

import re

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.direction import direction_of
from outreach_tools.checks.folder import read_files
from templates.conftest import TEMPLATES

RTL = ("ar", "ar-EG", "fa", "fa_IR", "he", "iw", "ur", "yi", "ckb", "az-Arab", "AR", "pa-arab-pk")
LTR = ("en", "de-CH", "ru", "ja", "hi", "ar-Latn", "fil", "tr", "az", "az-Latn-AZ", "")
CAMPAIGNS = ("delay-notification", "onboarding", "tutorial", "win-back")
WRONG_SIDE = re.compile(
    r'(?<!font-size:0px;)text-align:left|align="left" style="font-size:0px|padding-left:22px|border-left:'
    r"|direction:ltr|letter-spacing:0\.[26]px|padding:2px 0 18px 12px|10px 0 10px 16px"
)


@pytest.mark.parametrize("language", RTL)
def test_a_language_is_written_from_right_to_left(language: str) -> None:
    assert direction_of(language) == "rtl"


@pytest.mark.parametrize("language", LTR)
def test_a_language_is_written_from_left_to_right(language: str) -> None:
    assert direction_of(language) == "ltr"


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_shipped_message_in_arabic_runs_from_right_to_left(campaign: str) -> None:
    files = dict(read_files(TEMPLATES))
    names = TemplateBundle(files).message_names(campaign)
    copies = {f"{campaign}/{name}.ar.mjml": files[f"{campaign}/{name}.mjml"] for name in names}
    bundle = TemplateBundle({**files, **copies})
    facts = next(iter(bundle.samples(campaign).values()))
    for name in names:
        known = {**facts, "message": {"name": name}}
        page = bundle.render(campaign, name, known, locale="ar").html
        assert '<html lang="ar" dir="rtl"' in page
        assert WRONG_SIDE.findall(page) == []
        assert 'dir="rtl"' not in bundle.render(campaign, name, known, locale="en").html


def test_a_brand_whose_language_is_arabic_needs_no_mark_in_file_names() -> None:
    files = dict(read_files(TEMPLATES))
    files["brand.yaml"] = files["brand.yaml"].replace(b"language: en", b"language: ar")
    bundle = TemplateBundle(files)
    facts = next(iter(bundle.samples("onboarding").values()))
    page = bundle.render("onboarding", "welcome", {**facts, "message": {"name": "welcome"}}).html
    assert '<html lang="ar" dir="rtl"' in page


def test_a_part_may_have_an_attribute_that_is_called_direction() -> None:
    files = {
        **read_files(TEMPLATES),
        "_layout/way.mjml": b"<mj-text>[[ direction ]]</mj-text>",
        "onboarding/welcome.mjml": b"---\nsubject: a\npreheader: b\n---\n"
        b'<o-card><o-way direction="north"/></o-card>',
    }
    facts = next(iter(TemplateBundle(files).samples("onboarding").values()))
    assert "north" in TemplateBundle(files).render("onboarding", "welcome", facts).html
