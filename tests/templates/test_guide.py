"""The guide for authors says what is true: its example renders, and its tables are complete."""

import re
from collections.abc import Callable
from pathlib import Path

from outreach.adapters.templates import TemplateBundle, TemplateFolder
from outreach.adapters.templates.sandbox.facts import FACTS
from outreach_tools.checks import Checker
from templates.small_folder import small_folder

TEMPLATES = Path(__file__).parents[2] / "templates"
GUIDE = (TEMPLATES / "README.md").read_text()


def test_the_example_of_the_guide_renders(shipped: TemplateFolder) -> None:
    files = {p.relative_to(TEMPLATES).as_posix(): p.read_bytes() for p in TEMPLATES.rglob("*") if p.is_file()}
    example = re.search(r"```\n(---.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    bundle = TemplateBundle({**files, "onboarding/example.mjml": example[1].encode()})
    email = bundle.render("onboarding", "example", shipped.samples("onboarding")["no-first-name"])
    assert email.subject == "Welcome to Juniper & Oak"
    assert "Hello there," in email.text


def test_the_guide_names_every_part() -> None:
    parts = {path.name.split(".")[0] for path in (TEMPLATES / "_layout").iterdir()}
    by_themselves = {"page", "header", "footer", "product-row"}
    assert {part for part in parts - by_themselves if f"<o-{part}" not in GUIDE} == set()


def test_the_guide_names_every_fact() -> None:
    names = {*FACTS, *(name for known in FACTS.values() for name in known or ())}
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


def test_what_the_guide_says_about_defaults_holds(render: Callable[..., object]) -> None:
    tag = re.search(r"\{\{ customer\.attributes[^`]*", GUIDE)
    assert tag is not None
    assert "your town" in str(render(f"<o-card><mj-text>{tag[0]}</mj-text></o-card>"))


def test_the_mark_of_a_gap_in_the_guide_is_refused_by_the_checker() -> None:
    tag = re.search(r"\{\{ import_gap\(.*?\) \}\}", GUIDE)
    assert tag is not None
    found = Checker().check(small_folder(f"<o-card><mj-text>{tag[0]}</mj-text></o-card>")).findings
    assert [(each.rule, each.severity) for each in found] == [("import-gap", "error")]
