"""Every shipped message renders for every sample person, and is an e-mail that may be sent."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach.adapters.templates import TemplateFolder
from outreach.domain.sending.rendering import RenderedEmail
from outreach_tools.checks import Checker
from outreach_tools.checks.folder import read_files
from some import some

TEMPLATES = Path(__file__).parents[2] / "templates"
CAMPAIGNS = ("delay-notification", "onboarding", "tutorial", "win-back")
FOLDER = TemplateFolder(TEMPLATES)
MESSAGES = [(campaign, message) for campaign in CAMPAIGNS for message in FOLDER.message_names(campaign)]
FILES = sorted(
    path.relative_to(TEMPLATES) for path in TEMPLATES.glob("*/*.mjml") if path.parent.name != "_layout"
)
LARGEST = 30_000
"""Bytes; Gmail cuts a message off at 102 KB."""


def campaign_file(campaign: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((TEMPLATES / campaign / "campaign.yaml").read_text())
    return content


def steps_of(campaign: str) -> list[dict[str, Any]]:
    return [step for step in campaign_file(campaign)["steps"] if isinstance(step, dict)]


def emails_of(campaign: str, message: str, shipped: TemplateFolder) -> Iterator[tuple[str, RenderedEmail]]:
    languages = {path.name.split(".")[1] for path in FILES if path.name.startswith(f"{message}.")} - {"mjml"}
    for person, facts in shipped.samples(campaign).items():
        for locale in (None, *languages):
            facts_now = {**facts, "message": {"name": message}}
            yield person, shipped.render(campaign, message, facts_now, locale=locale)


def test_the_checker_has_nothing_to_say_about_what_we_ship() -> None:
    assert Checker().check(read_files(TEMPLATES)).findings == ()


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_shipped_campaign_has_no_problems(shipped: TemplateFolder, campaign: str) -> None:
    assert list(shipped.problems(campaign)) == []


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_a_campaign_is_shown_to_all_kinds_of_people(shipped: TemplateFolder, campaign: str) -> None:
    assert set(shipped.samples(campaign)) >= {
        "new",
        "loyal",
        "no-first-name",
        "very-long-name",
        "right-to-left-name",
        "emoji-name",
        "other-currency-and-zone",
        "hostile-name",
    }


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_message_has_a_step_and_every_step_a_message(shipped: TemplateFolder, campaign: str) -> None:
    assert {step["send"] for step in steps_of(campaign) if "send" in step} == set(
        shipped.message_names(campaign)
    )


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_expressions_of_a_campaign_can_be_evaluated_for_every_sample(
    shipped: TemplateFolder, campaign: str
) -> None:
    found = [step[key] for step in steps_of(campaign) for key in ("if", "unless", "until") if key in step]
    found += [campaign_file(campaign)["only_if"]] if "only_if" in campaign_file(campaign) else []
    for expression in found:
        shipped.check_expression(expression)
        for facts in shipped.samples(campaign).values():
            shipped.evaluate(expression, facts)


@pytest.mark.parametrize(("campaign", "message"), MESSAGES)
def test_a_message_reads_well_for_every_sample(shipped: TemplateFolder, campaign: str, message: str) -> None:
    for person, email in some(emails_of(campaign, message, shipped)):
        for part in (email.subject, email.html, email.text):
            assert not re.search(r"None|undefined|\{\{ [^7]|\{%|oq\d+qo|[\ue000-\uf8ff]|\[\[|\[%", part), (
                person
            )
        assert email.subject == " ".join(email.subject.split())
        assert len(email.html.encode()) < LARGEST
        assert "<script" not in email.html
        assert max(map(len, (line for line in email.text.splitlines() if "http" not in line))) < 100
        assert "\n\n\n" not in email.text


@pytest.mark.parametrize(("campaign", "message"), MESSAGES)
def test_a_message_says_who_writes_why_and_how_to_stop_it(
    shipped: TemplateFolder, campaign: str, message: str
) -> None:
    marketing = campaign_file(campaign)["class"] == "marketing"
    for _, email in some(emails_of(campaign, message, shipped)):
        for part in (email.html, email.text):
            assert "12 Orchard Lane, Bristol" in part
            assert "hello@juniperandoak.example.com" in part
            assert ("/mail/unsubscribe?t=sample" in part) is marketing
            assert "/mail/preferences?t=sample" not in part  # until there is a page to choose topics on


@pytest.mark.parametrize(("campaign", "message"), MESSAGES)
def test_a_message_works_in_the_dark_on_phones_and_without_images(
    shipped: TemplateFolder, campaign: str, message: str
) -> None:
    _, email = next(emails_of(campaign, message, shipped))
    assert '<meta name="color-scheme" content="light dark">' in email.html
    assert "@media (prefers-color-scheme: dark)" in email.html
    assert 'name="viewport"' in email.html
    assert not re.search(r"<img(?![^>]*\balt=)", email.html)
    assert not re.search(r"fonts\.googleapis|@import|<link", email.html)


class SweepCounts(HTMLParser):
    """Finds a tag that is closed by another one's end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br", "img", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize(("campaign", "message"), MESSAGES)
def test_the_markup_is_balanced_for_every_sample(
    shipped: TemplateFolder, campaign: str, message: str
) -> None:
    for _, email in some(emails_of(campaign, message, shipped)):
        balance = SweepCounts()
        balance.feed(email.html)
        balance.close()
        assert balance.open == []


@pytest.mark.parametrize(("campaign", "message"), MESSAGES)
def test_there_is_one_button_and_both_parts_have_its_address(
    shipped: TemplateFolder, campaign: str, message: str
) -> None:
    _, email = next(emails_of(campaign, message, shipped))
    buttons = re.findall(r'class="action".*?href="([^"]+)"', email.html)
    assert len(buttons) == 1
    assert buttons[0] in email.text


def test_every_translation_belongs_to_a_message(shipped: TemplateFolder) -> None:
    for path in FILES:
        assert path.name.split(".")[0] in shipped.message_names(path.parent.name)
